import { Services } from "../clients/services";
import { notice, problem, Tell } from "../diagnostics/diagnostic";
import { StackOutputs } from "../outputs";

/** Looks for a service principal that is to be adopted; reports what keeps it from being used. */
export async function findAdopted(
    where: string,
    { applicationId }: { applicationId?: string },
    databricks: ReturnType<Services["databricks"]>,
    tell: Tell,
): Promise<void> {
    if (applicationId === undefined) {
        return;
    }
    const [principal] = await databricks.findServicePrincipals("applicationId", applicationId);
    const subject = { where: `${where}.applicationId` };
    if (!principal) {
        tell(
            problem(
                "service-principal-not-found",
                subject,
                `there is no service principal ${applicationId} in the workspace ${databricks.hostName}`,
                "correct the id, or add the service principal to the workspace",
            ),
        );
    } else if (principal.active === false) {
        tell(
            problem(
                "service-principal-inactive",
                subject,
                `the service principal ${applicationId} is not active: none of its secrets logs in`,
                "activate it yourself (workspace settings, Identity and access), for the stack did not make it",
            ),
        );
    } else if (!principal.entitlements.includes("databricks-sql-access")) {
        tell(
            notice(
                "no-sql-access",
                subject,
                `the service principal "${principal.displayName ?? applicationId}" (${applicationId}) has no entitlement ` +
                    "databricks-sql-access of its own; without one through a group, its queries are refused",
                "give it the entitlement Databricks SQL access",
            ),
        );
    }
}

/**
 * The service principal that an earlier up made, if it is there: one answer of Databricks' that denies it, in the refresh
 * before, must not make the stack forget it and make a second one.
 */
export async function findMade(
    { name, servicePrincipal }: { name: string; servicePrincipal?: string },
    databricks: ReturnType<Services["databricks"]>,
    lastUp: StackOutputs["credentials"],
    tell: Tell,
): Promise<string | undefined> {
    const applicationId = lastUp[name]?.applicationId;
    if (servicePrincipal === undefined || applicationId === undefined) {
        return undefined;
    }
    const [principal] = await databricks.findServicePrincipals("applicationId", applicationId);
    if (principal === undefined) {
        // A list that lacks it is no proof: the refresh asks for it by its id, and tells where it is gone.
        const reason = `Databricks does not list the service principal "${servicePrincipal}" (${applicationId}), which the stack made`;
        tell(
            notice(
                "service-principal-not-found",
                { applicationId },
                reason,
                "look for it in Databricks; where the preview says that it is gone, an up makes another",
            ),
        );
        return undefined;
    }
    // One whose name is not told is the one that was asked for.
    return (principal.displayName ?? servicePrincipal) === servicePrincipal ? principal.id : undefined;
}
