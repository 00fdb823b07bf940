import { Binding } from "../settings/binding";
import { BindingScope } from "./binding-scope";
import { GatewaySource } from "./inventory";
import { sameId } from "./names";
import { Finding, GatewayDatasourcePlan } from "./plan";

/**
 * Leaves out the gateways' datasources that use single sign-on, unless their binding says that it may be switched off: a
 * Basic credential beside it would not be used, or break reports. A named one is refused, so that it is seen before
 * anything is written; one that a rule finds, or that holds a secret of the stack, stops no run.
 */
export async function leaveOutSingleSignOn(
    scope: BindingScope,
    binding: Binding,
    findings: Finding[],
): Promise<Finding[]> {
    const kept = await Promise.all(
        findings.map(async (finding) => {
            if ("cloud" in finding || finding.datasource.switchOffSingleSignOn) {
                return [finding];
            }
            const source = await sourceOf(scope, finding.datasource);
            if (source?.singleSignOn === undefined) {
                return [finding];
            }
            const isBound = scope.history.holders.some(({ datasourceId }) =>
                sameId(datasourceId, finding.datasource.datasourceId),
            );
            const tell = isBound || binding.kind === "discover" ? scope.warn : scope.report;
            tell(words(scope.where, finding.datasource, source));
            return [];
        }),
    );
    return kept.flat();
}

/** The datasource as its gateway's list has it. */
async function sourceOf(
    { inventory }: BindingScope,
    { gatewayId, datasourceId }: GatewayDatasourcePlan,
): Promise<GatewaySource | undefined> {
    const gateway = (await inventory.gateways()).administered.find(({ id }) => sameId(id, gatewayId));
    const sources = gateway ? await inventory.gatewaySources(gateway) : [];
    return sources.find(({ id }) => sameId(id, datasourceId));
}

function words(where: string, { gatewayName }: GatewayDatasourcePlan, { name, singleSignOn }: GatewaySource): string {
    return (
        `${where}: datasource "${name}" of gateway "${gatewayName}" uses single sign-on (${singleSignOn}): its reports query ` +
        "with their reader's identity, not with this credential. It is not bound. Switch single sign-on off in the " +
        "connection's settings, or set switchOffSingleSignOn: true on the binding."
    );
}
