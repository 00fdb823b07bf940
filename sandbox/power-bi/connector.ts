import axios from "axios";
import { connectorAgent } from "../http/connector-agent";
import { type Sandbox } from "../sandbox";
import { type Credential, type DatasetSource, type Datasource } from "../world/power-bi-world";
import { warehouseIdOf } from "./source-spelling";

/** Why a query through a datasource failed, in Power BI's codes. */
export interface ConnectorError {
    code: string;
    message: string;
}

/** What a query through a datasource came to. */
export type ConnectorResult = { ok: true; rows: unknown[] } | { ok: false; error: ConnectorError };

const headers = { "User-Agent": connectorAgent };

/**
 * Does what the Databricks connector does with a stored credential: logs in with it and runs a query, over HTTP, against
 * the sandbox's own Databricks. No token is kept, so that a secret that is deleted fails at once.
 */
export async function query(
    sandbox: Sandbox,
    datasource: Pick<Datasource, "host" | "httpPath" | "gatewayId">,
    credential: Credential | null,
    table?: DatasetSource["table"],
): Promise<ConnectorResult> {
    const gateway = sandbox.world.powerBi.gateways.find(({ id }) => id === datasource.gatewayId);
    if (gateway && !gateway.online) {
        return failed("DM_GWPipeline_Client_GatewayUnreachable", `The gateway ${gateway.name} is offline.`);
    }
    if (credential === null) {
        return failed("DMTS_DatasourceHasNoCredentialError", "The datasource has no credential.");
    }
    if (credential.credentialType !== "Basic") {
        return failed("DMTS_OAuthTokenRefreshFailedError", `The ${credential.credentialType} credential has expired.`);
    }
    const databricks = sandbox.databricksAt(datasource.host);
    if (databricks === undefined) {
        return failed("DM_GWPipeline_Gateway_DataSourceAccessError", `The host ${datasource.host} cannot be reached.`);
    }
    const token = await logIn(databricks, credential);
    if (token === undefined) {
        const message = `The credentials provided for the Databricks source are invalid. (Source at ${datasource.host}.)`;
        return failed("DM_GWPipeline_Gateway_InvalidConnectionCredentials", message);
    }
    return runQuery(databricks, token, datasource.httpPath, table);
}

async function logIn(databricks: string, credential: Credential): Promise<string | undefined> {
    const form = new URLSearchParams({ grant_type: "client_credentials", scope: "all-apis" }).toString();
    const answer = await axios.post(`${databricks}/oidc/v1/token`, form, {
        headers: { ...headers, "Content-Type": "application/x-www-form-urlencoded" },
        auth: { username: credential.username ?? "", password: credential.password ?? "" },
        validateStatus: () => true,
    });
    return answer.data?.access_token;
}

async function runQuery(databricks: string, token: string, httpPath: string, table?: string): Promise<ConnectorResult> {
    const address = `${databricks}/api/2.0/sql/statements`;
    const options = { headers: { ...headers, Authorization: `Bearer ${token}` }, validateStatus: () => true };
    const statement = table === undefined ? "SELECT 1" : `SELECT * FROM ${table}`;
    const body = { warehouse_id: warehouseIdOf(httpPath), statement, wait_timeout: "30s" };
    let answer = await axios.post(address, body, options);
    while (answer.data?.status?.state === "PENDING") {
        answer = await axios.get(`${address}/${answer.data.statement_id}`, options);
    }
    const state = answer.data?.status?.state;
    if (state === "SUCCEEDED") {
        return { ok: true, rows: answer.data.result.data_array };
    }
    const message = answer.data?.status?.error?.message ?? answer.data?.message ?? `HTTP ${answer.status}`;
    return failed("DM_GWPipeline_Gateway_DataSourceAccessError", message);
}

function failed(code: string, message: string): ConnectorResult {
    return { ok: false, error: { code, message } };
}
