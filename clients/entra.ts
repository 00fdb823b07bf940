import type { AccessToken, TokenCredential } from "@azure/identity";
import { PowerBiIdentity } from "./connection";
import { isLoopback } from "./endpoints";

/** The claims of a token that name its bearer: the client id (by token version) and the object id. */
export interface Claims {
    appid?: string;
    azp?: string;
    oid?: string;
}

/** Gives tokens of SP2, one per scope and run. */
export class EntraTokens {
    private credential?: Promise<TokenCredential>;
    private readonly tokens = new Map<string, Promise<AccessToken>>();

    /** @param authority the address that issues tokens. */
    constructor(
        private readonly identity: PowerBiIdentity,
        private readonly authority: string,
    ) {}

    /**
     * A valid token for a scope. Calls at the same time share one request.
     *
     * @throws Error with Entra's code (AADSTS…) when the login is refused.
     */
    async token(scope: string): Promise<string> {
        let pending = this.tokens.get(scope);
        if (!pending || (await expiresSoon(pending))) {
            pending = this.request(scope);
            this.tokens.set(scope, pending);
        }
        return (await pending).token;
    }

    /** What the token for a scope says of SP2. */
    async claims(scope: string): Promise<Claims> {
        const [, payload] = (await this.token(scope)).split(".");
        return JSON.parse(Buffer.from(payload ?? "", "base64url").toString("utf8") || "{}");
    }

    private async request(scope: string): Promise<AccessToken> {
        try {
            this.credential ??= this.createCredential();
            const token = await (await this.credential).getToken(scope);
            if (!token) {
                throw new Error("no token came back");
            }
            return token;
        } catch (error) {
            this.tokens.delete(scope);
            throw new Error(
                `Entra: the login of the service principal ${this.identity.clientId} in tenant ${this.identity.tenantId} ` +
                    `failed: ${firstLine((error as Error).message)}. Check powerBi.tenantId, clientId and clientSecret.`,
            );
        }
    }

    private async createCredential(): Promise<TokenCredential> {
        // Loaded on first use: a run that makes no Power BI request need not wait for it.
        const { ClientSecretCredential } = await import("@azure/identity");
        const { tenantId, clientId, clientSecret } = this.identity;
        const loopback = isLoopback(this.authority);
        return new ClientSecretCredential(tenantId, clientId, clientSecret, {
            // The library accepts https authorities only; on this machine the requests are sent as the address says.
            authorityHost: this.authority.replace(/^http:/, "https:"),
            disableInstanceDiscovery: loopback,
            additionalPolicies: loopback ? [{ policy: plainHttp(this.authority), position: "perCall" }] : [],
        });
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

function firstLine(text: string): string {
    return text.split(/\r?\n/)[0].replace(/\.$/, "");
}
