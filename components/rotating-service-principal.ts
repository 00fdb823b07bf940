import * as databricks from "@pulumi/databricks";
import * as pulumi from "@pulumi/pulumi";
import { WorkspaceAddress } from "../clients/services";
import { SecretSlots } from "../dynamic-providers/secret-slots";
import { UnusedName } from "../dynamic-providers/unused-name";

/** Arguments of `RotatingServicePrincipal`. */
export interface RotatingServicePrincipalArgs {
    /** The display name of the service principal to create. Either this or `applicationId`. */
    readonly displayName?: string;
    /** The id (SCIM) of the one that an earlier up made: it is taken into the state again, should that have lost it. */
    readonly principalId?: string;
    /** The application id of a service principal that exists. It is adopted: its secrets are managed, it is not. */
    readonly applicationId?: string;
    /**
     * The generations of secrets to keep alive, the one in use first. A key that is new makes a secret; one that is gone
     * has its secret deleted at the end of the run that no longer uses it.
     */
    readonly rotationKeys: string[];
    /** The key of the last run that came to its end; by default none did. Until it is `rotationKeys[0]`, no other is taken. */
    readonly finishedKey?: string;
    /**
     * How many days a new secret lives, 1 to 730. It applies to secrets yet to be made: a changed lifetime waits for the
     * next rotation.
     */
    readonly lifetimeDays: number;
    /** Whether the service principal, where it is created, is protected from deletion. Its secrets never are: they rotate. */
    readonly protect: boolean;
    /** The Databricks workspace. */
    readonly databricks: WorkspaceAddress;
    /**
     * What is made before this: the last secret of another service principal. Nothing whose value is given once only is
     * made while another such is: whatever kills a run, one of them at most is lost. Default nothing.
     */
    readonly mintAfter?: pulumi.Resource;
}

/**
 * SP1: the Databricks service principal that Power BI logs in as, with one OAuth secret for each generation.
 */
export class RotatingServicePrincipal extends pulumi.ComponentResource {
    /** The id of the service principal in Databricks (SCIM). */
    readonly servicePrincipalId: pulumi.Output<string>;
    /** The application id: the client id of the login. */
    readonly applicationId: pulumi.Output<string>;
    /** The ids of the secrets of all generations, the one in use first. */
    readonly secretIds: pulumi.Output<string>[];
    /** The id of the secret in use. */
    readonly secretId: pulumi.Output<string>;
    /** The value of the secret in use. */
    readonly clientSecret: pulumi.Output<string>;
    /** The secret that is made last. */
    readonly lastMinted: pulumi.Resource;

    /**
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args: RotatingServicePrincipalArgs, opts?: pulumi.ComponentResourceOptions) {
        super("powerbi-databricks:index:RotatingServicePrincipal", name, {}, opts);
        const parent = { parent: this };

        const { id, applicationId } =
            args.applicationId === undefined
                ? this.createPrincipal(name, args)
                : databricks.getServicePrincipalOutput({ applicationId: args.applicationId }, parent);
        const slots = new SecretSlots(
            name,
            {
                databricks: args.databricks,
                servicePrincipalId: id,
                servicePrincipalName: name,
                rotationKeys: args.rotationKeys,
                finishedKey: args.finishedKey ?? "",
            },
            parent,
        );

        const secrets: databricks.ServicePrincipalSecret[] = [];
        for (const key of args.rotationKeys) {
            const before = secrets.at(-1) ?? args.mintAfter;
            secrets.push(
                new databricks.ServicePrincipalSecret(
                    `${name}-${key}`,
                    { servicePrincipalId: id, lifetime: lifetimeOf(args.lifetimeDays), timeRotating: key },
                    // Any change would make another secret; a generation is made once.
                    { ...parent, ignoreChanges: ["lifetime"], dependsOn: [slots, ...(before ? [before] : [])] },
                ),
            );
        }

        const [current] = secrets;
        this.servicePrincipalId = id;
        this.applicationId = applicationId.apply((told) => demandTold(name, told));
        this.lastMinted = secrets.at(-1)!;
        this.secretIds = secrets.map((secret) => secret.id);
        this.secretId = current.id;
        this.clientSecret = pulumi.secret(current.secret);
        this.registerOutputs({ applicationId, secretId: this.secretId });
    }

    private createPrincipal(name: string, args: RotatingServicePrincipalArgs) {
        const [displayName, workspace] = [args.displayName!, args.databricks];
        const unused = new UnusedName(name, { databricks: workspace, displayName }, { parent: this });
        return new databricks.ServicePrincipal(
            name,
            { displayName, databricksSqlAccess: true },
            {
                parent: this,
                dependsOn: [unused, ...(args.mintAfter ? [args.mintAfter] : [])],
                protect: args.protect,
                import: args.principalId,
            },
        );
    }
}

/**
 * The application id of a service principal. The databricks provider takes an answer without one for an answer, and what
 * is granted to nobody is refused by Databricks at best.
 *
 * @throws RunError
 */
export function demandTold(name: string, applicationId: string | undefined): string {
    if (!applicationId) {
        throw new pulumi.RunError(
            `${name}: Databricks did not say which application id the service principal has, so nothing is granted or ` +
                "bound. Run `pulumi up` again: it looks first.",
        );
    }
    return applicationId;
}

/** A lifetime as Databricks takes it: seconds with an `s` behind (databricks-sdk-go, service/oauth2). */
export function lifetimeOf(days: number): string {
    return `${days * 24 * 60 * 60}s`;
}
