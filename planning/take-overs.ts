import { oneLine } from "../clients/redaction";
import { Diagnostic, Severity } from "../diagnostics/diagnostic";
import { FoundDataset, showFound } from "./datasets";
import { subjectOf } from "./obstacles";
import { TakeOver } from "./plan";
import { Search } from "./search";
import { DatasetFacts, wasInCloud } from "./situation";
import { Source } from "./sources";

/** Whether binding the dataset takes it over from somebody: not where it is SP2's, or was at the last up. */
export async function isTakenOver(
    search: Search,
    dataset: FoundDataset,
    sources: Source[],
    facts: DatasetFacts,
): Promise<boolean> {
    return !sources.some((source) => wasInCloud(search, dataset, source)) && !(await search.inventory.isOurs(facts));
}

/** What a take-over of the dataset will end. */
export async function takeOverOf(
    { inventory, serves }: Search,
    { workspaceId, datasetId }: FoundDataset,
    sources: Source[],
    { configuredBy }: DatasetFacts,
): Promise<TakeOver> {
    const others = sources.filter(({ target }) => target === undefined || !serves(target));
    return {
        owner: oneLine(configuredBy ?? "an owner that Power BI does not tell"),
        schedule: await inventory.schedule(workspaceId, datasetId),
        otherSources: [...new Set(others.map(({ text }) => text))].sort(),
    };
}

/** A take-over as people read it. */
export function showTakeOver(dataset: FoundDataset, takeOver: TakeOver): string {
    const { owner, schedule, otherSources } = takeOver;
    const others = otherSources.length > 0 ? `also reads ${otherSources.join(", ")}` : "no other sources";
    return `${nameOf(dataset)} (from ${owner}; ${schedule}; ${others})`;
}

/** Says that a named dataset is not taken over while nothing proves that it is in the cloud. */
export function explainUnproven(
    severity: Severity,
    where: string,
    dataset: FoundDataset,
    takeOver: TakeOver,
): Diagnostic {
    return {
        code: "unproven",
        severity,
        subject: subjectOf(where, dataset),
        reason:
            `nothing proves that ${showFound(dataset)} reads Databricks through a personal cloud connection, and ` +
            `binding it takes it over for good: ${showTakeOver(dataset, takeOver)}`,
        remedy: "if it does, say gatewayType: NoGateway",
    };
}

/** A dataset that nothing proves to be in the cloud, and how to ask what a take-over of it would end. */
export interface Unproven {
    dataset: FoundDataset;
    look: () => Promise<TakeOver>;
}

/** How many datasets are told that a rule leaves out. Each costs a request in every run. */
const shownUnproven = 20;

/** Says which datasets a rule found and leaves out while nothing proves that they are in the cloud. */
export async function explainLeftOut(where: string, unproven: Unproven[]): Promise<Diagnostic> {
    const inOrder = [...unproven].sort((one, other) => (nameOf(one.dataset) < nameOf(other.dataset) ? -1 : 1));
    const shown = await Promise.all(
        inOrder.slice(0, shownUnproven).map(async ({ dataset, look }) => showTakeOver(dataset, await look())),
    );
    const rest = unproven.length - shown.length;
    const [these, they] =
        unproven.length === 1 ? ["a dataset is", "it reads"] : [`${unproven.length} datasets are`, "they read"];
    return {
        code: "unproven",
        severity: "warning",
        subject: { where },
        reason:
            `${these} left out: nothing proves that ${they} Databricks through a personal cloud connection, and binding ` +
            "takes a dataset over for good",
        remedy: `if ${they} through the cloud, say takeOver: true`,
        details: [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])],
    };
}

function nameOf({ workspaceName, datasetName }: FoundDataset): string {
    return `${workspaceName} / ${datasetName}`;
}
