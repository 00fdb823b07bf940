import { isListedByFabric } from "../clients/gateway-kinds";
import { Diagnostic, Severity, Subject } from "../diagnostics/diagnostic";
import { causeOf, remedyOf } from "../clients/service-codes";
import { FoundDataset, showFound } from "./datasets";
import { Obstacle } from "./decide";
import { Gateways } from "./gateways";
import { FormerSource } from "./memory";
import { Search } from "./search";
import { SourceSituation } from "./situation";

/** Says why a source of a dataset is not bound, and what to do. */
export function explainObstacle(
    why: Exclude<Obstacle, "unproven" | "sources-unreadable">,
    severity: Severity,
    search: Pick<Search, "where" | "gatewayType" | "gateways">,
    dataset: FoundDataset,
    situation: SourceSituation,
): Diagnostic {
    const subject = subjectOf(search.where, dataset);
    const shown = showFound(dataset);
    const { gateway = "", objection = "" } = situation;
    switch (why) {
        case "datasource-not-told":
            return {
                code: why,
                severity,
                subject,
                reason: `${shown} reads through gateway "${gateway}", and Power BI does not say through which datasource of it`,
                remedy: "bind the datasource: { gateway, datasource }",
            };
        case "gateway-not-administered":
            return {
                code: why,
                severity,
                subject,
                reason: `${shown} reads through gateway "${gateway}", which SP2 does not administer`,
                remedy: "make SP2 an admin of the gateway (Manage connections and gateways)",
            };
        case "gateway-hidden":
            return { code: why, severity, subject, ...explainHidden(shown, situation, search.gateways) };
        case "not-personal":
            return {
                code: why,
                severity,
                subject,
                reason: `${shown} is not taken over: ${objection}`,
                remedy: "take it out of the bindings; where a rule finds it, add it to exclude.datasets",
            };
        case "other-kind":
            return {
                code: why,
                severity,
                subject: { ...subject, where: `${search.where}.gatewayType` },
                reason: `${shown} is declared as ${search.gatewayType}, but it is behind none of the gateways that SP2 sees`,
                remedy: "give SP2 its role on that gateway and its connection, or correct gatewayType",
            };
    }
}

function explainHidden(
    shown: string,
    { known, gateway, formerKind }: SourceSituation,
    { complete }: Gateways,
): Pick<Diagnostic, "reason" | "remedy"> {
    const isStillBound = known === "hidden gateway";
    const place = `${formerKind} gateway "${gateway}"`;
    const found = isStillBound
        ? `reads through ${place}, which SP2 does not see any more`
        : `was behind ${place} at the last up, and SP2 does not see that gateway any more`;
    const cause = complete ? "" : " (Fabric does not let SP2 list its gateways)";
    const right = isListedByFabric(formerKind!)
        ? ', and allow "Service principals can call Fabric public APIs" in the tenant'
        : "";
    const otherwise = isStillBound
        ? "If the gateway is gone, point the dataset to another, or take the binding out"
        : "If the dataset reads through the cloud now, say gatewayType: NoGateway";
    return {
        reason: `${shown} ${found}${cause}. It is not taken for one in the cloud: that would take it over for good`,
        remedy: `make SP2 an admin of the gateway again${right}. ${otherwise}`,
    };
}

/**
 * Says why a named dataset is not bound whose sources Power BI does not tell, and what to do.
 *
 * @param former what earlier runs found of it.
 */
export function explainUnreadable(
    severity: Severity,
    { where, gatewayType }: Pick<Search, "where" | "gatewayType">,
    dataset: FoundDataset,
    error: Error,
    former: FormerSource[],
): Diagnostic {
    const subject = subjectOf(where, dataset);
    const { reason, remedy } = unreadable(dataset, error);
    const behind = former.find(({ kind }) => kind !== "NoGateway");
    const place = behind
        ? `was behind ${behind.kind} gateway "${behind.gateway}" at the last up`
        : gatewayType
          ? `is declared as ${gatewayType}`
          : "may be behind a gateway";
    return {
        code: "sources-unreadable",
        severity,
        subject,
        reason: `${reason}. It ${place}, and is not taken over by itself: that cannot be undone`,
        remedy: `${remedy}; if it reads through the cloud now, say gatewayType: NoGateway`,
    };
}

/** Says that a rule leaves a dataset out whose sources Power BI does not tell. */
export function explainUnreadLeftOut(where: string, dataset: FoundDataset, error: Error): Diagnostic {
    const { reason, remedy } = unreadable(dataset, error);
    const subject = subjectOf(where, dataset);
    return { code: "sources-unreadable", severity: "warning", subject, reason: `${reason}: it is left out`, remedy };
}

/** Says that what an earlier run found of a dataset stands in for what Power BI does not tell. */
export function explainAsBefore(where: string, dataset: FoundDataset, error: Error): Diagnostic {
    const { reason, remedy } = unreadable(dataset, error);
    return {
        code: "sources-unreadable",
        severity: "warning",
        subject: subjectOf(where, dataset),
        reason: `${reason}. Its credential is kept where the last up found it`,
        remedy,
    };
}

/** What a diagnostic on a dataset is about. */
export function subjectOf(where: string, { workspaceId, datasetId }: FoundDataset): Subject {
    return { where, workspaceId, datasetId };
}

function unreadable(dataset: FoundDataset, error: Error): Pick<Diagnostic, "reason" | "remedy"> {
    const { workspaceName } = dataset;
    return {
        reason: `Power BI does not tell the datasources of ${showFound(dataset)}: ${causeOf(error, workspaceName)}`,
        remedy: remedyOf(error, workspaceName) ?? "look at the dataset's settings in Power BI, and run again",
    };
}
