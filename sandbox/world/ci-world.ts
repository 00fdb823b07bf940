import { z } from "zod";

/** The pipelines of a world: who their tokens say that they are. */
export const ciWorld = z.strictObject({
    /** The token with which a job asks for a token of its own. */
    jobToken: z.string().default("ci-sandbox-token"),
    githubSubject: z.string().default("repo:example/platform:ref:refs/heads/main"),
    azureDevOpsSubject: z.string().default("sc://example/platform/powerbi"),
});

export type CiWorld = z.infer<typeof ciWorld>;
