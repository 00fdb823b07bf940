import { Binding } from "../settings/binding";
import { BindingScope, severityOf } from "./binding-scope";
import { Finding } from "./plan";
import { sameId } from "./names";
import { showSource } from "./strays";

/**
 * Leaves out the gateways' datasources on which single sign-on is on: a Basic credential beside it would not be used, or
 * break reports. A named one is refused, so that it is seen before anything is written; one that a rule finds, or that
 * holds a secret of the stack, stops no run.
 */
export async function leaveOutUnwritable(
    { where, inventory, history, tell }: BindingScope,
    binding: Binding,
    findings: Finding[],
): Promise<Finding[]> {
    const kept = await Promise.all(
        findings.map(async (finding) => {
            if ("cloud" in finding || finding.datasource.switchOffSingleSignOn) {
                return [finding];
            }
            const { gatewayId, gatewayName, datasourceId, datasourceName } = finding.datasource;
            const source = await inventory.gatewaySource(finding.datasource);
            if (source?.singleSignOn === undefined) {
                return [finding];
            }
            const isHeld = history.holders.some((holder) => sameId(holder.datasourceId, datasourceId));
            tell({
                code: "single-sign-on",
                severity: severityOf(isHeld || binding.kind === "discover"),
                subject: { where, gatewayId, datasourceId },
                reason:
                    `${showSource(source.name ?? datasourceName, { name: gatewayName })} is not bound: it uses single ` +
                    `sign-on (${source.singleSignOn}), and its reports query with their reader's identity, not with this ` +
                    "credential",
                remedy: "switch single sign-on off in the connection's settings, or set switchOffSingleSignOn: true on the binding",
            });
            return [];
        }),
    );
    return kept.flat();
}
