/** A workspace, called group by the API. */
export interface Workspace {
    id: string;
    name: string;
}

/** Somebody with a role in a workspace. */
export interface WorkspaceMember {
    /** A user's e-mail; the object id of a group, or of an application's service principal. */
    identifier?: string;
    groupUserAccessRight: string;
}

/** A semantic model, called dataset by the API. */
export interface Dataset {
    id: string;
    name: string;
    /** The owner: a user's UPN; for a service principal its text differs by tenant. */
    configuredBy?: string;
    isRefreshable?: boolean;
    isOnPremGatewayRequired?: boolean;
}

/** A datasource that a dataset is bound to. */
export interface DatasetDatasource {
    datasourceType: string;
    connectionDetails: unknown;
    /** Absent while the source is not bound. */
    datasourceId?: string;
    gatewayId?: string;
}
