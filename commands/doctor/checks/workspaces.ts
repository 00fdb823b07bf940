import { AnsweredList } from "../../../clients/answered-list";
import { Workspace, WorkspaceMember } from "../../../clients/power-bi-datasets";
import { hasStatus } from "../../../clients/service-error";
import { Diagnostic } from "../../../diagnostics/diagnostic";
import { findWorkspace } from "../../../planning/datasets";
import { Named, sameId } from "../../../planning/names";
import { fits } from "../../../planning/patterns";
import { Check, failure, Problem, problemOf, warning } from "../check";
import { Examination } from "../examination";

/** The workspaces that bindings name, and SP2's role in them. */
export const workspaces: Check<Examination> = {
    title: "Workspaces",
    needs: ["Tenant setting"],
    async run(examination) {
        const visible = await (await examination.inventory()).workspaces();
        const problems: Problem[] = [];
        const found = new Map<string, Named<Workspace>>();
        for (const { where, binding, history } of await examination.bindings()) {
            if (binding.kind === "dataset") {
                const former = history.dataset(binding.workspace, binding.dataset);
                const said: Diagnostic[] = [];
                // What was bound is known by its id, whatever it is called now; where it is not seen it stops no run.
                const workspace =
                    findWorkspace(
                        `${where}.workspace`,
                        binding.workspace,
                        visible,
                        (words) => void said.push(words),
                        former ? "warning" : "error",
                    ) ?? visible.find(({ id }) => former !== undefined && sameId(id, former.workspaceId));
                if (workspace) {
                    found.set(workspace.id, workspace);
                    continue;
                }
                problems.push(...said.map((words) => problemOf(words)));
            } else if (binding.kind === "discover" && binding.via === "workspaces") {
                const fitting = visible.filter(({ name }) => fits(name, binding.workspaces));
                fitting
                    .filter(({ name }) => !fits(name, binding.exclude.workspaces))
                    .forEach((workspace) => found.set(workspace.id, workspace));
                problems.push(...(fitting.length > 0 ? [] : [nothingFits(where, binding.workspaces)]));
            }
        }
        if (found.size + problems.length === 0) {
            return { notMade: "not needed: no binding names a workspace" };
        }
        const { powerBi } = await examination.services();
        const ownNames = await powerBi.ownNames();
        const seen: string[] = [];
        for (const workspace of found.values()) {
            const role = roleOf(ownNames, await membersOf(powerBi, workspace));
            seen.push(`${workspace.name}${role ? ` (${role})` : ""}`);
            problems.push(...judgeRole(workspace, role));
        }
        return { says: seen.join(", "), problems };
    },
};

/** The role of SP2; undefined where it has one through a group, or cannot see it. */
export function roleOf(ownNames: string[], members: WorkspaceMember[]): string | undefined {
    const own = ownNames.map((name) => name.toLowerCase());
    return members.find(({ identifier }) => own.includes(identifier?.toLowerCase() ?? ""))?.groupUserAccessRight;
}

/** Says that a role is too little to own datasets. */
export function judgeRole({ name }: Named<Workspace>, role: string | undefined): Problem[] {
    const remedy = `make SP2 a Member or an Admin of the workspace "${name}" (Manage access)`;
    if (role === "Viewer" || role === "None") {
        return [failure(`SP2 is a ${role} of the workspace "${name}": it may not take datasets over`, remedy)];
    }
    return role === "Contributor"
        ? [warning(`SP2 is a Contributor of the workspace "${name}", which may not be enough to own datasets`, remedy)]
        : [];
}

async function membersOf(
    powerBi: { listMembers(id: string): Promise<AnsweredList<WorkspaceMember>> },
    { id }: Workspace,
): Promise<WorkspaceMember[]> {
    try {
        return (await powerBi.listMembers(id)).items;
    } catch (error) {
        if (hasStatus(error, 401, 403, 404)) {
            return [];
        }
        throw error;
    }
}

function nothingFits(where: string, patterns: string[]): Problem {
    return warning(
        `${where}.workspaces: SP2 sees no workspace that fits ${patterns.map((pattern) => `"${pattern}"`).join(", ")}`,
        "correct the patterns, or add SP2 to the workspaces as a Member",
    );
}
