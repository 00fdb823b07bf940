import { AnsweredList, mapList } from "../../clients/answered-list";
import { FabricConnection, FabricGateway } from "../../clients/fabric";
import { ServiceError } from "../../clients/service-error";
import { Services } from "../../clients/services";
import { DeclaredCredential, discover, Discovery } from "../../planning/discover";
import { CredentialOutputs, DatasourceOutputs } from "../../outputs";
import { binding } from "../../settings/binding";
import { toText } from "../../diagnostics/render";

export const sp2 = "c11e47aa-0000-4000-8000-000000000002";
const host = "adb-1.azuredatabricks.net";
const workspace = { id: "w", name: "Sales" };

/** A list as a service answers it that says nothing odd. */
export const listOf = <T>(items: T[]): AnsweredList<T> => ({ items, unreadable: [] });

/** Where a warehouse is. */
export const targetTo = (warehouse: string, at = host) => ({ host: at, httpPath: `/sql/1.0/warehouses/${warehouse}` });

/** A status, with the service's own code where it gives one. */
export type Refusal = number | { status: number; code: string };

/** How Power BI says that a model's owner has left. */
export const ownerLeft = { status: 404, code: "DMTS_UserNotFoundInADGraphError" };

/** A source of a dataset. It names the warehouse at the workspace's own host unless it says another. */
export interface StubbedSource {
    gatewayId?: string;
    datasourceId?: string;
    warehouse: string;
    host?: string;
}

/** Power BI's, Fabric's and Databricks' answers, as far as discovery asks for them. */
export interface World {
    warehouses: string[];
    /** The sources of each dataset in the order in which Power BI lists them, or its refusal. */
    datasets: Record<string, StubbedSource[] | Refusal>;
    /** Further hosts of the Databricks workspace. */
    hosts?: string[];
    /** The workspaces that SP2 sees. Default the one called Sales. */
    workspaces?: { id: string; name: string }[];
    /** What datasets are called that are not called `model ID`. */
    names?: Record<string, string>;
    /** The datasources of gateways. */
    gatewaySources?: Record<string, { id: string; name: string; warehouse: string; host?: string }[]>;
    /** The code with which Power BI denies a single dataset or datasource. Default one that proves nothing. */
    denial?: string;
    /** The gateways that Power BI lists. */
    onPremises: { id: string; name: string }[];
    /** Who owns the datasets. Default SP2: nothing is taken over. */
    owner?: string;
    /** The connections that SP2 has a role on. */
    connections?: FabricConnection[];
    /** All connections of the tenant. Default SP2 may not list them. */
    tenantConnections?: FabricConnection[];
    /** The gateways that Fabric lists, or its refusal. */
    fabric: FabricGateway[] | Refusal;
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

/**
 * Discovers in a world; tells also which datasets were asked for their sources.
 *
 * @param powerBi answers of Power BI's in the place of the world's.
 */
export async function discoverIn(
    there: World,
    credentials: DeclaredCredential[],
    rotationKey: string,
    lastUp: Record<string, CredentialOutputs> = {},
    powerBi: object = {},
): Promise<Omit<Discovery, "warnings"> & { warnings: string[]; asked: string[] }> {
    const { warehouses, datasets, onPremises, fabric, workspaces = [workspace], names = {} } = there;
    const asked: string[] = [];
    const deny = (path: string) =>
        Promise.reject(new ServiceError({ service: "Power BI", method: "GET", path, status: 404, code: there.denial }));
    const answer = <T>(service: string, value: T[] | Refusal): Promise<AnsweredList<T>> => {
        if (Array.isArray(value)) {
            return Promise.resolve(listOf(value));
        }
        const refusal = typeof value === "number" ? { status: value } : value;
        return Promise.reject(new ServiceError({ service, method: "GET", path: "/x", ...refusal }));
    };
    const services = {
        hasFabric: true,
        connection: { databricks: { databricks: { host: `https://${host}`, hosts: there.hosts ?? [] } } },
        fabric: {
            listGateways: () => answer("Fabric", fabric),
            listConnections: async () => listOf(there.connections ?? []),
            listTenantConnections: () => answer("Fabric", there.tenantConnections ?? 401),
        },
        powerBi: {
            gateways: {
                list: async () => listOf(onPremises),
                listDatasources: async (id: string) =>
                    listOf(
                        (there.gatewaySources?.[id] ?? []).map(({ warehouse, host, ...source }) => ({
                            ...source,
                            target: targetTo(warehouse, host),
                        })),
                    ),
                getDatasource: () => deny("/gateways/g/datasources/s"),
            },
            listWorkspaces: async () => listOf(workspaces),
            listDatasets: async (id: string) =>
                listOf(
                    id === workspace.id
                        ? Object.keys(datasets).map((dataset) => ({
                              id: dataset,
                              name: names[dataset] ?? `model ${dataset}`,
                              configuredBy: there.owner ?? sp2,
                          }))
                        : [],
                ),
            isOwnName: async (owner: string) => owner === sp2,
            getRefreshSchedule: async () => ({ enabled: true }),
            getDataset: () => deny("/datasets/d"),
            listDatasources: async (_: string, id: string) => {
                asked.push(id);
                const sources = await answer("Power BI", datasets[id]);
                return mapList(sources, (items) =>
                    items.map(({ warehouse, host, ...place }) => ({
                        ...place,
                        datasourceType: "Extension",
                        connectionDetails: { kind: "Databricks", path: JSON.stringify(targetTo(warehouse, host)) },
                    })),
                );
            },
            ...powerBi,
        },
        databricks: () => ({
            hostName: host,
            listWarehouses: async () => listOf(warehouses.map((id) => ({ id, name: `warehouse ${id}` }))),
            findServicePrincipals: async (_: string, applicationId: string) => [
                { id: "p", applicationId, entitlements: ["databricks-sql-access"] },
            ],
        }),
    } as unknown as Services;
    const address = { workspace: "databricks", host: `https://${host}` };
    const discovery = await discover(credentials, services, () => address, [rotationKey], lastUp);
    return { ...discovery, warnings: discovery.warnings.map(toText), asked };
}
