import { isListedByFabric } from "../clients/gateway-kinds";
import { observe, reasonOf } from "../clients/observation";
import { causeOf } from "../clients/service-codes";
import { DatasourceOutputs } from "../outputs";
import { Inventory } from "./inventory";
import { KnownHosts } from "./known-hosts";
import { sameId } from "./names";

/** What of the services' answers is looked at again: most of it was asked for already. */
export type Looked = Pick<Inventory, "workspaces" | "datasets" | "gateways" | "gatewaySources" | "sources">;

type User = DatasourceOutputs["datasets"][number];

/** How many causes are told: a datasource may be read by hundreds of datasets. */
const shownCauses = 3;

/** Why a datasource that was bound is not found now, as far as the answers tell; undefined where they do not. */
export async function whyNotFound(
    holder: DatasourceOutputs,
    inventory: Looked,
    hosts: KnownHosts,
): Promise<string | undefined> {
    const ofGateway = holder.kind === "NoGateway" ? undefined : await whyNotOnGateway(holder, inventory, hosts);
    if (ofGateway !== undefined) {
        return ofGateway;
    }
    const told = await Promise.all(holder.datasets.map((user) => whyNotRead(user, holder, inventory, hosts)));
    const causes = [...new Set(told.filter((cause) => cause !== undefined))].sort();
    const more = causes.length > shownCauses ? [`${causes.length - shownCauses} more`] : [];
    return causes.length === 0 ? undefined : [...causes.slice(0, shownCauses), ...more].join("; ");
}

async function whyNotOnGateway(
    holder: DatasourceOutputs,
    inventory: Looked,
    hosts: KnownHosts,
): Promise<string | undefined> {
    const { administered, complete } = await inventory.gateways();
    const gateway = administered.find(({ id }) => sameId(id, holder.gatewayId));
    if (!gateway) {
        return isListedByFabric(holder.kind) && !complete
            ? "Fabric does not let SP2 list its gateways"
            : `SP2 administers no gateway "${holder.gateway}" any more`;
    }
    const listed = await observe(() => inventory.gatewaySources(gateway));
    if (listed.outcome !== "found") {
        return `the datasources of gateway "${gateway.name}" cannot be looked at: ${reasonOf(listed).message}`;
    }
    const source = listed.value.find(({ id }) => sameId(id, holder.datasourceId));
    if (!source) {
        return `gateway "${gateway.name}" does not list it`;
    }
    if (source.singleSignOn !== undefined) {
        return `it uses single sign-on (${source.singleSignOn})`;
    }
    return source.target && !hosts.same(source.target, holder)
        ? `it reads ${source.target.host}${source.target.httpPath} now`
        : undefined;
}

async function whyNotRead(
    { workspaceId, workspace: workspaceName, datasetId, dataset }: User,
    holder: DatasourceOutputs,
    inventory: Looked,
    hosts: KnownHosts,
): Promise<string | undefined> {
    const workspace = (await inventory.workspaces()).find(
        ({ id }) => workspaceId !== undefined && sameId(id, workspaceId),
    );
    if (!workspace) {
        return `SP2 does not see workspace "${workspaceName}"`;
    }
    const listed = await observe(() => inventory.datasets(workspace.id));
    if (listed.outcome !== "found") {
        const words = causeOf(reasonOf(listed), workspace.name);
        return `the datasets of workspace "${workspace.name}" cannot be looked at: ${words}`;
    }
    const shown = `dataset "${dataset}" in workspace "${workspace.name}"`;
    if (!listed.value.items.some(({ id }) => sameId(id, datasetId))) {
        return `Power BI does not list ${shown}`;
    }
    const observed = await inventory.sources(workspace.id, datasetId);
    if (observed.outcome !== "found") {
        return `Power BI does not tell the datasources of ${shown}: ${causeOf(reasonOf(observed), workspace.name)}`;
    }
    const reads = observed.value.some(({ target }) => target !== undefined && hosts.same(target, holder));
    return reads
        ? undefined
        : `${shown} reads ${observed.value.map(({ text }) => text).join(", ") || "no datasource"} now`;
}
