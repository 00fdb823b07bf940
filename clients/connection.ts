import { z } from "zod";
import { AzureLogin, azureLogin } from "./azure-login";
import { Diagnostic } from "../diagnostics/diagnostic";
import { ConfigReader, invalid, Problems } from "./config-reader";
import { DatabricksLogin, readDatabricksLogin } from "./databricks-login";
import { Profile, readProfile } from "./databricks-profile";
import {
    cloudSchema,
    databricksAddress,
    databricksHost,
    Endpoints,
    endpointsOf,
    endpointsSchema,
    isLoopback,
    isReadAlike,
} from "./endpoints";

/** How a Databricks workspace is reached and as whom. */
export interface DatabricksConnection {
    /** Absent while only the workspace's Azure resource id is known. */
    host?: string;
    /** Further hosts under which the workspace is known, without scheme: custom URLs. */
    hosts: string[];
    /** The resource id of the workspace in Azure, from which the host is learnt. */
    azureResourceId?: string;
    login: DatabricksLogin;
}

/** The name of the workspace that the namespace `databricks` describes. */
export const mainWorkspace = "databricks";

/** The config key of a value of a workspace. */
export function workspaceKey(workspace: string, value: string): string {
    return workspace === mainWorkspace ? `databricks:${value}` : `databricksWorkspaces.${workspace}.${value}`;
}

/** The config key of the further hosts of a workspace. */
export function hostsKey(workspace: string): string {
    return workspace === mainWorkspace ? "hosts" : workspaceKey(workspace, "hosts");
}

/** Everything that is needed to speak to the services. Secrets in it never leave the process. */
export interface Connection {
    /** The Databricks workspaces by name. */
    databricks: Record<string, DatabricksConnection>;
    /** SP2: the Entra service principal that may change Power BI. */
    powerBi?: AzureLogin;
    endpoints: Endpoints;
    /** How long a service may take to answer a request. */
    requestTimeoutInMs: number;
    /** How many requests a minute Power BI and Fabric are asked, each by each process of a run. */
    requestsPerMinute: number;
}

const requestTimeout = z.coerce
    .number()
    .pipe(z.int({ error: "expected a whole number of seconds" }).min(1).max(600))
    .default(60);

/** Users report 429 from some 120 requests a minute on; the limits of Power BI's standard API are not published. */
const requestsPerMinuteSchema = z.coerce
    .number()
    .pipe(z.int({ error: "expected a whole number of requests" }).min(1).max(6000))
    .default(120);

/** Further hosts of a workspace. */
const furtherHosts = z
    .array(databricksHost, { error: "expected a list of hosts, like [sales.databricks.com]" })
    .default([]);

/**
 * The values of a further workspace: those of the databricks provider, whose own names they have, and the hosts that
 * the workspace has besides.
 */
const workspaceValues = z.record(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, {
        error: "a workspace's name has letters, digits, _ and - only, a letter or digit first, 64 at most",
    }),
    z
        .object({ hosts: furtherHosts }, { error: "expected a map with host, authType and the values that it needs" })
        .catchall(z.union([z.string(), z.number(), z.boolean()], { error: "expected a text, number or boolean" })),
    { error: "expected a map of workspaces by name" },
);

/** The values of the further workspaces, as they are configured: each the arguments of a databricks provider. */
export type WorkspaceValues = Record<string, Record<string, string | number | boolean>>;

/** The further workspaces as they are configured, with the hosts that each has besides its own. */
interface FurtherWorkspaces {
    values: WorkspaceValues;
    hosts: Record<string, string[]>;
}

/**
 * Reads how to reach the services, from the stack's configuration and, where the databricks provider does so too, from
 * the environment.
 *
 * @throws ConfigurationError with all that is wrong.
 */
export function readConnection(read: ConfigReader, environment: NodeJS.ProcessEnv = process.env): Connection {
    const problems = new Problems();
    const databricks: Connection["databricks"] = {};
    const addWorkspace = (
        name: string,
        where: string,
        hosts: string[],
        readValue: ConfigReader,
        variables: NodeJS.ProcessEnv,
    ) => {
        const address = readValue("host") || variables.DATABRICKS_HOST;
        const azureResourceId = name === mainWorkspace ? undefined : readValue("azureWorkspaceResourceId");
        const mayLackHost = azureResourceId !== undefined && address === undefined;
        const host = mayLackHost ? undefined : problems.parse(workspaceKey(name, "host"), databricksAddress, address);
        if (name === mainWorkspace && host !== undefined && !isReadAlike(address!, host)) {
            problems.add(
                invalid(
                    workspaceKey(name, "host"),
                    `the databricks provider gets this address as it is written, and would not read ${host} from it`,
                    `write ${host} there, or in DATABRICKS_HOST, or in the profile`,
                ),
            );
        }
        const login = readDatabricksLogin(where, readValue, variables);
        if ("code" in login) {
            problems.add(login);
        } else if (host !== undefined || mayLackHost) {
            databricks[name] = { host, hosts, azureResourceId, login };
        }
    };
    const further = readFurther(read, problems);
    const furtherWorkspaces = Object.entries(further.values);
    const mainHosts = problems.parse("hosts", furtherHosts, problems.structure("hosts", read)) ?? [];
    const profile = readProfile(read("databricks:profile") || environment.DATABRICKS_CONFIG_PROFILE, environment);
    if ("problem" in profile) {
        problems.add(profile.problem);
    }
    const fallback: Profile = "problem" in profile ? {} : profile.values;
    const readMain: ConfigReader = (key) => read(`databricks:${key}`) || fallback[key];
    const hasMain = readMain("host") || environment.DATABRICKS_HOST || furtherWorkspaces.length === 0;
    if (hasMain) {
        addWorkspace(mainWorkspace, "databricks", mainHosts, readMain, environment);
    } else if (mainHosts.length > 0) {
        const remedy = "write them below databricksWorkspaces.NAME.hosts";
        problems.add(invalid("hosts", "there is no workspace of databricks:host", remedy));
    }
    for (const [name, values] of furtherWorkspaces) {
        if (name === mainWorkspace) {
            const reason = "this is the name of the workspace that databricks:host describes";
            problems.add(invalid(`databricksWorkspaces.${name}`, reason, "choose another name"));
        }
        // The environment's login belongs to the main workspace; pipelines' tokens serve any.
        const variables = Object.entries(environment).filter(([variable]) => !/^(DATABRICKS|ARM)_/.test(variable));
        const readValue: ConfigReader = (key) => values[key]?.toString();
        const where = `databricksWorkspaces.${name}`;
        addWorkspace(name, where, further.hosts[name], readValue, Object.fromEntries(variables));
    }
    problems.add(...hostsOfOthers(databricks));
    const login = completeLogin(problems.optionalStructure("powerBi", read), environment);
    const powerBi = problems.parse("powerBi", azureLogin.optional(), login);
    if (powerBi?.login === "secretScope" && !hasMain) {
        problems.add(
            invalid(
                workspaceKey(mainWorkspace, "host"),
                "expected the workspace whose secret scope powerBi.secretScope names",
                "set it: the scope is not looked for in the workspaces of databricksWorkspaces",
            ),
        );
    }
    const cloud = problems.parse("cloud", cloudSchema, read("cloud"));
    const endpoints = problems.parse("endpoints", endpointsSchema, problems.structure("endpoints", read) ?? {});
    const timeout = problems.parse("requestTimeoutInSeconds", requestTimeout, read("requestTimeoutInSeconds")) ?? 0;
    const requestTimeoutInMs = timeout * 1000;
    const requestsPerMinute =
        problems.parse("requestsPerMinute", requestsPerMinuteSchema, read("requestsPerMinute")) ?? 0;
    problems.demandNone();
    return { databricks, powerBi, endpoints: endpointsOf(cloud, endpoints), requestTimeoutInMs, requestsPerMinute };
}

/** The values of the providers of the further Databricks workspaces, by name. */
export function readWorkspaces(read: ConfigReader): WorkspaceValues {
    return readFurther(read, new Problems()).values;
}

function readFurther(read: ConfigReader, problems: Problems): FurtherWorkspaces {
    const given = problems.structure("databricksWorkspaces", read) ?? {};
    const entries = Object.entries(problems.parse("databricksWorkspaces", workspaceValues, given) ?? {});
    return {
        values: Object.fromEntries(entries.map(([name, { hosts: _, ...values }]) => [name, values])),
        hosts: Object.fromEntries(entries.map(([name, { hosts }]) => [name, hosts])),
    };
}

/** Hosts that are listed for one workspace and are another's own: what reads there reads the other. */
function hostsOfOthers(databricks: Connection["databricks"]): Diagnostic[] {
    const owners = Object.entries(databricks).flatMap(([name, { host }]) =>
        host === undefined ? [] : [[new URL(host).host, name] as const],
    );
    return Object.entries(databricks).flatMap(([name, { hosts }]) =>
        hosts.flatMap((listed) =>
            owners
                .filter(([host, owner]) => host === listed && owner !== name)
                .map(([, owner]) =>
                    invalid(
                        hostsKey(name),
                        `${listed} is ${workspaceKey(owner, "host")}`,
                        "take it out: no other workspace is there",
                    ),
                ),
        ),
    );
}

/**
 * The addresses that are spoken to, by the config keys that name them; undefined for a Databricks workspace whose host is
 * still to be learnt.
 */
export function addressesOf({ databricks, endpoints }: Connection): Record<string, string | undefined> {
    const { entra, powerBi, fabric } = endpoints;
    const workspaces = Object.entries(databricks).map(([name, { host }]) => [workspaceKey(name, "host"), host]);
    return {
        ...Object.fromEntries(workspaces),
        "endpoints.entra": entra,
        "endpoints.powerBi": powerBi,
        // Some clouds have none.
        ...(fabric !== undefined && { "endpoints.fabric": fabric }),
    };
}

/** Whether any of the services is elsewhere than on this very machine: what is no stack on the sandbox is production. */
export function isProduction(connection: Connection): boolean {
    return Object.values(addressesOf(connection)).some((address) => address === undefined || !isLoopback(address));
}

/** What a workload identity may take from the environment, so that a preview's job can have an identity of its own. */
const identityVariables = {
    tenantId: "AZURE_TENANT_ID",
    clientId: "AZURE_CLIENT_ID",
    serviceConnectionId: "AZURE_SERVICE_CONNECTION_ID",
};

/** The values of `identityVariables` that each login of a pipeline's job has. */
const identityValues: Record<string, (keyof typeof identityVariables)[]> = {
    github: ["tenantId", "clientId"],
    azureDevOps: ["tenantId", "clientId", "serviceConnectionId"],
};

/**
 * A login that does not say which it is, is one by client secret or by the secret scope that it names. A pipeline's
 * that does not say whose it is, is the job's.
 */
function completeLogin(value: unknown, environment: NodeJS.ProcessEnv): unknown {
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const login = "login" in value ? value.login : "secretScope" in value ? "secretScope" : "clientSecret";
    const fromJob = (identityValues[String(login)] ?? []).map((name) => [name, environment[identityVariables[name]]]);
    return { login, ...Object.fromEntries(fromJob.filter(([, given]) => given)), ...value };
}
