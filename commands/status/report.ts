import { GatewayKind } from "../../clients/gateway-kinds";
import { Diagnostic } from "../../diagnostics/diagnostic";

/**
 * What `npm run status -- --json` prints. Times are ISO 8601; ages and rests are whole days, rounded down. There is no
 * secret in it, and no value of one.
 */
export interface StatusReport {
    /** The version of this shape; it changes when a field changes its meaning or goes. */
    schema: 1;
    stack: string;
    /** When the facts were read. */
    takenAt: string;
    /**
     * `well`: nothing to do. `attention`: see `attention`. `refused`: an up would refuse, see `refused`. `untold`: something
     * could not be read, see `untold`; what could is here. The exit codes are 0, 7, 1 and 1.
     */
    verdict: "well" | "attention" | "refused" | "untold";
    /** The key of the generation that is to be in use, as it is configured. */
    rotationKey: string;
    /** The names of the credentials that use another: a rotation that is declared, and not done. */
    toRotate: string[];
    /** How many days before a secret's end it is said, as it is configured. */
    expiryWarningDays: number;
    /** Why an up would refuse; empty when it would not. */
    refused: Diagnostic[];
    /** What was not found and holds a secret of the stack. That secret is kept alive. Each is in `attention` too. */
    held: HeldStatus[];
    /** What somebody should look at, in words. */
    attention: Attention[];
    /** What an up would tell and go on: renames, what is let go or left out. Nobody has to do anything. */
    told: Diagnostic[];
    /** What could not be read, and why. */
    untold: string[];
    credentials: CredentialStatus[];
}

/** Something that somebody should look at. */
export interface Attention {
    kind:
        | "rotation"
        | "held"
        | "drift"
        | "expiry"
        | "unknown secret"
        | "no room"
        | "failed refresh"
        | "older secret"
        | "change";
    /** The name of the credential; absent for what belongs to none. */
    credential?: string;
    words: string;
}

/** Which datasource it is. */
export interface DatasourcePlace {
    kind: GatewayKind;
    gatewayId: string;
    /** The gateway's name; empty for the cloud. */
    gateway: string;
    datasourceId: string;
    /** The datasource's name; empty for the cloud. */
    name: string;
}

/** A datasource that holds a secret of the stack and that an up would not find now. */
export interface HeldStatus extends DatasourcePlace {
    /** The name of the credential. */
    credential: string;
    /** The key of the generation that it holds. */
    rotationKey: string;
    /** Host and HTTP path of the warehouse that it was bound to. */
    warehouse: string;
    /** What read through it when it was bound. */
    datasets: { workspace: string; datasetId: string; dataset: string }[];
    /** Why it is not found, as far as the services' answers tell. */
    cause?: string;
    /** What is so and what to do. */
    words: string;
}

/** One Databricks service principal with all that hangs on it. */
export interface CredentialStatus {
    /** How the configuration calls it: the service principal's name, or the application id. */
    name: string;
    principal: {
        /** The client id with which Power BI logs in; empty before the first up. */
        applicationId: string;
        /** The id in Databricks (SCIM). */
        id: string;
        /** The name of the Databricks workspace in the configuration. */
        workspace: string;
        /** Its address. */
        host: string;
    };
    /** The key of the generation that was bound last; empty before the first up. */
    rotationKey: string;
    /** All secrets of the service principal, the newest first. */
    generations: Generation[];
    datasources: DatasourceStatus[];
    /** What the preview says of the credential itself: its secret, its permissions. */
    drift: string[];
    /** What `pulumi up` would do, as the preview lists it. */
    changes: string[];
    nextRotation: NextRotation;
}

/** A secret of a service principal. */
export interface Generation {
    /** The rotation key; empty for a secret that is in no state. */
    key: string;
    secretId: string;
    /** `current`: bound. `retained`: the stack's, beside it. `unknown`: in no state, so nobody knows who uses it. */
    role: "current" | "retained" | "unknown";
    /** As Databricks writes it, `ACTIVE` for one that logs in; `DELETED` when the state names it and Databricks does not. */
    status: string;
    createdAt?: string;
    ageInDays?: number;
    /** Absent when Databricks does not say. */
    expiresAt?: string;
    /** Negative once it has expired. */
    daysLeft?: number;
}

/** A datasource of Power BI that holds the credential. */
export interface DatasourceStatus extends DatasourcePlace {
    /** Host and HTTP path of the warehouse that it reads. */
    warehouse: string;
    /** The id of the secret that was stored last, and the key of its generation. */
    secretId: string;
    rotationKey: string;
    /** As Power BI tells it: `Basic` is what was stored. Absent when it could not be read. */
    credentialType?: string;
    /** What the preview says of it and of its datasets. */
    drift: string[];
    datasets: DatasetStatus[];
}

/** A dataset that reads through a datasource. */
export interface DatasetStatus {
    workspace: string;
    datasetId: string;
    dataset: string;
    /** As Power BI writes it. */
    owner?: string;
    /** Absent when there was none yet, the dataset has none (DirectQuery), or SP2 may not see it. */
    lastRefresh?: RefreshStatus;
}

/** The latest refresh of a dataset. */
export interface RefreshStatus {
    /** As Power BI writes it; `Unknown` while it runs. */
    status: string;
    startedAt?: string;
    endedAt?: string;
    /** Why it failed, in the service's words. */
    error?: string;
}

/** What a changed `rotationKey` will touch. */
export interface NextRotation {
    /** Datasources that get the new secret, each once. */
    datasources: number;
    /** Datasets that read through them: none of them is asked anything but its refresh. */
    datasets: number;
    /** Entries of secret scopes, as SCOPE/KEY. */
    scopeEntries: string[];
    /** Names of secrets in key vaults. */
    keyVaultSecrets: string[];
    /** Datasets that are refreshed, as WORKSPACE / DATASET. */
    refreshes: string[];
    /** Commands that run afterwards. */
    hooks: number;
    /** How many more secrets Databricks takes of this service principal; a rotation needs one. */
    freePlaces: number;
}
