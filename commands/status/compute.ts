import { maxSecrets } from "../../dynamic-providers/secret-slots";
import { reasonOf } from "../../dynamic-providers/dataset-refresh";
import { Diagnostic, Subject } from "../../diagnostics/diagnostic";
import { toText } from "../../diagnostics/render";
import { Held, StackPlan } from "../plan-stack";
import { attentionOf } from "./attention";
import { keyOf, LiveFacts } from "./live-facts";
import { PreviewFacts } from "./preview";
import { CredentialStatus, DatasetStatus, DatasourceStatus, Generation, HeldStatus, StatusReport } from "./report";
import { CredentialState, StackState } from "./state";

/** Everything that a report is computed from. */
export interface Facts {
    stack: string;
    now: Date;
    rotationKey: string;
    expiryWarningDays: number;
    /** The names of the credentials, in the order in which they are configured. */
    order: string[];
    state: StackState;
    preview: PreviewFacts;
    plan: PlanFacts;
    live: LiveFacts;
}

/** What an up would plan. */
export interface PlanFacts extends Pick<StackPlan, "problems" | "held" | "warnings"> {
    /** Why nothing could be planned; undefined where it could. */
    failure?: string;
}

/** A piece of drift with the credential that it belongs to. */
interface Placed {
    words: string;
    subject: Subject;
    credential?: string;
}

/** Brings the facts together. */
export function computeReport(facts: Facts): StatusReport {
    const { stack, now, rotationKey, expiryWarningDays, order, state, preview, plan, live } = facts;
    const drift = preview.drift.map((piece) => place(piece, state));
    const changes = preview.changes.map(({ words, urn, parent }) => ({
        words,
        credential: state.credentialOf(urn) ?? (parent && state.credentialOf(parent)),
    }));
    // One that is no longer configured goes with the next up: it is last.
    const rank = ({ name }: CredentialState) => (order.includes(name) ? order.indexOf(name) : order.length);
    const sorted = [...state.credentials].sort((one, other) => rank(one) - rank(other));
    const credentials = sorted.map((credential) =>
        statusOf(
            credential,
            facts,
            drift.filter((piece) => piece.credential === credential.name),
            changes.filter((change) => change.credential === credential.name).map(({ words }) => words),
        ),
    );
    // Before its first up a credential has nothing to rotate; one that is no longer configured goes with the next.
    const toRotate = credentials.filter(
        (credential) => order.includes(credential.name) && !["", rotationKey].includes(credential.rotationKey),
    );
    const attention = attentionOf(credentials, {
        rotationKey,
        toRotate,
        held: plan.held,
        drift: wordsOf(drift.filter((piece) => piece.credential === undefined)),
        changes: wordsOf(changes.filter((change) => change.credential === undefined)),
        expiryWarningDays,
        now,
    });
    const untold = [...unplanned(facts), ...live.untold];
    const isRefused = plan.problems.length > 0;
    return {
        schema: 1,
        stack,
        takenAt: now.toISOString(),
        verdict: isRefused ? "refused" : untold.length > 0 ? "untold" : attention.length > 0 ? "attention" : "well",
        rotationKey,
        toRotate: toRotate.map(({ name }) => name),
        expiryWarningDays,
        refused: plan.problems,
        held: plan.held.map(heldStatus),
        attention,
        told: plan.warnings.filter(({ code }) => code !== "held"),
        untold,
        credentials,
    };
}

/** What is not known, because there was no preview; one that a plan refused says the same as that. */
function unplanned({ preview, plan }: Facts): string[] {
    if (plan.problems.length > 0) {
        return [];
    }
    if (preview.failure !== undefined) {
        return [`drift, because the preview failed: ${preview.failure}`];
    }
    return plan.failure === undefined ? [] : [`what an up would plan: ${plan.failure}`];
}

function heldStatus(holder: Held): HeldStatus {
    const { credential, rotationKey, kind, gatewayId, gateway, datasourceId, datasource = "", cause } = holder;
    const datasets = holder.datasets.map(({ workspace, datasetId, dataset }) => ({ workspace, datasetId, dataset }));
    const place = {
        kind,
        gatewayId,
        gateway,
        datasourceId,
        name: datasource,
        warehouse: holder.host + holder.httpPath,
    };
    return {
        credential,
        rotationKey,
        ...place,
        datasets,
        ...(cause === undefined ? {} : { cause }),
        words: toText(holder.diagnostic),
    };
}

/** Finds the credential that a piece of drift belongs to: by its resource, or by what it is about. */
function place({ reason, subject }: Diagnostic, { credentials, credentialOf }: StackState): Placed {
    const { credential, resource, datasetId, datasourceId, applicationId } = subject;
    const owner =
        (resource && credentialOf(resource)) ??
        credentials.find(
            (candidate) =>
                candidate.name === credential ||
                (applicationId !== undefined && candidate.applicationId === applicationId) ||
                candidate.bound.some((key) => key.datasourceId === datasourceId) ||
                candidate.outputs?.datasets.some((dataset) => dataset.datasetId === datasetId),
        )?.name;
    return { words: reason, subject, credential: owner };
}

function statusOf(credential: CredentialState, facts: Facts, drift: Placed[], changes: string[]): CredentialStatus {
    const { name, applicationId, servicePrincipalId: id, databricks, rotationKey } = credential;
    const generations = generationsOf(credential, facts);
    const datasources = datasourcesOf(credential, facts.live, drift);
    const placed = new Set(datasources.flatMap((datasource) => datasource.drift));
    return {
        name,
        principal: { applicationId, id, workspace: databricks?.workspace ?? "", host: databricks?.host ?? "" },
        rotationKey,
        generations,
        datasources,
        drift: wordsOf(drift).filter((words) => !placed.has(words)),
        changes,
        nextRotation: {
            datasources: datasources.length,
            datasets: new Set(datasources.flatMap(({ datasets }) => datasets.map(({ datasetId }) => datasetId))).size,
            scopeEntries: credential.scopeEntries,
            keyVaultSecrets: credential.keyVaultSecrets,
            refreshes: credential.refreshes,
            hooks: credential.hooks,
            freePlaces: maxSecrets - generations.filter(({ status }) => status !== "DELETED").length,
        },
    };
}

function generationsOf(credential: CredentialState, { live, now }: Facts): Generation[] {
    const { name, secrets: own, secretId } = credential;
    const there = live.secrets[name];
    const roleOf = (id: string) =>
        id === secretId ? "current" : own.some((secret) => secret.id === id) ? "retained" : "unknown";
    const listed = (there ?? []).map(({ id, status, create_time: createdAt, expire_time: expiresAt }): Generation => {
        const key = own.find((secret) => secret.id === id)?.key ?? "";
        const ageInDays = createdAt === undefined ? undefined : daysBetween(createdAt, now);
        return {
            key,
            secretId: id,
            role: roleOf(id),
            status: status ?? "",
            createdAt,
            ageInDays,
            ...endOf(expiresAt, now),
        };
    });
    const unlisted = own
        .filter(({ id }) => !listed.some((generation) => generation.secretId === id))
        .map(({ id, key }): Generation => {
            // A list that could not be read says nothing of what is gone; the state knows the end of the one in use.
            const status = there ? "DELETED" : "";
            const end = there || id !== secretId ? undefined : credential.expiresAt || undefined;
            return { key, secretId: id, role: roleOf(id), status, ...endOf(end, now) };
        });
    return [...listed, ...unlisted].sort((one, other) => (other.createdAt ?? "").localeCompare(one.createdAt ?? ""));
}

function endOf(expiresAt: string | undefined, now: Date): Pick<Generation, "expiresAt" | "daysLeft"> {
    return expiresAt === undefined ? {} : { expiresAt, daysLeft: daysBetween(now, expiresAt) };
}

function datasourcesOf({ bound, outputs }: CredentialState, live: LiveFacts, drift: Placed[]): DatasourceStatus[] {
    return bound.map(({ gateway, secretId, rotationKey, ...key }) => {
        const told = outputs?.datasources.find((datasource) => keyOf(datasource) === keyOf(key));
        const datasets = (told?.datasets ?? []).map((dataset) => datasetOf(dataset, live));
        const isAbout = ({ subject }: Placed) =>
            datasets.some(({ datasetId }) => datasetId === subject.datasetId) ||
            subject.datasourceId === key.datasourceId;
        return {
            kind: gateway?.kind ?? "NoGateway",
            gatewayId: key.gatewayId,
            gateway: gateway?.name ?? "",
            datasourceId: key.datasourceId,
            name: gateway?.datasource ?? "",
            warehouse: gateway?.warehouse ?? (told ? told.host + told.httpPath : ""),
            secretId,
            rotationKey,
            credentialType: live.credentialTypes[keyOf(key)],
            drift: wordsOf(drift.filter(isAbout)),
            datasets,
        };
    });
}

function datasetOf(
    dataset: Pick<DatasetStatus, "workspace" | "datasetId" | "dataset">,
    live: LiveFacts,
): DatasetStatus {
    const latest = live.refreshes[dataset.datasetId];
    return {
        workspace: dataset.workspace,
        datasetId: dataset.datasetId,
        dataset: dataset.dataset,
        owner: live.owners[dataset.datasetId],
        lastRefresh: latest && {
            status: latest.status ?? "not told",
            startedAt: latest.startTime,
            endedAt: latest.endTime,
            error: latest.status === "Failed" ? reasonOf(latest) : undefined,
        },
    };
}

/** Whole days from one time to another, rounded down. */
function daysBetween(from: string | Date, to: string | Date): number {
    return Math.floor((new Date(to).getTime() - new Date(from).getTime()) / (24 * 60 * 60 * 1000));
}

function wordsOf(pieces: { words: string }[]): string[] {
    return [...new Set(pieces.map(({ words }) => words))];
}
