import { DatabricksTarget, parseConnectionDetails } from "./connection-details";
import { encryptForGateway, GatewayPublicKey, serializeBasicCredential } from "./gateway-encryption";
import { HttpClient } from "./http";
import { segment } from "./path";

/** A datasource of a gateway, or of the virtual gateway that stands for the cloud. */
export interface GatewayDatasource {
    id: string;
    gatewayId: string;
    name: string;
    credentialType: string;
    /** Whether reports are to query with their reader's own identity. */
    useEndUserOAuth2Credentials: boolean;
    target?: DatabricksTarget;
}

/** An on-premises gateway. */
export interface Gateway {
    /** The id of the cluster: that of its first member. */
    id: string;
    name: string;
    publicKey: GatewayPublicKey;
}

/** Which datasource of which gateway. */
export interface DatasourceKey {
    gatewayId: string;
    datasourceId: string;
}

/** What `PATCH datasource` stores (Power BI REST API, Gateways - Update Datasource). */
export interface BasicCredential {
    username: string;
    password: string;
    privacyLevel: "None" | "Public" | "Organizational" | "Private";
}

/** A service that tests a credential before it answers may have to start a warehouse: some minutes. */
export const patienceForTests = 5;

/** The gateways of Power BI's REST API, the cloud's virtual ones among them, with their datasources. */
export class PowerBiGateways {
    private listed?: Promise<Gateway[]>;

    constructor(private readonly http: HttpClient) {}

    /** The on-premises gateways that SP2 administers; VNET gateways are never among them. */
    async list(): Promise<Gateway[]> {
        return (await this.http.request<{ value: Gateway[] }>({ method: "GET", path: "/gateways" })).value;
    }

    /** An on-premises gateway, with the key that credentials are encrypted with. */
    async get(gatewayId: string): Promise<Gateway> {
        return this.http.request({ method: "GET", path: `/gateways/${segment(gatewayId)}` });
    }

    /**
     * The public key of an on-premises gateway, read for all of them at once and once a run, unless `forgetKeys` is called.
     *
     * @returns undefined where SP2 does not administer the gateway.
     */
    async publicKey(gatewayId: string): Promise<GatewayPublicKey | undefined> {
        if (!this.listed) {
            this.listed = this.list();
            this.listed.catch(() => this.forgetKeys());
        }
        return (await this.listed).find(({ id }) => id.toLowerCase() === gatewayId.toLowerCase())?.publicKey;
    }

    /** Makes the next `publicKey` ask again. */
    forgetKeys(): void {
        this.listed = undefined;
    }

    /** The datasources of an on-premises gateway. */
    async listDatasources(gatewayId: string): Promise<GatewayDatasource[]> {
        const path = `/gateways/${segment(gatewayId)}/datasources`;
        return (await this.http.request<{ value: RawDatasource[] }>({ method: "GET", path })).value.map(readDatasource);
    }

    /** A datasource with its credential type; Power BI never gives the credential itself back. */
    async getDatasource(key: DatasourceKey): Promise<GatewayDatasource> {
        return readDatasource(await this.http.request<RawDatasource>({ method: "GET", path: datasourcePath(key) }));
    }

    /**
     * Stores a credential in a datasource. Power BI tests it first, which may start the warehouse.
     *
     * @param publicKey the gateway's, for a datasource of an on-premises gateway: nobody else can read the credential then.
     * @throws ServiceError 400 `DM_GWPipeline_Gateway_InvalidConnectionCredentials` when the test fails.
     */
    async updateCredential(
        datasource: DatasourceKey & Pick<GatewayDatasource, "useEndUserOAuth2Credentials">,
        credential: BasicCredential,
        publicKey?: GatewayPublicKey,
    ): Promise<void> {
        const plain = serializeBasicCredential(credential.username, credential.password);
        await this.http.request({
            method: "PATCH",
            path: datasourcePath(datasource),
            body: {
                credentialDetails: {
                    credentialType: "Basic",
                    credentials: publicKey ? encryptForGateway(plain, publicKey) : plain,
                    encryptedConnection: "Encrypted",
                    encryptionAlgorithm: publicKey ? "RSA-OAEP" : "None",
                    privacyLevel: credential.privacyLevel,
                    useEndUserOAuth2Credentials: datasource.useEndUserOAuth2Credentials,
                },
            },
            patience: patienceForTests,
            sensitive: [credential.password],
        });
    }
}

interface RawDatasource {
    id: string;
    gatewayId: string;
    datasourceName?: string;
    credentialType?: string;
    connectionDetails?: unknown;
    credentialDetails?: { useEndUserOAuth2Credentials?: boolean };
}

function readDatasource(raw: RawDatasource): GatewayDatasource {
    return {
        id: raw.id,
        gatewayId: raw.gatewayId,
        name: raw.datasourceName ?? "",
        credentialType: raw.credentialType ?? "NotSpecified",
        useEndUserOAuth2Credentials: raw.credentialDetails?.useEndUserOAuth2Credentials ?? false,
        target: parseConnectionDetails(raw.connectionDetails),
    };
}

function datasourcePath(key: DatasourceKey): string {
    return `/gateways/${segment(key.gatewayId)}/datasources/${segment(key.datasourceId)}`;
}
