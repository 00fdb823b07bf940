import { Binding } from "../settings/binding";
import { BindingScope } from "./binding-scope";
import { resolveDataset } from "./named-datasets";
import { resolveDatasource } from "./named-datasources";
import { Finding } from "./plan";
import { discoverDatasets, discoverOnGateways } from "./rules";
import { leaveOutUnwritable } from "./unwritable";

/** What a binding stands for, as Power BI has it now. */
export async function resolveBinding(scope: BindingScope, binding: Binding): Promise<Finding[]> {
    return leaveOutUnwritable(scope, binding, await findingsFor(scope, binding));
}

function findingsFor(scope: BindingScope, binding: Binding): Promise<Finding[]> {
    switch (binding.kind) {
        case "dataset":
            return resolveDataset(scope, binding);
        case "datasource":
            return resolveDatasource(scope, binding);
        case "discover":
            return binding.via === "gateways" ? discoverOnGateways(scope, binding) : discoverDatasets(scope, binding);
    }
}
