import { LoggedRequest } from "../../sandbox/control-client";
import { FaultKind, faultsFor } from "./fault-kinds";

/** A part of a stack's life that is disturbed. */
export type Phase = "up" | "rotation" | "destroy";

/** All of them, in the order of a life. */
export const phases: Phase[] = ["up", "rotation", "destroy"];

/** One request of a clean run, told apart from others by what the code that makes it knows: its route. */
export interface Place {
    phase: Phase;
    service: LoggedRequest["service"];
    method: string;
    /** The path without its query, with `*` for ids. */
    route: string;
    /** Which of the requests of this route, from 0. */
    occurrence: number;
}

/** A fault at a place. */
export interface Cell extends Place {
    fault: FaultKind;
}

/** Which requests of a route are disturbed. */
export type Coverage = "first" | "first and last" | "every";

/** The places in a run, out of its requests: what the program asks for tomorrow is in the matrix by itself. */
export function placesOf(phase: Phase, requests: LoggedRequest[], coverage: Coverage): Place[] {
    const counts = new Map<string, { place: Omit<Place, "occurrence">; count: number }>();
    for (const { service, method, path } of requests) {
        const place = { phase, service, method, route: routeOf(path) };
        const key = JSON.stringify(place);
        counts.set(key, { place, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return [...counts.values()].flatMap(({ place, count }) =>
        occurrences(count, coverage).map((occurrence) => ({ ...place, occurrence })),
    );
}

/** Every fault that makes a difference at each place. */
export function cellsOf(places: Place[]): Cell[] {
    return places.flatMap((place) => faultsFor(place).map((fault) => ({ ...place, fault })));
}

/** The pattern of the paths of a route. */
export function patternOf(route: string): string {
    const parts = route.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return `^${parts.join("[^/?]+")}(\\?|$)`;
}

/** A path without what differs between two runs: ids, numbers and the query. */
export function routeOf(path: string): string {
    return path
        .replace(/\?.*$/, "")
        .split("/")
        .map((part) =>
            /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^\d{6,}$|^[0-9a-f]{16,}$/i.test(part) ? "*" : part,
        )
        .join("/");
}

function occurrences(count: number, coverage: Coverage): number[] {
    if (coverage === "every") {
        return Array.from({ length: count }, (_, index) => index);
    }
    return coverage === "first" || count === 1 ? [0] : [0, count - 1];
}
