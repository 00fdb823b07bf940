import * as http from "node:http";
import { AddressInfo } from "node:net";
import { DatabricksClient } from "../../../clients/databricks";
import { EntraTokens } from "../../../clients/entra";
import { FabricClient } from "../../../clients/fabric";
import { PowerBiClient } from "../../../clients/power-bi";

/** A service that answers every request the same, with status 200. */
export class AnsweringServer {
    /** What it answers; a text is sent as it is. */
    body: unknown = {};
    contentType = "application/json";
    private readonly server = http.createServer((_, response) => {
        response.setHeader("content-type", this.contentType);
        response.setHeader("RequestId", "the-request-id");
        response.end(typeof this.body === "string" ? this.body : JSON.stringify(this.body));
    });
    private address = "";

    async start(): Promise<void> {
        await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
        this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    close(): void {
        this.server.close();
        this.server.closeAllConnections();
    }

    get powerBi(): PowerBiClient {
        return new PowerBiClient(this.address, "scope", tokens, {});
    }

    get fabric(): FabricClient {
        return new FabricClient(this.address, tokens, {});
    }

    get databricks(): DatabricksClient {
        return new DatabricksClient(this.address, { kind: "token", token: "x" }, "databricks:authType", async () => "");
    }
}

const tokens = { token: async () => "a-token-of-a-test" } as unknown as EntraTokens;

/** A request of a client's, with an answer that it takes. */
export interface Question {
    name: string;
    ask: (server: AnsweringServer) => Promise<unknown>;
    answer: unknown;
    /** Whether the contract lets the service leave out all that is asked for, so that `{}` is an answer. */
    mayBeEmpty?: boolean;
}

const connectionDetails = { kind: "Databricks", path: '{"host":"adb-1.azuredatabricks.net","httpPath":"/sql/1"}' };
const publicKey = { exponent: "AQAB", modulus: "abc" };
const gatewayDatasource = {
    id: "d",
    gatewayId: "g",
    datasourceName: "name",
    credentialType: "Basic",
    connectionDetails: JSON.stringify(connectionDetails),
    credentialDetails: { useEndUserOAuth2Credentials: true },
};
const connection = {
    id: "c",
    displayName: "name",
    gatewayId: "g",
    connectivityType: "VirtualNetworkGateway",
    privacyLevel: "Private",
    connectionDetails: { type: "Databricks", path: "adb-1.azuredatabricks.net;/sql/1" },
    credentialDetails: { credentialType: "Basic", singleSignOnType: "None", connectionEncryption: "NotEncrypted" },
};
const refresh = { requestId: "r", status: "Failed", startTime: "s", endTime: "e", serviceExceptionJson: "{}" };
const principal = {
    id: "1",
    applicationId: "a",
    displayName: "name",
    active: true,
    entitlements: [{ value: "databricks-sql-access" }],
};
const acl = {
    access_control_list: [
        { service_principal_name: "a", all_permissions: [{ permission_level: "CAN_USE" }] },
        { group_name: "admins", all_permissions: [{ permission_level: "CAN_MANAGE" }] },
    ],
};
const statement = { statement_id: "s", status: { state: "SUCCEEDED" } };

/** Every request that reads something, but for the scanner's, which takes three. */
export const questions: Question[] = [
    {
        name: "Power BI's workspaces",
        ask: ({ powerBi }) => powerBi.listWorkspaces(),
        answer: { value: [{ id: "w", name: "Sales" }] },
    },
    {
        name: "the members of a workspace",
        ask: ({ powerBi }) => powerBi.listMembers("w"),
        answer: { value: [{ identifier: "i", groupUserAccessRight: "Admin" }] },
    },
    {
        name: "the datasets of a workspace",
        ask: ({ powerBi }) => powerBi.listDatasets("w"),
        answer: {
            value: [
                { id: "d", name: "Model", configuredBy: "ana", isRefreshable: true, isOnPremGatewayRequired: false },
            ],
        },
    },
    {
        name: "the datasources of a dataset",
        ask: ({ powerBi }) => powerBi.listDatasources("w", "d"),
        answer: { value: [{ datasourceType: "Extension", connectionDetails, datasourceId: "d", gatewayId: "g" }] },
    },
    {
        name: "a refresh schedule",
        ask: ({ powerBi }) => powerBi.getRefreshSchedule("w", "d"),
        answer: { enabled: true, days: ["Monday"] },
    },
    {
        name: "the latest refresh",
        ask: ({ powerBi }) => powerBi.latestRefresh("w", "d"),
        answer: { value: [refresh] },
    },
    {
        name: "the gateways",
        ask: ({ powerBi }) => powerBi.gateways.list(),
        answer: { value: [{ id: "g", name: "HQ", publicKey }] },
    },
    {
        name: "a gateway",
        ask: ({ powerBi }) => powerBi.gateways.get("g"),
        answer: { id: "g", name: "HQ", publicKey },
    },
    {
        name: "the public key of a gateway",
        ask: ({ powerBi }) => powerBi.gateways.publicKey("g"),
        answer: { value: [{ id: "g", name: "HQ", publicKey }] },
    },
    {
        name: "the datasources of a gateway",
        ask: ({ powerBi }) => powerBi.gateways.listDatasources("g"),
        answer: { value: [gatewayDatasource] },
    },
    {
        name: "a datasource of a gateway",
        ask: ({ powerBi }) => powerBi.gateways.getDatasource({ gatewayId: "g", datasourceId: "d" }),
        answer: gatewayDatasource,
    },
    {
        name: "the tenant's workspaces",
        ask: ({ powerBi }) => powerBi.scanner.listWorkspaces(),
        answer: { value: [{ id: "w", name: "Sales" }] },
    },
    {
        name: "Fabric's gateways",
        ask: ({ fabric }) => fabric.listGateways(),
        answer: { value: [{ id: "g", type: "VirtualNetwork", displayName: "V" }], continuationToken: null },
    },
    {
        name: "the members of a gateway's cluster",
        ask: ({ fabric }) => fabric.listMembers("g"),
        answer: { value: [{ id: "m", displayName: "M", publicKey, enabled: true }] },
    },
    { name: "the connections", ask: ({ fabric }) => fabric.listConnections(), answer: { value: [connection] } },
    { name: "a connection", ask: ({ fabric }) => fabric.getConnection("c"), answer: connection },
    {
        name: "the test of a connection",
        ask: ({ fabric }) => fabric.testConnection("c"),
        answer: { status: "Offline", errors: [{ errorCode: "Gone", message: "no way" }] },
    },
    {
        name: "the login of Databricks",
        ask: ({ databricks }) => databricks.currentUser(),
        answer: { userName: "ana", groups: [{ display: "admins" }] },
    },
    {
        name: "the warehouses",
        ask: ({ databricks }) => databricks.listWarehouses(),
        answer: { warehouses: [{ id: "w", name: "W", state: "RUNNING" }], next_page_token: "" },
    },
    {
        name: "the permissions of a warehouse",
        ask: ({ databricks }) => databricks.getWarehouseAcl("w"),
        answer: acl,
        mayBeEmpty: true,
    },
    {
        name: "the service principals of a name",
        ask: ({ databricks }) => databricks.findServicePrincipals("displayName", "name"),
        answer: { totalResults: 1, Resources: [principal] },
    },
    {
        name: "the secret scopes",
        ask: ({ databricks }) => databricks.listSecretScopes(),
        answer: { scopes: [{ name: "s" }] },
        mayBeEmpty: true,
    },
    {
        name: "the keys of a scope",
        ask: ({ databricks }) => databricks.listSecretKeys("s"),
        answer: { secrets: [{ key: "k" }] },
        mayBeEmpty: true,
    },
    {
        name: "the value of an entry",
        ask: ({ databricks }) => databricks.getSecretValue("s", "k"),
        answer: { value: "c2VjcmV0" },
    },
    {
        name: "the secrets of a service principal",
        ask: ({ databricks }) => databricks.listSecrets("1"),
        answer: { secrets: [{ id: "s", status: "ACTIVE", create_time: "c", expire_time: "e" }] },
        mayBeEmpty: true,
    },
    {
        name: "a token of Databricks",
        ask: ({ databricks }) => databricks.requestToken("id", "a-secret-of-a-test"),
        answer: { access_token: "token", expires_in: 3600 },
    },
    {
        name: "a statement",
        ask: ({ databricks }) => databricks.runStatement("token", "w", "SELECT 1", 1000),
        answer: statement,
    },
    {
        name: "the owner of a catalog",
        ask: ({ databricks }) => databricks.unityCatalog.getOwner({ type: "catalog", fullName: "main" }),
        answer: { name: "main", owner: "ana" },
    },
    {
        name: "the owner of the metastore",
        ask: ({ databricks }) => databricks.unityCatalog.getMetastoreOwner(),
        answer: { name: "metastore", owner: "ana" },
    },
    {
        name: "privileges",
        ask: ({ databricks }) => databricks.unityCatalog.getPrivileges({ type: "catalog", fullName: "main" }, "p"),
        answer: { privilege_assignments: [{ principal: "p", privileges: ["SELECT"] }] },
        mayBeEmpty: true,
    },
    {
        name: "effective privileges",
        ask: ({ databricks }) =>
            databricks.unityCatalog.getEffectivePrivileges({ type: "catalog", fullName: "main" }, "p"),
        answer: { privilege_assignments: [{ principal: "p", privileges: [{ privilege: "SELECT" }] }] },
        mayBeEmpty: true,
    },
];
