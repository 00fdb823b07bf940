import { DatabricksTarget } from "../clients/connection-details";
import { DatasourceOutputs, StackOutputs } from "../outputs";
import { Source } from "./inventory";

/** A source of a dataset as the last up left it. */
export interface FormerSource extends Source {
    kind: DatasourceOutputs["kind"];
    gatewayId: string;
    datasourceId: string;
    target: DatabricksTarget;
    /** Whether the credential that it was bound to is still for the warehouse that it reads. */
    isDeclared: boolean;
}

/** What the last up knew of datasets' sources, by dataset. */
export class Memory {
    private readonly byDataset = new Map<string, FormerSource[]>();

    /**
     * @param lastUp what the last up put out.
     * @param isDeclared whether a credential, by its name, is still for a warehouse.
     */
    constructor(
        lastUp: StackOutputs["credentials"] = {},
        isDeclared: (credential: string, target: DatabricksTarget) => boolean = () => true,
    ) {
        for (const [name, { datasources }] of Object.entries(lastUp)) {
            for (const { datasets, ...datasource } of datasources) {
                const source = formerSource(datasource, (target) => isDeclared(name, target));
                datasets.forEach(({ datasetId }) => {
                    this.byDataset.set(key(datasetId), [...this.sources(datasetId), source]);
                });
            }
        }
    }

    /** The sources of a dataset that the last up bound; none of one that it did not. */
    sources(datasetId: string): FormerSource[] {
        return this.byDataset.get(key(datasetId)) ?? [];
    }
}

function formerSource(
    { gatewayId, datasourceId, kind, host, httpPath }: Omit<DatasourceOutputs, "datasets">,
    isDeclared: (target: DatabricksTarget) => boolean,
): FormerSource {
    const target = { host, httpPath };
    return { kind, gatewayId, datasourceId, target, text: host + httpPath, isDeclared: isDeclared(target) };
}

function key(id: string): string {
    return id.toLowerCase();
}
