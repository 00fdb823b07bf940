/** How a binding means a dataset, and what it says of where the dataset reads Databricks. */
export type Declared =
    /** By name. */
    | "named"
    /** By name, with a gatewayType. `NoGateway` is a person's word for the cloud. */
    | "named NoGateway"
    | "named Onpremises"
    | "named VNET"
    /** By a rule that finds it. */
    | "rule"
    /** By a rule with `takeOver: true`, which is a person's word for the cloud. */
    | "rule takeOver";

/** Where earlier runs bound what the dataset reads Databricks through. */
export type Known =
    /** Nowhere. */
    | "never"
    /** In the cloud, by this very datasource. */
    | "cloud"
    /** In the cloud, for the same warehouse, by another datasource. */
    | "cloud elsewhere"
    /** Behind a gateway that the Power BI service principal (SP2) sees. */
    | "gateway"
    /** Behind a gateway that SP2 does not see now, and the dataset says that it still is. */
    | "hidden gateway"
    /** Behind a gateway that SP2 does not see now; what the dataset says now names no gateway that is known. */
    | "former gateway";

/** What the services say now. */
export type Observed =
    /** Power BI does not tell what the dataset reads: its owner has left, by the service's own code. */
    | "owner left"
    /** Power BI does not tell it for another reason. */
    | "unreadable"
    /** A datasource of a gateway that SP2 administers. */
    | "gateway"
    /** A gateway that SP2 administers; which datasource of it is not said. */
    | "gateway, datasource not told"
    /** A gateway that SP2 sees and may not change. */
    | "foreign gateway"
    /** Somebody's personal cloud connection, as Fabric says. */
    | "personal cloud"
    /** A connection behind a gateway that SP2 does not see, as Fabric says. */
    | "unseen gateway"
    /** A connection that a take-over does not make SP2's, as Fabric says. */
    | "other connection"
    /** Fabric is silent, and Power BI says that the dataset needs a gateway, which only this source can be. */
    | "silent, gateway required"
    /** Fabric is silent, and the dataset is SP2's. */
    | "silent, owned"
    /** Nobody says what it is. */
    | "silent";

/** All that a decision depends on. */
export interface Situation {
    declared: Declared;
    known: Known;
    observed: Observed;
    /** Whether the credential holds the dataset since an earlier run: what holds a secret stops no run. */
    isHeld: boolean;
}

/** Why something is not bound. */
export type Obstacle =
    | "datasource-not-told"
    | "gateway-not-administered"
    | "gateway-hidden"
    | "not-personal"
    | "other-kind"
    | "unproven"
    | "sources-unreadable";

/** What is done with what a dataset reads Databricks through. */
export type Decision =
    /** The datasource of the gateway gets the credential. */
    | { act: "bind on gateway" }
    /** SP2 owns the dataset, or takes it over, and its cloud datasource gets the credential. */
    | { act: "bind in cloud" }
    /** The same, without having seen what the dataset reads: a take-over makes it tell. */
    | { act: "bind unseen" }
    /** What the earlier run found gets the credential. */
    | { act: "bind as before" }
    /** Nothing is written, and the secret that it holds stays alive. */
    | { act: "keep"; why: Obstacle }
    /** The run ends before any change. */
    | { act: "refuse"; why: Obstacle }
    /** Nothing is written; the run tells it and goes on. */
    | { act: "ignore"; why: Obstacle };

/**
 * The decision table of the plan. Before a dataset is taken over, something proves that it reads Databricks through a
 * personal cloud connection, or a person said so; what contradicts that is never overruled (invariant I14). One dataset
 * that cannot be bound stops a run only where it is named and nothing of the stack's is in it.
 */
export function decide({ declared, known, observed, isHeld }: Situation): Decision {
    const stop = (why: Obstacle): Decision => ({ act: isRule(declared) ? "ignore" : isHeld ? "keep" : "refuse", why });
    switch (observed) {
        case "owner left":
            return decideUnseen(declared, known, true) ?? stop("sources-unreadable");
        case "unreadable":
            return decideUnseen(declared, known, false) ?? stop("sources-unreadable");
        case "gateway":
            return { act: "bind on gateway" };
        case "gateway, datasource not told":
            return stop("datasource-not-told");
        case "foreign gateway":
            return stop("gateway-not-administered");
        case "personal cloud":
        case "unseen gateway":
        case "other connection":
        case "silent, gateway required":
        case "silent, owned":
        case "silent":
            break;
    }
    // Where an answer about gateways is missing, what is behind them looks like the cloud.
    if (known === "hidden gateway" || (known === "former gateway" && declared !== "named NoGateway")) {
        return stop("gateway-hidden");
    }
    if (known === "cloud") {
        return { act: "bind in cloud" };
    }
    switch (observed) {
        case "personal cloud":
            return { act: "bind in cloud" };
        case "unseen gateway":
            return stop("gateway-not-administered");
        case "other connection":
            return stop("not-personal");
        case "silent, gateway required":
            return stop(isForGateway(declared) ? "other-kind" : "gateway-not-administered");
        case "silent, owned":
            return isForGateway(declared) ? stop("other-kind") : { act: "bind in cloud" };
        case "silent":
            if (isForGateway(declared)) {
                return stop("other-kind");
            }
            return known === "cloud elsewhere" || saysCloud(declared) ? { act: "bind in cloud" } : stop("unproven");
    }
}

/** What is done with a dataset that does not tell what it reads; undefined where that is nothing. */
function decideUnseen(declared: Declared, known: Known, hasOwnerLeft: boolean): Decision | undefined {
    const wasInCloud = known === "cloud" || known === "cloud elsewhere";
    const wasBound = known !== "never";
    if (isRule(declared)) {
        return wasBound ? { act: "bind as before" } : undefined;
    }
    if (!hasOwnerLeft && !wasBound) {
        return undefined;
    }
    // Only that its owner left is a reason to take a dataset over unseen, and only on a person's word.
    if (declared === "named NoGateway" || (declared === "named" && wasInCloud)) {
        return { act: "bind unseen" };
    }
    return wasBound && !wasInCloud ? { act: "bind as before" } : undefined;
}

function isRule(declared: Declared): boolean {
    return declared === "rule" || declared === "rule takeOver";
}

function saysCloud(declared: Declared): boolean {
    return declared === "named NoGateway" || declared === "rule takeOver";
}

function isForGateway(declared: Declared): boolean {
    return declared === "named Onpremises" || declared === "named VNET";
}
