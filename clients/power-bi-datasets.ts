import { z } from "zod";
import { anything, filled, flag, optional, structure, text } from "./fields";

/** A workspace, called group by the API. */
export interface Workspace {
    id: string;
    /** Absent where Power BI does not say it: it is known by its id then. */
    name?: string;
}

/** Somebody with a role in a workspace. */
export interface WorkspaceMember {
    /** A user's e-mail; the object id of a group, or of an application's service principal. Absent: nobody knows who it is. */
    identifier?: string;
    groupUserAccessRight: string;
}

/** A semantic model, called dataset by the API. */
export interface Dataset {
    id: string;
    /** Absent where Power BI does not say it: it is known by its id then. */
    name?: string;
    /** The owner: a user's UPN; for a service principal its text differs by tenant. Absent: nobody knows who it is. */
    configuredBy?: string;
    /** Absent: it may be one that can be refreshed, and one that cannot. */
    isRefreshable?: boolean;
    /** Whether some source of it is behind a gateway. Absent: Power BI does not say. */
    isOnPremGatewayRequired?: boolean;
}

/** A datasource that a dataset is bound to. */
export interface DatasetDatasource {
    /** Absent where Power BI does not say it; the details tell then. */
    datasourceType?: string;
    /** Where it points to. Absent: nobody knows, and so it is none of Databricks'. */
    connectionDetails?: unknown;
    /** Absent while the source is not bound. */
    datasourceId?: string;
    /** Absent while the source is not bound. */
    gatewayId?: string;
}

/** A workspace as `/groups` answers it. */
export const workspaceAnswer: z.ZodType<Workspace> = structure({ id: filled, name: optional(text) });

/** A member as `/users` answers it. The contract asks for an identifier; some kinds of members come without one. */
export const memberAnswer: z.ZodType<WorkspaceMember> = structure({
    identifier: optional(text),
    groupUserAccessRight: text,
});

/** What of a dataset is read. */
export const datasetFields = {
    id: filled,
    name: optional(text),
    configuredBy: optional(text),
    isRefreshable: optional(flag),
    isOnPremGatewayRequired: optional(flag),
};

/** A dataset as `/datasets` answers it. */
export const datasetAnswer: z.ZodType<Dataset> = structure(datasetFields);

/** A datasource as `/datasources` answers it. */
export const datasourceAnswer: z.ZodType<DatasetDatasource> = structure({
    datasourceType: optional(text),
    connectionDetails: anything,
    // Power BI's own clients write an empty id for none.
    datasourceId: optional(text).transform((id) => id || undefined),
    gatewayId: optional(text).transform((id) => id || undefined),
});
