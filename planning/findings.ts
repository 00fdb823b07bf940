import { documentedApi, GatewayKind } from "../clients/gateway-kinds";
import { DatabricksTarget, showTarget } from "../clients/connection-details";
import { Diagnostic, Severity } from "../diagnostics/diagnostic";
import { severityOf } from "./binding-scope";
import { FoundDataset, showFound } from "./datasets";
import { decide } from "./decide";
import { isGateway, KnownGateway } from "./gateways";
import { explainObstacle } from "./obstacles";
import { DatasetOptions, distinctTargets, Finding, GatewayDatasourcePlan, observedKey, SeenDataset } from "./plan";
import { Search } from "./search";
import { DatasetFacts, situationOf } from "./situation";
import { GatewaySource, Source } from "./sources";
import { isTakenOver, takeOverOf } from "./take-overs";

const nothingKnown = { gateways: [], servedElsewhere: [], observed: [] };

/** A dataset whose sources nobody sees, as one in the cloud: a take-over makes it tell them. */
export function unseenFinding({ where, target }: Search, dataset: FoundDataset & DatasetOptions): Finding {
    return { where, cloud: { ...dataset, ...nothingKnown, targets: [target] } };
}

/** What of a dataset is to be bound: itself in the cloud, and the datasources of gateways that it reads through. */
export async function findingsOf(
    search: Search,
    looked: FoundDataset & DatasetOptions,
    sources: Source[],
    facts: DatasetFacts = {},
): Promise<Finding[]> {
    const { where, declared, isHeld, tell } = search;
    const hasOtherSources = sources.some(({ target }) => target === undefined || !search.serves(target));
    const dataset: SeenDataset = { ...looked, hasOtherSources };
    const onGateways: Finding[] = [];
    const inCloud: Source[] = [];
    const kinds: GatewayKind[] = [];
    let isProven = true;
    for (const source of sources.filter(({ target }) => target !== undefined && search.serves(target))) {
        const situation = await situationOf(search, dataset, source, sources, facts);
        const decision = decide({ declared, isHeld, ...situation });
        switch (decision.act) {
            case "bind on gateway": {
                const { gateway, datasourceId: id } = situation.bound!;
                kinds.push(gateway.kind);
                onGateways.push({ where, dataset, datasource: planOf(search, gateway, { ...source, id, name: id }) });
                break;
            }
            case "bind in cloud":
                kinds.push("NoGateway");
                inCloud.push(source);
                break;
            case "bind unseen":
            case "bind as before":
                throw new TypeError(`${decision.act}: a source that was told is decided on by itself`);
            case "keep":
            case "refuse":
            case "ignore":
                if (decision.why === "unproven") {
                    isProven = false;
                } else if (decision.why !== "sources-unreadable") {
                    const severity: Severity = decision.act === "refuse" ? "error" : "warning";
                    tell(explainObstacle(decision.why, severity, search, dataset, situation));
                }
                break;
        }
    }
    const isOfType = hasType(search, showFound(dataset), kinds);
    if (!isProven) {
        await search.tellUnproven(dataset, () => takeOverOf(search, dataset, sources, facts));
        return isOfType ? onGateways : [];
    }
    const cloud = inCloud.length > 0 ? [await cloudFinding(search, dataset, inCloud, sources, facts)] : [];
    return isOfType ? [...onGateways, ...cloud] : [];
}

async function cloudFinding(
    search: Search,
    dataset: SeenDataset,
    inCloud: Source[],
    sources: Source[],
    facts: DatasetFacts,
): Promise<Finding> {
    const { where, gateways } = search;
    const observed = inCloud.flatMap(({ gatewayId, datasourceId }) =>
        gatewayId && datasourceId ? [observedKey({ gatewayId, datasourceId })] : [],
    );
    const targets = distinctTargets(inCloud.map(({ target }) => target!));
    const throughGateways = sources.flatMap(({ gatewayId }) => (isGateway(gateways, gatewayId) ? [gatewayId!] : []));
    const isNew = await isTakenOver(search, dataset, sources, facts);
    const takeOver = isNew && (await takeOverOf(search, dataset, sources, facts));
    const known = { gateways: unique(throughGateways), observed: unique(observed), ...(takeOver && { takeOver }) };
    return { where, cloud: { ...dataset, ...nothingKnown, targets, ...known } };
}

/** How the credential gets into a datasource of a gateway. */
export function planOf(
    search: Search,
    gateway: KnownGateway,
    source: Pick<GatewaySource, "id" | "name" | "target">,
): GatewayDatasourcePlan {
    return {
        gatewayId: gateway.id,
        gatewayName: gateway.name,
        gatewayKind: gateway.kind,
        datasourceId: source.id,
        datasourceName: source.name,
        target: source.target!,
        api: search.api ?? documentedApi[gateway.kind],
        switchOffSingleSignOn: search.switchOffSingleSignOn,
        datasets: [],
    };
}

/** Says that something reads another warehouse than declared, naming both. */
export function mismatch(
    { where, isHeld }: Pick<Search, "where" | "isHeld">,
    what: string,
    reads: string,
    target: DatabricksTarget,
): Diagnostic {
    return {
        code: "other-warehouse",
        severity: severityOf(isHeld),
        subject: { where },
        reason: `${what} reads ${reads || "no datasource at all"}, not the declared warehouse ${showTarget(target)}`,
        remedy: "declare the warehouse that it reads, or correct its connection",
    };
}

/**
 * Compares the detected kinds of gateways with the declared one, and tells what differs. A model may read through several:
 * one of them has to be it.
 */
export function hasType(search: Search, what: string, detected: GatewayKind[]): boolean {
    const { where, gatewayType, isHeld, tell } = search;
    if (gatewayType === undefined || detected.length === 0 || detected.includes(gatewayType)) {
        return true;
    }
    tell({
        code: "other-kind",
        severity: severityOf(isHeld),
        subject: { where: `${where}.gatewayType` },
        reason: `${what} is declared as ${gatewayType}, but it is ${[...new Set(detected)].join(" and ")}`,
        remedy: "correct gatewayType, or leave it out: it is detected",
    });
    return false;
}

function unique(texts: string[]): string[] {
    return [...new Set(texts)].sort();
}
