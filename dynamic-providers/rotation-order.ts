/** A rotation that is asked for, and what is known of the last one. */
export interface RequestedRotation {
    /** The service principal as the user reads it. */
    servicePrincipalName: string;
    /** The keys of the last run, whether or not it came to its end; the one in use first. Undefined before any run. */
    lastKeys?: string[];
    /** The key that everything holds: that of the last run that came to its end; empty when none did. */
    finishedKey: string;
    /** The keys that are asked for. */
    keys: string[];
}

/**
 * Why no further secret may be made: the last rotation has not come to its end. While bindings fail, every bumped key
 * would make one more secret and none could be deleted, until Databricks' limit allows neither forward nor back.
 *
 * @returns undefined when nothing is in the way: going on with that rotation, or giving it up, makes no secret.
 */
export function unfinishedRotation({
    servicePrincipalName,
    lastKeys,
    finishedKey,
    keys,
}: RequestedRotation): string | undefined {
    const [unfinishedKey] = lastKeys ?? [];
    const further = keys.filter((key) => !lastKeys?.includes(key) && key !== finishedKey);
    if (unfinishedKey === undefined || unfinishedKey === finishedKey || further.length === 0) {
        return undefined;
    }
    const goBack = finishedKey
        ? `; \`pulumi config set rotationKey ${finishedKey}\` instead gives that rotation up`
        : "";
    return (
        `${servicePrincipalName}: the last rotation, to rotation key ${unfinishedKey}, has not come to its end, and no ` +
        `further secret (rotation key ${further.join(", ")}) is made before it has. Nothing was changed, and what is ` +
        `bound goes on working. Run \`pulumi config set rotationKey ${unfinishedKey}\` and \`pulumi up\`, which names what ` +
        `is in the way; when that is removed, \`pulumi up\` again, and rotate after that${goBack}`
    );
}
