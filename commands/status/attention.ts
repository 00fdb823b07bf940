import { toText } from "../../diagnostics/render";
import { maxSecrets } from "../../dynamic-providers/secret-slots";
import { expiryWarning } from "../../dynamic-providers/verified-secret";
import { Held } from "../plan-stack";
import { Attention, CredentialStatus } from "./report";
import { counted } from "./words";

/** What attention is judged by, beside the credentials. */
export interface AttentionContext {
    /** The key that is configured, and the credentials that still use another. */
    rotationKey: string;
    toRotate: CredentialStatus[];
    held: Held[];
    /** Drift and changes that belong to no credential. */
    drift: string[];
    changes: string[];
    expiryWarningDays: number;
    now: Date;
}

/** What somebody should look at, the most urgent first. */
export function attentionOf(credentials: CredentialStatus[], context: AttentionContext): Attention[] {
    const all: Attention[] = [
        ...rotationOf(context),
        ...context.held.map(({ credential, diagnostic }): Attention => ({
            kind: "held",
            credential,
            words: toText(diagnostic),
        })),
        ...credentials.flatMap((credential) => ofCredential(credential, context)),
        ...context.drift.map((words): Attention => ({ kind: "drift", words })),
        ...changesOf(context.changes),
    ];
    return order.flatMap((kind) => all.filter((attention) => attention.kind === kind));
}

const order: Attention["kind"][] = [
    "rotation",
    "expiry",
    "held",
    "drift",
    "failed refresh",
    "older secret",
    "no room",
    "unknown secret",
    "change",
];

function ofCredential(credential: CredentialStatus, { expiryWarningDays, now }: AttentionContext): Attention[] {
    const { name, principal, generations, datasources, nextRotation } = credential;
    const say = (kind: Attention["kind"]) => (words: string) => ({ kind, credential: name, words });
    const { applicationId, id } = principal;
    const expiries = generations
        .filter(({ role }) => role === "current")
        .map(({ key: rotationKey, expiresAt = "" }) =>
            expiryWarning({ applicationId, rotationKey, expiresAt }, expiryWarningDays, now),
        );
    const unknown = generations
        .filter(({ role }) => role === "unknown")
        .map(
            ({ secretId, ageInDays, expiresAt }) =>
                `${name} has a secret that is in no state: ${secretId}` +
                `${ageInDays === undefined ? "" : `, ${ageInDays} days old`}${expiresAt ? `, until ${expiresAt}` : ""}. ` +
                `When nobody uses it: databricks service-principal-secrets-proxy delete ${id} ${secretId}`,
        );
    const room =
        nextRotation.freePlaces > 0
            ? []
            : [`${name} has ${maxSecrets} secrets, which is Databricks' limit: the next rotation will be refused.`];
    const bound = generations.find(({ role }) => role === "current")?.secretId;
    const older = datasources
        .filter(({ secretId }) => bound !== undefined && secretId !== bound)
        .map(
            (datasource) =>
                `${showDatasource(datasource)} holds the secret of ${datasource.rotationKey}, not that of ` +
                `${credential.rotationKey}: an up ended early. Run it again.`,
        );
    const failed = datasources
        .flatMap(({ datasets }) => datasets)
        .filter(({ lastRefresh }) => lastRefresh?.status === "Failed")
        .map(
            ({ workspace, dataset, lastRefresh }) =>
                `the last refresh of ${workspace} / ${dataset} failed` +
                `${lastRefresh?.endedAt ? ` on ${lastRefresh.endedAt}` : ""}: ${lastRefresh?.error}`,
        );
    return [
        ...expiries
            .filter((diagnostic) => diagnostic !== undefined)
            .map(toText)
            .map(say("expiry")),
        ...[...credential.drift, ...datasources.flatMap(({ drift }) => drift)].filter(isFirst).map(say("drift")),
        ...failed.filter(isFirst).map(say("failed refresh")),
        ...older.map(say("older secret")),
        ...room.map(say("no room")),
        ...unknown.map(say("unknown secret")),
        ...changesOf(credential.changes, name),
    ];
}

/** A datasource as the user reads it. */
export function showDatasource(datasource: { name: string; gateway: string; datasourceId: string }): string {
    const { name, gateway, datasourceId } = datasource;
    return gateway === "" ? `cloud datasource ${datasourceId}` : `datasource "${name}" of gateway "${gateway}"`;
}

/** One line for all of them: with many credentials, their own lines would hide the rest. */
function rotationOf({ rotationKey, toRotate }: AttentionContext): Attention[] {
    if (toRotate.length === 0) {
        return [];
    }
    const uses = [...new Set(toRotate.map((credential) => credential.rotationKey))].map((key) => {
        const names = toRotate.filter((credential) => credential.rotationKey === key).map(({ name }) => name);
        const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : "";
        return `${names.slice(0, shownNames).join(", ")}${more} ${names.length === 1 ? "uses" : "use"} ${key}`;
    });
    const words = `rotation key ${rotationKey} is declared, but not in use: ${uses.join("; ")}. pulumi up rotates.`;
    return [{ kind: "rotation", words }];
}

const shownNames = 4;
const shownChanges = 4;

function changesOf(changes: string[], credential?: string): Attention[] {
    const owner = credential === undefined ? {} : { credential };
    return changes.length === 0 ? [] : [{ kind: "change", ...owner, words: changesInWords(changes) }];
}

/** What an up would change, in one line. */
export function changesInWords(changes: string[]): string {
    const more = changes.length > shownChanges ? `, and ${changes.length - shownChanges} more` : "";
    return `pulumi up would make ${counted(changes.length, "change")}: ${changes.slice(0, shownChanges).join(", ")}${more}`;
}

function isFirst(value: string, index: number, all: string[]): boolean {
    return all.indexOf(value) === index;
}
