import { blocksOfTheScripts, sealForGateway } from "../independent-encryptor";

/** What a person gives a script, and what it finds out on its way. */
export type Known = Record<string, string>;

/** A request of a script. */
export interface Step {
    service: "databricks" | "entra" | "powerBi";
    method: "GET" | "POST" | "PUT" | "PATCH";
    /** With `{name}` for what is known. */
    path: string;
    query?: (known: Known) => Record<string, string>;
    form?: (known: Known) => Record<string, string>;
    body?: (known: Known) => unknown;
    /** Sent although there is no body. */
    contentType?: "application/json";
    /** What the script keeps of the answer. */
    // Answers are whatever the service says.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    learn?: (answer: any, known: Known) => Record<string, string>;
    /** The script does not look whether it was refused. */
    ignoresRefusal?: true;
}

export type Script = "bash" | "notebook";
export type GatewayType = "NoGateway" | "Onpremises" | "VNET";

interface Named {
    id: string;
    name: string;
}

const named = (list: Named[], name: string): string => list.find((item) => item.name === name)!.id;

/** The Databricks commands of both: the principal, its secrets, one more, the warehouse, and SP2's credential. */
const databricks: Step[] = [
    {
        service: "databricks",
        method: "GET",
        path: "/api/2.0/preview/scim/v2/ServicePrincipals",
        query: ({ servicePrincipal }) => ({ filter: `displayName eq ${servicePrincipal}` }),
        learn: ({ Resources: [{ id, applicationId }] }) => ({ principalId: id, applicationId }),
    },
    {
        service: "databricks",
        method: "GET",
        path: "/api/2.0/accounts/servicePrincipals/{principalId}/credentials/secrets",
    },
    {
        service: "databricks",
        method: "POST",
        path: "/api/2.0/accounts/servicePrincipals/{principalId}/credentials/secrets",
        body: () => ({ lifetime: "604800s" }),
        learn: ({ secret }) => ({ secret }),
    },
    {
        service: "databricks",
        method: "PUT",
        path: "/api/2.0/permissions/warehouses/{warehouse}",
        body: ({ applicationId }) => ({
            access_control_list: [{ service_principal_name: applicationId, permission_level: "CAN_USE" }],
        }),
        ignoresRefusal: true,
    },
    ...["tenantId", "clientId", "clientSecret"].map((key): Step => ({
        service: "databricks",
        method: "GET",
        path: "/api/2.0/secrets/get",
        query: () => ({ scope: "powerbi", key }),
        learn: ({ value }) => ({ [key]: Buffer.from(value, "base64").toString() }),
    })),
];

const token: Step = {
    service: "entra",
    method: "POST",
    path: "/{tenantId}/oauth2/v2.0/token",
    form: ({ clientId, clientSecret }) => ({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: "https://analysis.windows.net/powerbi/api/.default",
    }),
    learn: ({ access_token: bearer }) => ({ bearer }),
};

/** The bash script lists all workspaces, the notebook asks for one by its name. */
const workspaceOf: Record<Script, Step> = {
    bash: {
        service: "powerBi",
        method: "GET",
        path: "/groups",
        learn: ({ value }, { workspace }) => ({ workspaceId: named(value, workspace) }),
    },
    notebook: {
        service: "powerBi",
        method: "GET",
        path: "/groups",
        query: ({ workspace }) => ({ $filter: `name eq '${workspace}'` }),
        learn: ({ value: [{ id }] }) => ({ workspaceId: id }),
    },
};

const dataset: Step = {
    service: "powerBi",
    method: "GET",
    path: "/groups/{workspaceId}/datasets",
    learn: ({ value }, { dataset: name }) => ({ datasetId: named(value, name) }),
};

const takeOver: Step = {
    service: "powerBi",
    method: "POST",
    path: "/groups/{workspaceId}/datasets/{datasetId}/Default.TakeOver",
    contentType: "application/json",
};

const datasources: Step = {
    service: "powerBi",
    method: "GET",
    path: "/groups/{workspaceId}/datasets/{datasetId}/datasources",
    learn: ({ value: [{ gatewayId, datasourceId }] }) => ({ gatewayId, datasourceId }),
};

/** The bash script looks the gateway up among all, the notebook by its id. */
const keyOf: Record<Script, Step> = {
    bash: {
        service: "powerBi",
        method: "GET",
        path: "/gateways",
        learn: ({ value }: { value: (Named & { publicKey: PublicKey })[] }, { gatewayId }) =>
            value.find(({ id }) => id === gatewayId)!.publicKey,
    },
    notebook: {
        service: "powerBi",
        method: "GET",
        path: "/gateways/{gatewayId}",
        learn: ({ publicKey }) => publicKey,
    },
};

type PublicKey = Record<"modulus" | "exponent", string>;

/** Texts put together, in the quotes of each script: neither escapes anything. */
const credentialData: Record<Script, (known: Known) => string> = {
    bash: ({ applicationId, secret }) =>
        `{"credentialData":[{"name":"username","value":"${applicationId}"},{"name":"password","value":"${secret}"}]}`,
    notebook: ({ applicationId, secret }) =>
        `{'credentialData':[{'name':'username','value':'${applicationId}'},{'name':'password','value':'${secret}'}]}`,
};

/** Everything but an on-premises gateway gets the secret in plain text. */
function patch(script: Script, gatewayType: GatewayType): Step {
    const isSealed = gatewayType === "Onpremises";
    return {
        service: "powerBi",
        method: "PATCH",
        path: "/gateways/{gatewayId}/datasources/{datasourceId}",
        body: (known) => {
            const { modulus, exponent } = known;
            const plain = credentialData[script](known);
            return {
                credentialDetails: {
                    credentialType: "Basic",
                    credentials: isSealed
                        ? sealForGateway(plain, { publicKey: { modulus, exponent }, blocks: blocksOfTheScripts })
                        : plain,
                    encryptedConnection: "Encrypted",
                    encryptionAlgorithm: isSealed ? "RSA-OAEP" : "None",
                    privacyLevel: script === "bash" && isSealed ? "Private" : "Organizational",
                    ...(script === "notebook" ? { useEndUserOAuth2Credentials: "False" } : {}),
                },
            };
        },
    };
}

const refresh: Record<Script, Step> = {
    bash: {
        service: "powerBi",
        method: "POST",
        path: "/groups/{workspaceId}/datasets/{datasetId}/refreshes",
        contentType: "application/json",
    },
    notebook: {
        service: "powerBi",
        method: "POST",
        path: "/groups/{workspaceId}/datasets/{datasetId}/refreshes",
        body: () => ({ notifyOption: "NoNotification" }),
    },
};

/**
 * The requests of a reference script, written from what it does. The bash script gets one token, the notebook one for each
 * request to Power BI.
 */
export function sequenceOf(script: Script, gatewayType: GatewayType): Step[] {
    const steps = [
        workspaceOf[script],
        dataset,
        ...(gatewayType === "NoGateway" ? [takeOver] : []),
        datasources,
        ...(gatewayType === "Onpremises" ? [keyOf[script]] : []),
        patch(script, gatewayType),
        refresh[script],
    ];
    return [...databricks, ...(script === "bash" ? [token, ...steps] : steps.flatMap((step) => [token, step]))];
}
