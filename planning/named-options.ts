import { Binding } from "../settings/binding";
import { optionsOf } from "./binding-scope";
import { History } from "./history";
import { sameId } from "./names";
import { Finding, GatewayDatasourcePlan } from "./plan";

/**
 * The findings of all bindings of a credential, in which what a binding names has the options of that binding, also where
 * an answer does not mention it to the binding, and only a rule finds it: what was bound does not change because somebody
 * looked at it in another way.
 *
 * @param found the findings of each binding.
 */
export function withNamedOptions(bindings: Binding[], found: Finding[][], history: History): Finding[] {
    return bindings.reduce(
        (all, binding, position) => (found[position].length > 0 ? all : all.map(optionsFrom(binding, history))),
        found.flat(),
    );
}

function optionsFrom(binding: Binding, history: History): (finding: Finding) => Finding {
    switch (binding.kind) {
        case "dataset": {
            const former = history.dataset(binding.workspace, binding.dataset);
            const isMeant = (datasetId = "") => former !== undefined && sameId(former.datasetId, datasetId);
            return (finding) => {
                if ("cloud" in finding) {
                    return isMeant(finding.cloud.datasetId)
                        ? { ...finding, cloud: { ...finding.cloud, ...optionsOf(binding) } }
                        : finding;
                }
                return isMeant(finding.dataset?.datasetId)
                    ? {
                          ...finding,
                          dataset: { ...finding.dataset!, ...optionsOf(binding) },
                          datasource: storedAs(finding.datasource, binding),
                      }
                    : finding;
            };
        }
        case "datasource": {
            const formers = history.datasources(binding.gateway, binding.datasource);
            return (finding) =>
                "datasource" in finding &&
                formers.some(({ datasourceId }) => sameId(datasourceId, finding.datasource.datasourceId))
                    ? { ...finding, datasource: storedAs(finding.datasource, binding) }
                    : finding;
        }
        case "discover":
            return (finding) => finding;
    }
}

function storedAs(
    datasource: GatewayDatasourcePlan,
    { api = datasource.api, switchOffSingleSignOn }: Pick<Binding, "api" | "switchOffSingleSignOn">,
): GatewayDatasourcePlan {
    return { ...datasource, api, switchOffSingleSignOn };
}
