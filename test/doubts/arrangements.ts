import { type doubts } from "../../sandbox/doubts";
import { type WorldInput } from "../../sandbox/world/world";

/** How a life is arranged so that a doubt matters in it. */
export interface Arrangement {
    /** When the behaviour begins. Default with the first up; `rotation`: the world was well when the credential was bound. */
    since?: "first up" | "rotation";
    /** Changes the world before the first up. */
    world?: (world: Required<WorldInput>) => void;
    /** Replaces or extends configuration values of the stack. */
    config?: Record<string, unknown>;
}

/** The doubts whose life differs from the plain one. */
export const arrangements: Partial<Record<keyof typeof doubts, Arrangement>> = {};
