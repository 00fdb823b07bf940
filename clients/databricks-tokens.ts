import { z } from "zod";
import { DatabricksLogin } from "./databricks-login";
import { azureDatabricksScope } from "./endpoints";
import { filled, optional, structure } from "./fields";
import { HttpClient } from "./http";
import { describeIdToken, requestIdToken } from "./id-tokens";
import { hasStatus } from "./service-error";
import { isDefect } from "./user-error";

/** Tokens are renewed this long before they end. */
const marginInMs = 5 * 60_000;
const path = "/oidc/v1/token";

/** Gives tokens of a Databricks workspace: those of a login, one for a run, and those of a pair that is tried. */
export class DatabricksTokens {
    /** What the pipeline's token says, for the error when it is refused. */
    private presented = "";
    private session?: Promise<{ token: string; endsAt: number }>;

    /**
     * @param http speaks to the workspace without a login.
     * @param loginKey the config key that chooses the login, for the error when it is refused.
     * @param azureToken gives Entra's tokens, for a workspace that is logged in to with an identity of Azure's.
     */
    constructor(
        private readonly http: HttpClient,
        private readonly host: string,
        private readonly login: DatabricksLogin,
        private readonly loginKey: string,
        private readonly azureToken: (scope: string) => Promise<string>,
    ) {}

    /** The value of the `Authorization` header. */
    async authorization(): Promise<string> {
        const { login } = this;
        if (login.kind === "token") {
            return `Bearer ${login.token}`;
        }
        if (login.kind === "azure") {
            return `Bearer ${await this.azureToken(azureDatabricksScope)}`;
        }
        try {
            if (!this.session || (await this.session).endsAt - Date.now() < marginInMs) {
                this.session = this.logIn(login);
            }
            return `Bearer ${(await this.session).token}`;
        } catch (error) {
            this.session = undefined;
            if (isDefect(error)) {
                throw error;
            }
            const values =
                login.kind === "oidc"
                    ? `the service principal's federation policy: ${this.presented}`
                    : "clientId and clientSecret";
            const hint = hasStatus(error, 400, 401) ? ` Check ${this.loginKey} and ${values}.` : "";
            throw new Error(`${(error as Error).message}${hint}`);
        }
    }

    /**
     * Gets a token with a service principal's secret, as Power BI's connector does.
     *
     * @throws ServiceError 401 `invalid_client` when the pair is not accepted.
     */
    async request(clientId: string, clientSecret: string): Promise<TokenAnswer> {
        const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
        return this.post({ grant_type: "client_credentials" }, clientSecret, { Authorization: authorization });
    }

    private async logIn(login: OAuthLogin): Promise<{ token: string; endsAt: number }> {
        const answer =
            login.kind === "oauth-m2m"
                ? await this.request(login.clientId, login.clientSecret)
                : await this.exchange(login);
        return { token: answer.access_token, endsAt: Date.now() + (answer.expires_in ?? 3600) * 1000 };
    }

    /** Exchanges the pipeline's token (docs.databricks.com, OAuth token federation; audience as in databricks-sdk-go). */
    private async exchange(login: Extract<OAuthLogin, { kind: "oidc" }>): Promise<TokenAnswer> {
        const idToken = await requestIdToken(login.source, login.audience ?? `${this.host}${path}`);
        this.presented = describeIdToken(idToken);
        const form = {
            grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
            subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
            subject_token: idToken,
            ...(login.clientId ? { client_id: login.clientId } : {}),
        };
        return this.post(form, idToken);
    }

    /** @throws UnexpectedAnswer for an answer without a token: it would pass for a login that succeeded. */
    private async post(form: Record<string, string>, secret: string, headers: Record<string, string> = {}) {
        return this.http.request(
            {
                method: "POST",
                path,
                headers: { ...headers, "Content-Type": "application/x-www-form-urlencoded" },
                body: new URLSearchParams({ ...form, scope: "all-apis" }).toString(),
                repeatable: true,
                sensitive: [secret],
            },
            tokenAnswer,
        );
    }
}

type OAuthLogin = Extract<DatabricksLogin, { kind: "oauth-m2m" | "oidc" }>;

interface TokenAnswer {
    access_token: string;
    /** In seconds. Absent: an hour, as Databricks documents it (docs.databricks.com, OAuth M2M). */
    expires_in?: number;
}

const tokenAnswer: z.ZodType<TokenAnswer> = structure({
    access_token: filled,
    expires_in: optional(z.number({ error: "expected a number" })),
});
