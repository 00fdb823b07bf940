/** A resource as a stack's state has it; secrets in it are encrypted. */
export interface StateResource {
    urn: string;
    type: string;
    id?: string;
    parent?: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    /** Whether it waits for its deletion: its successor is there. */
    delete?: boolean;
}

/** The logical name in a resource's URN. */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}
