import { ConfigurationError } from "../clients/connection";
import { DatabricksTarget, targetOf } from "../clients/connection-details";
import { Warehouse } from "../clients/databricks";
import { Services } from "../clients/services";
import { DatasetBinding } from "../settings";
import { findDataset, findWorkspace, FoundDataset } from "./datasets";
import { findWarehouse } from "./warehouses";

/** A credential as it is declared. */
export interface DeclaredCredential {
    name: string;
    warehouse: string;
    bindings: DatasetBinding[];
}

/** A dataset that is bound, by ids. */
export interface DiscoveredBinding extends FoundDataset {
    refresh: DatasetBinding["refresh"];
    allowCredentialLoss: boolean;
}

/** What the services know of a declared credential: names became ids. */
export interface DiscoveredCredential {
    warehouse: Warehouse;
    /** Where datasources of the warehouse point to. */
    target: DatabricksTarget;
    bindings: DiscoveredBinding[];
}

/**
 * Looks up everything that the configuration names: one list of warehouses, one of workspaces, one of datasets for each
 * workspace, whatever their number. Changes nothing.
 *
 * @returns what was found, in the order of the credentials.
 * @throws ConfigurationError that lists all that was not found or is ambiguous.
 */
export async function discover(credentials: DeclaredCredential[], services: Services): Promise<DiscoveredCredential[]> {
    const problems: string[] = [];
    const collect = (problem: string) => void problems.push(problem);
    const needsPowerBi = credentials.some((credential) => credential.bindings.length > 0);
    const [warehouses, workspaces] = await Promise.all([
        services.databricks.listWarehouses(),
        needsPowerBi ? services.powerBi.listWorkspaces() : [],
    ]);
    const discovered = await Promise.all(
        credentials.map(async (credential, index) => {
            const where = `credentials[${index}]`;
            const warehouse = findWarehouse(`${where}.warehouse`, credential.warehouse, warehouses, collect);
            const bindings = await Promise.all(
                credential.bindings.map(async (binding, position) => {
                    const path = `${where}.bindings[${position}]`;
                    const workspace = findWorkspace(`${path}.workspace`, binding.workspace, workspaces, collect);
                    const datasets = workspace && (await services.powerBi.listDatasets(workspace.id));
                    const found =
                        datasets && findDataset(`${path}.dataset`, binding.dataset, workspace, datasets, collect);
                    return (
                        found && {
                            ...found,
                            refresh: binding.refresh,
                            allowCredentialLoss: binding.allowCredentialLoss,
                        }
                    );
                }),
            );
            return {
                warehouse,
                target: targetOf(services.databricks.hostName, warehouse?.id ?? ""),
                bindings: bindings.filter((binding) => binding !== undefined),
            };
        }),
    );
    problems.push(
        ...claimedTwice(
            discovered.map((found) => found.bindings),
            credentials,
        ),
    );
    if (problems.length > 0) {
        throw new ConfigurationError(problems);
    }
    return discovered as DiscoveredCredential[];
}

function claimedTwice(bindings: FoundDataset[][], credentials: DeclaredCredential[]): string[] {
    const claims = new Map<string, string>();
    const problems: string[] = [];
    bindings.forEach((list, index) =>
        list.forEach((dataset) => {
            const { name } = credentials[index];
            const earlier = claims.get(dataset.datasetId);
            if (earlier !== undefined) {
                const where = `dataset "${dataset.datasetName}" in workspace "${dataset.workspaceName}"`;
                problems.push(`credentials: ${where} is bound by ${earlier} and again by ${name}; bind it once.`);
            }
            claims.set(dataset.datasetId, name);
        }),
    );
    return problems;
}
