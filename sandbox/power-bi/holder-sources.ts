import { type Sandbox } from "../sandbox";
import { boundDatasource, type Holder } from "./cloud-datasources";

/** The sources of a dataset, a dataflow or a paginated report, as the APIs for each of them tell them. */
export function renderSources(sandbox: Sandbox, holder: Holder) {
    return holder.sources.map((source) => {
        const { kind, host, httpPath, shownIds } = source;
        const bound = boundDatasource(sandbox, holder, source);
        const shows = (id: "gatewayId" | "datasourceId") => shownIds === "both" || shownIds === id;
        return {
            datasourceType: "Extension",
            connectionDetails: { path: JSON.stringify({ host, httpPath }), kind },
            datasourceId: shows("datasourceId") ? bound?.datasourceId : undefined,
            gatewayId: shows("gatewayId") ? bound?.gatewayId : undefined,
        };
    });
}
