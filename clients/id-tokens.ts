import { readFileSync } from "node:fs";
import axios, { AxiosResponse } from "axios";
import { z } from "zod";
import { filled, structure } from "./fields";
import { oneLine } from "./redaction";
import { pathOf, toServiceError } from "./service-error";
import { demandAnswer } from "./unexpected-answer";

/** Where the pipeline's own token (an OIDC ID token) comes from. */
export type IdTokenSource =
    | { from: "github" }
    | { from: "azureDevOps" }
    | { from: "environment"; variable: string }
    | { from: "file"; path: string };

/**
 * The token by which a pipeline proves what it is, for exchange against a token of Entra or Databricks. It is asked for
 * anew each time: it lives some minutes only.
 *
 * @param audience whom the token is for. Azure DevOps always issues tokens for Entra.
 * @throws Error that names the missing variable, file or right.
 */
export async function requestIdToken(
    source: IdTokenSource,
    audience: string,
    environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
    if (source.from === "environment") {
        return demand(environment, source.variable, "it has to hold the pipeline's OIDC token");
    }
    if (source.from === "file") {
        return readFileSync(source.path, "utf8").trim();
    }
    return source.from === "github" ? githubToken(audience, environment) : azureDevOpsToken(environment);
}

/** What a policy has to name for a token to be trusted, in words; none of it is a secret. */
export function describeIdToken(token: string): string {
    let claims: Record<string, unknown>;
    try {
        claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString("utf8"));
    } catch {
        return "the pipeline's token is no JSON Web Token";
    }
    const said = ["iss", "sub", "aud"].map((name) => oneLine(JSON.stringify(claims?.[name] ?? null)));
    return `the pipeline's token has the issuer ${said[0]}, the subject ${said[1]} and the audience ${said[2]}`;
}

/** docs.github.com, OpenID Connect reference: requesting the token from the runner. */
async function githubToken(audience: string, environment: NodeJS.ProcessEnv): Promise<string> {
    const hint = "GitHub sets it in jobs with `permissions: id-token: write`";
    const url = new URL(demand(environment, "ACTIONS_ID_TOKEN_REQUEST_URL", hint));
    url.searchParams.set("audience", audience);
    const bearer = demand(environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN", hint);
    return ask("GitHub", "GET", url.href, bearer, "value");
}

/** learn.microsoft.com, Azure DevOps REST API: Oidctoken - Create. */
async function azureDevOpsToken(environment: NodeJS.ProcessEnv): Promise<string> {
    const hint = "Azure DevOps sets it in pipelines";
    const [collection, projectId, hub, plan, job] = [
        "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
        "SYSTEM_TEAMPROJECTID",
        "SYSTEM_HOSTTYPE",
        "SYSTEM_PLANID",
        "SYSTEM_JOBID",
    ].map((name) => demand(environment, name, hint));
    const bearer = demand(
        environment,
        "SYSTEM_ACCESSTOKEN",
        "map it in the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)",
    );
    const path = `_apis/distributedtask/hubs/${hub}/plans/${plan}/jobs/${job}/oidctoken?api-version=7.2-preview.1`;
    const address = `${collection.replace(/\/+$/, "")}/${projectId}/${path}`;
    return ask("Azure DevOps", "POST", address, bearer, "oidcToken");
}

async function ask(service: string, method: "GET" | "POST", url: string, bearer: string, field: string) {
    let answer: AxiosResponse<unknown>;
    try {
        const headers = { Authorization: `Bearer ${bearer}` };
        answer = await axios.request({ method, url, headers, timeout: 30_000, maxRedirects: 0 });
    } catch (error) {
        throw axios.isAxiosError(error) ? toServiceError(service, error, [bearer]) : error;
    }
    const request = { service, method, path: pathOf("", url), status: answer.status };
    const schema: z.ZodType<Record<string, unknown>> = structure({ [field]: filled });
    return demandAnswer(request, schema, answer.data)[field] as string;
}

function demand(environment: NodeJS.ProcessEnv, name: string, hint: string): string {
    const value = environment[name];
    if (!value) {
        throw new Error(`the environment variable ${name} is not set; ${hint}`);
    }
    return value;
}
