import { gatewayKinds } from "../clients/gateway-kinds";
import { z } from "zod";
import { flag, name } from "./values";

const api = z.enum(["powerbi", "fabric"], { error: 'expected "powerbi" or "fabric"' });

const gatewayType = z.enum(gatewayKinds, { error: `expected one of ${gatewayKinds.join(", ")}` });

/** What may be said of datasets, whether they are named or discovered. */
const datasetOptions = {
    /** Whether a dataset is refreshed after each change of its credential, and whether that is waited for. */
    refresh: z.union([z.boolean(), z.literal("wait")], { error: 'expected true, false or "wait"' }).default(false),
    /** Whether a take-over may drop the former owner's credentials of the dataset's other cloud sources. */
    allowCredentialLoss: flag.default(false),
    /** Whether a refresh schedule that is found off is switched on again; after a take-over it is in any case. */
    keepSchedule: flag.default(false),
    /** Which API stores credentials in gateways; default the documented one of the gateway's kind. */
    api: api.optional(),
    /** Whether single sign-on is switched off where a connection uses it; without this such a one is refused. */
    switchOffSingleSignOn: flag.default(false),
};

const datasetBinding = z.strictObject({
    kind: z.literal("dataset"),
    /** The workspace's name or id. */
    workspace: name,
    /** The dataset's name or id. */
    dataset: name,
    /** What the dataset's gateway is expected to be; it is detected, and checked against this. */
    gatewayType: gatewayType.optional(),
    ...datasetOptions,
});

const datasourceBinding = z.strictObject({
    kind: z.literal("datasource"),
    /** The gateway's name or id. */
    gateway: name,
    /** The datasource's name or id. */
    datasource: name,
    gatewayType: gatewayType.exclude(["NoGateway"]).optional(),
    api: api.optional(),
    /** Whether single sign-on is switched off where the datasource uses it; without this it is refused. */
    switchOffSingleSignOn: flag.default(false),
});

const patterns = z.array(name, { error: 'expected a list of names, in which "*" stands for anything' });

const discoveredBinding = z
    .strictObject({
        kind: z.literal("discover"),
        /** Datasources of the credential's warehouse, or of any warehouse of its Databricks workspace. */
        discover: z.enum(["warehouse", "host"], { error: 'expected "warehouse" or "host"' }),
        /** Where to look: in the workspaces that SP2 sees, on the gateways it administers, or in the whole tenant. */
        via: z
            .enum(["workspaces", "gateways", "scanner"], { error: 'expected "workspaces", "gateways" or "scanner"' })
            .default("workspaces"),
        workspaces: patterns.default(["*"]),
        /** The gateways that are meant; what reads through the cloud is behind none. */
        gateways: patterns.default(["*"]),
        /**
         * Whether datasets that nothing proves to read through the cloud, and nothing proves not to, are taken over; without
         * this they are told and left out. What is known to read otherwise is never taken over.
         */
        takeOver: flag.default(false),
        /** Patterns of workspaces, datasets and gateways to leave out. */
        exclude: z
            .strictObject({
                workspaces: patterns.default([]),
                datasets: patterns.default([]),
                gateways: patterns.default([]),
            })
            .prefault({}),
        ...datasetOptions,
    })
    .refine((value) => value.via !== "gateways" || value.refresh === false, {
        path: ["refresh"],
        error: "a gateway does not tell which datasets use it; look via workspaces or scanner to refresh them",
    })
    .refine(({ via, takeOver }) => via !== "gateways" || !takeOver, {
        path: ["takeOver"],
        error: "what is behind a gateway is not taken over; leave it out",
    })
    .refine(({ via, workspaces }) => via !== "gateways" || workspaces.every((pattern) => pattern === "*"), {
        path: ["workspaces"],
        error: untold("workspaces"),
    })
    .refine(({ via, exclude }) => via !== "gateways" || exclude.workspaces.length === 0, {
        path: ["exclude", "workspaces"],
        error: untold("workspaces"),
    })
    .refine(({ via, exclude }) => via !== "gateways" || exclude.datasets.length === 0, {
        path: ["exclude", "datasets"],
        error: untold("datasets"),
    });

/** What the credential is bound to: a dataset, a datasource of a gateway, or all that is discovered. */
export const binding = z.preprocess(
    withKind,
    z.discriminatedUnion("kind", [datasetBinding, datasourceBinding, discoveredBinding], {
        error: "expected { workspace, dataset }, { gateway, datasource } or { discover }",
    }),
);

/** One entry of `bindings`. */
export type Binding = z.output<typeof binding>;

/** One dataset to bind. */
export type DatasetBinding = z.output<typeof datasetBinding>;

/** One datasource of a gateway to bind. */
export type DatasourceBinding = z.output<typeof datasourceBinding>;

/** A rule by which datasources are found. */
export type DiscoveredBinding = z.output<typeof discoveredBinding>;

/** Says of a pattern that it would have no effect: what it means to leave out would be bound. */
function untold(kind: "workspaces" | "datasets"): string {
    return `a gateway does not tell which ${kind} use it; look via workspaces or scanner, or leave it out`;
}

function withKind(value: unknown): unknown {
    if (typeof value !== "object" || value === null || "kind" in value) {
        return value;
    }
    const kind = "discover" in value ? "discover" : "gateway" in value ? "datasource" : "dataset";
    return { kind, ...value };
}
