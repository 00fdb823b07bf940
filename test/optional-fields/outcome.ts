import { isDeepStrictEqual } from "node:util";
import { ConfigurationError } from "../../clients/config-reader";
import { DatabricksTarget, showTarget } from "../../clients/connection-details";
import { ServiceError } from "../../clients/service-error";
import { Discovery } from "../../planning/discover";
import { CredentialPlan } from "../../planning/plan";
import { StackOutputs } from "../../outputs";
import { toText } from "../../diagnostics/render";

/**
 * What something that reads an answer ends with:
 * - `converges`: as without the fault;
 * - `keeps`: something is left out and told, and nothing that an earlier run bound is lost; of a read: the resource stays,
 *   and what was not seen is told as drift, which one up heals;
 * - `refuses`: an error made for users, before anything is changed;
 * - `believes`: less without a word, of which an earlier run bound nothing: it took the answer for the truth; of a read:
 *   the resource is gone, or the state is another;
 * - `breaks`: a defect, or something else than is declared.
 */
export type Outcome = "converges" | "keeps" | "refuses" | "believes" | "breaks";

/** An outcome, and what it was told by. */
export interface Found {
    outcome: Outcome;
    words: string;
}

/** What planning ended with. */
export type Ending = { discovery: Discovery } | { error: Error };

/** Compares what planning ended with to what it ends with without the fault. */
export function outcomeOf(genuine: Discovery, ending: Ending, lastUp: StackOutputs["credentials"]): Found {
    if ("error" in ending) {
        return ofError(ending.error);
    }
    const { discovery } = ending;
    const [expected, found] = [genuine, discovery].map(partsOf);
    const added = [...found.keys()].filter((key) => !expected.has(key));
    if (added.length > 0) {
        return { outcome: "breaks", words: `plans ${added.join(", ")}` };
    }
    const missing = [...expected.entries()].filter(([key]) => !found.has(key));
    if (missing.length === 0) {
        return { outcome: "converges", words: "" };
    }
    const known = genuine.warnings.map(toText);
    const told = discovery.warnings
        .map(toText)
        .filter((words) => !known.includes(words))
        .join("\n");
    const all = missing.map(([key]) => key).join(", ");
    const lost = unaccounted(discovery, lastUp);
    if (lost.length > 0) {
        return { outcome: "breaks", words: `lets go of ${lost.join(", ")}` };
    }
    const [isLater] = Object.keys(lastUp);
    if (
        isLater !== undefined &&
        missing.every(([key]) => /: (ownership of|datasource|refresh of|principal|\S+ reads) /.test(key))
    ) {
        return { outcome: told === "" ? "breaks" : "keeps", words: `keeps the secret of ${all}` };
    }
    if (isLater !== undefined) {
        return { outcome: "breaks", words: `leaves out ${all}` };
    }
    const isTold = missing.every(([, names]) => names.some((name) => told.includes(name)));
    return { outcome: isTold ? "keeps" : "believes", words: `leaves out ${all}` };
}

/** What earlier runs bound and is neither planned nor held: the next rotation would delete its secret. */
function unaccounted({ plans }: Discovery, lastUp: StackOutputs["credentials"]): string[] {
    const held = plans.flatMap(({ account }) => account.outputs.held ?? []);
    const known = [...held, ...plans.flatMap(({ datasources }) => datasources)].map(({ datasourceId }) => datasourceId);
    const targets = plans.flatMap(({ cloud }) => cloud.flatMap((dataset) => dataset.targets.map(showTarget)));
    return Object.values(lastUp)
        .flatMap(({ datasources }) => datasources)
        .filter(({ datasourceId }) => !known.includes(datasourceId))
        .filter((source) => source.kind !== "NoGateway" || !targets.includes(showTarget(source)))
        .map(({ datasourceId }) => `datasource ${datasourceId}`);
}

/** What an error says: one for users names what was asked for or where in the configuration it is. */
export function ofError(error: Error): Found {
    const { message } = error;
    const isForUsers =
        error instanceof ConfigurationError ||
        error instanceof ServiceError ||
        /^(Entra|Power BI|Fabric|Databricks): /.test(message);
    const isDefect = /undefined|not iterable|is not a function|of null|\[object/.test(message);
    return { outcome: isForUsers && !isDefect ? "refuses" : "breaks", words: message };
}

/** Everything that a plan would have the program do, each with the names by which a warning may tell of it. */
function partsOf({ plans, ownScopes }: Discovery): Map<string, string[]> {
    const parts = new Map<string, string[]>();
    plans.forEach((plan, index) => addPlan(parts, `credential ${index}`, plan));
    for (const [workspace, scopes] of ownScopes) {
        scopes.forEach((scope) => parts.set(`scope ${scope} of ${workspace}`, [scope]));
    }
    return parts;
}

function addPlan(parts: Map<string, string[]>, who: string, plan: CredentialPlan): void {
    const { principalId, grants, warehouseIds, cloud, datasources, refreshes } = plan;
    const add = (what: string, ...names: string[]) => parts.set(`${who}: ${what}`, names);
    const shown = (targets: DatabricksTarget[]) => targets.map(showTarget).join(" + ");
    if (principalId !== undefined) {
        add(`principal ${principalId}`, principalId);
    }
    grants.forEach(({ securable, fullName, privileges }) =>
        privileges.forEach((privilege) => add(`${privilege} on ${securable} ${fullName}`, fullName)),
    );
    warehouseIds.forEach((id) => add(`warehouse ${id}`, id));
    for (const { datasetId, datasetName, targets, gateways, servedElsewhere, ...options } of cloud) {
        const sources = `${shown(targets)} behind ${gateways.join()} beside ${shown(servedElsewhere)}`;
        const { allowCredentialLoss, keepSchedule } = options;
        add(
            `ownership of ${datasetId} for ${sources}, ${[allowCredentialLoss, keepSchedule].join()}`,
            datasetId,
            ...nameIn(datasetName),
        );
    }
    for (const { gatewayId, gatewayKind, datasourceId, datasourceName, target, api, datasets } of datasources) {
        const where = `datasource ${datasourceId} of ${gatewayKind} gateway ${gatewayId}`;
        const users = datasets.flatMap(({ datasetName }) => nameIn(datasetName));
        add(`${where} for ${showTarget(target)} by ${api}`, datasourceId, ...nameIn(datasourceName), ...users);
        datasets.forEach(({ datasetId, datasetName }) =>
            add(`${datasetId} reads ${where}`, datasetId, ...nameIn(datasetName)),
        );
    }
    refreshes.forEach(({ datasetId, datasetName, mode }) =>
        add(`refresh of ${datasetId}, ${mode}`, datasetId, ...nameIn(datasetName)),
    );
}

/** A name as warnings write it. */
function nameIn(name: string): string[] {
    return [JSON.stringify(name)];
}

/** What a read gave: the id is empty where the resource is to be forgotten. */
export interface ReadState {
    id?: string;
    props?: { drift?: string[] };
}

/** Compares what a read ended with to what it ends with without the fault. */
export function outcomeOfRead(genuine: ReadState, ending: ReadState | { error: Error }): Found {
    if ("error" in ending) {
        return ofError(ending.error);
    }
    if (isDeepStrictEqual(ending, genuine)) {
        return { outcome: "converges", words: "" };
    }
    if (ending.id === "") {
        return { outcome: "believes", words: "it is gone" };
    }
    const drift = (ending.props?.drift ?? []).filter((words) => !genuine.props?.drift?.includes(words));
    return drift.length > 0
        ? { outcome: "keeps", words: `drift: ${drift.join("; ")}` }
        : { outcome: "believes", words: `the state becomes ${JSON.stringify(ending.props)}` };
}
