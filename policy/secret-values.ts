import * as pulumi from "@pulumi/pulumi";
import { ResourceValidationPolicy, Secret } from "@pulumi/policy";

/** Names of inputs that hold a secret, in the resources of this project and in the providers that it uses. */
const secretNames =
    /^(.*:)?(clientSecret|stringValue|token|password|azureClientSecret|googleCredentials|oauthM2mSecret)$/;

/** Where types keep a secret below another name. */
const secretPaths: Record<string, string[]> = {
    "azure-native:keyvault:Secret": ["properties.value"],
};

/** Outputs that hold a secret, by the type's beginning. */
const secretOutputs: Record<string, string> = {
    "databricks:index/servicePrincipalSecret:ServicePrincipalSecret": "secret",
    "azuread:index/applicationPassword:ApplicationPassword": "value",
};

/** What stands for a value that is not known yet. */
const { unknownValue } = pulumi.runtime;

/**
 * Finds the inputs of a resource that hold a secret without being one.
 *
 * @param inputs values as the engine has them, secret ones as instances of `Secret`.
 * @returns the inputs' names, as `properties.value` where they are nested.
 */
export function plainSecrets(type: string, inputs: Record<string, unknown>): string[] {
    const paths = [...Object.keys(inputs).filter((name) => secretNames.test(name)), ...(secretPaths[type] ?? [])];
    return paths.filter((path) => {
        const value = valueAt(inputs, path);
        return value !== undefined && value !== null && value !== unknownValue && !(value instanceof Secret);
    });
}

/** The output that holds a secret and is not declared as one; undefined when there is none. */
export function plainOutput(type: string, inputs: object, declared: string[]): string | undefined {
    const isOwn = type.startsWith("pulumi-nodejs:dynamic/") && "clientSecret" in inputs;
    const output = secretOutputs[type] ?? (isOwn ? "clientSecret" : undefined);
    return output !== undefined && !declared.includes(output) ? output : undefined;
}

/**
 * The rule about secrets. Only remediations are shown which values are secrets, so it looks there, changes nothing, and
 * reports in the validation that follows.
 */
export function secretValues(): ResourceValidationPolicy {
    const seen = new Map<string, string[]>();
    return {
        name: "secret-values",
        description: "What is secret is marked as a secret, so that it is encrypted in the state and shown nowhere.",
        enforcementLevel: "remediate",
        remediateResource: ({ urn, type, props }) => {
            seen.set(urn, plainSecrets(type, withoutProxies(props)));
        },
        validateResource: ({ urn, type, props, opts }, reportViolation) => {
            const found = seen.get(urn);
            seen.delete(urn);
            if (found === undefined) {
                return reportViolation(
                    "It cannot be told at this enforcement level; leave the level at `remediate`, at which nothing is changed.",
                );
            }
            found.forEach((name) =>
                reportViolation(
                    `Its input ${name} is plain text. Wrap it in pulumi.secret(…); a value of the configuration is set ` +
                        "with `pulumi config set --secret`.",
                ),
            );
            const output = plainOutput(type, props, opts.additionalSecretOutputs);
            if (output !== undefined) {
                reportViolation(`Its output ${output} is not among its additionalSecretOutputs; add it.`);
            }
        },
    };
}

function valueAt(inputs: Record<string, unknown>, path: string): unknown {
    if (path in inputs) {
        return inputs[path];
    }
    // A secret that holds the rest of the path hides it as well.
    return path
        .split(".")
        .reduce<unknown>(
            (value, part) =>
                value instanceof Secret || value === unknownValue
                    ? value
                    : (value as Record<string, unknown> | undefined)?.[part],
            inputs,
        );
}

/** The SDK hands out proxies that unwrap secrets; the key by which it gets at what is behind them is not in its types. */
function withoutProxies(props: Record<string, unknown>): Record<string, unknown> {
    const behind = props.__getSpecialProxyTarget as Record<string, unknown> | undefined;
    return behind === undefined ? props : withoutProxies(behind);
}
