import { DatabricksTarget, sameTarget, warehouseIdOf } from "../clients/connection-details";
import { hostsKey } from "../clients/connection";
import { oneLine } from "../clients/redaction";
import { Diagnostic, Severity } from "../diagnostics/diagnostic";

/** A Databricks workspace as datasources may name it. */
export interface KnownWorkspace {
    /** The name by which the configuration knows it. */
    name: string;
    /** Its own host; absent while nobody needs it. */
    host?: string;
    /** Further hosts: custom URLs. */
    hosts: string[];
    /** The ids of its warehouses, as far as they were listed. */
    warehouseIds: string[];
}

/**
 * The hosts of all configured workspaces. One warehouse may be read at several: datasources go on to name the host that
 * they name, and whether two name one warehouse is decided here.
 */
export class KnownHosts {
    constructor(private readonly workspaces: KnownWorkspace[]) {}

    /**
     * A target at its workspace's own host. A custom URL may be a whole account's, so that the warehouse's id says which
     * workspace it is; what it does not say stays where it is.
     */
    atHome(target: DatabricksTarget): DatabricksTarget {
        if (this.workspaces.some(({ host }) => host === target.host)) {
            return target;
        }
        const id = warehouseIdOf(target);
        const home = this.workspaces.find(
            ({ hosts, warehouseIds }) => hosts.includes(target.host) && id !== undefined && has(warehouseIds, id),
        );
        return { ...target, host: home?.host ?? target.host };
    }

    /** Whether both are one warehouse. */
    same(one: DatabricksTarget, other: DatabricksTarget): boolean {
        return sameTarget(this.atHome(one), this.atHome(other));
    }

    /** The further hosts of a workspace, by its own. */
    furtherHosts(host: string): string[] {
        return this.workspaces.find((workspace) => workspace.host === host)?.hosts ?? [];
    }

    /**
     * Says that something reads a warehouse of a workspace at a host that no workspace has: by the id it is that one, and
     * nobody but the user knows whether the host is that workspace's.
     *
     * @param what reads it, in words.
     * @param serves what is looked for.
     * @returns undefined where that is not so.
     */
    explainStray(
        where: string,
        severity: Severity,
        what: string,
        found: DatabricksTarget | undefined,
        { target, serves }: { target: DatabricksTarget; serves: (target: DatabricksTarget) => boolean },
    ): Diagnostic | undefined {
        const id = found && warehouseIdOf(found);
        const workspace = this.workspaces.find(({ host }) => host === target.host);
        if (id === undefined || !workspace || !has(workspace.warehouseIds, id)) {
            return undefined;
        }
        const isKnown = this.workspaces.some(({ host, hosts }) => host === found!.host || hosts.includes(found!.host));
        if (isKnown || !serves({ ...found!, host: target.host })) {
            return undefined;
        }
        const host = oneLine(found!.host);
        return {
            code: "unknown-host",
            severity,
            subject: { where },
            reason:
                `${what} reads warehouse ${id} of ${target.host} by its id, but at ${host}, a host that no configured ` +
                "workspace has: its credential is not set",
            remedy: `declare the host, if it is another one of that workspace: ${hostsKey(workspace.name)}: [${host}]`,
        };
    }
}

function has(ids: string[], id: string): boolean {
    return ids.some((known) => known.toLowerCase() === id);
}
