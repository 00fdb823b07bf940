import { Dataset } from "../clients/power-bi-datasets";
import { judgeConnection } from "./cloud-proof";
import { FoundDataset } from "./datasets";
import { Known, Observed } from "./decide";
import { administered, Gateways, isGateway, KnownGateway } from "./gateways";
import { KnownHosts } from "./known-hosts";
import { FormerGateway, FormerSource, Memory } from "./memory";
import { sameId } from "./names";
import { Search } from "./search";
import { Source } from "./sources";

/** What Power BI says of a dataset as a whole. */
export type DatasetFacts = Pick<Dataset, "isOnPremGatewayRequired" | "configuredBy">;

/** Where a source of a dataset is, and was. */
export interface SourceSituation {
    known: Known;
    observed: Observed;
    /** The datasource of a gateway that SP2 administers. */
    bound?: { gateway: KnownGateway; datasourceId: string };
    /** The gateway that stands in the way: its name, or its id where no name is told. */
    gateway?: string;
    /** The kind of that gateway, where an earlier run knew it. */
    formerKind?: FormerGateway["kind"];
    /** Why a take-over would do harm, or nothing. */
    objection?: string;
}

/**
 * Looks where a source of a dataset is, and where earlier runs bound it.
 *
 * @param sources all of the dataset's.
 */
export async function situationOf(
    search: Search,
    dataset: FoundDataset,
    source: Source,
    sources: Source[],
    facts: DatasetFacts,
): Promise<SourceSituation> {
    const { gateways, inventory } = search;
    const { datasourceId } = source;
    const ask = async () => (datasourceId === undefined ? undefined : inventory.connection(datasourceId));
    const gatewayId = source.gatewayId ?? (await ask())?.gatewayId;
    const { known, former } = knownOf(search, dataset, source);
    const gateway = administered(gateways, gatewayId);
    if (gateway) {
        return datasourceId
            ? { known, observed: "gateway", bound: { gateway, datasourceId } }
            : { known, observed: "gateway, datasource not told", gateway: gateway.name };
    }
    const foreign = gatewayId && gateways.foreign.get(gatewayId.toLowerCase());
    if (foreign) {
        return { known, observed: "foreign gateway", gateway: foreign };
    }
    if (known === "hidden gateway" || known === "former gateway") {
        return { known, observed: "silent", gateway: former!.name, formerKind: former!.kind };
    }
    if (known === "cloud") {
        return { known, observed: "silent" };
    }
    const proof = judgeConnection(await ask());
    switch (proof.verdict) {
        case "proven":
            return { known, observed: "personal cloud" };
        case "gateway":
            return { known, observed: "unseen gateway", gateway: proof.gateway };
        case "contradicted":
            return { known, observed: "other connection", objection: proof.why };
        case "silent":
            break;
    }
    if (gatewayId && needsGateway(search, source, sources, facts)) {
        return { known, observed: "silent, gateway required", gateway: gatewayId };
    }
    return { known, observed: gatewayId && (await inventory.isOurs(facts)) ? "silent, owned" : "silent" };
}

/** Where earlier runs bound what a dataset reads that does not tell it now. */
export function knownUnseen(former: FormerSource[], gateways: Gateways): Known {
    const behind = former.find(({ kind }) => kind !== "NoGateway");
    if (behind) {
        return isHidden(gateways, behind.gatewayId) ? "hidden gateway" : "gateway";
    }
    return former.length > 0 ? "cloud" : "never";
}

/** Whether an earlier run bound the dataset in the cloud for the warehouse that a source reads. */
export function wasInCloud(
    { memory, hosts }: { memory: Memory; hosts: KnownHosts },
    { datasetId }: FoundDataset,
    { target }: Source,
): boolean {
    const former = memory.sources(datasetId);
    return former.some(
        (known) => known.kind === "NoGateway" && target !== undefined && hosts.same(known.target, target),
    );
}

function knownOf(search: Search, dataset: FoundDataset, source: Source): { known: Known; former?: FormerGateway } {
    const { memory, gateways, mayMean } = search;
    const { gatewayId, datasourceId = "" } = source;
    const bound = gatewayId === undefined ? undefined : memory.gateway(gatewayId);
    if (bound && isHidden(gateways, bound.id)) {
        return { known: "hidden gateway", former: bound };
    }
    const former = memory.sources(dataset.datasetId);
    const inCloud = former.filter(({ kind }) => kind === "NoGateway");
    const wasHere = wasInCloud(search, dataset, source);
    if (wasHere && former.some((known) => sameId(known.datasourceId, datasourceId))) {
        return { known: "cloud" };
    }
    const behind = former.find(
        ({ kind, gatewayId: id, gateway }) => kind !== "NoGateway" && isHidden(gateways, id) && mayMean(gateway),
    );
    if (behind && !inCloud.some((known) => sameId(known.gatewayId, gatewayId ?? ""))) {
        return { known: "former gateway", former: { id: behind.gatewayId, name: behind.gateway, kind: behind.kind } };
    }
    if (wasHere) {
        return { known: "cloud elsewhere" };
    }
    return { known: former.some(({ kind }) => kind !== "NoGateway") ? "gateway" : "never" };
}

function isHidden(gateways: Gateways, gatewayId: string): boolean {
    return administered(gateways, gatewayId) === undefined;
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
