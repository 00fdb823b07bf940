import { FabricGateway } from "../../clients/fabric";
import { ServiceError } from "../../clients/service-error";
import { Services } from "../../clients/services";
import { DeclaredCredential, discover, Discovery } from "../../discovery/discover";
import { CredentialOutputs, DatasourceOutputs } from "../../outputs";
import { binding } from "../../settings/binding";

const host = "adb-1.azuredatabricks.net";
const workspace = { id: "w", name: "Sales" };

/** Where a warehouse is. */
export const targetTo = (warehouse: string) => ({ host, httpPath: `/sql/1.0/warehouses/${warehouse}` });

/** Power BI's, Fabric's and Databricks' answers, as far as discovery asks for them. */
export interface World {
    warehouses: string[];
    /** The sources of each dataset in the order in which Power BI lists them, or the status of its refusal. */
    datasets: Record<string, { gatewayId?: string; datasourceId?: string; warehouse: string }[] | number>;
    /** The workspaces that SP2 sees. Default the one called Sales. */
    workspaces?: { id: string; name: string }[];
    /** What datasets are called that are not called `model ID`. */
    names?: Record<string, string>;
    /** The datasources of gateways. */
    gatewaySources?: Record<string, { id: string; name: string; warehouse: string }[]>;
    /** The code with which Power BI denies a single dataset or datasource. Default one that proves nothing. */
    denial?: string;
    /** The gateways that Power BI lists. */
    onPremises: { id: string; name: string }[];
    /** The gateways that Fabric lists, or the status of its refusal. */
    fabric: FabricGateway[] | number;
}

/** A world of one warehouse and nothing else. */
export const world = (changes: Partial<World> = {}): World => ({
    warehouses: ["aaaa"],
    datasets: {},
    onPremises: [],
    fabric: [],
    ...changes,
});

/** A datasource as the last up put it out, with the datasets that read through it. */
export function bound(
    kind: DatasourceOutputs["kind"],
    gatewayId: string,
    datasourceId: string,
    warehouse: string,
    ...datasets: string[]
): DatasourceOutputs {
    const users = datasets.map((id) => ({ datasetId: id, dataset: `model ${id}`, workspace: workspace.name }));
    const gateway = kind === "NoGateway" ? "" : `gateway ${gatewayId}`;
    return { gatewayId, gateway, kind, datasourceId, ...targetTo(warehouse), datasets: users };
}

/** What the last up put out of a credential. */
export function lastUpOf(rotationKey: string, ...datasources: DatasourceOutputs[]): CredentialOutputs {
    const users = datasources.flatMap(({ datasets }) => datasets);
    const datasets = [
        ...new Map(users.map((user) => [user.datasetId, { ...user, workspaceId: workspace.id }])).values(),
    ];
    return { applicationId: "app", rotationKey, secretId: "s", expiresAt: "", datasources, datasets };
}

/** A credential for the warehouse `aaaa`. */
export function declared(bindings: object[], changes: Partial<DeclaredCredential> = {}): DeclaredCredential {
    const credential = {
        name: "one",
        databricks: "databricks",
        servicePrincipal: "one",
        grants: [],
        warehouse: "aaaa",
        release: [],
    };
    return { ...credential, bindings: bindings.map((rule) => binding.parse(rule)), ...changes };
}

/** Discovers in a world; tells also which datasets were asked for their sources. */
export async function discoverIn(
    there: World,
    credentials: DeclaredCredential[],
    rotationKey: string,
    lastUp: Record<string, CredentialOutputs> = {},
): Promise<Discovery & { asked: string[] }> {
    const { warehouses, datasets, onPremises, fabric, workspaces = [workspace], names = {} } = there;
    const asked: string[] = [];
    const deny = (path: string) =>
        Promise.reject(new ServiceError({ service: "Power BI", method: "GET", path, status: 404, code: there.denial }));
    const answer = <T>(service: string, value: T | number): Promise<T> =>
        typeof value === "number"
            ? Promise.reject(new ServiceError({ service, method: "GET", path: "/x", status: value }))
            : Promise.resolve(value);
    const services = {
        hasFabric: true,
        fabric: { listGateways: () => answer("Fabric", fabric), listConnections: async () => [] },
        powerBi: {
            gateways: {
                list: async () => onPremises,
                listDatasources: async (id: string) =>
                    (there.gatewaySources?.[id] ?? []).map(({ warehouse, ...source }) => ({
                        ...source,
                        target: targetTo(warehouse),
                    })),
                getDatasource: () => deny("/gateways/g/datasources/s"),
            },
            listWorkspaces: async () => workspaces,
            listDatasets: async (id: string) =>
                id === workspace.id
                    ? Object.keys(datasets).map((dataset) => ({
                          id: dataset,
                          name: names[dataset] ?? `model ${dataset}`,
                      }))
                    : [],
            getDataset: () => deny("/datasets/d"),
            listDatasources: async (_: string, id: string) => {
                asked.push(id);
                const sources = await answer("Power BI", datasets[id]);
                return sources.map(({ warehouse, ...place }) => ({
                    ...place,
                    datasourceType: "Extension",
                    connectionDetails: { kind: "Databricks", path: JSON.stringify(targetTo(warehouse)) },
                }));
            },
        },
        databricks: () => ({
            hostName: host,
            listWarehouses: async () => warehouses.map((id) => ({ id, name: `warehouse ${id}` })),
            findServicePrincipals: async () => [],
        }),
    } as unknown as Services;
    const address = { workspace: "databricks", host: `https://${host}` };
    const discovery = await discover(credentials, services, () => address, [rotationKey], lastUp);
    return { ...discovery, asked };
}
