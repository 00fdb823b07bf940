import { Binding } from "../settings/binding";
import { BindingScope } from "./binding-scope";
import { GatewaySource } from "./sources";
import { sameId } from "./names";
import { Finding, GatewayDatasourcePlan } from "./plan";

/**
 * Leaves out the gateways' datasources that must not be written, as far as their gateway's list tells. A named
 * one is refused, so that it is seen before anything is written; one that a rule finds, or that holds a secret of the
 * stack, stops no run.
 */
export async function leaveOutUnwritable(
    scope: BindingScope,
    binding: Binding,
    findings: Finding[],
): Promise<Finding[]> {
    const kept = await Promise.all(
        findings.map(async (finding) => {
            if ("cloud" in finding) {
                return [finding];
            }
            const { datasource } = finding;
            const source = await scope.inventory.gatewaySource(datasource);
            const objection = objectionTo(datasource, source);
            if (objection === undefined) {
                return [finding];
            }
            const isBound = scope.history.holders.some(({ datasourceId }) =>
                sameId(datasourceId, datasource.datasourceId),
            );
            const tell = isBound || binding.kind === "discover" ? scope.warn : scope.report;
            const name = source?.name ?? datasource.datasourceName;
            tell(
                `${scope.where}: datasource "${name}" of gateway "${datasource.gatewayName}" is not bound: ${objection}`,
            );
            return [];
        }),
    );
    return kept.flat();
}

/** Why a datasource must not be written: a Basic credential beside single sign-on would not be used, or break reports. */
function objectionTo(
    { switchOffSingleSignOn }: GatewayDatasourcePlan,
    source: GatewaySource | undefined,
): string | undefined {
    if (source?.singleSignOn !== undefined && !switchOffSingleSignOn) {
        return (
            `it uses single sign-on (${source.singleSignOn}), and its reports query with their reader's identity, not with ` +
            "this credential. Switch single sign-on off in the connection's settings, or set switchOffSingleSignOn: true " +
            "on the binding."
        );
    }
    return undefined;
}
