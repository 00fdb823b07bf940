import { DatabricksTarget } from "../clients/connection-details";

/** A datasource that a dataset reads: where it points to, and where it is bound. */
export interface Source {
    target?: DatabricksTarget;
    /** Absent while it is not bound. */
    gatewayId?: string;
    datasourceId?: string;
    /** What it is, for messages. */
    text: string;
}

/** A datasource of a gateway. */
export interface GatewaySource {
    id: string;
    name: string;
    target?: DatabricksTarget;
    /** By whose identity reports query, where it is their reader's. */
    singleSignOn?: string;
}
