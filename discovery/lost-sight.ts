import { CredentialOutputs, DatasourceOutputs } from "../outputs";
import { Binding, DiscoveredBinding } from "../settings/binding";
import { Inventory } from "./inventory";
import { sameId } from "./names";
import { fits, meansGateway } from "./patterns";

/** What SP2 sees now; it is asked for only where a binding needs it. */
export type Sight = Pick<Inventory, "workspaces" | "gateways">;

/**
 * What the last up bound, a `discover` still means, and SP2 no longer sees. Without a word it would leave the stack, and
 * the next rotation would delete the secret that reports go on to read with.
 *
 * @param where the place of the credential in the configuration.
 * @param lastUp what the last up bound of the credential; undefined when it bound nothing.
 * @returns what to do about each, in words.
 */
export async function lostSight(
    where: string,
    bindings: Binding[],
    lastUp: Pick<CredentialOutputs, "datasources" | "datasets"> | undefined,
    sight: Sight,
): Promise<string[]> {
    const rules = bindings.filter((binding) => binding.kind === "discover");
    if (!lastUp || rules.length === 0) {
        return [];
    }
    const { administered } = await sight.gateways();
    const workspaces = rules.some(({ via }) => via !== "gateways") ? await sight.workspaces() : [];
    const problems = new Set<string>();
    for (const datasource of lastUp.datasources) {
        const isCloud = datasource.kind === "NoGateway";
        const seesGateway = isCloud || administered.some(({ id }) => sameId(id, datasource.gatewayId));
        const isMeant = (rule: DiscoveredBinding) => isCloud || meansGateway(rule, datasource.gateway);
        for (const binding of rules.filter(isMeant)) {
            const place = `${where}.bindings[${bindings.indexOf(binding)}]`;
            const users = datasource.datasets.filter((user) => meansDataset(binding, user));
            if (!seesGateway && (binding.via === "gateways" || users.length > 0)) {
                problems.add(gatewayLost(place, datasource.gateway, datasource.datasourceId));
            }
            // The scanner tells of a gateway's datasets also where SP2 is no member.
            for (const user of binding.via === "workspaces" || isCloud ? users : []) {
                const id = lastUp.datasets.find(({ datasetId }) => sameId(datasetId, user.datasetId))?.workspaceId;
                if (id !== undefined && !workspaces.some((workspace) => sameId(workspace.id, id))) {
                    problems.add(
                        `${place}: SP2 no longer sees workspace "${user.workspace}", whose datasets read with this ` +
                            `credential. ${consequence} Make SP2 a member or admin of the workspace again; if it is gone, ` +
                            `or is to be let go, add exclude: { workspaces: [${JSON.stringify(user.workspace)}] }.`,
                    );
                }
            }
        }
    }
    return [...problems];
}

const consequence = "The next rotation would delete the secret that reports read with there.";

/** Says of a gateway that a rule means, and that SP2 does not see, what to do. */
export function gatewayLost(place: string, gateway: string, datasourceId: string): string {
    return (
        `${place}: SP2 no longer administers gateway "${gateway}", where datasource ${datasourceId} holds this credential. ` +
        `${consequence} Make SP2 an admin of the gateway again; if the gateway is gone, or is to be let go, add ` +
        `exclude: { gateways: [${JSON.stringify(gateway)}] }.`
    );
}

function meansDataset(binding: DiscoveredBinding, user: DatasourceOutputs["datasets"][number]): boolean {
    const { via, workspaces, exclude } = binding;
    const isInPlace = fits(user.workspace, workspaces) && !fits(user.workspace, exclude.workspaces);
    return via !== "gateways" && isInPlace && !fits(user.dataset, exclude.datasets);
}
