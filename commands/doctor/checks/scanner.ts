import { hasStatus } from "../../../clients/service-error";
import { Check, failure } from "../check";
import { Examination } from "../examination";

/** Whether SP2 may use the scanner, where a binding does. */
export const scanner: Check<Examination> = {
    title: "Scanner",
    needs: ["Tenant setting"],
    async run(examination) {
        const { credentials } = await examination.settings();
        const isUsed = credentials
            .flatMap(({ bindings }) => bindings)
            .some((binding) => binding.kind === "discover" && binding.via === "scanner");
        if (!isUsed) {
            return { notMade: "not needed: no binding looks via scanner" };
        }
        try {
            const all = await (await examination.services()).powerBi.scanner.listWorkspaces();
            return {
                says: `SP2 sees the tenant's ${all.items.length + all.unreadable.length} workspaces`,
                problems: [],
            };
        } catch (error) {
            if (!hasStatus(error, 401, 403)) {
                throw error;
            }
            const problem = failure(
                `the scanner API is not open to SP2. ${(error as Error).message}`,
                'enable the tenant setting "Service principals can access read-only admin APIs" (Admin API settings) for a ' +
                    "security group that SP2 is in, and give its application no Power BI permission that needs admin consent; " +
                    "or look via: workspaces",
            );
            return { says: "", problems: [problem] };
        }
    },
};
