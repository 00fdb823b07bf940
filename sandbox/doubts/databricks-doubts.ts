import { type Doubt } from "./doubt";

/** What nobody knows about Databricks. */
export const databricksDoubts = {} satisfies Record<string, Doubt>;
