import axios, { AxiosInstance, AxiosResponse } from "axios";
import { devWorldFile, estateWorldFile, RunningSandbox, startSandbox } from "../../sandbox";
import { ControlClient } from "../../sandbox/control-client";
import { readWorldFile, type World } from "../../sandbox/world/world";

/** The ids of both worlds. */
export const tenantId = "7e4a47aa-0000-4000-8000-000000000001";
export const sp2 = {
    clientId: "c11e47aa-0000-4000-8000-000000000002",
    objectId: "0b1ec7aa-0000-4000-8000-000000000002",
    displayName: "powerbi-automation",
};
export const sp1 = {
    applicationId: "0dd5ec7e-0000-4000-8000-000000000001",
    id: "4000000000000001",
    secret: "dose-legacy-sandbox-secret",
};

/** Behaviours of doubts, by their names. */
export type Chosen = Record<string, string>;

/** What is sent as `credentialDetails`. */
export interface CredentialDetails {
    credentialType: string;
    credentials: string;
    encryptedConnection: string;
    encryptionAlgorithm: string;
    privacyLevel: string;
    useEndUserOAuth2Credentials?: boolean | string;
}

/** A datasource, as a path has it. */
export interface Key {
    gatewayId: string;
    datasourceId: string;
}

/** A sandbox with a caller: SP2, as a client that nobody here wrote would be. */
export class PowerBiBench {
    readonly control: ControlClient<World>;

    private constructor(
        readonly sandbox: RunningSandbox,
        readonly powerBi: AxiosInstance,
        readonly fabric: AxiosInstance,
    ) {
        this.control = new ControlClient(sandbox.urls.control);
    }

    /** @param doubts how the services behave where nobody knows. */
    static async start(world: "dev" | "estate", doubts: Chosen = {}): Promise<PowerBiBench> {
        const content = readWorldFile(world === "dev" ? devWorldFile : estateWorldFile) as object;
        const sandbox = await startSandbox({ world: { ...content, doubts } });
        const { powerBi, fabric } = sandbox.urls;
        const clients = await Promise.all([
            login(sandbox, `${powerBi}/v1.0/myorg`, "https://analysis.windows.net/powerbi/api/.default"),
            login(sandbox, `${fabric}/v1`, "https://api.fabric.microsoft.com/.default"),
        ]);
        return new PowerBiBench(sandbox, ...clients);
    }

    /** Changes the world: what somebody does by hand. */
    edit(change: (powerBi: World["powerBi"], world: World) => void): Promise<void> {
        return this.control.edit((world) => change(world.powerBi, world));
    }

    /** The datasources of a model, as Power BI shows them. */
    async sources(model: string): Promise<Key[]> {
        return (await this.powerBi.get(`${model}/datasources`)).data.value;
    }

    /** Stores a credential, by default one that works. */
    patch({ gatewayId, datasourceId }: Key, changes: Partial<CredentialDetails> = {}): Promise<AxiosResponse> {
        return this.powerBi.patch(`/gateways/${gatewayId}/datasources/${datasourceId}`, {
            credentialDetails: {
                credentialType: "Basic",
                credentials: plainCredentials(),
                encryptedConnection: "Encrypted",
                encryptionAlgorithm: "None",
                privacyLevel: "Organizational",
                ...changes,
            },
        });
    }

    close(): Promise<void> {
        return this.sandbox.close();
    }
}

/** Credentials as the contract's examples write them. */
export function plainCredentials(username = sp1.applicationId, password = sp1.secret): string {
    return JSON.stringify({
        credentialData: [
            { name: "username", value: username },
            { name: "password", value: password },
        ],
    });
}

/** The path of a model. */
export function modelPath(workspaceId: string, datasetId: string): string {
    return `/groups/${workspaceId}/datasets/${datasetId}`;
}

async function login(sandbox: RunningSandbox, baseURL: string, scope: string): Promise<AxiosInstance> {
    const form = {
        grant_type: "client_credentials",
        client_id: sp2.clientId,
        client_secret: "sandbox-sp2-secret",
        scope,
    };
    const address = `${sandbox.urls.entra}/${tenantId}/oauth2/v2.0/token`;
    const { data } = await axios.post(address, new URLSearchParams(form).toString());
    const headers = { Authorization: `Bearer ${data.access_token}` };
    return axios.create({ baseURL, headers, validateStatus: () => true });
}
