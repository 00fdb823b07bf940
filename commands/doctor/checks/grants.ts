import { CurrentUser, DatabricksClient } from "../../../clients/databricks";
import { hasStatus } from "../../../clients/service-error";
import { Securable } from "../../../clients/unity-catalog";
import { CredentialSettings } from "../../../settings/credential";
import { Check, failure, Problem, warning } from "../check";
import { Examination } from "../examination";

/** What is granted on: there, and with grants that this login may change. A new service principal needs some. */
export function grants(title: string, workspace: string, login: string): Check<Examination> {
    return {
        title,
        needs: [login],
        async run(examination) {
            const databricks = await examination.databricks(workspace);
            const user = await examination.currentUser(workspace);
            const credentials = await examination.credentialsIn(workspace);
            const problems = credentials.flatMap(({ where, credential }) => judgeMissing(where, credential));
            const wanted = credentials.flatMap(({ where, credential }) =>
                credential.grants.map((grant, index) => ({
                    where: `${where}.grants[${index}]`,
                    securable: securableOf(grant),
                })),
            );
            if (wanted.length + problems.length === 0) {
                return { notMade: "not needed: no grants are configured" };
            }
            const admin = wanted.length > 0 ? await metastoreOwner(databricks) : undefined;
            for (const { where, securable } of wanted) {
                problems.push(...(await judgeSecurable(databricks, where, securable, user, admin)));
            }
            return { says: wanted.map(({ securable }) => securable.fullName).join(", "), problems };
        },
    };
}

/** Warns of a service principal that can read nothing by itself: one that is made has no rights, one that is adopted may. */
export function judgeMissing(
    where: string,
    { name, applicationId, grants: declared }: Pick<CredentialSettings, "name" | "applicationId" | "grants">,
): Problem[] {
    return applicationId !== undefined || declared.length > 0
        ? []
        : [
              warning(
                  `${where}: the stack makes ${name} and grants it nothing: reports will fail with a permission error, ` +
                      "unless it is given rights otherwise, by a group for instance",
                  "name what it may read, grants: [{ catalog: CATALOG, schema: SCHEMA }]; or make sure that a group that " +
                      "it is in may read it",
              ),
          ];
}

/** What a configured grant is made on. */
export function securableOf({ catalog, schema, table }: CredentialSettings["grants"][number]): Securable {
    const fullName = [catalog, schema, table].filter((part) => part !== undefined).join(".");
    return { type: table ? "table" : schema ? "schema" : "catalog", fullName };
}

/** What is known of somebody's right to grant on something. */
export interface GrantFacts {
    user: CurrentUser;
    /** The owners of the securable, of what holds it, and of the metastore. */
    owners: string[];
    /** What the user itself has there. */
    privileges: string[];
}

/** Whether somebody may grant: an owner of it or of what holds it, the metastore's admin, or who has MANAGE. */
export function mayGrant({ user, owners, privileges }: GrantFacts): boolean {
    const names = [user.userName, ...user.groups];
    return owners.some((owner) => names.includes(owner)) || privileges.includes("MANAGE");
}

async function judgeSecurable(
    databricks: DatabricksClient,
    where: string,
    securable: Securable,
    user: CurrentUser,
    metastoreAdmin: string | undefined,
): Promise<Problem[]> {
    const { type, fullName } = securable;
    try {
        const owner = await databricks.unityCatalog.getOwner(securable);
        const above = await Promise.all(holdersOf(securable).map((holder) => ownerIfSeen(databricks, holder)));
        const privileges = await databricks.unityCatalog.getEffectivePrivileges(securable, user.userName);
        const owners = [owner, ...above, metastoreAdmin].filter((name) => name !== undefined);
        return mayGrant({ user, owners, privileges })
            ? []
            : [
                  warning(
                      `${where}: ${user.userName} neither owns ${type} ${fullName} nor has MANAGE on it, as far as can be ` +
                          `seen; its owner is ${owner ?? "not known"}`,
                      `let the owner grant it: GRANT MANAGE ON ${type.toUpperCase()} ${fullName} TO \`${user.userName}\`; ` +
                          "or leave the grant out here and make it elsewhere",
                  ),
              ];
    } catch (error) {
        if (hasStatus(error, 403, 404)) {
            return [
                failure(
                    `${where}: there is no ${type} ${fullName} that ${user.userName} sees`,
                    `correct the name, or grant ${user.userName} BROWSE or MANAGE on it`,
                ),
            ];
        }
        throw error;
    }
}

function holdersOf({ fullName }: Securable): Securable[] {
    const parts = fullName.split(".");
    const types = ["catalog", "schema"] as const;
    return types
        .slice(0, parts.length - 1)
        .map((type, index) => ({ type, fullName: parts.slice(0, index + 1).join(".") }));
}

async function ownerIfSeen(databricks: DatabricksClient, securable: Securable): Promise<string | undefined> {
    return databricks.unityCatalog.getOwner(securable).catch(unseen);
}

async function metastoreOwner(databricks: DatabricksClient): Promise<string | undefined> {
    return databricks.unityCatalog.getMetastoreOwner().catch(unseen);
}

function unseen(error: Error): undefined {
    if (!hasStatus(error, 401, 403, 404)) {
        throw error;
    }
    return undefined;
}
