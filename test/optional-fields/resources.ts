import * as pulumi from "@pulumi/pulumi";
import { distinctDatasources } from "../../components/power-bi-bindings";
import { provider } from "../../dynamic-providers/implementations";
import { ProviderName } from "../../dynamic-providers/stub";
import { Bench, legacy, legacySecret, warehouseId } from "../providers/support";

/** A resource in the state: whose provider reads it, and what was stored of it. */
export interface Stored {
    name: string;
    type: ProviderName;
    id: string;
    props: object;
}

const model = {
    workspaceId: "90000000-0000-4000-8000-0000000000a1",
    workspaceName: "Sales",
    datasetId: "d0000000-0000-4000-8000-000000000001",
    datasetName: "Orders",
};
/** Datasources of gateways: by one key for the gateway, by one for each member, and in plain text. */
const gatewayDatasources = [
    { name: "Plant gateway", gateway: "b0", datasource: "3", gatewayKind: "Onpremises", api: "powerbi" },
    { name: "HQ cluster", gateway: "a0", datasource: "2", gatewayKind: "Onpremises", api: "fabric" },
    { name: "Azure VNET", gateway: "d0", datasource: "5", gatewayKind: "VNET", api: "fabric" },
];

/** Makes one resource of each type, two and more where they are read in different ways. */
export async function makeAll(bench: Bench): Promise<Stored[]> {
    const { databricks, target } = bench;
    const stored: Stored[] = [];
    const make = async (type: ProviderName, inputs: object, name: string = type) => {
        const { id, outs } = await implementation(bench, type).create({ ...inputs, drift: [] });
        stored.push({ name, type, id, props: outs });
        return outs;
    };
    const principal = { servicePrincipalId: legacy.id, servicePrincipalName: "powerbi-legacy" };
    const secret = {
        applicationId: legacy.applicationId,
        secretId: legacySecret.id,
        rotationKey: "2026-11",
        clientSecret: legacySecret.value,
    };
    await make("UnusedName", { databricks, displayName: "powerbi-new" });
    await make("SecretSlots", { databricks, ...principal, rotationKeys: ["2026-11"], finishedKey: "" });
    await make("Leftovers", {
        databricks,
        ...principal,
        isCreated: false,
        secretIds: [],
        cleanUp: false,
        toDelete: [],
    });
    await make("WarehousePermission", { databricks, warehouseId, applicationId: legacy.applicationId });
    await make("VerifiedSecret", {
        ...{ databricks, ...secret, servicePrincipalId: legacy.id },
        ...{ warehouseId, level: "query" },
    });
    const sources = { gateways: [], servedElsewhere: [], allowCredentialLoss: false, observed: [] };
    const { datasources } = await make("DatasetOwnership", { ...model, ...sources, targets: [target] });
    const places = distinctDatasources([datasources]);
    const privacyLevel = "Organizational";
    await make("DatasourceCredential", { credential: "c", ...secret, datasources: places, privacyLevel });
    await make("RefreshSchedule", { ...model, restore: "", keep: true });
    await make("DatasetRefresh", { ...model, secretId: legacySecret.id, mode: "start" });
    for (const { name, gateway, datasource, ...kind } of gatewayDatasources) {
        const place = {
            gatewayId: `6a7e0000-0000-4000-8000-0000000000${gateway}`,
            gatewayName: name,
            datasourceId: `50000000-0000-4000-8000-00000000000${datasource}`,
            datasourceName: name,
            target: { ...target, httpPath: "/sql/1.0/warehouses/a1b2c3d4e5f60718" },
        };
        await make("GatewayCredential", { ...place, ...kind, ...secret, privacyLevel }, `GatewayCredential of ${name}`);
    }
    return stored;
}

/** Reads a resource as the next run of the engine does. */
export function readAgain(bench: Bench, { type, id, props }: Stored): Promise<pulumi.dynamic.ReadResult> {
    bench.nextRun();
    return implementation(bench, type).read(id, structuredClone(props));
}

/** What all providers are to one who only calls them. */
interface AnyProvider {
    configure(request: pulumi.dynamic.ConfigureRequest): void;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    create(inputs: object): Promise<{ id: string; outs: any }>;
    read(id: string, props: object): Promise<pulumi.dynamic.ReadResult>;
}

function implementation(bench: Bench, type: ProviderName): AnyProvider {
    return bench.configured(provider(type) as unknown as AnyProvider);
}
