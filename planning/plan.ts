import { BoundGatewayKind } from "../clients/gateway-kinds";
import { Diagnostic, problem } from "../diagnostics/diagnostic";
import { CredentialOutputs } from "../outputs";
import { DatabricksTarget, showTarget } from "../clients/connection-details";
import { Warehouse } from "../clients/databricks";
import { WorkspaceAddress } from "../clients/services";
import { FoundDataset } from "./datasets";
import { PlannedGrant } from "./grants";
import { KnownHosts } from "./known-hosts";

/** What may be said of a dataset in the configuration. */
export interface DatasetOptions {
    refresh: boolean | "wait";
    allowCredentialLoss: boolean;
    keepSchedule: boolean;
    switchOffSingleSignOn: boolean;
}

/** What was seen of a dataset. */
export interface SeenDataset extends FoundDataset, DatasetOptions {
    /** Whether it reads something that the credential does not serve. Absent: nobody knows. */
    hasOtherSources?: boolean;
}

/** What a take-over of a dataset ends: shown before it happens, for it cannot be undone. */
export interface TakeOver {
    /** Whose it is, as Power BI writes it. */
    owner: string;
    /** What becomes of its refresh schedule: a take-over switches it off, and it is switched on again. */
    schedule: string;
    /** Its sources that the credential does not serve, as people read them. */
    otherSources: string[];
}

/** What earlier runs bound of a credential and this one does not. */
export interface CredentialAccount {
    /** The keys of the generations that have to stay alive for it. */
    keptKeys: string[];
    /** What the next run has to know of it. */
    outputs: Pick<CredentialOutputs, "held" | "formerNames" | "released" | "missing">;
}

/** A dataset that reads the credential's Databricks through the cloud: SP2 has to own it. */
export interface CloudDataset extends FoundDataset, DatasetOptions {
    /** The warehouses that it reads and that the credential serves. */
    targets: DatabricksTarget[];
    /** The gateways through which it reads other sources. */
    gateways: string[];
    /** Other warehouses that it reads, with other credentials of the stack. */
    servedElsewhere: DatabricksTarget[];
    /** Its datasources that point there, as far as they were looked at. */
    observed: string[];
    /** What a take-over will end; absent where SP2 owns it, or did at the last up. */
    takeOver?: TakeOver;
    /** The further hosts at which the warehouses may be read; absent where there are none. */
    furtherHosts?: string[];
}

/** A datasource of a gateway that holds the credential. */
export interface GatewayDatasourcePlan {
    gatewayId: string;
    gatewayName: string;
    gatewayKind: BoundGatewayKind;
    datasourceId: string;
    datasourceName: string;
    target: DatabricksTarget;
    /** The further hosts at which the warehouse may be read; absent where there are none. */
    furtherHosts?: string[];
    /** Which API stores the credential. */
    api: "powerbi" | "fabric";
    /** Whether single sign-on is switched off where it uses it. */
    switchOffSingleSignOn: boolean;
    /** The datasets that are known to use it. */
    datasets: FoundDataset[];
}

/** A dataset that is refreshed after each change of its credential. */
export interface RefreshPlan extends FoundDataset {
    mode: "start" | "wait";
    /** The warehouses that it reads and that the credential serves. */
    targets: DatabricksTarget[];
    /** Whether it reads something else too, or may do so: an error of a refresh may be another source's then. */
    hasOtherSources: boolean;
}

/** What is to be bound for one credential: names became ids. */
export interface CredentialPlan {
    databricks: WorkspaceAddress;
    /** The id (SCIM) of the service principal, where an earlier up made it. */
    principalId?: string;
    /** What the service principal is granted. */
    grants: PlannedGrant[];
    warehouse: Warehouse;
    /** The ids of all warehouses of the workspace that are read; the declared one is first. */
    warehouseIds: string[];
    cloud: CloudDataset[];
    datasources: GatewayDatasourcePlan[];
    refreshes: RefreshPlan[];
    /** What earlier runs bound and this one does not. */
    account: CredentialAccount;
}

/** One thing that a binding found. */
export type Finding =
    | { where: string; cloud: CloudDataset & SeenDataset }
    | { where: string; datasource: GatewayDatasourcePlan; dataset?: SeenDataset };

/** Each target once, in an order that is the same whoever told of them and in whichever order: another one is a change. */
export function distinctTargets(targets: DatabricksTarget[]): DatabricksTarget[] {
    const distinct = new Map(targets.map((target) => [showTarget(target), target]));
    return [...distinct.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, target]) => target);
}

/**
 * Brings the findings of all bindings of a credential together: each dataset and each datasource once, with the options
 * of the binding that named it first.
 */
export function mergeFindings(findings: Finding[]): Pick<CredentialPlan, "cloud" | "datasources" | "refreshes"> {
    const cloud = new Map<string, CloudDataset>();
    const datasources = new Map<string, GatewayDatasourcePlan>();
    const refreshes = new Map<string, RefreshPlan>();
    for (const finding of findings) {
        const dataset = "cloud" in finding ? finding.cloud : finding.dataset;
        if (dataset && dataset.refresh !== false && !refreshes.has(dataset.datasetId)) {
            const mode = dataset.refresh === "wait" ? "wait" : "start";
            const hasOtherSources = dataset.hasOtherSources ?? true;
            refreshes.set(dataset.datasetId, { ...identity(dataset), mode, targets: [], hasOtherSources });
        }
        const refresh = dataset && refreshes.get(dataset.datasetId);
        if (refresh) {
            const read = "cloud" in finding ? finding.cloud.targets : [finding.datasource.target];
            refresh.targets = distinctTargets([...refresh.targets, ...read]);
        }
        if ("cloud" in finding) {
            const found = inCloud(finding.cloud);
            const known = cloud.get(found.datasetId);
            const targets = distinctTargets([...(known ?? found).targets, ...found.targets]);
            cloud.set(found.datasetId, known ? { ...known, targets } : found);
            continue;
        }
        const key = keyOf(finding.datasource);
        const known = datasources.get(key) ?? finding.datasource;
        const isNew = dataset && !known.datasets.some(({ datasetId }) => datasetId === dataset.datasetId);
        datasources.set(key, isNew ? { ...known, datasets: [...known.datasets, identity(dataset)] } : known);
    }
    const byKey = <T>(map: Map<string, T>) => [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, v]) => v);
    return { cloud: byKey(cloud), datasources: byKey(datasources), refreshes: byKey(refreshes) };
}

/** What of a dataset makes no difference to what is declared in the cloud is left out. */
function inCloud({ hasOtherSources: _, ...found }: CloudDataset & SeenDataset): CloudDataset {
    return found;
}

/** Tells each cloud dataset which of its other warehouses other credentials serve: those are not lost with a take-over. */
export function noteOtherCredentials<T extends Pick<CredentialPlan, "cloud">>(plans: T[]): T[] {
    const targets = new Map<string, DatabricksTarget[]>();
    plans
        .flatMap(({ cloud }) => cloud)
        .forEach((dataset) => {
            const known = targets.get(dataset.datasetId) ?? [];
            targets.set(dataset.datasetId, distinctTargets([...known, ...dataset.targets]));
        });
    return plans.map((plan) => ({
        ...plan,
        cloud: plan.cloud.map((dataset) => {
            const own = dataset.targets.map(showTarget);
            const others = targets.get(dataset.datasetId)!.filter((target) => !own.includes(showTarget(target)));
            return { ...dataset, servedElsewhere: others };
        }),
    }));
}

/**
 * Datasources that two credentials claim. In the cloud that is any two datasets that read the same warehouse: SP2 owns
 * both, and an owner has one datasource for each warehouse (learn.microsoft.com, cloud data sources). Whether two hosts of
 * one workspace make two of it, nobody says.
 */
export function claimedTwice(
    plans: Pick<CredentialPlan, "cloud" | "datasources">[],
    names: string[],
    hosts = new KnownHosts([]),
): Diagnostic[] {
    const claims = new Map<string, { name: string; words: string }>();
    const problems: Diagnostic[] = [];
    const claim = (key: string, name: string, words: string) => {
        const earlier = claims.get(key);
        if (earlier === undefined) {
            claims.set(key, { name, words });
        } else if (earlier.name !== name) {
            const both = earlier.words === words ? words : `${earlier.words} and ${words}`;
            problems.push(
                problem(
                    "claimed-twice",
                    { where: "credentials" },
                    `${both}: claimed by ${earlier.name} and by ${name}. A datasource holds one credential`,
                    "bind it once, or exclude it from one of them",
                ),
            );
        }
    };
    plans.forEach((plan, index) => {
        for (const dataset of plan.cloud) {
            for (const target of dataset.targets) {
                const shown = `dataset "${dataset.datasetName}" in workspace "${dataset.workspaceName}"`;
                claim(
                    `cloud ${showTarget(hosts.atHome(target))}`,
                    names[index],
                    `${shown} (${showTarget(target)}, cloud)`,
                );
            }
        }
        for (const datasource of plan.datasources) {
            const words = `datasource "${datasource.datasourceName}" of gateway "${datasource.gatewayName}"`;
            claim(keyOf(datasource), names[index], words);
        }
    });
    return problems;
}

/**
 * Names the warehouses by their workspaces' own hosts. A datasource that comes to name a further host of its workspace,
 * or its own one again, is the same as before: it makes no difference to what is declared.
 */
export function atHome<T extends Pick<CredentialPlan, "cloud" | "datasources">>(plan: T, hosts: KnownHosts): T {
    const placed = (target: DatabricksTarget) => {
        const furtherHosts = hosts.furtherHosts(hosts.atHome(target).host);
        return furtherHosts.length > 0 ? { furtherHosts } : {};
    };
    return {
        ...plan,
        cloud: plan.cloud.map((dataset) => ({
            ...dataset,
            ...placed(dataset.targets[0]),
            targets: distinctTargets(dataset.targets.map((target) => hosts.atHome(target))),
        })),
        datasources: plan.datasources.map((datasource) => ({
            ...datasource,
            ...placed(datasource.target),
            target: hosts.atHome(datasource.target),
        })),
    };
}

/** A datasource as `observed` has it. */
export function observedKey({ gatewayId, datasourceId }: { gatewayId: string; datasourceId: string }): string {
    return `${datasourceId} of gateway ${gatewayId}`;
}

function keyOf({ gatewayId, datasourceId }: { gatewayId: string; datasourceId: string }): string {
    return `${gatewayId}/${datasourceId}`.toLowerCase();
}

function identity({ workspaceId, workspaceName, datasetId, datasetName }: FoundDataset): FoundDataset {
    return { workspaceId, workspaceName, datasetId, datasetName };
}
