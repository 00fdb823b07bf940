import * as fs from "node:fs";
import axios, { type AxiosInstance } from "axios";
import { devWorldFile, type RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";

/** The applications of the world, by the name that tests call them: client id and object id. */
export const applications = {
    /** What the program logs in as. */
    sp2: ["c11e47aa-0000-4000-8000-000000000002", "0b1ec7aa-0000-4000-8000-000000000002"],
    /** Owns what is shareable. */
    maker: ["c11e47aa-0000-4000-8000-000000000003", "0b1ec7aa-0000-4000-8000-000000000003"],
    /** A member of the workspace without any connection. */
    stranger: ["c11e47aa-0000-4000-8000-000000000004", "0b1ec7aa-0000-4000-8000-000000000004"],
} as const;

export type ApplicationName = keyof typeof applications;

/** The client id of an application. */
export const idOf = (name: ApplicationName) => applications[name][0];

export const workspaceId = "90000000-0000-4000-8000-0000000000c1";
export const modelId = "d0000000-0000-4000-8000-0000000000c1";
export const sharedId = "50000000-0000-4000-8000-0000000000c1";
export const personalId = "50000000-0000-4000-8000-0000000000c2";
export const plantSourceId = "50000000-0000-4000-8000-0000000000c3";
export const ownGatewaySourceId = "50000000-0000-4000-8000-0000000000c4";
export const streamSourceId = "50000000-0000-4000-8000-0000000000c5";
export const plantId = "6a7e0000-0000-4000-8000-0000000000c3";
export const ownGatewayId = "6a7e0000-0000-4000-8000-0000000000c4";
export const streamId = "6a7e0000-0000-4000-8000-0000000000c5";
export const httpPath = "/sql/1.0/warehouses/44ff20e73e461e56";

/** A credential that works. */
export const legacy = { username: "0dd5ec7e-0000-4000-8000-000000000001", password: "dose-legacy-sandbox-secret" };

const target = { host: "${databricks.host}", httpPath };
const credential = { credentialType: "Basic", ...legacy };

/** A source of the world's warehouse. */
export const source = (changes: object = {}) => ({ ...target, table: "main.sales.orders", ...changes });

/** A small tenant: a model on a shareable connection, and a connection of each other kind. */
export function connectionsWorld() {
    const world = JSON.parse(fs.readFileSync(devWorldFile, "utf8"));
    world.entra.tenants[0].applications = Object.entries(applications).map(([name, [clientId, objectId]]) => ({
        clientId,
        objectId,
        displayName: name,
        secrets: [{ value: `secret of ${name}` }],
    }));
    const admins = [idOf("sp2")];
    const member = (id: string, name: string) => ({ id, name, keySize: 2048 });
    world.powerBi = {
        workspaces: [
            {
                id: workspaceId,
                name: "Shared",
                members: [
                    ...admins.map((principal) => ({ principal, role: "Member" })),
                    { principal: idOf("maker"), role: "Contributor" },
                    { principal: idOf("stranger"), role: "Viewer" },
                    { principal: "ana@example.com", role: "Admin" },
                ],
                datasets: [
                    {
                        id: modelId,
                        name: "Shared sales",
                        owner: idOf("maker"),
                        sources: [source({ datasourceId: sharedId })],
                    },
                ],
            },
        ],
        gateways: [
            { id: plantId, name: "Plant", type: "OnPremises", admins, members: [member(plantId, "Plant 1")] },
            {
                id: ownGatewayId,
                name: "maker's laptop",
                type: "OnPremisesPersonal",
                admins: [idOf("maker")],
                members: [member(ownGatewayId, "LAPTOP")],
            },
            { id: streamId, name: "Streams", type: "StreamingVirtualNetwork", admins },
        ],
        datasources: [
            {
                gatewayId: "6a7e0000-0000-4000-8000-0000000000c1",
                datasourceId: sharedId,
                name: "dbx-shared",
                shareable: true,
                roles: [{ principal: idOf("maker"), role: "Owner" }],
                credential,
                ...target,
            },
            {
                gatewayId: "6a7e0000-0000-4000-8000-0000000000c2",
                datasourceId: personalId,
                owner: idOf("maker"),
                credential,
                ...target,
            },
            { gatewayId: plantId, datasourceId: plantSourceId, name: "dbx-plant", cloud: false, credential, ...target },
            {
                gatewayId: ownGatewayId,
                datasourceId: ownGatewaySourceId,
                owner: idOf("maker"),
                cloud: false,
                credential,
                ...target,
            },
            {
                gatewayId: streamId,
                datasourceId: streamSourceId,
                name: "dbx-stream",
                roles: [{ principal: idOf("sp2"), role: "Owner" }],
                cloud: false,
                credential,
                ...target,
            },
        ],
    };
    return world;
}

/** A sandbox with the world, and clients for each application. */
export class ConnectionsScene {
    private constructor(
        private readonly sandbox: RunningSandbox,
        readonly control: ControlClient,
        readonly powerBi: Record<ApplicationName, AxiosInstance>,
        readonly fabric: Record<ApplicationName, AxiosInstance>,
    ) {}

    static async start(world: object = connectionsWorld()): Promise<ConnectionsScene> {
        const sandbox = await startSandbox({ world });
        const { entra, powerBi, fabric, control } = sandbox.urls;
        const clients = async (baseURL: string, scope: string) =>
            Object.fromEntries(
                await Promise.all(
                    Object.entries(applications).map(async ([name, [client_id]]) => {
                        const form = {
                            grant_type: "client_credentials",
                            client_id,
                            client_secret: `secret of ${name}`,
                            scope,
                        };
                        const token = await axios.post(
                            `${entra}/7e4a47aa-0000-4000-8000-000000000001/oauth2/v2.0/token`,
                            new URLSearchParams(form).toString(),
                        );
                        const headers = { Authorization: `Bearer ${token.data.access_token}` };
                        return [name, axios.create({ baseURL, headers, validateStatus: () => true })];
                    }),
                ),
            );
        return new ConnectionsScene(
            sandbox,
            new ControlClient(control),
            await clients(`${powerBi}/v1.0/myorg`, "https://analysis.windows.net/powerbi/api/.default"),
            await clients(`${fabric}/v1`, "https://api.fabric.microsoft.com/.default"),
        );
    }

    /** The host of the world's warehouses. */
    get host(): string {
        return new URL(this.sandbox.urls.databricks).host;
    }

    /** The connection with an id, as the world has it. */
    stored(id: string) {
        return this.sandbox.world.powerBi.datasources.find(({ datasourceId }) => datasourceId === id);
    }

    /** The code of what a report, or whatever has the id, fails with; undefined while it works. */
    async failure(id: string = modelId): Promise<string | undefined> {
        const result = await this.control.query(workspaceId, id);
        return result.ok ? undefined : result.error.code;
    }

    /** What a test of a connection comes to, once its operation is done. */
    async tested(
        id: string,
        as: ApplicationName = "maker",
    ): Promise<{ status: string; errors: { errorCode: string }[] }> {
        const accepted = await this.fabric[as].post(`/connections/${id}/testConnection`);
        const operation = `/operations/${accepted.headers["x-ms-operation-id"]}`;
        while ((await this.fabric[as].get(operation)).data.status === "Running") {
            // Looked at again.
        }
        return (await this.fabric[as].get(`${operation}/result`)).data;
    }

    /** Gives an application a role on a connection. */
    give(name: ApplicationName, role: string, id: string = sharedId): Promise<unknown> {
        return this.control.edit(({ powerBi }) => {
            powerBi.datasources
                .find(({ datasourceId }: { datasourceId: string }) => datasourceId === id)
                .roles.push({ principal: idOf(name), role });
        });
    }

    close(): Promise<void> {
        return this.sandbox.close();
    }
}
