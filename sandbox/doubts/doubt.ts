/**
 * What the main life cycle (first up, second up, rotation, destroy) is expected to do while a behaviour is switched on:
 * - `converges`: every report works throughout, and one `pulumi up` reaches the declared state;
 * - `keeps`: the run goes on, keeps the old secret alive for what it could not switch, and says so;
 * - `refuses`: the run stops before it changes anything and says in words why and what to do.
 */
export type ExpectedOutcome = "converges" | "keeps" | "refuses";

/** One way in which a service may behave where nobody knows. */
export interface Behaviour {
    /** One sentence: what the service does. */
    does: string;
    /** Decided before the code that has to live up to it. */
    expected: ExpectedOutcome;
}

/** A fact about a service that nobody knows: a switch that tests turn in every direction. */
export interface Doubt {
    /** The question, in one sentence. */
    question: string;
    /** The address of whoever reported or documented one of the behaviours, or the word `invented`. */
    source: string;
    /** By the name that a world file gives: `doubts: { NAME: BEHAVIOUR }`. The first is what the sandbox does by default. */
    behaviours: Record<string, Behaviour>;
}

/** The behaviour that a doubt has where the world file does not choose one. */
export function defaultBehaviour({ behaviours }: Doubt): string {
    return Object.keys(behaviours)[0];
}
