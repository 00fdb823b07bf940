import { HeldOutputs } from "../outputs";
import { Release } from "../settings/release";
import { History } from "./history";
import { sameId, sameName } from "./names";

/** The ids of the datasources that each entry of `release` lets go, by the entry. */
export type Released = Record<string, string[]>;

/**
 * Resolves entries of `release`. One that an earlier run resolved lets go what it let go then, and nothing that has the
 * same name since.
 */
export function resolveReleases(entries: Release[], former: Released, history: History): Released {
    return Object.fromEntries(
        entries.map((entry) => {
            const key = JSON.stringify(entry);
            const ids = history.holders
                .filter((holder) => isNamed(entry, holder, history))
                .map(({ datasourceId }) => datasourceId);
            return [key, former[key] ?? [...new Set(ids)].sort()];
        }),
    );
}

/** Whether a holder is let go by one of the entries. */
export function isReleased(holder: HeldOutputs, released: Released): boolean {
    return Object.values(released).some((ids) => ids.some((id) => sameId(id, holder.datasourceId)));
}

function isNamed(entry: Release, holder: HeldOutputs, history: History): boolean {
    const isCalled = (wanted: string | undefined, id: string, name: string) =>
        wanted === undefined ||
        sameId(id, wanted) ||
        sameName(name, wanted) ||
        sameName(history.knownName(id, name), wanted);
    const isDatasource = isCalled(entry.datasource, holder.datasourceId, holder.datasource ?? holder.datasourceId);
    const isOnGateway =
        entry.gateway === undefined ||
        (holder.kind !== "NoGateway" && isCalled(entry.gateway, holder.gatewayId, holder.gateway));
    const hasUsers =
        entry.workspace === undefined ||
        (holder.datasets.length > 0 &&
            holder.datasets.every(
                ({ workspaceId = "", workspace, datasetId, dataset }) =>
                    isCalled(entry.workspace, workspaceId, workspace) && isCalled(entry.dataset, datasetId, dataset),
            ));
    return isDatasource && isOnGateway && hasUsers;
}
