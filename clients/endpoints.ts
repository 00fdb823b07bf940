import { z } from "zod";

/** The addresses of Microsoft's services. */
export interface Endpoints {
    /** The authority that issues tokens. */
    entra: string;
    powerBi: string;
    fabric: string;
}

/** Microsoft's addresses (learn.microsoft.com, Power BI embedded: national clouds; Entra: national clouds). */
const clouds = {
    public: {
        entra: "https://login.microsoftonline.com",
        powerBi: "https://api.powerbi.com",
        fabric: "https://api.fabric.microsoft.com",
    },
} satisfies Record<string, Endpoints>;

/** The scope of a token for Power BI. */
export const powerBiScope = "https://analysis.windows.net/powerbi/api/.default";

/** An address that a secret may be sent to: https, or plain http on this very machine. */
export const serviceAddress = z
    .string({ error: "expected an address, like https://adb-1234567890123456.7.azuredatabricks.net" })
    .transform((value) => value.replace(/\/+$/, ""))
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
        error: (issue) => `${shown(issue.input)} is not an address; expected https://HOST`,
    })
    .refine((value) => !URL.canParse(value) || new URL(value).protocol === "https:" || isLoopback(value), {
        error: (issue) =>
            `${shown(issue.input)} is not https; secrets are sent there, so plain http is accepted for this machine ` +
            "(127.0.0.1, localhost) only. Write https://",
    });

/** The config keys `cloud` and `endpoints`. */
export const endpointsSchema = z
    .strictObject({ entra: serviceAddress, powerBi: serviceAddress, fabric: serviceAddress })
    .partial();

/** The addresses in use: those of the cloud, each of which `endpoints` may replace. */
export function endpointsOf(replacements: Partial<Endpoints> = {}): Endpoints {
    return { ...clouds.public, ...replacements };
}

/** Whether an address is on this very machine. */
export function isLoopback(address: string): boolean {
    const host = new URL(address).hostname;
    return host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

function shown(value: unknown): string {
    return JSON.stringify(value);
}
