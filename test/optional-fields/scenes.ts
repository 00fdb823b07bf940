import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { ConfigReader } from "../../clients/config-reader";
import { Services } from "../../clients/services";
import { discover, Discovery } from "../../planning/discover";
import { CloudDataset, CredentialPlan } from "../../planning/plan";
import { projectRoot } from "../../engine/home";
import { CredentialOutputs, StackOutputs } from "../../outputs";
import { devWorldFile, estateWorldFile, RunningSandbox } from "../../sandbox";
import { parseSettings, Settings } from "../../settings";
import { legacy } from "../providers/support";

/** A world, a configuration for it, and what an earlier run left. */
export interface Scene {
    name: string;
    world: unknown;
    /** The values of the configuration, by keys without the project's name. */
    config(urls: RunningSandbox["urls"]): Record<string, unknown>;
    /** Whether an earlier up bound all that is planned, and whether it did so with another key than the one in use now. */
    past: "none" | "up" | "rotation";
    /** The answers that are looked at here. */
    answers: RegExp;
}

/** The service principals that an earlier up made. */
const made = ["powerbi-sales", "powerbi-finance", "powerbi-ops"].map((displayName, index) => ({
    displayName,
    id: `400000000000010${index}`,
    applicationId: `0dd5ec7e-0000-4000-8000-00000000010${index}`,
}));
const sp2 = {
    tenantId: "7e4a47aa-0000-4000-8000-000000000001",
    clientId: "c11e47aa-0000-4000-8000-000000000002",
    clientSecret: "sandbox-sp2-secret",
};

/** The worlds of the two stacks, before their first up and after it. */
export function scenes(): Scene[] {
    // What is the same in both worlds is tried in one.
    const dev = { world: devWorld(), config: devConfig, answers: /^databricks / };
    const estate = { world: estateWorld(), config: estateConfig, answers: /./ };
    return [
        { name: "dev, first up", past: "none", ...dev },
        { name: "dev, later up", past: "up", ...dev },
        { name: "estate, first up", past: "none", ...estate },
        { name: "estate, later up", past: "up", ...estate },
        // What an earlier up found of datasets is not asked for again then: it stands or falls with these lists.
        { name: "estate, rotation", past: "rotation", ...estate, answers: /\/(groups|datasets|gateways|connections)$/ },
    ];
}

/** Plans as the program does, each time as another run that knows nothing of the one before. */
export async function plan(
    scene: Scene,
    urls: RunningSandbox["urls"],
    lastUp: StackOutputs["credentials"],
): Promise<Discovery> {
    const { credentials, rotationKeys, read } = settingsOf(scene, urls);
    const services = new Services(read);
    return discover(credentials, services, (name) => services.addressOf(name), rotationKeys, lastUp);
}

/** What an up of these plans would have put out. */
export function outputsOf(scene: Scene, urls: RunningSandbox["urls"], { plans }: Discovery) {
    const { credentials, rotationKeys } = settingsOf(scene, urls);
    const rotationKey = scene.past === "rotation" ? "an earlier one" : rotationKeys[0];
    const entries = credentials.map(({ name, applicationId }, index): [string, CredentialOutputs] => {
        const known = applicationId ?? made.find(({ displayName }) => displayName === name)!.applicationId;
        const shared = { applicationId: known, rotationKey, secretId: "s", expiresAt: "" };
        return [name, { ...shared, ...boundIn(plans[index]) }];
    });
    return scene.past === "none" ? {} : Object.fromEntries(entries);
}

function boundIn({ cloud, datasources }: CredentialPlan): Pick<CredentialOutputs, "datasources" | "datasets"> {
    const users = [...cloud, ...datasources.flatMap(({ datasets }) => datasets)];
    const shown = ({ datasetId, datasetName: dataset, workspaceName: workspace }: (typeof users)[number]) => ({
        datasetId,
        dataset,
        workspace,
    });
    const inCloud = new Map(cloud.flatMap((dataset) => dataset.observed.map((place) => [place, dataset] as const)));
    const usersOf = (place: string) => cloud.filter(({ observed }) => observed.includes(place)).map(shown);
    return {
        datasources: [
            ...datasources.map(
                ({ gatewayId, gatewayName: gateway, gatewayKind: kind, datasourceId, target, datasets }) => ({
                    ...{ gatewayId, gateway, kind, datasourceId, ...target },
                    datasets: datasets.map(shown),
                }),
            ),
            ...[...inCloud.entries()].map(([place, { targets }]: [string, CloudDataset]) => {
                const [datasourceId, gatewayId] = place.split(" of gateway ");
                const where = { gatewayId, gateway: "", kind: "NoGateway" as const, datasourceId };
                return { ...where, ...targets[0], datasets: usersOf(place) };
            }),
        ],
        datasets: users.map((user) => ({ ...shown(user), workspaceId: user.workspaceId })),
    };
}

function settingsOf(scene: Scene, urls: RunningSandbox["urls"]): Settings {
    const { entra, powerBi, fabric, databricks } = urls;
    const values: Record<string, unknown> = {
        "databricks:host": databricks,
        "databricks:token": "dapi-sandbox-deployer",
        endpoints: { entra, powerBi, fabric },
        // Cases follow each other faster than runs do.
        requestsPerMinute: "6000",
        ...scene.config(urls),
    };
    const read: ConfigReader = (key) => {
        const value = values[key];
        return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
    };
    const own = Object.keys(values).filter((key) => !key.includes(":"));
    return parseSettings(own, read, () => true);
}

/** The dev world with a scope that holds SP2's login, and one that an earlier run made. */
function devWorld() {
    const world = JSON.parse(fs.readFileSync(devWorldFile, "utf8"));
    const entries = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }));
    world.databricks.servicePrincipals.push(made[0]);
    world.databricks.scopes = [
        {
            name: "sp2",
            entries: entries({
                "tenant-id": sp2.tenantId,
                "client-id": sp2.clientId,
                "client-secret": sp2.clientSecret,
            }),
        },
        {
            name: "powerbi",
            entries: entries({ "powerbi-sales-client-id": "x", "powerbi-sales-client-secret": "y" }),
        },
    ];
    return world;
}

/** The stack of Pulumi.dev.yaml; SP2's login comes from a scope, and one service principal is adopted. */
function devConfig() {
    const { rotationKey, credentials } = readStack("dev") as { rotationKey: string; credentials: object[] };
    const [sales, finance] = credentials;
    const adopted = { ...finance, servicePrincipal: undefined, applicationId: legacy.applicationId };
    return {
        rotationKey,
        powerBi: { login: "secretScope", secretScope: "sp2" },
        credentials: [sales, adopted],
    };
}

function estateWorld() {
    const world = JSON.parse(fs.readFileSync(estateWorldFile, "utf8"));
    const [sales, finance, ops] = made;
    world.databricks.servicePrincipals.push(sales, finance);
    world.databricks2.servicePrincipals.push(ops);
    return world;
}

function estateConfig({ databricks2: host }: RunningSandbox["urls"]) {
    const { rotationKey, credentials } = readStack("estate");
    return {
        rotationKey,
        credentials,
        powerBi: { login: "clientSecret", ...sp2 },
        databricksWorkspaces: { ops: { host, authType: "pat", token: "dapi-sandbox-deployer-2" } },
    };
}

function readStack(name: string): Record<string, unknown> {
    const { config } = parse(fs.readFileSync(path.join(projectRoot, `Pulumi.${name}.yaml`), "utf8"));
    const own = Object.entries(config).map(([key, value]) => [
        key.replace("powerbi-databricks-credentials:", ""),
        value,
    ]);
    return Object.fromEntries(own);
}
