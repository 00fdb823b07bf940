import { GatewayKind } from "./clients/gateway-kinds";

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
    /** What holds a secret of the stack and was not found in this run. Its secret stays alive. Absent when there is nothing. */
    held?: HeldOutputs[];
    /** Names by which the configuration knows what was renamed in Power BI since, by ids in lower case. */
    formerNames?: Record<string, string>;
    /** The ids of the datasources that entries of `release` let go, by the entry. An entry lets nothing else go later. */
    released?: Record<string, string[]>;
    /** What bindings name, was bound and is gone: it holds no secret, and is no typing mistake. Absent when there is nothing. */
    missing?: MissingOutputs;
}

/** What bindings name and is not there any more. */
export interface MissingOutputs {
    datasets: DatasourceOutputs["datasets"];
    datasources: Pick<DatasourceOutputs, "gatewayId" | "gateway" | "datasourceId" | "datasource">[];
}

/** A datasource that holds a secret of the stack, and the key of the secret's generation. */
export interface HeldOutputs extends DatasourceOutputs {
    rotationKey: string;
    /** Why it was not found, as far as the services' answers tell. */
    cause?: string;
}

/** A datasource that holds a credential. */
export interface DatasourceOutputs {
    gatewayId: string;
    /** The gateway's name; empty for the cloud. */
    gateway: string;
    kind: GatewayKind;
    datasourceId: string;
    /** The datasource's name on its gateway; absent for the cloud. */
    datasource?: string;
    /** The host of the Databricks workspace. */
    host: string;
    /** The HTTP path of the warehouse. */
    httpPath: string;
    datasets: { workspaceId?: string; datasetId: string; dataset: string; workspace: string }[];
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
