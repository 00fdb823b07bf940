import { z } from "zod";

/** The addresses of Microsoft's services. */
export interface Endpoints {
    /** The authority that issues tokens. */
    entra: string;
    powerBi: string;
    /** The scope of a token for Power BI. */
    powerBiScope: string;
    /** The Fabric API; absent in clouds for which Microsoft publishes no address. */
    fabric?: string;
}

/**
 * Microsoft's addresses (learn.microsoft.com, Power BI embedded: national clouds; Entra: national clouds). In the first
 * government cloud (GCC), Entra is the public one.
 */
const clouds = {
    public: {
        entra: "https://login.microsoftonline.com",
        powerBi: "https://api.powerbi.com",
        powerBiScope: "https://analysis.windows.net/powerbi/api/.default",
        fabric: "https://api.fabric.microsoft.com",
    },
    usgov: {
        entra: "https://login.microsoftonline.com",
        powerBi: "https://api.powerbigov.us",
        powerBiScope: "https://analysis.usgovcloudapi.net/powerbi/api/.default",
    },
    usgovhigh: {
        entra: "https://login.microsoftonline.us",
        powerBi: "https://api.high.powerbigov.us",
        powerBiScope: "https://high.analysis.usgovcloudapi.net/powerbi/api/.default",
    },
    dod: {
        entra: "https://login.microsoftonline.us",
        powerBi: "https://api.mil.powerbigov.us",
        powerBiScope: "https://mil.analysis.usgovcloudapi.net/powerbi/api/.default",
    },
    china: {
        entra: "https://login.chinacloudapi.cn",
        powerBi: "https://api.powerbi.cn",
        powerBiScope: "https://analysis.chinacloudapi.cn/powerbi/api/.default",
    },
} satisfies Record<string, Endpoints>;

/** A Microsoft cloud. */
export type CloudName = keyof typeof clouds;

/** The scope of a token for Fabric. */
export const fabricScope = "https://api.fabric.microsoft.com/.default";

/** The scope of an Entra token for Databricks on Azure, in all clouds (databricks-sdk-go, common/environment). */
export const azureDatabricksScope = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default";

/** The domains of Databricks workspaces, also behind private links (databricks-sdk-go, common/environment). */
const databricksDomains = [
    ".azuredatabricks.net",
    ".databricks.azure.us",
    ".databricks.azure.cn",
    ".cloud.databricks.com",
    ".cloud.databricks.us",
    ".gcp.databricks.com",
];

/**
 * An address that a secret may be sent to: https, or plain http on this very machine. It is scheme and host and nothing
 * else, to the letter: the databricks provider reads it with another parser, which must not see another host in it.
 */
const serviceAddress = z
    .string({ error: "expected an address, like https://adb-1234567890123456.7.azuredatabricks.net" })
    .transform((value) => value.replace(/\/+$/, "").toLowerCase())
    .refine(isOrigin, {
        error: (issue) => {
            // What stands before an @ or behind a ? may be a secret.
            const given = /[@?#]/.test(String(issue.input)) ? "what is given" : shown(issue.input);
            return `${given} is not an address; expected https://HOST and nothing else: no user, path or query`;
        },
        abort: true,
    })
    .refine((value) => new URL(value).protocol === "https:" || isLoopback(value), {
        error: (issue) =>
            `${shown(issue.input)} is not https; secrets are sent there, so plain http is accepted for this machine ` +
            "(127.0.0.1, localhost) only. Write https://",
        abort: true,
    });

/** The address of a Databricks workspace. */
export const databricksAddress = serviceAddress.refine(
    (value) => !isHttps(value) || databricksDomains.some((domain) => new URL(value).hostname.endsWith(domain)),
    {
        error: (issue) =>
            `${shown(issue.input)} is no Databricks workspace; secrets are sent there, so accepted are hosts below ` +
            databricksDomains.join(", "),
    },
);

/** The address of one of Microsoft's services. */
const microsoftAddress = serviceAddress.refine(
    (value) => !isHttps(value) || knownAddresses().includes(new URL(value).origin),
    {
        error: (issue) =>
            `${shown(issue.input)} is none of Microsoft's services; secrets are sent there, so accepted are ` +
            `${knownAddresses().join(", ")} and this machine`,
    },
);

/** The config key `cloud`. */
export const cloudSchema = z
    .enum(Object.keys(clouds) as [CloudName, ...CloudName[]], {
        error: `expected one of ${Object.keys(clouds).join(", ")}`,
    })
    .default("public");

/** The config key `endpoints`. */
export const endpointsSchema = z
    .strictObject({ entra: microsoftAddress, powerBi: microsoftAddress, fabric: microsoftAddress })
    .partial();

/** The addresses in use: those of the cloud, each of which `endpoints` may replace. */
export function endpointsOf(cloud: CloudName = "public", replacements: Partial<Endpoints> = {}): Endpoints {
    return { ...clouds[cloud], ...replacements };
}

/** Whether an address is on this very machine. */
export function isLoopback(address: string): boolean {
    const host = new URL(address).hostname;
    return host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

function isOrigin(value: string): boolean {
    return /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

function isHttps(value: string): boolean {
    return new URL(value).protocol === "https:" && !isLoopback(value);
}

function knownAddresses(): string[] {
    const all = Object.values(clouds).flatMap((cloud: Endpoints) => [cloud.entra, cloud.powerBi, cloud.fabric ?? ""]);
    return [...new Set(all.filter((address) => address !== ""))];
}

function shown(value: unknown): string {
    return JSON.stringify(value);
}
