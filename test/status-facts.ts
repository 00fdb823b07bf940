import { StateResource } from "../commands/state-resource";
import { Facts } from "../commands/status/compute";
import { readPreview } from "../commands/status/preview";
import { readState } from "../commands/status/state";
import { notice, Subject } from "../diagnostics/diagnostic";

const prefix = "urn:pulumi:prod::powerbi-databricks-credentials::";
const component = "powerbi-databricks:index:PowerBiCredential";

/** The moment of the reports in tests. */
export const now = new Date("2026-11-25T12:00:00Z");
/** The name of a resource in the state. */
export const urnOf = (type: string, name: string) => `${prefix}${component}$${type}::${name}`;
const gateway = urnOf("pulumi-nodejs:dynamic/power-bi:GatewayCredential", "g1-d1");
const ownership = urnOf("pulumi-nodejs:dynamic/power-bi:DatasetOwnership", "sales-o");

const target = { host: "adb-1.azuredatabricks.net", httpPath: "/sql/1.0/warehouses/w1" };
const cloud = { gatewayId: "c0", datasourceId: "c1" };
const onPremises = { gatewayId: "g1", datasourceId: "d1" };
const workspace = { workspaceId: "w1", workspace: "Sales" };
const orders = { datasetId: "o", dataset: "Orders" };
const stock = { datasetId: "s", dataset: "Stock" };
/** What the state knows of the secret in use. */
const inUse = { secretId: "s2", rotationKey: "2026-12" };

/** The resources of a stack with one credential, two datasources and two datasets, as `pulumi stack export` prints them. */
export function exportedState(more: StateResource[] = []): StateResource[] {
    const parent = `${prefix}${component}::sales`;
    const own = (type: string, name: string, inputs: StateResource["inputs"], rest: object = {}) => ({
        urn: urnOf(type, name),
        type,
        parent,
        inputs,
        ...rest,
    });
    const databricks = { workspace: "databricks", host: "https://adb-1.azuredatabricks.net" };
    const dataset = { ...workspace, workspaceName: "Sales", datasetId: "o", datasetName: "Orders" };
    const credentials = {
        sales: {
            applicationId: "app",
            ...inUse,
            expiresAt: "2026-12-04T12:00:00Z",
            datasources: [
                { ...cloud, gateway: "", kind: "NoGateway", ...target, datasets: [{ ...orders, workspace: "Sales" }] },
                {
                    ...onPremises,
                    gateway: "HQ",
                    kind: "Onpremises",
                    ...target,
                    datasets: [{ ...stock, workspace: "Sales" }],
                },
            ],
            datasets: [
                { ...workspace, ...orders },
                { ...workspace, ...stock },
            ],
        },
    };
    const secret = "databricks:index/servicePrincipalSecret:ServicePrincipalSecret";
    return [
        { urn: `${prefix}pulumi:pulumi:Stack::prod`, type: "pulumi:pulumi:Stack", outputs: { credentials } },
        { urn: parent, type: component, parent: `${prefix}pulumi:pulumi:Stack::prod` },
        ...more,
        own("pulumi-nodejs:dynamic/databricks:SecretSlots", "sales", { databricks, servicePrincipalId: "4001" }),
        own(secret, "sales-2026-11", { timeRotating: "2026-11" }, { id: "s1" }),
        own(secret, "sales-2026-12", { timeRotating: "2026-12" }, { id: "s2" }),
        own(
            "pulumi-nodejs:dynamic/databricks:VerifiedSecret",
            "sales",
            { applicationId: "app", ...inUse },
            { outputs: { expiresAt: "2026-12-04T12:00:00Z" } },
        ),
        own("pulumi-nodejs:dynamic/power-bi:DatasourceCredential", "sales", { datasources: [cloud], ...inUse }),
        own("pulumi-nodejs:dynamic/power-bi:DatasetOwnership", "sales-o", dataset),
        own("pulumi-nodejs:dynamic/power-bi:GatewayCredential", "g1-d1", {
            ...onPremises,
            gatewayName: "HQ",
            gatewayKind: "Onpremises",
            datasourceName: "dbx",
            api: "powerbi",
            target,
            ...inUse,
        }),
        own("pulumi-nodejs:dynamic/power-bi:DatasetRefresh", "sales-o", dataset),
        own("databricks:index/secret:Secret", "sales-client-id", { scope: "powerbi", key: "sales-client-id" }),
        own("command:local:Command", "sales", {}),
    ];
}

/** A preview that finds nothing. */
export const cleanPreview = readPreview({ failed: false, digest: { steps: [] }, errors: "", said: [] }, []);

const differs = (subject: Subject, reason: string) => notice("drift", subject, reason, "pulumi up");

/** A preview that finds drift of a datasource, of datasets, and of something else. */
export const driftingPreview = readPreview(
    {
        failed: false,
        digest: {
            steps: [
                { op: "refresh", urn: gateway },
                { op: "update", urn: gateway },
                { op: "update", urn: ownership },
                { op: "same", urn: urnOf(component, "sales") },
            ],
        },
        errors: "",
        said: [
            differs(onPremises, "its type is OAuth2"),
            differs({ datasetId: "o" }, "the owner of it is ben"),
            differs({ datasetId: "s" }, 'dataset "Stock" in workspace "Sales" is elsewhere'),
            differs({}, "the warehouse is gone"),
        ],
    },
    [],
);

/** Facts with which all is well. */
export function wellFacts(): Facts {
    return {
        stack: "prod",
        now,
        rotationKey: "2026-12",
        expiryWarningDays: 14,
        order: ["sales"],
        state: readState(exportedState()),
        preview: cleanPreview,
        plan: { problems: [], held: [], warnings: [] },
        live: {
            secrets: {
                sales: [
                    {
                        id: "s1",
                        status: "ACTIVE",
                        create_time: "2026-07-28T12:00:00Z",
                        expire_time: "2027-01-24T12:00:00Z",
                    },
                    {
                        id: "s2",
                        status: "ACTIVE",
                        create_time: "2026-09-05T12:00:00Z",
                        expire_time: "2027-03-04T12:00:00Z",
                    },
                ],
            },
            credentialTypes: { "c0/c1": "Basic", "g1/d1": "Basic" },
            refreshes: { o: { requestId: "r1", status: "Completed", endTime: "2026-11-25T04:00:00Z" } },
            owners: { o: "sp2", s: "sp2" },
            untold: [],
        },
    };
}

/** Facts with one of each trouble. */
export function troubledFacts(): Facts {
    const facts = wellFacts();
    const [retained, current] = facts.live.secrets.sales;
    return {
        ...facts,
        preview: driftingPreview,
        live: {
            ...facts.live,
            secrets: {
                sales: [
                    retained,
                    { ...current, expire_time: "2026-12-04T12:00:00Z" },
                    { id: "s9", status: "ACTIVE", create_time: "2026-10-16T12:00:00Z" },
                ],
            },
            credentialTypes: { "c0/c1": "Basic", "g1/d1": "OAuth2" },
            refreshes: {
                ...facts.live.refreshes,
                s: {
                    requestId: "r2",
                    status: "Failed",
                    endTime: "2026-11-25T05:00:00Z",
                    serviceExceptionJson: '{"errorCode":"GatewayUnreachable","errorDescription":"It is offline."}',
                },
            },
        },
    };
}

/** Facts with something that was not found and holds an older secret, and something to know. */
export function heldFacts(): Facts {
    const facts = wellFacts();
    const holder = { ...onPremises, gateway: "HQ", kind: "Onpremises" as const, datasource: "dbx", ...target };
    const held = {
        credential: "sales",
        ...holder,
        rotationKey: "2026-11",
        cause: 'SP2 administers no gateway "HQ" any more',
        datasets: [{ ...stock, workspace: "Sales" }],
        diagnostic: notice("held", {}, 'datasource "dbx" of gateway "HQ" is not found', "give the right back"),
    };
    const renamed = notice("renamed", {}, 'workspace "A" is called "B" now', "write the new name in the bindings");
    return { ...facts, plan: { problems: [], held: [held], warnings: [held.diagnostic, renamed] } };
}

/** The same with names that people with bad intentions would choose. */
export function hostileFacts(name: string): Facts {
    const facts = troubledFacts();
    const renamed = JSON.parse(
        JSON.stringify(exportedState())
            .replaceAll('"Orders"', JSON.stringify(name))
            .replaceAll('"HQ"', JSON.stringify(name)),
    );
    return { ...facts, stack: name, state: readState(renamed), live: { ...facts.live, owners: { o: name, s: name } } };
}
