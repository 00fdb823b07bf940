import { z } from "zod";
import { name } from "./values";

/**
 * An entry of `credentials[].release`: what an earlier up bound and is let go on purpose. Names are those that Power BI
 * or the configuration have for it; ids do as well.
 */
export const release = z
    .strictObject({
        /** Everything in this workspace, or one dataset of it. */
        workspace: name.optional(),
        dataset: name.optional(),
        /** Everything on this gateway, or one datasource of it. */
        gateway: name.optional(),
        datasource: name.optional(),
    })
    .refine(
        ({ workspace, gateway, datasource }) => [workspace, gateway, datasource].some((given) => given !== undefined),
        {
            error: "expected { workspace }, { workspace, dataset }, { gateway }, { gateway, datasource } or { datasource }",
        },
    )
    .refine(({ workspace, dataset }) => dataset === undefined || workspace !== undefined, {
        path: ["dataset"],
        error: "a dataset needs its workspace; write { workspace, dataset }",
    });

/** What is let go on purpose. */
export type Release = z.output<typeof release>;
