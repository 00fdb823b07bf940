import { isDeepStrictEqual } from "node:util";
import { observe } from "../clients/observation";
import { PowerBiClient } from "../clients/power-bi";
import { TargetedKey } from "./dataset-sources";

/** What an earlier run noted of a dataset that it made SP2's. */
export interface RecordedOwnership {
    /** The owner as Power BI wrote it; empty where Power BI did not say who it is. */
    owner: string;
    datasources: TargetedKey[];
    /** Whether a take-over was begun, and nobody saw its end. Absent in states of 0.1.0, where an empty owner says that. */
    unfinished?: boolean;
}

/** Whether a take-over was begun, and nobody saw its end. */
export function isUnfinished({ owner, unfinished }: Pick<RecordedOwnership, "owner" | "unfinished">): boolean {
    return unfinished ?? owner === "";
}

/**
 * Whether the Power BI service principal (SP2) owns a dataset. What Power BI writes for a service principal differs by
 * tenant, and may be left out: then it is known by the datasources, which change with the owner, or by being let look at
 * them.
 *
 * @param owner as Power BI writes it; empty where it does not say.
 * @param look gives the datasources that read the warehouse, as far as they can be read.
 * @param recorded what an earlier run noted.
 */
export async function isOwnedBySp2(
    powerBi: PowerBiClient,
    owner: string,
    look: () => Promise<TargetedKey[]>,
    recorded?: RecordedOwnership,
): Promise<boolean> {
    const known = recorded !== undefined && !isUnfinished(recorded) ? recorded : undefined;
    const isRecorded = known !== undefined && owner.toLowerCase() === known.owner.toLowerCase();
    if (owner !== "" && (isRecorded || (await powerBi.isOwnName(owner)))) {
        return true;
    }
    if (owner.includes("@")) {
        return false;
    }
    const observed = await observe(look);
    const keys = observed.outcome === "found" ? observed.value : [];
    if (keys.length === 0) {
        return false;
    }
    if (owner === "" && isDeepStrictEqual(keys, known?.datasources)) {
        return true;
    }
    // Somebody else's personal cloud connection is not shown to SP2.
    const looks = await Promise.all(keys.map((key) => observe(() => powerBi.gateways.getDatasource(key))));
    return looks.every(({ outcome }) => outcome === "found");
}
