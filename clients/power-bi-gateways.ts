import { z } from "zod";
import { AnsweredList, listAnswer, readItems } from "./answered-list";
import { DatabricksTarget, parseConnectionDetails } from "./connection-details";
import { anything, filled, flag, nothing, optional, structure, text } from "./fields";
import { encryptForGateway, GatewayPublicKey, serializeBasicCredential } from "./gateway-encryption";
import { HttpClient } from "./http";
import { segment } from "./path";

/** A datasource of a gateway, or of the virtual gateway that stands for the cloud. */
export interface GatewayDatasource {
    id: string;
    gatewayId: string;
    /** Absent for those of the cloud, and where Power BI does not say it. */
    name?: string;
    /** An open enum: `Basic`, `OAuth2`, … and whatever else comes. */
    credentialType: string;
    /** Whether reports query with their reader's own identity (single sign-on). Absent: Power BI does not say that they do. */
    useEndUserOAuth2Credentials?: boolean;
    /** Absent where it points to something that is not Databricks, or says nothing about it. */
    target?: DatabricksTarget;
}

/** An on-premises gateway. */
export interface Gateway {
    /** The id of the cluster: that of its first member. */
    id: string;
    /** Absent where Power BI does not say it: it is known by its id then. */
    name?: string;
    /** Absent where Power BI does not tell it. That never means that a credential may come in plain text. */
    publicKey?: GatewayPublicKey;
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

/** The identity by which reports query where `useEndUserOAuth2Credentials` is true, in words. */
export const readersOAuth2 = "by the reader's OAuth2 credentials";

/** How a credential is protected on its way: for one gateway's eyes only, or in plain text where the kind takes that. */
export type Protection = "plainText" | GatewayPublicKey;

/** A service that tests a credential before it answers may have to start a warehouse: some minutes. */
export const patienceForTests = 5;

/** The gateways of Power BI's REST API, the cloud's virtual ones among them, with their datasources. */
export class PowerBiGateways {
    private listed?: Promise<AnsweredList<Gateway>>;

    constructor(private readonly http: HttpClient) {}

    /** The on-premises gateways that SP2 administers; VNET gateways are never among them. */
    async list(): Promise<AnsweredList<Gateway>> {
        const { value } = await this.http.request({ method: "GET", path: "/gateways" }, listAnswer);
        return readItems(value, gatewayAnswer);
    }

    /** An on-premises gateway, with the key that credentials are encrypted with. */
    async get(gatewayId: string): Promise<Gateway> {
        return this.http.request({ method: "GET", path: `/gateways/${segment(gatewayId)}` }, gatewayAnswer);
    }

    /**
     * The public key of an on-premises gateway, read for all of them at once and once a run, unless `forgetKeys` is called.
     *
     * @returns undefined where SP2 does not administer the gateway, or Power BI does not tell its key.
     */
    async publicKey(gatewayId: string): Promise<GatewayPublicKey | undefined> {
        if (!this.listed) {
            this.listed = this.list();
            this.listed.catch(() => this.forgetKeys());
        }
        const { items } = await this.listed;
        return items.find(({ id }) => id.toLowerCase() === gatewayId.toLowerCase())?.publicKey;
    }

    /** Makes the next `publicKey` ask again. */
    forgetKeys(): void {
        this.listed = undefined;
    }

    /** The datasources of an on-premises gateway. */
    async listDatasources(gatewayId: string): Promise<AnsweredList<GatewayDatasource>> {
        const path = `/gateways/${segment(gatewayId)}/datasources`;
        return readItems((await this.http.request({ method: "GET", path }, listAnswer)).value, datasourceAnswer);
    }

    /** A datasource with its credential type; Power BI never gives the credential itself back. */
    async getDatasource(key: DatasourceKey): Promise<GatewayDatasource> {
        return this.http.request({ method: "GET", path: datasourcePath(key) }, datasourceAnswer);
    }

    /**
     * Stores a credential in a datasource, and has reports query with it, not with their reader's identity. Power BI tests
     * it first, which may start the warehouse.
     *
     * @param protection the gateway's key, for a datasource of an on-premises gateway: nobody else can read it then.
     * @throws ServiceError 400 `DM_GWPipeline_Gateway_InvalidConnectionCredentials` when the test fails.
     */
    async updateCredential(
        datasource: DatasourceKey,
        credential: BasicCredential,
        protection: Protection,
    ): Promise<void> {
        const plain = serializeBasicCredential(credential.username, credential.password);
        const isPlain = protection === "plainText";
        await this.http.request(
            {
                method: "PATCH",
                path: datasourcePath(datasource),
                body: {
                    credentialDetails: {
                        credentialType: "Basic",
                        credentials: isPlain ? plain : encryptForGateway(plain, protection),
                        encryptedConnection: "Encrypted",
                        encryptionAlgorithm: isPlain ? "None" : "RSA-OAEP",
                        privacyLevel: credential.privacyLevel,
                        useEndUserOAuth2Credentials: false,
                    },
                },
                patience: patienceForTests,
                sensitive: [credential.password],
            },
            nothing,
        );
    }
}

/** Half a key is none. */
const publicKeyAnswer = optional(structure({ exponent: optional(text), modulus: optional(text) })).transform(
    (key): GatewayPublicKey | undefined =>
        key?.exponent && key.modulus ? { exponent: key.exponent, modulus: key.modulus } : undefined,
);

const gatewayAnswer: z.ZodType<Gateway> = structure({
    id: filled,
    name: optional(text),
    publicKey: publicKeyAnswer,
});

const datasourceAnswer: z.ZodType<GatewayDatasource> = structure({
    id: filled,
    gatewayId: filled,
    datasourceName: optional(text),
    credentialType: text,
    connectionDetails: anything,
    credentialDetails: optional(structure({ useEndUserOAuth2Credentials: optional(flag) })),
}).transform(
    ({ id, gatewayId, datasourceName, credentialType, connectionDetails, credentialDetails }): GatewayDatasource => ({
        id,
        gatewayId,
        name: datasourceName || undefined,
        credentialType,
        useEndUserOAuth2Credentials: credentialDetails?.useEndUserOAuth2Credentials,
        target: parseConnectionDetails(connectionDetails),
    }),
);

function datasourcePath(key: DatasourceKey): string {
    return `/gateways/${segment(key.gatewayId)}/datasources/${segment(key.datasourceId)}`;
}
