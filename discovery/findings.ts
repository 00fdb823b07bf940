import { DatabricksTarget, sameTarget, showTarget } from "../clients/connection-details";
import { Dataset } from "../clients/power-bi-datasets";
import { FoundDataset, showFound } from "./datasets";
import { GatewayKind, Gateways, KnownGateway } from "./gateways";
import { hiddenGateway, hiddenGatewayWords } from "./hidden-gateways";
import { GatewaySource, Source } from "./inventory";
import { Memory } from "./memory";
import { DatasetOptions, distinctTargets, Finding, GatewayDatasourcePlan, observedKey } from "./plan";

/** What a binding looks for, and where it says what is in the way. */
export interface Search {
    /** The place of the binding in the configuration. */
    where: string;
    /** Whether the credential serves datasources that point there. */
    serves: (target: DatabricksTarget) => boolean;
    /** The declared warehouse. */
    target: DatabricksTarget;
    gateways: Gateways;
    gatewayType?: GatewayKind;
    api?: "powerbi" | "fabric";
    switchOffSingleSignOn: boolean;
    report: (problem: string) => void;
    /** What the last up knew. */
    memory: Memory;
    /** Whether a gateway is none of the binding's, whatever the last up bound there. */
    letsGo: (gateway: string) => boolean;
    /** Takes the words on a source that would look like one in the cloud, were it not for the last up. */
    tellHidden: (words: string) => void;
}

const nothingKnown = { gateways: [], servedElsewhere: [], observed: [] };

/**
 * What of a dataset is to be bound: itself in the cloud, and the datasources of gateways that it reads through.
 *
 * @param sources undefined when Power BI cannot tell them, because the owner has left: a take-over cures that.
 */
export function findingsOf(
    search: Search,
    dataset: FoundDataset & DatasetOptions,
    sources: Source[] | undefined,
    facts: Pick<Dataset, "isOnPremGatewayRequired"> = {},
): Finding[] {
    const { where, gateways, report } = search;
    if (sources === undefined) {
        return [{ where, cloud: { ...dataset, ...nothingKnown, targets: [search.target] } }];
    }
    const findings: Finding[] = [];
    const inCloud: Source[] = [];
    for (const source of sources.filter(({ target }) => target !== undefined && search.serves(target))) {
        const { gatewayId, datasourceId } = source;
        const gateway = administered(gateways, gatewayId);
        if (gateway && datasourceId) {
            checkType(search, showFound(dataset), gateway.kind);
            const name = datasourceId;
            const datasource = planOf(search, gateway, { id: datasourceId, name, target: source.target });
            findings.push({ where, datasource, dataset });
            continue;
        }
        if (gateway) {
            report(
                `${where}: ${showFound(dataset)} reads through gateway "${gateway.name}", and Power BI does not say through ` +
                    "which datasource of it. Bind the datasource: { gateway, datasource }.",
            );
            continue;
        }
        const foreign = gatewayId && gateways.foreign.get(gatewayId.toLowerCase());
        const hidden = foreign ? undefined : hiddenGateway(search, dataset.datasetId, source);
        if (hidden) {
            search.tellHidden(hiddenGatewayWords(where, dataset, hidden, gateways));
            continue;
        }
        // That a model needs a gateway is no word on this source where another one is behind a gateway that is known.
        const isExplained = sources.some((other) => isGateway(gateways, other.gatewayId));
        if (foreign || (gatewayId && facts.isOnPremGatewayRequired && !isExplained)) {
            report(
                `${where}: ${showFound(dataset)} reads through gateway "${foreign || gatewayId}", which SP2 does not ` +
                    "administer. Make SP2 an admin of the gateway (Manage connections and gateways).",
            );
            continue;
        }
        if (gatewayId === undefined && search.gatewayType !== "NoGateway" && !wasInCloud(search, dataset, source)) {
            report(
                `${where}: Power BI does not say through which gateway ${showFound(dataset)} reads, or that it reads through ` +
                    "none. It is not taken over by itself: that cannot be undone. If it reads through the cloud, name it " +
                    "in a binding with gatewayType: NoGateway.",
            );
            continue;
        }
        checkType(search, showFound(dataset), "NoGateway");
        inCloud.push(source);
    }
    if (inCloud.length > 0) {
        const observed = inCloud.flatMap(({ gatewayId, datasourceId }) =>
            gatewayId && datasourceId ? [observedKey({ gatewayId, datasourceId })] : [],
        );
        const targets = distinctTargets(inCloud.map(({ target }) => target!));
        const throughGateways = sources.flatMap(({ gatewayId }) =>
            isGateway(gateways, gatewayId) ? [gatewayId!] : [],
        );
        const gatewayIds = unique(throughGateways);
        const cloud = { ...dataset, ...nothingKnown, targets, gateways: gatewayIds, observed: unique(observed) };
        findings.push({ where, cloud });
    }
    return findings;
}

/** Whether an earlier run bound the source in the cloud. */
function wasInCloud({ memory }: Search, { datasetId }: FoundDataset, { target }: Source): boolean {
    const former = memory.sources(datasetId);
    return former.some(
        (known) => known.kind === "NoGateway" && target !== undefined && sameTarget(known.target, target),
    );
}

/** How the credential gets into a datasource of a gateway. */
export function planOf(search: Search, gateway: KnownGateway, source: GatewaySource): GatewayDatasourcePlan {
    return {
        gatewayId: gateway.id,
        gatewayName: gateway.name,
        gatewayKind: gateway.kind,
        datasourceId: source.id,
        datasourceName: source.name,
        target: source.target!,
        // The documented way of each kind: the Power BI API does not support VNET gateways.
        api: search.api ?? (gateway.kind === "VNET" ? "fabric" : "powerbi"),
        switchOffSingleSignOn: search.switchOffSingleSignOn,
        datasets: [],
    };
}

/** Says that something reads another warehouse than declared, naming both. */
export function mismatch(where: string, what: string, reads: string, target: DatabricksTarget): string {
    return (
        `${where}: ${what} reads ${reads || "no datasource at all"}, not the declared warehouse ${showTarget(target)}. ` +
        "Declare the warehouse that it reads, or correct its connection."
    );
}

/** Compares a detected kind of gateway with the declared one. */
export function checkType(search: Search, what: string, detected: GatewayKind): void {
    if (search.gatewayType !== undefined && search.gatewayType !== detected) {
        search.report(
            `${search.where}.gatewayType: ${what} is declared as ${search.gatewayType}, but it is ${detected}. ` +
                "Correct gatewayType, or leave it out: it is detected.",
        );
    }
}

function administered(gateways: Gateways, gatewayId: string | undefined): KnownGateway | undefined {
    return gateways.administered.find(({ id }) => id.toLowerCase() === gatewayId?.toLowerCase());
}

function isGateway(gateways: Gateways, gatewayId = ""): boolean {
    return administered(gateways, gatewayId) !== undefined || gateways.foreign.has(gatewayId.toLowerCase());
}

function unique(texts: string[]): string[] {
    return [...new Set(texts)].sort();
}
