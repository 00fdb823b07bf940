import { DatabricksTarget, showTarget } from "../clients/connection-details";
import { classify, DatasetFacts } from "./classify";
import { FoundDataset, showFound } from "./datasets";
import { GatewayKind, isGateway, KnownGateway } from "./gateways";
import { GatewaySource, Source } from "./sources";
import { DatasetOptions, distinctTargets, Finding, GatewayDatasourcePlan, observedKey } from "./plan";
import { Search } from "./search";
import { isTakenOver, takeOverOf } from "./take-overs";

const nothingKnown = { gateways: [], servedElsewhere: [], observed: [] };

/**
 * What of a dataset is to be bound: itself in the cloud, and the datasources of gateways that it reads through.
 *
 * @param sources undefined when Power BI cannot tell them, because the owner has left: a take-over cures that.
 */
export async function findingsOf(
    search: Search,
    dataset: FoundDataset & DatasetOptions,
    sources: Source[] | undefined,
    facts: DatasetFacts = {},
): Promise<Finding[]> {
    const { where, gateways, report } = search;
    if (sources === undefined) {
        return [{ where, cloud: { ...dataset, ...nothingKnown, targets: [search.target] } }];
    }
    const findings: Finding[] = [];
    const inCloud: Source[] = [];
    const unproven: Source[] = [];
    const kinds: GatewayKind[] = [];
    for (const source of sources.filter(({ target }) => target !== undefined && search.serves(target))) {
        const place = await classify(search, dataset, source, sources, facts);
        switch (place.kind) {
            case "gateway": {
                kinds.push(place.gateway.kind);
                const { datasourceId: id } = place;
                const datasource = planOf(search, place.gateway, { id, name: id, target: source.target });
                findings.push({ where, datasource, dataset });
                break;
            }
            case "cloud":
                kinds.push("NoGateway");
                inCloud.push(source);
                break;
            case "unproven":
                unproven.push(source);
                break;
            case "hidden":
                search.tellHidden(place.words);
                break;
            case "refused":
                report(place.words);
                break;
        }
    }
    checkType(search, showFound(dataset), kinds);
    if (unproven.length > 0) {
        await search.tellUnproven(dataset, () => takeOverOf(search, dataset, sources, facts));
    } else if (inCloud.length > 0) {
        const observed = inCloud.flatMap(({ gatewayId, datasourceId }) =>
            gatewayId && datasourceId ? [observedKey({ gatewayId, datasourceId })] : [],
        );
        const targets = distinctTargets(inCloud.map(({ target }) => target!));
        const throughGateways = sources.flatMap(({ gatewayId }) =>
            isGateway(gateways, gatewayId) ? [gatewayId!] : [],
        );
        const isNew = await isTakenOver(search, dataset, sources, facts);
        const takeOver = isNew && (await takeOverOf(search, dataset, sources, facts));
        const known = { gateways: unique(throughGateways), observed: unique(observed), ...(takeOver && { takeOver }) };
        findings.push({ where, cloud: { ...dataset, ...nothingKnown, targets, ...known } });
    }
    return findings;
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

/** Compares the detected kinds of gateways with the declared one. A model may read through several: one of them has to be it. */
export function checkType(search: Search, what: string, detected: GatewayKind[]): void {
    const { where, gatewayType, report } = search;
    if (gatewayType !== undefined && detected.length > 0 && !detected.includes(gatewayType)) {
        report(
            `${where}.gatewayType: ${what} is declared as ${gatewayType}, but it is ${[...new Set(detected)].join(" and ")}. ` +
                "Correct gatewayType, or leave it out: it is detected.",
        );
    }
}

function unique(texts: string[]): string[] {
    return [...new Set(texts)].sort();
}
