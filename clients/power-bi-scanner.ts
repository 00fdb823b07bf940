import { z } from "zod";
import { AnsweredList, joinLists, listAnswer, readItems } from "./answered-list";
import { elements, filled, listOf, optional, structure, text } from "./fields";
import { HttpClient } from "./http";
import { segment } from "./path";
import {
    Dataset,
    DatasetDatasource,
    datasetFields,
    datasourceAnswer,
    Workspace,
    workspaceAnswer,
} from "./power-bi-datasets";
import { oneLine } from "./redaction";
import { waitUntil } from "./wait";

/** A workspace as the scanner API sees it. */
export interface ScannedWorkspace extends Workspace {
    datasets: AnsweredList<ScannedDataset>;
}

/** A dataset as the scanner API sees it. */
export interface ScannedDataset extends Dataset {
    /** Undefined where the scan does not tell all that it mentions: then the dataset has to be asked. */
    datasources?: DatasetDatasource[];
}

const adminPageSize = 5000;
/** How many workspaces a scan may name. */
const scanSize = 100;

/** The scanner of Power BI's admin API: the only bulk answer to which dataset reads what. */
export class PowerBiScanner {
    constructor(private readonly http: HttpClient) {}

    /**
     * What the scanner API knows of workspaces: their datasets with the datasources they are bound to, a hundred
     * workspaces a request. SP2 needs the tenant setting "Service principals can access read-only admin APIs".
     */
    async scan(workspaceIds: string[]): Promise<AnsweredList<ScannedWorkspace>> {
        const batches = Array.from({ length: Math.ceil(workspaceIds.length / scanSize) }, (_, index) =>
            workspaceIds.slice(index * scanSize, (index + 1) * scanSize),
        );
        return joinLists(await Promise.all(batches.map((batch) => this.scanBatch(batch))));
    }

    /** All workspaces of the tenant, for the scanner. */
    async listWorkspaces(): Promise<AnsweredList<Workspace>> {
        const pages: AnsweredList<Workspace>[] = [];
        for (let skip = 0; ; skip += adminPageSize) {
            const query = { $top: adminPageSize, $skip: skip, $filter: "type eq 'Workspace' and state eq 'Active'" };
            const { value } = await this.http.request({ method: "GET", path: "/admin/groups", query }, listAnswer);
            pages.push(readItems(value, workspaceAnswer));
            if (value.length < adminPageSize) {
                return joinLists(pages);
            }
        }
    }

    private async scanBatch(workspaces: string[]): Promise<AnsweredList<ScannedWorkspace>> {
        const scan = await this.http.request(
            {
                method: "POST",
                path: "/admin/workspaces/getInfo",
                query: { datasourceDetails: "true" },
                body: { workspaces },
                repeatable: true,
            },
            structure({ id: filled }),
        );
        const id = segment(scan.id);
        await waitUntil({ what: "the scan of the workspaces", timeoutInMs: 10 * 60_000, pauseInMs: 1000 }, async () => {
            const path = `/admin/workspaces/scanStatus/${id}`;
            const { status, error } = await this.http.request({ method: "GET", path }, statusAnswer);
            if (error) {
                throw new Error(`Power BI: the scan of the workspaces failed: ${oneLine(error.code ?? status)}`);
            }
            return status === "Succeeded";
        });
        const path = `/admin/workspaces/scanResult/${id}`;
        return readScan(await this.http.request({ method: "GET", path }, scanAnswer));
    }
}

const statusAnswer = structure({ status: text, error: optional(structure({ code: optional(text) })) });

/** Absent instances are none: a scan of workspaces without datasources has no such member. */
const scanAnswer = structure({ workspaces: elements, datasourceInstances: optional(elements) });

const scannedWorkspaceAnswer = structure({ id: filled, name: optional(text), datasets: optional(elements) });

const scannedDatasetAnswer = structure({
    ...datasetFields,
    datasourceUsages: optional(listOf(structure({ datasourceInstanceId: filled }))),
});

function readScan(scan: z.output<typeof scanAnswer>): AnsweredList<ScannedWorkspace> {
    const instances = readItems(scan.datasourceInstances ?? [], datasourceAnswer);
    const byId = new Map(instances.items.map((instance) => [instance.datasourceId, instance]));
    const unreadable = new Map(instances.unreadable.map((instance) => [instance.id, instance]));
    const { items, unreadable: odd } = readItems(scan.workspaces, scannedWorkspaceAnswer);
    const workspaces = items.map(({ id, name, datasets = [] }): ScannedWorkspace => {
        const read = readItems(datasets, scannedDatasetAnswer);
        const list: AnsweredList<ScannedDataset> = { items: [], unreadable: read.unreadable };
        for (const { datasourceUsages = [], ...dataset } of read.items) {
            const bound = datasourceUsages.map(({ datasourceInstanceId }) => datasourceInstanceId);
            const unread = bound.map((instance) => unreadable.get(instance)).find((instance) => instance !== undefined);
            if (unread) {
                const reason = `its datasource ${unread.id} cannot be read: ${unread.reason}`;
                list.unreadable.push({ id: dataset.id, name: dataset.name, reason });
                continue;
            }
            const told = bound.map((instance) => byId.get(instance));
            const isWhole = told.every((instance) => instance !== undefined && saysWhere(instance));
            list.items.push({ ...dataset, ...(isWhole && { datasources: told as DatasetDatasource[] }) });
        }
        return { id, name, datasets: list };
    });
    return { items: workspaces, unreadable: odd };
}

/** Whether an instance says where it points to. Sources of other kinds than extensions say it in their own ways. */
function saysWhere({ datasourceType, connectionDetails }: DatasetDatasource): boolean {
    if (datasourceType !== undefined && datasourceType !== "Extension") {
        return true;
    }
    const details = (connectionDetails ?? {}) as Record<string, unknown>;
    const kind = details.extensionDataSourceKind ?? details.kind;
    const path = details.extensionDataSourcePath ?? details.path;
    return kind !== undefined && path !== undefined;
}
