import { type Sandbox } from "../sandbox";
import { boundDatasource, type Holder } from "./cloud-datasources";

/**
 * The sources of a dataset, a dataflow or a paginated report, as the APIs for each of them tell them. Those of a dataset
 * may be as before its last take-over.
 */
export function renderSources(sandbox: Sandbox, holder: Holder & { id: string }, caller: string) {
    const { doubts, powerBi } = sandbox.world;
    const former = sandbox.formerOwners.lookAt(holder.id);
    return holder.sources.map((source, at) => {
        const { kind, host, httpPath, shownIds } = source;
        const before = powerBi.datasources.find(({ datasourceId }) => datasourceId === former?.datasourceIds[at]);
        const shown = before ?? boundDatasource(sandbox, holder, source);
        const details = { path: JSON.stringify({ host, httpPath }), kind };
        const isHidden = (shown?.cloud ?? false) && holder.owner !== caller;
        const shows = (id: "gatewayId" | "datasourceId") => shownIds === "both" || shownIds === id;
        const showsDatasource = shows("datasourceId") && !(isHidden && doubts.idsOfCloudSource !== "both");
        const showsGateway = shows("gatewayId") && !(isHidden && doubts.idsOfCloudSource === "none");
        return {
            datasourceType: "Extension",
            connectionDetails: doubts.modelConnectionDetails === "text" ? JSON.stringify(details) : details,
            datasourceId: showsDatasource ? shown?.datasourceId : undefined,
            gatewayId: showsGateway ? shown?.gatewayId : undefined,
        };
    });
}
