import * as pulumi from "@pulumi/pulumi";
import { ConfigReader } from "../clients/config-reader";
import { addressesOf, Connection, isProduction, readConnection } from "../clients/connection";
import { isLoopback } from "../clients/endpoints";

/** What the rules need to know of the stack that is checked. */
export interface StackFacts {
    /** The stack's name. */
    name: string;
    /** Whether any of its services is elsewhere than on this machine. */
    production: boolean;
    /** The config keys of services that are on this machine, with their addresses. */
    loopback: Record<string, string>;
    /** How often its secrets are rotated, in days; undefined when it does not say. */
    rotationIntervalDays?: number;
}

/** Reads the stack that is checked, from the configuration that the engine hands to a policy pack. */
export function readStack(): StackFacts {
    const project = pulumi.getProject();
    const values = pulumi.runtime.allConfig();
    return factsOf(pulumi.getStack(), (key) => values[key.includes(":") ? key : `${project}:${key}`]);
}

/** Learns the facts from a stack's name and its configuration. */
export function factsOf(name: string, read: ConfigReader): StackFacts {
    const interval = Number(read("rotationIntervalDays"));
    const rotationIntervalDays = interval > 0 ? interval : undefined;
    const connection = attempt(() => readConnection(read));
    if (connection === undefined) {
        return { name, production: true, loopback: {}, rotationIntervalDays };
    }
    const loopback = Object.entries(addressesOf(connection)).flatMap(([key, address]) =>
        address !== undefined && isLoopback(address) ? [[key, address]] : [],
    );
    return {
        name,
        production: isProduction(connection),
        loopback: Object.fromEntries(loopback),
        rotationIntervalDays,
    };
}

/** A configuration that cannot be read is the program's to report, which it does with all mistakes. */
function attempt(read: () => Connection): Connection | undefined {
    try {
        return read();
    } catch {
        return undefined;
    }
}
