import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type FastifyInstance } from "fastify";
import { HttpError } from "../http/service-server";
import { type Sandbox } from "../sandbox";
import { type Dataset, type Refresh } from "../world/power-bi-world";
import { demandCaller, demandDataset, demandWorkspace, powerBiError } from "./access";
import { type ConnectorResult } from "./connector";
import { answerPatch } from "./answers";
import { queryDataset } from "./reports";
import { changeSchedule } from "./schedules";
import { demandModelBased } from "./unreadable-models";

interface ByDataset {
    Params: { group: string; dataset: string; refresh: string };
    Querystring: { $top?: string };
    Body: { notifyOption?: string; value?: unknown } | undefined;
}

const base = "/groups/:group/datasets/:dataset";

/** Refreshes, which really query the sources, and their schedules. */
export function registerRefreshes(server: FastifyInstance, sandbox: Sandbox): void {
    const demand = (request: Parameters<typeof demandCaller>[1] & { params: ByDataset["Params"] }) => {
        const caller = demandCaller(sandbox, request);
        const workspace = demandWorkspace(sandbox, caller, request.params.group);
        const dataset = demandDataset(workspace, request.params.dataset);
        demandModelBased(dataset);
        return { caller, workspace, dataset };
    };

    server.post<ByDataset>(`${base}/refreshes`, async (request, reply) => {
        const { workspace, dataset } = demand(request);
        refuseRefresh(sandbox, dataset, request.body?.notifyOption);
        const refresh: Refresh = {
            requestId: randomUUID(),
            refreshType: "ViaApi",
            startTime: sandbox.now().toISOString(),
            status: "Unknown",
        };
        dataset.refreshes.unshift(refresh);
        sandbox.runInBackground(finish(sandbox, workspace.id, dataset.id, refresh.requestId));
        if (sandbox.world.doubts.refreshRequestId === "told") {
            reply.header("x-ms-request-id", refresh.requestId);
        }
        return reply.code(202).send();
    });
    server.get<ByDataset>(`${base}/refreshes`, async (request) => {
        const { dataset } = demand(request);
        const { $top: top = "60" } = request.query;
        if (!/^\d+$/.test(top) || Number(top) < 1) {
            throw powerBiError(400, "InvalidRequest", "$top must be 1 or more");
        }
        return { value: dataset.refreshes.slice(0, Number(top)).map((refresh) => render(sandbox, refresh)) };
    });
    server.get<ByDataset>(`${base}/refreshes/:refresh`, async (request, reply) => {
        const { dataset } = demand(request);
        const refresh = dataset.refreshes.find((candidate) => candidate.requestId === request.params.refresh);
        if (!refresh) {
            throw powerBiError(404, "PowerBIEntityNotFound");
        }
        const isRunning = refresh.status === "Unknown";
        return reply
            .code(isRunning ? 202 : 200)
            .send({ ...render(sandbox, refresh), extendedStatus: isRunning ? "InProgress" : refresh.status });
    });

    server.get<ByDataset>(`${base}/refreshSchedule`, async (request) => {
        const { dataset } = demand(request);
        if (dataset.mode === "DirectQuery") {
            throw powerBiError(400, "InvalidRequest", "The dataset has no refresh schedule");
        }
        return dataset.refreshSchedule;
    });
    server.patch<ByDataset>(`${base}/refreshSchedule`, async (request, reply) => {
        const { caller, dataset } = demand(request);
        if (dataset.owner !== caller) {
            throw powerBiError(401, "PowerBINotAuthorizedException");
        }
        changeSchedule(dataset.refreshSchedule, request.body?.value);
        return answerPatch(sandbox, reply);
    });
}

/** A refresh as the history shows it: which word stands for one that is running is doubted. */
function render(sandbox: Sandbox, refresh: Refresh) {
    const words = { unknown: "Unknown", inProgress: "InProgress", newWord: "Queued" };
    return refresh.status === "Unknown" ? { ...refresh, status: words[sandbox.world.doubts.runningRefresh] } : refresh;
}

function refuseRefresh(sandbox: Sandbox, dataset: Dataset, notifyOption: string | undefined): void {
    const refuse = (message: string) =>
        powerBiError(400, "InvalidRequest", `Invalid dataset refresh request. ${message}`);
    if (notifyOption !== undefined && notifyOption !== "NoNotification") {
        throw refuse("A service principal cannot ask for notifications");
    }
    if (dataset.mode === "DirectQuery") {
        throw refuse("The dataset is not refreshable");
    }
    if (dataset.refreshes.some((refresh) => refresh.status === "Unknown")) {
        throw alreadyRunning(sandbox) ?? refuse("Another refresh request is already executing");
    }
    const dayAgo = sandbox.now().getTime() - 24 * 60 * 60 * 1000;
    const today = dataset.refreshes.filter((refresh) => Date.parse(refresh.startTime) > dayAgo).length;
    if (today >= (sandbox.world.powerBi.refreshesPerDay ?? Infinity)) {
        throw refuse(`The dataset has exceeded the daily limit of ${today} refreshes`);
    }
}

/** How else a refresh is refused while another is running. */
function alreadyRunning(sandbox: Sandbox): HttpError | undefined {
    switch (sandbox.world.doubts.refreshWhileRunning) {
        case "invalidRequest":
            return undefined;
        case "otherCode":
            return powerBiError(400, "RefreshInProgress");
        case "conflict":
            return new HttpError(409, undefined);
    }
}

async function finish(sandbox: Sandbox, workspaceId: string, datasetId: string, requestId: string): Promise<void> {
    await sleep(sandbox.world.powerBi.refreshDurationInMs);
    const result = await queryDataset(sandbox, workspaceId, datasetId);
    const dataset = sandbox.world.powerBi.workspaces
        .flatMap((workspace) => workspace.datasets)
        .find((candidate) => candidate.id === datasetId);
    const refresh = dataset?.refreshes.find((candidate) => candidate.requestId === requestId);
    if (dataset && refresh && result) {
        refresh.endTime = sandbox.now().toISOString();
        refresh.status = result.ok ? "Completed" : "Failed";
        refresh.serviceExceptionJson = result.ok ? undefined : exceptionOf(result);
        switchOffSchedule(dataset);
    }
}

/** After four failures in a row, or one for the credential, a schedule is switched off (learn.microsoft.com, Data refresh). */
function switchOffSchedule(dataset: Dataset): void {
    const lastFour = dataset.refreshes.slice(0, 4);
    const allFailed = lastFour.length === 4 && lastFour.every(({ status }) => status === "Failed");
    const [latest] = dataset.refreshes;
    const forCredential = latest.status === "Failed" && /Credential/.test(latest.serviceExceptionJson ?? "");
    if (allFailed || forCredential) {
        dataset.refreshSchedule.enabled = false;
    }
}

function exceptionOf(result: Extract<ConnectorResult, { ok: false }>): string {
    const { code, message } = result.error;
    const isMissing = ["DMTS_DatasourceHasNoCredentialError", "DMTS_MonikerWithUnboundDataSources"].includes(code);
    const errorCode = isMissing ? "ModelRefreshFailed_CredentialsNotSpecified" : code;
    return JSON.stringify({ errorCode, errorDescription: message });
}
