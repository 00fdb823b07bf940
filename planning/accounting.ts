import { sameTarget } from "../clients/connection-details";
import { Diagnostic, Subject } from "../diagnostics/diagnostic";
import { DatasourceOutputs, HeldOutputs } from "../outputs";
import { Binding, DiscoveredBinding } from "../settings/binding";
import { History } from "./history";
import { KnownHosts } from "./known-hosts";
import { sameId } from "./names";
import { fits, meansGateway } from "./patterns";
import { CloudDataset, CredentialPlan, observedKey } from "./plan";

/** What becomes of a datasource that holds a secret of the stack. */
export type Account =
    /** This run writes it, or finds that it holds the secret in use. */
    | "bound"
    /** A person let it go: by `release`, or by changing the bindings so that none of them means it. */
    | "let go"
    /** Power BI says that everything which read through it is gone. */
    | "gone"
    /** Nobody knows. Its secret stays alive. */
    | "kept";

/** What is asked of a datasource that holds a secret. */
export interface Question {
    /** Whether a plan of this run binds it. */
    isPlanned: boolean;
    /** Whether `release` names it. */
    isReleased: boolean;
    /** Whether a binding of the configuration means it, by the names that the configuration knows. */
    isMeant: boolean;
    /** Whether Power BI proved that all that read through it is gone. Silence is no proof. */
    isGone: boolean;
}

/**
 * Says what becomes of a datasource that holds a secret (invariant I13). Nothing is let go because an answer did not
 * mention it, or because somebody renamed something.
 */
export function accountFor({ isPlanned, isReleased, isMeant, isGone }: Question): Account {
    if (isPlanned) {
        return "bound";
    }
    if (isReleased || !isMeant) {
        return "let go";
    }
    return isGone ? "gone" : "kept";
}

/**
 * Whether one of the plans writes what a holder has.
 *
 * @param holders all that held a secret of the credential.
 */
export function isPlanned(
    holder: DatasourceOutputs,
    plans: Pick<CredentialPlan, "cloud" | "datasources">[],
    hosts = new KnownHosts([]),
    holders: DatasourceOutputs[] = [],
): boolean {
    if (holder.kind === "NoGateway") {
        return isPlannedInCloud(
            holder,
            plans.flatMap(({ cloud }) => cloud),
            hosts,
            holders,
        );
    }
    return plans.some(({ datasources }) =>
        datasources.some(
            ({ gatewayId, datasourceId }) =>
                sameId(gatewayId, holder.gatewayId) && sameId(datasourceId, holder.datasourceId),
        ),
    );
}

/**
 * All cloud models of SP2 that read one warehouse in the same words share a datasource; in other words it may be another
 * one, which only its id tells. A datasource that none of its models reads any more, since all of them come to read the
 * warehouse through another, is done with.
 */
function isPlannedInCloud(
    holder: DatasourceOutputs,
    cloud: CloudDataset[],
    hosts: KnownHosts,
    holders: DatasourceOutputs[],
): boolean {
    const others = holders.filter(({ datasourceId }) => !sameId(datasourceId, holder.datasourceId)).map(observedKey);
    const writes = ({ targets, observed }: CloudDataset) =>
        observed.includes(observedKey(holder)) ||
        (targets.some((target) => sameTarget(target, holder)) && !observed.some((key) => others.includes(key)));
    const reads = (datasetId: string) =>
        cloud.some(
            (dataset) =>
                sameId(dataset.datasetId, datasetId) && dataset.targets.some((target) => hosts.same(target, holder)),
        );
    return (
        cloud.some(writes) || (holder.datasets.length > 0 && holder.datasets.every(({ datasetId }) => reads(datasetId)))
    );
}

/** Whether one of the bindings means a holder, by the names that the configuration knows. */
export function isMeantBy(bindings: Binding[], holder: HeldOutputs, history: History): boolean {
    return bindings.some((binding) => {
        switch (binding.kind) {
            case "datasource":
                return history.datasources(binding.gateway, binding.datasource).includes(holder);
            case "dataset": {
                const former = history.dataset(binding.workspace, binding.dataset);
                return (
                    former !== undefined && holder.datasets.some(({ datasetId }) => sameId(datasetId, former.datasetId))
                );
            }
            case "discover":
                return meansHolder(binding, holder, history);
        }
    });
}

function meansHolder(binding: DiscoveredBinding, holder: HeldOutputs, history: History): boolean {
    const isOnMeantGateway =
        holder.kind === "NoGateway" || meansGateway(binding, history.gatewayName(holder.gatewayId, holder.gateway));
    if (binding.via === "gateways") {
        return holder.kind !== "NoGateway" && isOnMeantGateway;
    }
    return (
        isOnMeantGateway &&
        holder.datasets.some((user) => {
            const former = history.datasets.find(({ datasetId }) => sameId(datasetId, user.datasetId));
            return former !== undefined && meansDataset(binding, former);
        })
    );
}

/** Whether a rule means a dataset, by the names of its workspace and of itself. */
export function meansDataset(
    { workspaces, exclude }: DiscoveredBinding,
    names: { workspace: string; dataset: string },
): boolean {
    const isInPlace = fits(names.workspace, workspaces) && !fits(names.workspace, exclude.workspaces);
    return isInPlace && !fits(names.dataset, exclude.datasets);
}

/** A holder as the user reads it: where it is, and who reads through it. */
export function showHolder({
    kind,
    gateway,
    datasource,
    datasourceId,
    host,
    httpPath,
    datasets,
}: DatasourceOutputs): string {
    const place =
        kind === "NoGateway"
            ? `the cloud datasource ${datasourceId} (${host}${httpPath})`
            : `datasource "${datasource ?? datasourceId}" of ${kind} gateway "${gateway}"`;
    const users = datasets.map(({ workspace, dataset }) => `${workspace} / ${dataset}`).sort();
    const shown = users.length > 5 ? [...users.slice(0, 5), `${users.length - 5} more`] : users;
    return users.length === 0 ? place : `${place}, read by ${shown.join(", ")},`;
}

/** Says that a holder was not found, and what the ways on are. */
export function explainHeld(where: string, credential: string, holder: HeldOutputs): Diagnostic {
    const { datasets, kind, gateway, rotationKey, cause } = holder;
    const [entry] =
        kind === "NoGateway"
            ? datasets.map(({ workspace, dataset }) => ({ workspace, dataset }))
            : [{ gateway, datasource: holder.datasource ?? holder.datasourceId }];
    const release = JSON.stringify(entry ?? { datasource: holder.datasourceId });
    return {
        code: "held",
        severity: "warning",
        subject: subjectOfHolder(where, credential, holder),
        reason:
            `${showHolder(holder)} holds the secret of rotation key "${rotationKey}" and was not found in this run` +
            `${cause ? `: ${cause}` : ""}. That secret is kept alive, and everything else goes on`,
        remedy:
            "give the Power BI service principal (SP2) its right there back, or correct the binding; to let it go, add to " +
            `the credential: release: [${release}]`,
    };
}

/** What a diagnostic on a holder is about. */
export function subjectOfHolder(
    where: string,
    credential: string,
    { gatewayId, datasourceId }: DatasourceOutputs,
): Subject {
    return { where, credential, gatewayId, datasourceId };
}

/** What becomes of the secret that a holder has which is let go. */
export type Fate =
    /** This run deletes it. */
    | "dies"
    /** The configuration names its key. */
    | "declared"
    /** This holder was not found either, and keeps it alive. */
    | HeldOutputs;

/** Says that a person let a holder go: its reports fail when its secret is deleted. */
export function explainLetGo(
    where: string,
    credential: string,
    holder: HeldOutputs,
    how: { isReleased: boolean; fate: Fate },
): Diagnostic {
    const cause = how.isReleased ? "as `release` says" : "no binding means it any more";
    return {
        code: "let-go",
        severity: "warning",
        subject: subjectOfHolder(where, credential, holder),
        reason:
            `${showHolder(holder)} is let go: ${cause}. It holds the secret of rotation key "${holder.rotationKey}"; ` +
            fateInWords(how.fate),
        remedy: "nothing, if this is intended; otherwise put the binding back before the secret is deleted",
    };
}

function fateInWords(fate: Fate): string {
    switch (fate) {
        case "dies":
            return "this run deletes that secret, and what reads with it fails then";
        case "declared":
            return "a rotation will delete that secret";
        default:
            return (
                `that secret stays alive as long as ${showHolder(fate)} was not found, and is deleted after that: what ` +
                "reads with it fails then"
            );
    }
}
