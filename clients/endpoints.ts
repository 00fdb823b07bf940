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

/**
 * The domains of Databricks workspaces, also behind private links and with custom URLs (`NAME.databricks.com`,
 * `NAME.azuredatabricks.net`), and in the government's clouds.
 *
 * @see https://github.com/databricks/databricks-sdk-go/blob/main/common/environment/environments.go
 * @see https://github.com/databricks/databricks-sdk-java/pull/435 for `.cloud.databricks.mil`
 */
const databricksDomains = [
    ".azuredatabricks.net",
    ".databricks.azure.us",
    ".databricks.azure.cn",
    ".databricks.com",
    ".cloud.databricks.us",
    ".cloud.databricks.mil",
];

/**
 * The account consoles, which are no workspaces: `accounts.cloud.databricks.com`, `accounts.gcp.databricks.com`,
 * `accounts.azuredatabricks.net` and `.us`, `accounts-dod.cloud.databricks.mil`.
 *
 * @see https://github.com/databricks/databricks-sdk-go/blob/main/config/config.go (HostType)
 */
const accountConsole = /^accounts(-dod)?\.(?:[a-z0-9-]+\.)*(?:azuredatabricks|databricks)\./;

const expectedAddress = "expected an address, like https://adb-1234567890123456.7.azuredatabricks.net";

/**
 * An address that a secret may be sent to: https, or plain http on this very machine. It is scheme and host and nothing
 * else, to the letter: the databricks provider reads it with another parser, which must not see another host in it.
 */
const serviceAddress = z
    .string({ error: expectedAddress })
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

/**
 * What a browser shows of a workspace: scheme and host, and then a path, a query and a fragment without anything that
 * another parser could take for the end of the host. Here the host ends where all parsers see its end.
 */
const browserAddress = /^(https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d+)?)(?:[/?#][\w\-./?#=&%:;,+~!$'()*]*)?$/i;

/** One that stands for the account's workspaces together, which the query tells apart. */
const severalWorkspaces = /^https:\/\/(?!adb-\d)[a-z0-9-]+\.(?:databricks\.com|azuredatabricks\.net)$/;

/** The address of a Databricks workspace. The browser's is understood: what follows the host is left out. */
export const databricksAddress = z
    .string({ error: expectedAddress })
    .refine((value) => !isUnclear(value), {
        error: (issue) =>
            `${shown(originIn(String(issue.input)))} stands for several workspaces, which the address tells apart by its ` +
            "query. Write the workspace's own host, like https://adb-1234567890123456.7.azuredatabricks.net, and this one " +
            "in the workspace's list of further hosts",
        abort: true,
    })
    .transform((value) => originIn(value) ?? value)
    .pipe(serviceAddress)
    .refine((value) => !accountConsole.test(new URL(value).hostname), {
        error: (issue) =>
            `${shown(issue.input)} is an account console, not a workspace. Write the address that the browser shows in the ` +
            "workspace, like https://adb-1234567890123456.7.azuredatabricks.net",
        abort: true,
    })
    .refine(
        (value) => !isHttps(value) || databricksDomains.some((domain) => new URL(value).hostname.endsWith(domain)),
        {
            error: (issue) =>
                `${shown(issue.input)} is no Databricks workspace; secrets are sent there, so accepted are hosts below ` +
                databricksDomains.join(", "),
        },
    );

/** A further host of a Databricks workspace, as Power BI's datasources name it: with or without a scheme. */
export const databricksHost = z
    .string({ error: "expected a host, like sales.databricks.com" })
    .transform((value) => (/^https?:\/\//i.test(value) ? value : `https://${value}`).replace(/[?#].*$/s, ""))
    .pipe(databricksAddress)
    .transform((value) => new URL(value).host);

/**
 * Whether the databricks provider, which gets the value as it is written, reads the same address from it. It takes scheme
 * and host of it, and the workspace's id from the query.
 *
 * @see https://github.com/databricks/databricks-sdk-go/blob/main/config/config.go (fixHostIfNeeded)
 */
export function isReadAlike(value: string, address: string): boolean {
    const [, origin, query = ""] = /^(https?:\/\/[^/?#]+)[^?#]*(\?[^#]*)?(?:#.*)?$/i.exec(value) ?? [];
    return origin?.toLowerCase() === address && /^(\?(o=\d+)?)?$/.test(query) && !value.includes("%");
}

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

/** Scheme and host of a browser's address; undefined for what is none. */
function originIn(value: string): string | undefined {
    const origin = browserAddress.exec(value.trim())?.[1].toLowerCase();
    // A dot at the end and the usual port change nothing.
    return origin?.replace(/^(https:.*?[a-z0-9])\.?(?::443)?$/, "$1");
}

function isUnclear(value: string): boolean {
    return severalWorkspaces.test(originIn(value) ?? "") && /[?&]o=/.test(value);
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
