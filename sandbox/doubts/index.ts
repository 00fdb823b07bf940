import { z } from "zod";
import { databricksDoubts } from "./databricks-doubts";
import { defaultBehaviour, type Doubt } from "./doubt";
import { powerBiDoubts } from "./power-bi-doubts";

/** Every doubt, by the name that a world file gives it. */
export const doubts = { ...powerBiDoubts, ...databricksDoubts };

type Doubts = typeof doubts;

/** A world's `doubts`: for each its behaviour. */
export type ChosenDoubts = { [Name in keyof Doubts]: keyof Doubts[Name]["behaviours"] & string };

/** The `doubts` of a world file: those that are left out behave as by default. */
export const doubtsWorld = z
    .strictObject(
        Object.fromEntries(
            Object.entries<Doubt>(doubts).map(([name, doubt]) => [
                name,
                z.enum(Object.keys(doubt.behaviours) as [string]).default(defaultBehaviour(doubt)),
            ]),
        ),
    )
    .transform((chosen) => chosen as ChosenDoubts);
