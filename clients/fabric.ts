import { DatabricksTarget, parseConnectionDetails } from "./connection-details";
import { fabricScope } from "./endpoints";
import { EntraTokens } from "./entra";
import { GatewayPublicKey } from "./gateway-encryption";
import { HttpClient, Pace } from "./http";
import { segment } from "./path";
import { BasicCredential, patienceForTests } from "./power-bi-gateways";
import { oneLine, redact } from "./redaction";
import { ServiceError } from "./service-error";
import { waitUntil } from "./wait";

/** A gateway as Fabric lists it; of all kinds, VNET gateways too. */
export interface FabricGateway {
    id: string;
    type: "OnPremises" | "OnPremisesPersonal" | "VirtualNetwork" | "StreamingVirtualNetwork" | (string & {});
    displayName?: string;
}

/** A member of an on-premises gateway's cluster; each has a key of its own. */
export interface GatewayMember {
    id: string;
    displayName: string;
    publicKey: GatewayPublicKey;
    enabled: boolean;
}

/** A connection: what Power BI calls datasource. */
export interface FabricConnection {
    id: string;
    displayName?: string;
    gatewayId?: string;
    connectivityType: string;
    privacyLevel?: BasicCredential["privacyLevel"];
    credentialDetails?: {
        credentialType?: string;
        singleSignOnType?: string;
        connectionEncryption?: string;
        skipTestConnection?: boolean;
    };
    target?: DatabricksTarget;
}

/** The values of a Basic credential, in plain text or encrypted once for each member of a cluster. */
export type FabricCredentials =
    | { credentialType: "Basic"; username: string; password: string }
    | { credentialType: "Basic"; values: { gatewayId: string; encryptedCredentials: string }[] };

/** How long a test of a connection may take: it may start the warehouse. */
const testTimeoutInMs = 10 * 60_000;

/** The Fabric REST API, as SP2. */
export class FabricClient {
    private readonly http: HttpClient;
    private readonly members = new Map<string, Promise<GatewayMember[]>>();

    /** @param pace how patiently and how often it is asked. */
    constructor(
        private readonly endpoint: string,
        tokens: EntraTokens,
        pace: Pace,
    ) {
        this.http = new HttpClient({
            service: "Fabric",
            baseUrl: endpoint,
            authorization: async () => `Bearer ${await tokens.token(fabricScope)}`,
            ...pace,
        });
    }

    /** All gateways that SP2 has a role on. */
    listGateways(): Promise<FabricGateway[]> {
        return this.list("/v1/gateways");
    }

    /** The members of an on-premises gateway's cluster, read once a run unless `forgetMembers` is called. */
    listMembers(gatewayId: string): Promise<GatewayMember[]> {
        let pending = this.members.get(gatewayId);
        if (!pending) {
            pending = this.list(`/v1/gateways/${segment(gatewayId)}/members`);
            pending.catch(() => this.forgetMembers(gatewayId));
            this.members.set(gatewayId, pending);
        }
        return pending;
    }

    /** Makes the next `listMembers` ask again. */
    forgetMembers(gatewayId: string): void {
        this.members.delete(gatewayId);
    }

    /** All connections that SP2 has a role on. */
    async listConnections(): Promise<FabricConnection[]> {
        return (await this.list<RawConnection>("/v1/connections")).map(readConnection);
    }

    /** A connection with its credential's type; the credential itself is never given back. */
    async getConnection(connectionId: string): Promise<FabricConnection> {
        return readConnection(
            await this.http.request<RawConnection>({ method: "GET", path: connectionPath(connectionId) }),
        );
    }

    /** Stores credentials in a connection; everything else of it stays as it is. Fabric tests them first. */
    async updateCredentials(
        connection: FabricConnection,
        credentials: FabricCredentials,
        privacyLevel: BasicCredential["privacyLevel"],
        sensitive: string[],
    ): Promise<void> {
        const { singleSignOnType = "None", connectionEncryption = "NotEncrypted" } = connection.credentialDetails ?? {};
        await this.http.request({
            method: "PATCH",
            path: connectionPath(connection.id),
            body: {
                connectivityType: connection.connectivityType,
                privacyLevel,
                credentialDetails: {
                    singleSignOnType,
                    connectionEncryption,
                    skipTestConnection: false,
                    credentials,
                },
            },
            patience: patienceForTests,
            sensitive,
        });
    }

    /**
     * Asks Fabric to connect with the stored credential.
     *
     * @returns the errors; none when the connection works.
     */
    async testConnection(connectionId: string): Promise<string[]> {
        const path = `${connectionPath(connectionId)}/testConnection`;
        const options = { method: "POST", path, repeatable: true, patience: patienceForTests } as const;
        const first = await this.http.exchange<ConnectionStatus>(options);
        let status: ConnectionStatus | undefined = first.status === 202 ? undefined : first.data;
        const operation = first.status === 202 ? this.operationPath(path, first.headers) : "";
        const what = `the test of connection ${connectionId}`;
        await waitUntil({ what, timeoutInMs: testTimeoutInMs, pauseInMs: 1000 }, async () => {
            if (status) {
                return true;
            }
            const state = await this.http.request<{ status: string; error?: FabricFailure }>({
                method: "GET",
                path: operation,
            });
            if (state.status === "Failed") {
                status = { status: "Offline", errors: state.error ? [state.error] : [] };
            } else if (state.status === "Succeeded") {
                status = await this.http.request<ConnectionStatus>({ method: "GET", path: `${operation}/result` });
            }
            return status !== undefined;
        });
        if (status!.status === "Online") {
            return [];
        }
        const errors = (status!.errors ?? []).map(({ errorCode, message }) =>
            oneLine(redact(`${errorCode}: ${message ?? ""}`, [])),
        );
        return errors.length > 0 ? errors : [`the connection is ${status!.status}`];
    }

    /**
     * Where a long-running operation is watched (learn.microsoft.com, Fabric: long running operations): on Fabric itself,
     * since the login goes there.
     *
     * @param path the path of the request that started it.
     * @throws ServiceError when the answer names no operation, or one elsewhere.
     */
    private operationPath(path: string, headers: Record<string, unknown>): string {
        const ofLocation = String(headers.location ?? "").split(`${this.endpoint}/v1/operations/`);
        const id = headers["x-ms-operation-id"] ?? (ofLocation[0] === "" ? ofLocation[1] : undefined);
        if (typeof id !== "string" || id === "") {
            const reason = "it names no operation of its own to watch";
            throw new ServiceError({ service: "Fabric", method: "POST", path, status: 202, reason });
        }
        return `/v1/operations/${segment(id)}`;
    }

    private async list<T>(path: string): Promise<T[]> {
        const items: T[] = [];
        let continuationToken: string | undefined;
        do {
            const query: Record<string, string> = continuationToken ? { continuationToken } : {};
            const page = await this.http.request<{ value: T[]; continuationToken?: string | null }>({
                method: "GET",
                path,
                query,
            });
            items.push(...page.value);
            continuationToken = page.continuationToken || undefined;
        } while (continuationToken);
        return items;
    }
}

interface FabricFailure {
    errorCode: string;
    message?: string;
}

interface ConnectionStatus {
    status: string;
    errors?: FabricFailure[];
}

type RawConnection = Omit<FabricConnection, "target"> & { connectionDetails?: unknown };

function readConnection({ connectionDetails, ...connection }: RawConnection): FabricConnection {
    return { ...connection, target: parseConnectionDetails(connectionDetails) };
}

function connectionPath(connectionId: string): string {
    return `/v1/connections/${segment(connectionId)}`;
}
