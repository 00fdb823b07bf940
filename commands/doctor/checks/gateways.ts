import { Gateways } from "../../../planning/gateways";
import { findGateway } from "../../../planning/named-datasources";
import { sameId } from "../../../planning/names";
import { fits } from "../../../planning/patterns";
import { Check, Problem, problemOf, warning } from "../check";
import { Examination, PlacedBinding } from "../examination";

/** The gateways that bindings name: SP2 has to administer them. */
export const gateways: Check<Examination> = {
    title: "Gateways",
    needs: ["Tenant setting"],
    async run(examination) {
        const found = await (await examination.inventory()).gateways();
        const names = found.administered.map(({ name, kind }) => `${name} (${kind})`);
        return {
            says: `administers ${names.join(", ") || "none"}`,
            problems: judgeGateways(found, await examination.bindings()),
        };
    },
};

/** Says which gateways SP2 does not administer, and that Fabric's are not seen. */
export function judgeGateways(found: Gateways, bindings: PlacedBinding[]): Problem[] {
    const problems: Problem[] = [];
    for (const { where, binding, history } of bindings) {
        if (binding.kind === "datasource") {
            // What was bound is known by its id, whatever it is called now; where it is not seen it stops no run.
            const former = history.datasources(binding.gateway, binding.datasource);
            if (found.administered.some(({ id }) => former.some(({ gatewayId }) => sameId(id, gatewayId)))) {
                continue;
            }
            const severity = history.wasBound(binding.gateway, binding.datasource) ? "warning" : "error";
            findGateway(where, binding.gateway, found, (said) => void problems.push(problemOf(said, severity)));
        } else if (binding.kind === "discover" && binding.via === "gateways") {
            const fitting = found.administered.filter(({ name }) => fits(name, binding.gateways));
            const patterns = binding.gateways.map((pattern) => `"${pattern}"`).join(", ");
            if (fitting.length === 0) {
                const reason = `${where}.gateways: SP2 administers no gateway that fits ${patterns}`;
                problems.push(warning(reason, `correct the patterns, or add SP2 as an Admin ${place}`));
            }
        }
    }
    if (!found.complete) {
        problems.push(
            warning(
                "Fabric does not let SP2 list its gateways: a dataset behind a VNET gateway cannot be told from one in the cloud",
                'enable the tenant setting "Service principals can call Fabric public APIs" for SP2; in a sovereign cloud ' +
                    "leave such datasets out, for VNET gateways cannot be bound there",
            ),
        );
    }
    return problems;
}

const place = "(Power BI: Settings, Manage connections and gateways, Manage users)";
