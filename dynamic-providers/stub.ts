import * as pulumi from "@pulumi/pulumi";
import type { ProviderName } from "./implementations";

/**
 * The provider that Pulumi serializes into the state of a resource: it holds no code of its own and finds the current
 * one by the package's name, wherever and whenever refresh or destroy runs it.
 *
 * Pulumi runs `configure` without waiting for it before parallel reads and deletes, so the implementations only assign
 * in it.
 */
export function stub(name: ProviderName): pulumi.dynamic.ResourceProvider {
    /* eslint-disable @typescript-eslint/no-require-imports -- an import would be serialized, code and all */
    return {
        configure: async (request: pulumi.dynamic.ConfigureRequest) =>
            require("@powerbi-databricks-credentials/dynamic-providers").provider(name).configure(request),
        check: async (olds: unknown, news: unknown) =>
            require("@powerbi-databricks-credentials/dynamic-providers").provider(name).check(olds, news),
        diff: async (id: string, olds: unknown, news: unknown) =>
            require("@powerbi-databricks-credentials/dynamic-providers").provider(name).diff(id, olds, news),
        create: async (inputs: unknown) =>
            require("@powerbi-databricks-credentials/dynamic-providers").provider(name).create(inputs),
        read: async (id: string, props: unknown) =>
            require("@powerbi-databricks-credentials/dynamic-providers").provider(name).read(id, props),
        update: async (id: string, olds: unknown, news: unknown) =>
            require("@powerbi-databricks-credentials/dynamic-providers").provider(name).update(id, olds, news),
        delete: async (id: string, props: unknown) =>
            require("@powerbi-databricks-credentials/dynamic-providers").provider(name).delete(id, props),
    };
}
