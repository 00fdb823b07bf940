import { z } from "zod";
import { type Dataset } from "../world/power-bi-world";
import { powerBiError } from "./access";

/** What a schedule says at what time it begins, where nobody said one. */
const defaultTime = "00:00";

const day = z.enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);
/** Half hours only. */
const time = z.string().regex(/^([01]\d|2[0-3]):(00|30)$/, "expected hh:00 or hh:30, from 00:00 to 23:30");

const change = z.object({
    enabled: z.boolean().optional(),
    days: z.array(day).min(1, "at least one day must be specified").optional(),
    times: z.array(time).optional(),
    localTimeZoneId: z.string().min(1).optional(),
    notifyOption: z.literal("NoNotification", "a service principal can ask for NoNotification only").optional(),
});

/**
 * Changes a schedule as asked.
 *
 * @see https://learn.microsoft.com/en-us/rest/api/power-bi/datasets/update-refresh-schedule-in-group
 * @throws HttpError 400
 */
export function changeSchedule(schedule: Dataset["refreshSchedule"], wanted: unknown): void {
    const parsed = change.safeParse(withNotifyOption(wanted));
    if (!parsed.success) {
        const [{ path, message }] = parsed.error.issues;
        throw invalid(`${["value", ...path].join(".")}: ${message}`);
    }
    const { enabled, ...rest } = parsed.data;
    const others = Object.keys(rest).filter((name) => name !== "notifyOption");
    if (enabled === false && others.length > 0) {
        throw invalid(`a request that switches a schedule off changes nothing else: ${others.join(", ")}`);
    }
    const changed = { ...schedule, ...parsed.data };
    if (changed.enabled && changed.days.length === 0) {
        throw invalid("value.days: at least one day must be specified");
    }
    if (changed.enabled && changed.times.length === 0) {
        changed.times = [defaultTime];
    }
    Object.assign(schedule, changed);
}

/** The contract writes the name of this one property in both ways. */
function withNotifyOption(wanted: unknown): unknown {
    if (wanted === null || typeof wanted !== "object" || !("NotifyOption" in wanted)) {
        return wanted;
    }
    const { NotifyOption: notifyOption, ...rest } = wanted;
    return { ...rest, notifyOption };
}

function invalid(message: string) {
    return powerBiError(400, "InvalidRequest", message);
}
