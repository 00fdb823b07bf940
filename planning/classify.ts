import { Dataset } from "../clients/power-bi-datasets";
import { judgeConnection } from "./cloud-proof";
import { FoundDataset, showFound } from "./datasets";
import { Search } from "./search";
import { administered, isGateway, KnownGateway } from "./gateways";
import { hiddenGateway, hiddenGatewayWords } from "./hidden-gateways";
import { Source } from "./sources";
import { sameId } from "./names";

/** Where a source of a dataset is, and what follows from that. */
export type Place =
    /** A datasource of a gateway whose datasources the Power BI service principal (SP2) may change. */
    | { kind: "gateway"; gateway: KnownGateway; datasourceId: string }
    /** The cloud: the dataset has to be SP2's. */
    | { kind: "cloud" }
    /** Perhaps the cloud. Nothing proves it, and nobody said so. */
    | { kind: "unproven" }
    /** Where an earlier run bound it, on a gateway that SP2 does not see now. */
    | { kind: "hidden"; words: string }
    /** Where the credential must not or cannot be set. */
    | { kind: "refused"; words: string };

/** What Power BI says of a dataset as a whole. */
export type DatasetFacts = Pick<Dataset, "isOnPremGatewayRequired" | "configuredBy">;

/**
 * Says where a source of a dataset is: the one classifier for named datasets and for those that rules find. Before a
 * dataset is taken over, something proves that its source is in the cloud, or a person said so; what contradicts that is
 * refused whatever anybody says (invariant I14).
 *
 * @param sources all of the dataset's.
 */
export async function classify(
    search: Search,
    dataset: FoundDataset,
    source: Source,
    sources: Source[],
    facts: DatasetFacts,
): Promise<Place> {
    const { where, gateways, inventory } = search;
    const { datasourceId } = source;
    const gatewayId = source.gatewayId ?? (datasourceId && (await inventory.connection(datasourceId))?.gatewayId);
    const gateway = administered(gateways, gatewayId);
    if (gateway && datasourceId) {
        return { kind: "gateway", gateway, datasourceId };
    }
    if (gateway) {
        const words =
            `${where}: ${showFound(dataset)} reads through gateway "${gateway.name}", and Power BI does not say through ` +
            "which datasource of it. Bind the datasource: { gateway, datasource }.";
        return { kind: "refused", words };
    }
    const foreign = gatewayId && gateways.foreign.get(gatewayId.toLowerCase());
    if (foreign) {
        return { kind: "refused", words: notAdministered(where, dataset, foreign) };
    }
    const hidden = hiddenGateway(search, dataset.datasetId, source);
    if (hidden) {
        return { kind: "hidden", words: hiddenGatewayWords(where, dataset, hidden, gateways) };
    }
    if (isBoundInCloud(search, dataset, source)) {
        return { kind: "cloud" };
    }
    const proof = judgeConnection(datasourceId === undefined ? undefined : await inventory.connection(datasourceId));
    switch (proof.verdict) {
        case "proven":
            return { kind: "cloud" };
        case "gateway":
            return { kind: "refused", words: notAdministered(where, dataset, proof.gateway) };
        case "contradicted":
            return {
                kind: "refused",
                words:
                    `${where}: ${showFound(dataset)} is not taken over: ${proof.why}. Take it out of the bindings; where ` +
                    "a rule finds it, add it to exclude.datasets.",
            };
        case "silent":
            break;
    }
    if (search.gatewayType !== undefined && search.gatewayType !== "NoGateway") {
        const words =
            `${where}.gatewayType: ${showFound(dataset)} is declared as ${search.gatewayType}, but it is behind none of the ` +
            "gateways that SP2 sees. Give SP2 its role on that gateway and its connection, or correct gatewayType.";
        return { kind: "refused", words };
    }
    if (gatewayId && needsGateway(search, source, sources, facts)) {
        return { kind: "refused", words: notAdministered(where, dataset, gatewayId) };
    }
    const isSettled = wasInCloud(search, dataset, source) || (gatewayId && (await inventory.isOurs(facts)));
    return isSettled || search.mayTakeOver ? { kind: "cloud" } : { kind: "unproven" };
}

/** Whether an earlier run bound the dataset in the cloud for the warehouse that a source reads. */
export function wasInCloud({ memory, hosts }: Search, { datasetId }: FoundDataset, { target }: Source): boolean {
    const former = memory.sources(datasetId);
    return former.some(
        (known) => known.kind === "NoGateway" && target !== undefined && hosts.same(known.target, target),
    );
}

/** Whether it was so, and the source is still that datasource. */
function isBoundInCloud(search: Search, dataset: FoundDataset, source: Source): boolean {
    const former = search.memory.sources(dataset.datasetId);
    const isSame = former.some(({ datasourceId }) => sameId(datasourceId, source.datasourceId ?? ""));
    return isSame && wasInCloud(search, dataset, source);
}

/**
 * Whether the model as a whole needs a gateway and nothing but this source can be what needs it. Another source behind
 * another gateway may be it (pbi-tools, issue 337).
 */
function needsGateway({ gateways }: Search, source: Source, sources: Source[], facts: DatasetFacts): boolean {
    const mayExplain = ({ gatewayId, target }: Source) =>
        isGateway(gateways, gatewayId) || (target === undefined && gatewayId !== source.gatewayId);
    return facts.isOnPremGatewayRequired === true && !sources.some(mayExplain);
}

function notAdministered(where: string, dataset: FoundDataset, gateway: string): string {
    return (
        `${where}: ${showFound(dataset)} reads through gateway "${gateway}", which SP2 does not ` +
        "administer. Make SP2 an admin of the gateway (Manage connections and gateways)."
    );
}
