import { GatewayKind } from "../clients/gateway-kinds";
import { DatabricksTarget } from "../clients/connection-details";
import { Tell } from "../diagnostics/diagnostic";
import { FoundDataset } from "./datasets";
import { Declared } from "./decide";
import { Gateways } from "./gateways";
import { Inventory } from "./inventory";
import { KnownHosts } from "./known-hosts";
import { Memory } from "./memory";
import { TakeOver } from "./plan";

/** What a binding looks for, and where it says what is in the way. */
export interface Search {
    /** The place of the binding in the configuration. */
    where: string;
    declared: Declared;
    /** Whether the credential holds what a named binding means since an earlier run: then it stops no run. */
    isHeld: boolean;
    /** Whether the credential serves datasources that point there. */
    serves: (target: DatabricksTarget) => boolean;
    /** The declared warehouse. */
    target: DatabricksTarget;
    gateways: Gateways;
    gatewayType?: GatewayKind;
    api?: "powerbi" | "fabric";
    switchOffSingleSignOn: boolean;
    inventory: Pick<Inventory, "connection" | "isOurs" | "schedule">;
    hosts: KnownHosts;
    /** What the last up knew. */
    memory: Memory;
    /** Whether a gateway, by its name, may be one of the binding's. */
    mayMean: (gateway: string) => boolean;
    tell: Tell;
    /**
     * Takes a dataset that is not taken over, because nothing proves that it reads through the cloud.
     *
     * @param look asks what a take-over would end.
     */
    tellUnproven: (dataset: FoundDataset, look: () => Promise<TakeOver>) => Promise<void>;
}
