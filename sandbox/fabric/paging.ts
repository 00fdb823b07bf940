import { type Sandbox } from "../sandbox";

/** A list as Fabric answers it: a page, with the way to the next one if there is one. */
export function page<T, R>(
    sandbox: Sandbox,
    path: string,
    token: string | undefined,
    all: T[],
    render: (item: T) => R,
): { value: R[]; continuationToken?: string; continuationUri?: string } {
    const start = Number(token ?? 0);
    const next = start + sandbox.world.powerBi.fabricPageSize;
    const value = all.slice(start, next).map(render);
    if (next >= all.length) {
        return { value };
    }
    const continuationUri = `${sandbox.urls.fabric}/v1${path}?continuationToken=${next}`;
    return { value, continuationToken: String(next), continuationUri };
}
