import { DatabricksTarget } from "../clients/connection-details";
import { Severity, Tell } from "../diagnostics/diagnostic";
import { Binding } from "../settings/binding";
import { Declared } from "./decide";
import { History } from "./history";
import { Inventory } from "./inventory";
import { KnownHosts } from "./known-hosts";
import { Memory } from "./memory";
import { DatasetOptions } from "./plan";
import { Search } from "./search";
import { explainUnproven } from "./take-overs";

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
    tell: Tell;
}

/**
 * What a binding looks for.
 *
 * @param isHeld whether the credential holds what the binding names since an earlier run.
 */
export async function searchOf(
    { where, target, inventory, hosts, memory, tell }: BindingScope,
    binding: Binding,
    serves: Search["serves"],
    isHeld: boolean,
): Promise<Search> {
    const { api, switchOffSingleSignOn } = binding;
    const gateways = await inventory.gateways();
    return {
        where,
        declared: declaredBy(binding),
        isHeld,
        target,
        serves,
        api,
        gatewayType: binding.kind === "discover" ? undefined : binding.gatewayType,
        switchOffSingleSignOn,
        gateways,
        inventory,
        hosts,
        memory,
        mayMean: () => true,
        tell,
        tellUnproven: async (dataset, look) => tell(explainUnproven(severityOf(isHeld), where, dataset, await look())),
    };
}

/** What holds a secret of the stack stops no run: it keeps its secret. */
export function severityOf(isHeld: boolean): Severity {
    return isHeld ? "warning" : "error";
}

/** What a binding says of its datasets. */
export function optionsOf(binding: DatasetOptions): DatasetOptions {
    const { refresh, allowCredentialLoss, keepSchedule, switchOffSingleSignOn } = binding;
    return { refresh, allowCredentialLoss, keepSchedule, switchOffSingleSignOn };
}

function declaredBy(binding: Binding): Declared {
    if (binding.kind === "discover") {
        return binding.takeOver ? "rule takeOver" : "rule";
    }
    switch (binding.gatewayType) {
        case undefined:
            return "named";
        case "NoGateway":
            return "named NoGateway";
        case "Onpremises":
            return "named Onpremises";
        case "VNET":
            return "named VNET";
    }
}
