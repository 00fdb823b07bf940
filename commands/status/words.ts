import { GatewayKind } from "../../clients/gateway-kinds";
import { maxSecrets } from "../../dynamic-providers/secret-slots";
import { DatasetStatus, Generation, NextRotation, StatusReport } from "./report";

/** The verdict as a headline. */
export function verdictInWords({ verdict, attention, untold, refused }: StatusReport): string {
    switch (verdict) {
        case "well":
            return "All is well";
        case "attention":
            return `${counted(attention.length, "thing")} to look at`;
        case "refused":
            return `An up would refuse, for ${counted(refused.length, "reason")}`;
        case "untold":
            return `${counted(untold.length, "thing")} could not be read`;
    }
}

/** How long a secret still lives. */
export function restInWords({ daysLeft, expiresAt }: Pick<Generation, "daysLeft" | "expiresAt">): string {
    if (daysLeft === undefined || expiresAt === undefined) {
        return "not known";
    }
    return daysLeft < 0 ? "expired" : counted(daysLeft, "day");
}

/** How the refreshes of a datasource's datasets went, the failures first. */
export function refreshesInWords(datasets: DatasetStatus[]): string {
    const statuses = datasets.flatMap(({ lastRefresh }) => (lastRefresh ? [lastRefresh.status] : []));
    const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
    const [failed, completed, running] = [count("Failed"), count("Completed"), count("Unknown")];
    const others = statuses.length - failed - completed - running;
    const parts = [
        ...(failed ? [`${failed} failed`] : []),
        ...(completed ? [`${completed} completed`] : []),
        ...(running ? [`${running} running`] : []),
        ...(others ? [`${others} other`] : []),
    ];
    return parts.join(", ") || "none";
}

/** What a changed rotation key will touch. */
export function rotationInWords(next: NextRotation): string {
    const { datasources, datasets, scopeEntries, keyVaultSecrets, refreshes, hooks, freePlaces } = next;
    const parts = [
        "1 new secret",
        `${counted(datasources, "datasource")} (read by ${counted(datasets, "dataset")})`,
        ...some(scopeEntries.length, "scope entry", "scope entries"),
        ...some(keyVaultSecrets.length, "key vault secret"),
        ...some(refreshes.length, "refresh", "refreshes"),
        ...some(hooks, "hook"),
    ];
    return `${parts.join(", ")}; ${freePlaces} of ${maxSecrets} places for secrets are free`;
}

function some(count: number, one: string, many?: string): string[] {
    return count > 0 ? [counted(count, one, many)] : [];
}

/** A time to the minute, in UTC. */
export function minuteOf(time: string | undefined): string {
    return time === undefined ? "" : `${time.slice(0, 16).replace("T", " ")} UTC`;
}

/** A day, in UTC. */
export function dayOf(time: string | undefined): string {
    return time?.slice(0, 10) ?? "";
}

/** A number with what it counts. */
export function counted(count: number, one: string, many = `${one}s`): string {
    return `${count} ${count === 1 ? one : many}`;
}

/** The kind of a datasource as people call it. */
export const kindInWords: Record<GatewayKind, string> = { NoGateway: "cloud", Onpremises: "on-premises", VNET: "VNET" };
