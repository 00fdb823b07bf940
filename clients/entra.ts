import type { AccessToken, TokenCredential, TokenCredentialOptions } from "@azure/identity";
import { AzureLogin, describeLogin, DirectAzureLogin } from "./azure-login";
import { isLoopback } from "./endpoints";
import { requestIdToken } from "./id-tokens";
import { oneLine, redact } from "./redaction";
import { z } from "zod";
import { structure, text } from "./fields";

/**
 * The claims of a token that name its bearer: the client id (by token version) and the object id. Each may be absent: the
 * token does not say it then.
 */
export interface Claims {
    appid?: string;
    azp?: string;
    oid?: string;
}

/** A claim of another kind is none. */
const claim = text.optional().catch(undefined);

const claimsAnswer: z.ZodType<Claims> = structure({ appid: claim, azp: claim, oid: claim });

/** MSAL's codes for an authority that does not answer, or that does not know the tenant. */
const noAnswer = /^(endpoints_resolution_error|openid_config_error|network_error|no_network_connectivity)\b/;

/** Gives tokens of one login, one per scope and run. */
export class EntraTokens {
    private credential?: Promise<TokenCredential>;
    /** What Entra's words must not repeat. */
    private secrets: string[] = [];
    private readonly tokens = new Map<string, Promise<AccessToken>>();

    /**
     * @param authority the address that issues tokens.
     * @param resolve reads what the login only points to, a secret scope's entries for instance.
     */
    constructor(
        private readonly login: AzureLogin,
        private readonly authority: string,
        private readonly resolve: () => Promise<DirectAzureLogin>,
    ) {}

    /**
     * A valid token for a scope. Calls at the same time share one request.
     *
     * @throws Error with Entra's code (AADSTS…) when the login is refused; one that says so when Entra cannot be reached.
     */
    async token(scope: string): Promise<string> {
        let pending = this.tokens.get(scope);
        if (!pending || (await expiresSoon(pending))) {
            pending = this.request(scope);
            this.tokens.set(scope, pending);
        }
        return (await pending).token;
    }

    /** What the token for a scope says of its bearer. */
    async claims(scope: string): Promise<Claims> {
        const [, payload] = (await this.token(scope)).split(".");
        try {
            return claimsAnswer.parse(JSON.parse(Buffer.from(payload ?? "", "base64url").toString("utf8")));
        } catch {
            // A token says nothing to whom it is not for. The parser's own words would quote it.
            return {};
        }
    }

    private wordsOf({ message }: Error): string {
        const [first] = redact(message, this.secrets).split(/\r?\n/);
        return oneLine(first).replace(/\.$/, "");
    }

    private async request(scope: string): Promise<AccessToken> {
        try {
            this.credential ??= this.resolve().then((login) => {
                this.secrets = secretsOf(login);
                return credentialOf(login, this.authority);
            });
            const token = await (await this.credential).getToken(scope);
            if (typeof token?.token !== "string" || token.token === "" || !(token.expiresOnTimestamp > 0)) {
                throw new Error("no token came back that says how long it is good for");
            }
            return token;
        } catch (error) {
            this.tokens.delete(scope);
            this.credential = undefined;
            const { who, check } = describeLogin(this.login);
            const words = this.wordsOf(error as Error);
            throw new Error(
                noAnswer.test(words)
                    ? `Entra: ${this.authority} gave ${who} no token: ${words}. Look whether it can be reached from here (network, proxy, name resolution), and whether there is such a tenant.`
                    : `Entra: the login of ${who} failed: ${words}. Check ${check}.`,
            );
        }
    }
}

async function credentialOf(login: DirectAzureLogin, authority: string): Promise<TokenCredential> {
    // Loaded on first use: a run that asks Entra for nothing need not wait for it.
    const identity = await import("@azure/identity");
    const loopback = isLoopback(authority);
    const options: TokenCredentialOptions & { disableInstanceDiscovery: boolean } = {
        // The library accepts https authorities only; on this machine the requests are sent as the address says.
        authorityHost: authority.replace(/^http:/, "https:"),
        disableInstanceDiscovery: loopback,
        additionalPolicies: loopback ? [{ policy: plainHttp(authority), position: "perCall" }] : [],
    };
    switch (login.login) {
        case "clientSecret":
            return new identity.ClientSecretCredential(login.tenantId, login.clientId, login.clientSecret, options);
        case "certificate": {
            const { tenantId, clientId, certificate } = login;
            return new identity.ClientCertificateCredential(tenantId, clientId, { certificate }, options);
        }
        case "environment":
            return new identity.EnvironmentCredential(options);
        case "github": {
            const assertion = () => requestIdToken({ from: "github" }, "api://AzureADTokenExchange");
            return new identity.ClientAssertionCredential(login.tenantId, login.clientId, assertion, options);
        }
        case "azureDevOps": {
            const bearer = process.env.SYSTEM_ACCESSTOKEN ?? "";
            const { tenantId, clientId, serviceConnectionId } = login;
            return new identity.AzurePipelinesCredential(tenantId, clientId, serviceConnectionId, bearer, options);
        }
        case "tokenFile": {
            const { tenantId, clientId, tokenFile: tokenFilePath } = login;
            return new identity.WorkloadIdentityCredential({ ...options, tenantId, clientId, tokenFilePath });
        }
        case "managedIdentity":
            return login.clientId
                ? new identity.ManagedIdentityCredential(login.clientId, options)
                : new identity.ManagedIdentityCredential(options);
        case "azureCli":
            return new identity.AzureCliCredential({ tenantId: login.tenantId });
    }
}

function plainHttp(authority: string): import("@azure/core-rest-pipeline").PipelinePolicy {
    const secure = authority.replace(/^http:/, "https:");
    return {
        name: "plainHttpOnLoopback",
        sendRequest: (request, next) => {
            if (authority !== secure && request.url.startsWith(secure)) {
                request.url = authority + request.url.slice(secure.length);
            }
            request.allowInsecureConnection = isLoopback(request.url);
            return next(request);
        },
    };
}

async function expiresSoon(pending: Promise<AccessToken>): Promise<boolean> {
    const marginInMs = 5 * 60_000;
    return (await pending).expiresOnTimestamp - Date.now() < marginInMs;
}

/** The secrets that a login sends. Tokens of pipelines and signed assertions are known by their looks. */
function secretsOf(login: DirectAzureLogin, environment: NodeJS.ProcessEnv = process.env): string[] {
    const names = [
        "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_CERTIFICATE_PASSWORD",
        "SYSTEM_ACCESSTOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "IDENTITY_HEADER",
    ];
    const own = login.login === "clientSecret" ? [login.clientSecret] : [];
    return [...own, ...names.map((name) => environment[name] ?? "")];
}
