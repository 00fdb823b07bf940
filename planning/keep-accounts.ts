import { Diagnostic, notice, Tell } from "../diagnostics/diagnostic";
import { HeldOutputs, MissingOutputs } from "../outputs";
import { Binding } from "../settings/binding";
import { Release } from "../settings/release";
import {
    Account,
    accountFor,
    explainHeld,
    explainLetGo,
    Fate,
    isMeantBy,
    isPlanned,
    showHolder,
    subjectOfHolder,
} from "./accounting";
import { History, Renamed } from "./history";
import { Inventory } from "./inventory";
import { KnownHosts } from "./known-hosts";
import { Looked, whyNotFound } from "./lost-holders";
import { CredentialAccount, CredentialPlan } from "./plan";
import { sameId } from "./names";
import { isReleased, Released, resolveReleases } from "./releases";

/** A credential with what earlier runs bound of it. */
export interface Accountable {
    /** The place of the credential in the configuration. */
    where: string;
    name: string;
    bindings: Binding[];
    release: Release[];
    history: History;
    /** What entries of `release` let go in earlier runs. */
    released: Released;
}

/** What this run is about to do, and whom it may ask. */
export interface Present {
    /** The plans of all credentials: what one let go another may bind. */
    plans: Pick<CredentialPlan, "cloud" | "datasources">[];
    /** The keys of the generations to keep alive, the one in use first. */
    rotationKeys: string[];
    /** The hosts at which warehouses may be read. */
    hosts: KnownHosts;
    inventory: Pick<Inventory, "isGone"> & Looked;
    tell: Tell;
}

/**
 * Accounts for everything that earlier runs bound (invariant I13). What is not bound, let go or positively gone keeps its
 * generation: the secret that it holds stays alive, and the run says so.
 */
export async function keepAccounts(credentials: Accountable[], present: Present): Promise<CredentialAccount[]> {
    return Promise.all(credentials.map((credential) => keepAccount(credential, present)));
}

async function keepAccount(
    { where, name, bindings, release, history, released: before }: Accountable,
    { plans, hosts, rotationKeys, inventory, tell }: Present,
): Promise<CredentialAccount> {
    const released = resolveReleases(release, before, history);
    const judged: { holder: HeldOutputs; account: Account; isReleased: boolean }[] = [];
    for (const holder of history.holders) {
        const question = {
            isPlanned: isPlanned(holder, plans, hosts, history.holders),
            isReleased: isReleased(holder, released),
            isMeant: isMeantBy(bindings, holder, history),
        };
        const isOpen = accountFor({ ...question, isGone: false }) === "kept";
        const account = accountFor({ ...question, isGone: isOpen && (await inventory.isGone(holder)) });
        judged.push({ holder, account, isReleased: question.isReleased });
    }
    const held = await Promise.all(
        judged.flatMap(({ holder, account }) => (account === "kept" ? [withCause(holder, { inventory, hosts })] : [])),
    );
    held.forEach((holder) => tell(explainHeld(where, name, holder)));
    for (const { holder, account, isReleased: byRelease } of judged) {
        if (account === "let go") {
            const fate = fateOf(holder, rotationKeys, held);
            tell(explainLetGo(where, name, holder, { isReleased: byRelease, fate }));
        } else if (account === "gone") {
            const subject = subjectOfHolder(where, name, holder);
            const reason = `${showHolder(holder)} is gone, as Power BI says`;
            tell(notice("gone", subject, reason, "take it out of the bindings"));
        } else if (account === "bound") {
            const users = missingUsers(holder, plans).filter((user) =>
                isMeantBy(bindings, { ...holder, datasets: [user] }, history),
            );
            users.forEach((user) => tell(explainMissing(where, name, user)));
        }
    }
    history.renamed().forEach((renamed) => tell(explainRenamed(where, name, renamed)));
    const missing = missingOf(
        bindings,
        history,
        plans,
        judged.flatMap(({ holder, account }) => (account === "gone" || account === "bound" ? [holder] : [])),
    );
    const formerNames = history.formerNames();
    return {
        keptKeys: [...new Set(held.map(({ rotationKey }) => rotationKey))],
        outputs: {
            ...(held.length > 0 ? { held } : {}),
            ...(Object.keys(formerNames).length > 0 ? { formerNames } : {}),
            ...(Object.keys(released).length > 0 ? { released } : {}),
            ...(missing.datasets.length + missing.datasources.length > 0 ? { missing } : {}),
        },
    };
}

/** The datasets that read through a datasource at the last up, and that no plan has. */
function missingUsers({ datasets }: Pick<HeldOutputs, "datasets">, plans: Present["plans"]): HeldOutputs["datasets"] {
    const planned = new Set(
        plans
            .flatMap(({ cloud, datasources }) => [...cloud, ...datasources.flatMap((source) => source.datasets)])
            .map(({ datasetId }) => datasetId.toLowerCase()),
    );
    return datasets.filter(({ datasetId }) => !planned.has(datasetId.toLowerCase()));
}

/**
 * What bindings name, was bound and is not there now. The next run has to know of it: it holds nothing, so that the outputs
 * do not have it otherwise, and the names would look like typing mistakes.
 *
 * @param holders what is bound or gone.
 */
function missingOf(
    bindings: Binding[],
    history: History,
    plans: Present["plans"],
    holders: HeldOutputs[],
): MissingOutputs {
    const isNamed = ({ datasetId }: { datasetId: string }) =>
        bindings.some((binding) => {
            const former = binding.kind === "dataset" ? history.dataset(binding.workspace, binding.dataset) : undefined;
            return former !== undefined && sameId(former.datasetId, datasetId);
        });
    const known = { datasets: [...history.missing.datasets, ...holders.flatMap(({ datasets }) => datasets)] };
    const lost = [...history.missing.datasources, ...holders.filter(({ kind }) => kind !== "NoGateway")];
    const isPlannedSource = ({ datasourceId }: { datasourceId: string }) =>
        plans.some(({ datasources }) => datasources.some((source) => sameId(source.datasourceId, datasourceId)));
    return {
        datasets: distinct(missingUsers(known, plans).filter(isNamed), ({ datasetId }) => datasetId),
        datasources: distinct(
            lost
                .filter((source) => !isPlannedSource(source))
                .filter((source) =>
                    bindings.some(
                        (binding) =>
                            binding.kind === "datasource" &&
                            history.isCalled(source, binding.gateway, binding.datasource),
                    ),
                )
                .map(({ gatewayId, gateway, datasourceId, datasource }) => ({
                    gatewayId,
                    gateway,
                    datasourceId,
                    ...(datasource !== undefined && { datasource }),
                })),
            ({ datasourceId }) => datasourceId,
        ),
    };
}

function distinct<T>(items: T[], idOf: (item: T) => string): T[] {
    return [...new Map(items.map((item) => [idOf(item).toLowerCase(), item])).values()];
}

function explainMissing(where: string, credential: string, user: HeldOutputs["datasets"][number]): Diagnostic {
    const { workspaceId, workspace, datasetId, dataset } = user;
    return notice(
        "dataset-missing",
        { where, credential, workspaceId, datasetId },
        `dataset "${dataset}" in workspace "${workspace}" was bound and is not found in this run. Unless another warning ` +
            "says why, it was deleted, or SP2 does not see it any more. Its datasource gets the credential all the same, " +
            "because others read through it",
        "give SP2 its role in the workspace back if it is to stay bound",
    );
}

/** What becomes of a secret: the generation lives on as long as the configuration names it, or anybody holds it. */
function fateOf({ rotationKey }: HeldOutputs, rotationKeys: string[], held: HeldOutputs[]): Fate {
    return rotationKeys.includes(rotationKey)
        ? "declared"
        : (held.find((other) => other.rotationKey === rotationKey) ?? "dies");
}

async function withCause(
    { cause: _, ...holder }: HeldOutputs,
    { inventory, hosts }: Pick<Present, "inventory" | "hosts">,
): Promise<HeldOutputs> {
    const cause = await whyNotFound(holder, inventory, hosts);
    return { ...holder, ...(cause === undefined ? {} : { cause }) };
}

function explainRenamed(where: string, credential: string, { what, id, former, now }: Renamed): Diagnostic {
    const ids = {
        workspace: "workspaceId",
        dataset: "datasetId",
        gateway: "gatewayId",
        datasource: "datasourceId",
    } as const;
    return notice(
        "renamed",
        { where, credential, [ids[what]]: id },
        `${what} "${former}" is called "${now}" now. What was bound there stays bound`,
        "write the new name in the bindings",
    );
}
