/** The outputs of the stack: `pulumi stack output --json`. There is no secret in them. */
export interface StackOutputs {
    /** By the name of the credential: its service principal's name, or the application id. */
    credentials: Record<string, CredentialOutputs>;
}

/** What a pipeline may want to know of a credential. */
export interface CredentialOutputs {
    /** The application id of the service principal. */
    applicationId: string;
    /** The key of the generation in use. */
    rotationKey: string;
    /** The id of the secret in use. */
    secretId: string;
    /** When it expires, in ISO 8601; empty when Databricks does not say. */
    expiresAt: string;
    /** The datasources that hold it. */
    datasources: DatasourceOutputs[];
    /** The datasets that read through them, as far as they are known. */
    datasets: DatasetOutputs[];
}

/** A datasource that holds a credential. */
export interface DatasourceOutputs {
    gatewayId: string;
    /** The gateway's name; empty for the cloud. */
    gateway: string;
    kind: "NoGateway" | "Onpremises" | "VNET";
    datasourceId: string;
    /** The host of the Databricks workspace. */
    host: string;
    /** The HTTP path of the warehouse. */
    httpPath: string;
    datasets: { datasetId: string; dataset: string; workspace: string }[];
}

/** A dataset that reads through a datasource. */
export interface DatasetOutputs {
    workspaceId: string;
    workspace: string;
    datasetId: string;
    dataset: string;
    /** The last refresh that the stack asked for, or the latest that it saw; absent when it asks for none. */
    lastRefresh?: { requestedAt: string; status: string };
}
