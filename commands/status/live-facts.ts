import { DatabricksClient, SecretInfo } from "../../clients/databricks";
import { Refresh } from "../../clients/power-bi";
import { hasStatus } from "../../clients/service-error";
import { Services } from "../../clients/services";
import { BoundKey, CredentialState } from "./state";

/** What the services say now. What could not be read is missing, and told in `untold`. */
export interface LiveFacts {
    /** All secrets of each credential's service principal, by the credential's name. */
    secrets: Record<string, SecretInfo[]>;
    /** The type of the credential in each datasource, by `keyOf`. */
    credentialTypes: Record<string, string>;
    /** The latest refresh of each dataset, by its id. */
    refreshes: Record<string, Refresh>;
    /** The owner of each dataset, by its id. */
    owners: Record<string, string>;
    untold: string[];
}

/** A datasource's key in `LiveFacts`. */
export function keyOf({ gatewayId, datasourceId }: Pick<BoundKey, "gatewayId" | "datasourceId">): string {
    return `${gatewayId}/${datasourceId}`;
}

/** Asks the services what is there now. Only reads; what cannot be read does not keep the rest from being read. */
export async function readLiveFacts(credentials: CredentialState[], services: Services): Promise<LiveFacts> {
    const untold: string[] = [];
    const principals = credentials.filter(({ databricks, servicePrincipalId }) => databricks && servicePrincipalId);
    const bound = credentials.flatMap((credential) => credential.bound);
    const datasets = credentials.flatMap(({ outputs }) => outputs?.datasets ?? []);
    const workspaces = new Map(datasets.map(({ workspaceId, workspace }) => [workspaceId, workspace]));
    const [secrets, credentialTypes, refreshes, lists] = await Promise.all([
        readAll(untold, "secrets of", principals, nameOfCredential, ({ databricks, servicePrincipalId }) =>
            // One that was deleted has none; the preview says so.
            unlessAnswered([404], secretsOf(services.databricks(databricks!), servicePrincipalId), []),
        ),
        readAll(untold, "datasource", bound, keyOf, (key) => credentialTypeOf(services, key)),
        readAll(untold, "refreshes of dataset", datasets, idOfDataset, ({ workspaceId, datasetId }) =>
            unlessHidden(services.powerBi.latestRefresh(workspaceId, datasetId)),
        ),
        readAll(
            untold,
            "datasets of workspace",
            [...workspaces.keys()],
            (id) => id,
            async (id) => (await unlessHidden(services.powerBi.listDatasets(id)))?.items,
        ),
    ]);
    const owners = Object.values(lists)
        .flat()
        .map(({ id, configuredBy }) => [id, configuredBy ?? ""]);
    return { secrets, credentialTypes, refreshes, owners: Object.fromEntries(owners), untold };
}

async function secretsOf(databricks: DatabricksClient, servicePrincipalId: string): Promise<SecretInfo[]> {
    return (await databricks.listSecrets(servicePrincipalId)).items;
}

async function credentialTypeOf(services: Services, key: BoundKey): Promise<string | undefined> {
    // A datasource that is gone or no longer SP2's is drift, and the preview says so.
    if (key.api === "fabric") {
        const connection = await unlessHidden(services.fabric.getConnection(key.datasourceId));
        return connection && (connection.credentialDetails?.credentialType ?? "NotSpecified");
    }
    return (await unlessHidden(services.powerBi.gateways.getDatasource(key)))?.credentialType;
}

/** Nothing for what SP2 may not see, is not there, or does not exist for this kind of dataset. */
function unlessHidden<T>(reading: Promise<T>): Promise<T | undefined> {
    return unlessAnswered([400, 401, 403, 404, 415], reading, undefined);
}

async function unlessAnswered<T, Other>(statuses: number[], reading: Promise<T>, other: Other): Promise<T | Other> {
    try {
        return await reading;
    } catch (error) {
        if (hasStatus(error, ...statuses)) {
            return other;
        }
        throw error;
    }
}

/** Reads something of each item. Failures of one kind are told in one sentence: there may be thousands. */
async function readAll<Item, Fact>(
    untold: string[],
    what: string,
    items: Item[],
    idOf: (item: Item) => string,
    read: (item: Item) => Promise<Fact | undefined>,
): Promise<Record<string, Fact>> {
    const distinct = [...new Map(items.map((item) => [idOf(item), item])).entries()];
    const facts: Record<string, Fact> = {};
    const results = await Promise.allSettled(
        distinct.map(async ([id, item]) => {
            const fact = await read(item);
            if (fact !== undefined) {
                facts[id] = fact;
            }
        }),
    );
    const failures = results.flatMap((result, index) =>
        result.status === "rejected" ? [`${what} ${distinct[index][0]}: ${(result.reason as Error).message}`] : [],
    );
    if (failures.length > 0) {
        untold.push(failures.length === 1 ? failures[0] : `${failures[0]} The same of ${failures.length - 1} more.`);
    }
    return facts;
}

function nameOfCredential({ name }: CredentialState): string {
    return name;
}

function idOfDataset({ datasetId }: { datasetId: string }): string {
    return datasetId;
}
