import { DatabricksTarget } from "../clients/connection-details";
import { DatasourceOutputs, StackOutputs } from "../outputs";
import { Source } from "./sources";

/** A source of a dataset as the last up left it. */
export interface FormerSource extends Source {
    kind: DatasourceOutputs["kind"];
    gatewayId: string;
    /** The gateway's name; empty for the cloud. */
    gateway: string;
    datasourceId: string;
    target: DatabricksTarget;
    /** Whether the credential that it was bound to is still for the warehouse that it reads. */
    isDeclared: boolean;
}

/** A gateway on which the last up bound something. */
export interface FormerGateway {
    id: string;
    name: string;
    kind: DatasourceOutputs["kind"];
}

/** What the last up knew of datasets' sources and of gateways. */
export class Memory {
    private readonly byDataset = new Map<string, FormerSource[]>();
    private readonly gateways = new Map<string, FormerGateway>();

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
                const { gatewayId, gateway, kind } = datasource;
                if (kind !== "NoGateway") {
                    this.gateways.set(key(gatewayId), { id: gatewayId, name: gateway, kind });
                }
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

    /** The gateway of an id; undefined for one of the cloud, and for one that the last up did not know. */
    gateway(gatewayId: string): FormerGateway | undefined {
        return this.gateways.get(key(gatewayId));
    }
}

function formerSource(
    { gatewayId, gateway, datasourceId, kind, host, httpPath }: Omit<DatasourceOutputs, "datasets">,
    isDeclared: (target: DatabricksTarget) => boolean,
): FormerSource {
    const target = { host, httpPath };
    return { kind, gatewayId, gateway, datasourceId, target, text: host + httpPath, isDeclared: isDeclared(target) };
}

function key(id: string): string {
    return id.toLowerCase();
}
