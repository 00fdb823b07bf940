import { Diagnostic, Severity, Tell } from "../diagnostics/diagnostic";
import { DatasourceBinding } from "../settings/binding";
import { BindingScope, searchOf, severityOf } from "./binding-scope";
import { hasType, mismatch, planOf } from "./findings";
import { Gateways, KnownGateway } from "./gateways";
import { findOne, sameId } from "./names";
import { Finding } from "./plan";
import { GatewaySource } from "./sources";
import { showSource, strays } from "./strays";

/** What a binding that names a datasource of a gateway stands for. */
export async function resolveDatasource(scope: BindingScope, binding: DatasourceBinding): Promise<Finding[]> {
    const { where, tell, target, hosts, history } = scope;
    const isHeld = history.wasBound(binding.gateway, binding.datasource);
    const named = await findNamedDatasource(scope, binding, severityOf(isHeld));
    if (!named) {
        return [];
    }
    const { gateway, source } = named;
    const search = await searchOf(scope, binding, (candidate) => hosts.same(candidate, target), isHeld);
    const what = showSource(source.name, gateway);
    const isOfType = hasType(search, what, [gateway.kind]);
    if (!source.target || !search.serves(source.target)) {
        const reads = source.target ? source.target.host + source.target.httpPath : "something that is not Databricks";
        const [stray] = strays(scope, search, what, [source.target], severityOf(isHeld));
        tell(stray ?? mismatch(search, what, reads, target));
        return [];
    }
    return isOfType ? [{ where, datasource: planOf(search, gateway, source) }] : [];
}

/** The datasource that a binding names. One that was bound is found by its ids, whatever it is called now. */
async function findNamedDatasource(
    { where, inventory, history, tell }: BindingScope,
    binding: DatasourceBinding,
    severity: Severity,
): Promise<{ gateway: KnownGateway; source: GatewaySource } | undefined> {
    const [former, ...others] = history.datasources(binding.gateway, binding.datasource);
    const said: Diagnostic[] = [];
    const note: Tell = (diagnostic) => void said.push(diagnostic);
    const gateways = await inventory.gateways();
    const gateway = findGateway(where, binding.gateway, gateways, note, severity);
    const source =
        gateway &&
        findOne(
            {
                where: `${where}.datasource`,
                wanted: binding.datasource,
                items: await inventory.gatewaySources(gateway),
                missing: {
                    code: "datasource-not-found",
                    reason: `there is no datasource "${binding.datasource}" on gateway "${gateway.name}"`,
                    remedy: "correct the name",
                },
                several: `datasources of gateway "${gateway.name}" are called "${binding.datasource}"`,
            },
            note,
            severity,
        );
    if (gateway && source) {
        return { gateway, source };
    }
    const known = gateways.administered.find(({ id }) => former && sameId(id, former.gatewayId));
    const sources = known && others.length === 0 ? await inventory.gatewaySources(known) : [];
    const found = sources.find(({ id }) => sameId(id, former.datasourceId));
    if (known && found) {
        history.noteGateway(former, known, found);
        return { gateway: known, source: found };
    }
    said.forEach(tell);
    return undefined;
}

/** Finds a gateway by id or name among those that SP2 administers; reports what keeps it from being found. */
export function findGateway(
    where: string,
    wanted: string,
    { administered, complete }: Gateways,
    tell: Tell,
    severity: Severity = "error",
): KnownGateway | undefined {
    return findOne(
        {
            where: `${where}.gateway`,
            wanted,
            items: administered,
            missing: {
                code: "gateway-not-found",
                reason:
                    `SP2 administers no gateway "${wanted}"` +
                    (complete ? "" : " (VNET gateways were not looked for: Fabric does not let SP2 list them)"),
                remedy: "correct the name, or make SP2 an admin of the gateway (Manage connections and gateways)",
            },
            several: `gateways are called "${wanted}"`,
        },
        tell,
        severity,
    );
}
