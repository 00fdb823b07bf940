import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { mainWorkspace } from "../clients/connection";
import { InWorkspace } from "./workspace-providers";

/** One use of a scope. Several credentials may use the same. */
export interface ScopeUse {
    /** The scope's name. */
    readonly name: string;
    /** Whether the stack makes it. */
    readonly create: boolean;
    /** Principals that may read its entries. */
    readonly readers: string[];
}

/** A credential that may be stored in a scope of its Databricks workspace. */
export interface ScopedCredential {
    readonly databricks: string;
    readonly secretScope?: ScopeUse;
}

/** Arguments of `SecretScopes`. */
export interface SecretScopesArgs {
    /** All uses of scopes in the stack. */
    readonly uses: ScopeUse[];
    /** Scopes that are there already and are the stack's own: they are taken into the state. Default none. */
    readonly own?: string[];
    /** What the names of resources begin with, where several workspaces have scopes. Default nothing. */
    readonly prefix?: string;
}

/**
 * The Databricks secret scopes of the stack with their readers. A scope that several credentials use is made once.
 */
export class SecretScopes extends pulumi.ComponentResource {
    private readonly names = new Map<string, pulumi.Output<string>>();

    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: SecretScopesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:SecretScopes", name, {}, opts);
        const parent = { parent: this };
        for (const use of mergeUses(args.uses)) {
            const resourceName = `${args.prefix ?? ""}${use.name}`;
            const scope = use.create
                ? new databricks.SecretScope(
                      resourceName,
                      { name: use.name },
                      { ...parent, import: args.own?.includes(use.name) ? use.name : undefined },
                  ).name
                : pulumi.output(use.name);
            use.readers.forEach(
                (principal) =>
                    new databricks.SecretAcl(
                        `${resourceName}-${principal}`,
                        { scope, principal, permission: "READ" },
                        parent,
                    ),
            );
            this.names.set(use.name, scope);
        }
        this.registerOutputs({});
    }

    /** The scopes of each Databricks workspace that has any, by the workspace's name. */
    static inEach(
        credentials: ScopedCredential[],
        inWorkspace: InWorkspace,
        own: ReadonlyMap<string, string[]>,
    ): Map<string, SecretScopes> {
        const users = credentials.filter(({ secretScope }) => secretScope !== undefined);
        return new Map(
            [...new Set(users.map(({ databricks: workspace }) => workspace))].map((workspace) => {
                const isMain = workspace === mainWorkspace;
                const uses = users.flatMap((user) => (user.databricks === workspace ? user.secretScope! : []));
                const args = { uses, own: own.get(workspace), prefix: isMain ? "" : `${workspace}-` };
                const name = isMain ? "scopes" : `${workspace}-scopes`;
                return [workspace, new SecretScopes(name, args, inWorkspace(workspace))];
            }),
        );
    }

    /** The name of a scope, known once the scope is there. */
    scope(name: string): pulumi.Output<string> {
        return this.names.get(name) ?? pulumi.output(name);
    }
}

/** One use for each scope: made when any use says so, read by all that any use names. */
export function mergeUses(uses: ScopeUse[]): ScopeUse[] {
    const merged = new Map<string, ScopeUse>();
    for (const use of uses) {
        const known = merged.get(use.name);
        merged.set(use.name, {
            name: use.name,
            create: use.create || (known?.create ?? false),
            readers: [...new Set([...(known?.readers ?? []), ...use.readers])],
        });
    }
    return [...merged.values()];
}
