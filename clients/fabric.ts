import { z } from "zod";
import { AnsweredList, joinLists, readItems } from "./answered-list";
import { DatabricksTarget, parseConnectionDetails } from "./connection-details";
import { fabricScope } from "./endpoints";
import { EntraTokens } from "./entra";
import { anything, elements, filled, flag, listOf, nextPage, nothing, optional, structure, text } from "./fields";
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
    /** Absent for personal gateways: they are known by their id. */
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
    /** Absent for personal connections: they are known by their id. */
    displayName?: string;
    /** Absent for connections of the cloud. */
    gatewayId?: string;
    /** An open enum: which kind of connection it is. */
    connectivityType: string;
    /** Absent where Fabric does not say it; it is an open enum. */
    privacyLevel?: string;
    /** Absent: the connection has no credential. */
    credentialDetails?: {
        /** Absent: the connection has no credential. */
        credentialType?: string;
        /** Whose identity queries use. Absent is the same as `None`. */
        singleSignOnType?: string;
        /** Absent: Fabric does not say it. */
        connectionEncryption?: string;
    };
    /** Absent where it points to something that is not Databricks. */
    target?: DatabricksTarget;
}

/** The values of a Basic credential, in plain text or encrypted once for each member of a cluster. */
export type FabricCredentials =
    | { credentialType: "Basic"; username: string; password: string }
    | { credentialType: "Basic"; values: { gatewayId: string; encryptedCredentials: string }[] };

/** By whose identity reports query through a connection; undefined where it is the stored credential's. */
export function singleSignOnOf({ credentialDetails }: FabricConnection): string | undefined {
    const { singleSignOnType = "None" } = credentialDetails ?? {};
    return singleSignOnType === "None" ? undefined : oneLine(singleSignOnType);
}

/** How long a test of a connection may take: it may start the warehouse. */
const testTimeoutInMs = 10 * 60_000;

/** The Fabric REST API, as SP2. */
export class FabricClient {
    private readonly http: HttpClient;
    private readonly members = new Map<string, Promise<AnsweredList<GatewayMember>>>();

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
    listGateways(): Promise<AnsweredList<FabricGateway>> {
        return this.list("/v1/gateways", gatewayAnswer);
    }

    /** The members of an on-premises gateway's cluster, read once a run unless `forgetMembers` is called. */
    listMembers(gatewayId: string): Promise<AnsweredList<GatewayMember>> {
        let pending = this.members.get(gatewayId);
        if (!pending) {
            pending = this.list(`/v1/gateways/${segment(gatewayId)}/members`, memberAnswer);
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
    listConnections(): Promise<AnsweredList<FabricConnection>> {
        return this.list("/v1/connections", connectionAnswer);
    }

    /**
     * All connections of the tenant: a preview API, for tenants that open it to SP2.
     *
     * @see https://learn.microsoft.com/rest/api/fabric/admin/connections/list-connections
     */
    listTenantConnections(): Promise<AnsweredList<FabricConnection>> {
        return this.list("/v1/admin/connections", connectionAnswer);
    }

    /** A connection with its credential's type; the credential itself is never given back. */
    async getConnection(connectionId: string): Promise<FabricConnection> {
        return this.http.request({ method: "GET", path: connectionPath(connectionId) }, connectionAnswer);
    }

    /**
     * Stores credentials in a connection, and has reports query with them, not with their reader's identity; everything
     * else of it stays as it is. Fabric tests them first.
     */
    async updateCredentials(
        connection: FabricConnection,
        credentials: FabricCredentials,
        privacyLevel: BasicCredential["privacyLevel"],
        sensitive: string[],
    ): Promise<void> {
        const { connectionEncryption = "NotEncrypted" } = connection.credentialDetails ?? {};
        await this.http.request(
            {
                method: "PATCH",
                path: connectionPath(connection.id),
                body: {
                    connectivityType: connection.connectivityType,
                    privacyLevel,
                    credentialDetails: {
                        singleSignOnType: "None",
                        connectionEncryption,
                        skipTestConnection: false,
                        credentials,
                    },
                },
                patience: patienceForTests,
                sensitive,
            },
            nothing,
        );
    }

    /**
     * Asks Fabric to connect with the stored credential.
     *
     * @returns the errors; none when the connection works.
     */
    async testConnection(connectionId: string): Promise<string[]> {
        const path = `${connectionPath(connectionId)}/testConnection`;
        const options = { method: "POST", path, repeatable: true, patience: patienceForTests } as const;
        const first = await this.http.exchange(options);
        const result =
            first.status === 202
                ? await this.resultOf(this.operationPath(path, first.headers), connectionId)
                : first.read(statusAnswer);
        if (result.status === "Online") {
            return [];
        }
        const errors = (result.errors ?? []).map(({ errorCode, message }) =>
            oneLine(redact(`${errorCode ?? "without a code"}: ${message ?? ""}`, [])),
        );
        return errors.length > 0 ? errors : [`the connection is ${oneLine(redact(result.status, []))}`];
    }

    /** Follows a test to its end. */
    private async resultOf(operation: string, connectionId: string): Promise<ConnectionStatus> {
        let result: ConnectionStatus | undefined;
        const what = `the test of connection ${connectionId}`;
        await waitUntil({ what, timeoutInMs: testTimeoutInMs, pauseInMs: 1000 }, async () => {
            const state = await this.http.request({ method: "GET", path: operation }, operationAnswer);
            if (state.status === "Failed") {
                result = { status: "Offline", errors: state.error ? [state.error] : [] };
            } else if (state.status === "Succeeded") {
                result = await this.http.request({ method: "GET", path: `${operation}/result` }, statusAnswer);
            }
            return result !== undefined;
        });
        return result!;
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

    private async list<T>(path: string, item: z.ZodType<T>): Promise<AnsweredList<T>> {
        const pages: AnsweredList<T>[] = [];
        const known = new Set<string>();
        const schema = structure({ value: elements, continuationToken: nextPage(known) });
        let continuationToken: string | undefined;
        do {
            const query: Record<string, string> = continuationToken ? { continuationToken } : {};
            const page = await this.http.request({ method: "GET", path, query }, schema);
            pages.push(readItems(page.value, item));
            continuationToken = page.continuationToken || undefined;
            if (continuationToken) {
                known.add(continuationToken);
            }
        } while (continuationToken);
        return joinLists(pages);
    }
}

const gatewayAnswer: z.ZodType<FabricGateway> = structure({ id: filled, type: text, displayName: optional(text) });

const memberAnswer: z.ZodType<GatewayMember> = structure({
    id: filled,
    displayName: text,
    publicKey: structure({ exponent: filled, modulus: filled }),
    enabled: flag,
});

const connectionAnswer: z.ZodType<FabricConnection> = structure({
    id: filled,
    displayName: optional(text),
    gatewayId: optional(text),
    connectivityType: text,
    privacyLevel: optional(text),
    credentialDetails: optional(
        structure({
            credentialType: optional(text),
            singleSignOnType: optional(text),
            connectionEncryption: optional(text),
        }),
    ),
    connectionDetails: anything,
}).transform(({ connectionDetails, ...connection }): FabricConnection => ({
    ...connection,
    target: parseConnectionDetails(connectionDetails),
}));

const failureAnswer = structure({ errorCode: optional(text), message: optional(text) });

const operationAnswer = structure({ status: text, error: optional(failureAnswer) });

const statusAnswer = structure({ status: text, errors: optional(listOf(failureAnswer)) });

type ConnectionStatus = z.output<typeof statusAnswer>;

function connectionPath(connectionId: string): string {
    return `/v1/connections/${segment(connectionId)}`;
}
