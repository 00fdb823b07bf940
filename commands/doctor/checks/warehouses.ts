import { AclEntry, CurrentUser, Warehouse } from "../../../clients/databricks";
import { hasStatus } from "../../../clients/service-error";
import { Tell } from "../../../diagnostics/diagnostic";
import { findDeclared, formerWarehouses } from "../../../planning/warehouses";
import { Check, failure, Problem, problemOf } from "../check";
import { Examination } from "../examination";

/** The warehouses that credentials name: there, alive, and with permissions that this login may change. */
export function warehouses(title: string, workspace: string, login: string): Check<Examination> {
    return {
        title,
        needs: [login],
        async run(examination) {
            const problems: Problem[] = [];
            const found = new Map<string, Warehouse>();
            const answered = await examination.warehouses(workspace);
            const { hosts } = (await examination.services()).connection.databricks[workspace];
            const allHosts = [(await examination.databricks(workspace)).hostName, ...hosts];
            for (const { where, credential } of await examination.credentialsIn(workspace)) {
                const tell: Tell = (said) => void problems.push(problemOf(said));
                const former = formerWarehouses(await examination.lastUp(credential));
                const place = `${where}.warehouse`;
                const warehouse = findDeclared(place, credential.warehouse, answered, allHosts, former, tell);
                if (warehouse) {
                    found.set(warehouse.id, warehouse);
                }
            }
            if (found.size === 0 && problems.length === 0) {
                return { notMade: "not needed: no credential is in this workspace" };
            }
            const user = await examination.currentUser(workspace);
            for (const warehouse of found.values()) {
                problems.push(...judgeState(warehouse), ...(await judgeRight(examination, workspace, warehouse, user)));
            }
            const says = [...found.values()].map(({ name, state }) => `${name} (${stateInWords(state)})`).join(", ");
            return { says, problems };
        },
    };
}

/** Says that a warehouse will not start. */
export function judgeState({ name, id, state = "" }: Warehouse): Problem[] {
    return /^DELET/.test(state)
        ? [failure(`the warehouse "${name}" (${id}) is being deleted`, "name another warehouse")]
        : [];
}

/** Says that somebody may not give permissions on a warehouse. */
export function judgeAcl({ name, id }: Warehouse, acl: AclEntry[], { userName, groups }: CurrentUser): Problem[] {
    const mine = [userName, ...groups];
    const mayManage =
        groups.includes("admins") ||
        acl.some(
            ({ user_name: user, service_principal_name: principal, group_name: group, all_permissions: levels = [] }) =>
                mine.includes(user ?? principal ?? group ?? "") &&
                levels.some(({ permission_level: level }) => ["CAN_MANAGE", "IS_OWNER"].includes(level ?? "")),
        );
    return mayManage ? [] : [mayNotManage(name, id, userName)];
}

async function judgeRight(
    examination: Examination,
    workspace: string,
    warehouse: Warehouse,
    user: CurrentUser,
): Promise<Problem[]> {
    try {
        const acl = await (await examination.databricks(workspace)).getWarehouseAcl(warehouse.id);
        return judgeAcl(warehouse, acl.items, user);
    } catch (error) {
        if (hasStatus(error, 403)) {
            return [mayNotManage(warehouse.name, warehouse.id, user.userName)];
        }
        throw error;
    }
}

function mayNotManage(name: string, id: string, userName: string): Problem {
    return failure(
        `${userName} may not give CAN USE on the warehouse "${name}" (${id})`,
        `give ${userName} CAN MANAGE on it: SQL Warehouses, ${name}, Permissions`,
    );
}

function stateInWords(state = "in a state that is not told"): string {
    return { RUNNING: "running", STARTING: "starting", STOPPED: "will start", STOPPING: "will start" }[state] ?? state;
}
