import { Workspace } from "../../../clients/power-bi-datasets";
import { hasStatus } from "../../../clients/service-error";
import { Check, failure, Problem } from "../check";
import { Examination } from "../examination";

/** Whether the tenant lets service principals use Power BI at all. */
export const tenantSetting: Check<Examination> = {
    title: "Tenant setting",
    needs: ["SP2's login"],
    async run(examination) {
        try {
            const workspaces: Workspace[] = await (await examination.inventory()).workspaces();
            return { says: `Power BI answers SP2, which sees ${counted(workspaces.length)}`, problems: [] };
        } catch (error) {
            if (hasStatus(error, 401, 403)) {
                return { says: "", problems: [refused(error as Error)] };
            }
            throw error;
        }
    },
};

function refused(error: Error): Problem {
    return failure(
        `Power BI refuses SP2, although it logs in. ${error.message}`,
        'a Fabric administrator has to enable the tenant setting "Service principals can call Fabric public APIs" (formerly ' +
            '"Allow service principals to use Power BI APIs") in the admin portal, Developer settings, for the entire ' +
            "organization or for a security group that SP2 is in; it takes up to 15 minutes. SP2's application must have no " +
            "Power BI permissions that need admin consent",
    );
}

function counted(count: number): string {
    return `${count} workspace${count === 1 ? "" : "s"}`;
}
