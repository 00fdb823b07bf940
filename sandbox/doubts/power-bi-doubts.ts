import { type Doubt } from "./doubt";

/** What nobody knows about Power BI, Fabric and Entra. */
export const powerBiDoubts = {} satisfies Record<string, Doubt>;
