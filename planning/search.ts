import { DatabricksTarget } from "../clients/connection-details";
import { FoundDataset } from "./datasets";
import { GatewayKind, Gateways } from "./gateways";
import { Inventory } from "./inventory";
import { KnownHosts } from "./known-hosts";
import { Memory } from "./memory";
import { TakeOver } from "./plan";

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
    /** Whether a person said that what nothing contradicts is in the cloud. */
    mayTakeOver: boolean;
    inventory: Pick<Inventory, "connection" | "isOurs" | "schedule">;
    hosts: KnownHosts;
    report: (problem: string) => void;
    /** What the last up knew. */
    memory: Memory;
    /** Whether a gateway is none of the binding's, whatever the last up bound there. */
    letsGo: (gateway: string) => boolean;
    /** Takes the words on a source that would look like one in the cloud, were it not for the last up. */
    tellHidden: (words: string) => void;
    /**
     * Takes a dataset that is not taken over, because nothing proves that it reads through the cloud.
     *
     * @param look asks what a take-over would end.
     */
    tellUnproven: (dataset: FoundDataset, look: () => Promise<TakeOver>) => Promise<void>;
}
