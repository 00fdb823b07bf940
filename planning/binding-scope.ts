import { DatabricksTarget } from "../clients/connection-details";
import { Search } from "./search";
import { History } from "./history";
import { Inventory } from "./inventory";
import { KnownHosts } from "./known-hosts";
import { Memory } from "./memory";
import { DatasetOptions } from "./plan";
import { unprovenWords } from "./take-overs";

/** Where a binding looks, and where it says what it sees. */
export interface BindingScope {
    /** The place of the binding in the configuration. */
    where: string;
    /** The declared warehouse. */
    target: DatabricksTarget;
    /** The hosts at which it may be read. */
    hosts: KnownHosts;
    inventory: Inventory;
    /** What earlier runs bound of the credential. */
    history: History;
    /** What the last up knew of their sources. */
    memory: Memory;
    /** Takes what makes the configuration unusable. */
    report: (problem: string) => void;
    /** Takes what the user should know of. */
    warn: (words: string) => void;
}

/**
 * What a binding looks for.
 *
 * @param tell takes what keeps a dataset from being bound; by default it makes the configuration unusable.
 */
export async function searchOf(
    { where, target, inventory, hosts, memory, report }: BindingScope,
    binding: Pick<Search, "api" | "gatewayType" | "switchOffSingleSignOn"> & { takeOver?: boolean },
    serves: Search["serves"],
    tell = report,
): Promise<Search> {
    const { api, gatewayType, switchOffSingleSignOn, takeOver = gatewayType === "NoGateway" } = binding;
    const gateways = await inventory.gateways();
    return {
        where,
        target,
        serves,
        api,
        gatewayType,
        switchOffSingleSignOn,
        mayTakeOver: takeOver,
        gateways,
        inventory,
        hosts,
        report,
        memory,
        letsGo: () => gatewayType === "NoGateway",
        tellHidden: tell,
        tellUnproven: async (dataset, look) => tell(unprovenWords(where, dataset, await look())),
    };
}

/** What a binding says of its datasets. */
export function optionsOf(binding: DatasetOptions): DatasetOptions {
    const { refresh, allowCredentialLoss, keepSchedule, switchOffSingleSignOn } = binding;
    return { refresh, allowCredentialLoss, keepSchedule, switchOffSingleSignOn };
}
