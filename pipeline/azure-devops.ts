import { z } from "zod";
import { flag, listOf, nothing, optional, structure, text } from "../clients/fields";
import { HttpClient, HttpRequest } from "../clients/http";
import { Forge, hidden, Proposal, Report, variable } from "./forge";

const count = z.number({ error: "expected a number" });

/** A thread below a pull request. */
const threadAnswer = structure({
    id: count,
    /** Absent: it was not deleted. */
    isDeleted: optional(flag),
    /** A comment without content is one of the service's own. */
    comments: listOf(structure({ id: count, content: optional(text), isDeleted: optional(flag) })),
});

/** A pull request, as far as it matters here; without an address of its repository, that of the project serves. */
const pullRequestAnswer = structure({
    pullRequestId: count,
    repository: structure({ webUrl: optional(text) }),
});

const workItemAnswer = structure({ id: count });

const stateAnswer = structure({ name: text, category: text });

/** The work item type that all of Azure DevOps' processes have. */
const workItemType = "Task";

/** The version of the REST API. */
const apiVersion = "7.1";

/** A repository in Azure Repos, as a job of Azure Pipelines sees it. Reports are work items with a tag. */
export class AzureDevOps implements Forge {
    private readonly http: HttpClient;
    private readonly project: string;

    constructor(private readonly environment: NodeJS.ProcessEnv) {
        const token = variable(
            environment,
            "SYSTEM_ACCESSTOKEN",
            "map it in the step: env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)",
        );
        this.project = variable(environment, "SYSTEM_TEAMPROJECT");
        this.http = new HttpClient({
            service: "Azure DevOps",
            baseUrl: variable(environment, "SYSTEM_COLLECTIONURI").replace(/\/$/, ""),
            authorization: async () => `Bearer ${token}`,
        });
    }

    pullRequest(): string | undefined {
        return this.environment.SYSTEM_PULLREQUEST_PULLREQUESTID;
    }

    runAddress(): string {
        const { SYSTEM_COLLECTIONURI, BUILD_BUILDID } = this.environment;
        return `${SYSTEM_COLLECTIONURI}${encodeURIComponent(this.project)}/_build/results?buildId=${BUILD_BUILDID}`;
    }

    async comment(pullRequest: string, marker: string, text: string): Promise<void> {
        const threads = `${this.repository}/pullRequests/${pullRequest}/threads`;
        const content = `${hidden(marker)}\n${text}`;
        const { value } = await this.request(structure({ value: listOf(threadAnswer) }), "GET", threads);
        const mine = value.find(({ comments, isDeleted }) => {
            const first = comments[0];
            return !isDeleted && first && !first.isDeleted && first.content?.startsWith(hidden(marker));
        });
        // Closed, so that it does not count as an open remark that a policy waits for.
        const added = { status: "closed", comments: [{ parentCommentId: 0, content, commentType: "text" }] };
        await (mine
            ? this.request(nothing, "PATCH", `${threads}/${mine.id}/comments/${mine.comments[0].id}`, { content })
            : this.request(nothing, "POST", threads, added));
    }

    async openReport({ marker, title, body }: Report): Promise<string> {
        const open = await this.findReport(marker);
        const fields = {
            "System.Title": title,
            "System.Description": `<pre>${escapeHtml(body)}</pre>`,
            ...(open ? {} : { "System.Tags": tagOf(marker) }),
        };
        const path = open ? `workitems/${open}` : `workitems/$${workItemType}`;
        const item = await this.edit(open ? "PATCH" : "POST", path, fields);
        return `${this.environment.SYSTEM_COLLECTIONURI}${encodeURIComponent(this.project)}/_workitems/edit/${item.id}`;
    }

    async closeReport(marker: string, lastWord: string): Promise<void> {
        const open = await this.findReport(marker);
        if (open) {
            const [state] = await this.statesThat("Completed");
            await this.edit("PATCH", `workitems/${open}`, { "System.State": state, "System.History": lastWord });
        }
    }

    async propose({ branch, target, title, body }: Proposal): Promise<string> {
        const refs = { sourceRefName: `refs/heads/${branch}`, targetRefName: `refs/heads/${target}` };
        const path = `${this.repository}/pullrequests`;
        const criteria = {
            "searchCriteria.status": "active",
            "searchCriteria.sourceRefName": refs.sourceRefName,
            "searchCriteria.targetRefName": refs.targetRefName,
        };
        const list = structure({ value: listOf(pullRequestAnswer) });
        const { value } = await this.request(list, "GET", path, undefined, criteria);
        const proposal = { ...refs, title, description: body };
        const pull = value[0] ?? (await this.request(pullRequestAnswer, "POST", path, proposal));
        return `${pull.repository.webUrl ?? this.project}/pullrequest/${pull.pullRequestId}`;
    }

    private get repository(): string {
        return `git/repositories/${variable(this.environment, "BUILD_REPOSITORY_ID")}`;
    }

    /** The id of the open work item with a marker's tag. */
    private async findReport(marker: string): Promise<number | undefined> {
        const done = [...(await this.statesThat("Completed")), ...(await this.statesThat("Removed"))];
        const query = [
            "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project",
            `AND [System.WorkItemType] = '${workItemType}' AND [System.Tags] CONTAINS '${quoted(tagOf(marker))}'`,
            `AND [System.State] NOT IN (${done.map((state) => `'${quoted(state)}'`).join(", ")})`,
        ].join(" ");
        const list = structure({ workItems: listOf(workItemAnswer) });
        const { workItems } = await this.request(list, "POST", "wit/wiql", { query });
        return workItems[0]?.id;
    }

    /** The states of a category; each process has its own names for them. */
    private async statesThat(category: "Completed" | "Removed"): Promise<string[]> {
        const path = `wit/workitemtypes/${workItemType}/states`;
        const { value } = await this.request(structure({ value: listOf(stateAnswer) }), "GET", path);
        return value.filter((state) => state.category === category).map(({ name }) => name);
    }

    private edit(method: "POST" | "PATCH", path: string, fields: Record<string, string>): Promise<{ id: number }> {
        const body = Object.entries(fields).map(([name, value]) => ({ op: "add", path: `/fields/${name}`, value }));
        const headers = { "Content-Type": "application/json-patch+json" };
        return this.http.request({ ...this.defaults(method, `wit/${path}`), body, headers }, workItemAnswer);
    }

    private request<T>(
        schema: z.ZodType<T>,
        method: HttpRequest["method"],
        path: string,
        body?: object,
        query: Record<string, string> = {},
    ): Promise<T> {
        const defaults = this.defaults(method, path);
        return this.http.request({ ...defaults, body, query: { ...defaults.query, ...query } }, schema);
    }

    private defaults(method: HttpRequest["method"], path: string): HttpRequest {
        return {
            method,
            path: `/${encodeURIComponent(this.project)}/_apis/${path}`,
            query: { "api-version": apiVersion },
        };
    }
}

/** A marker as a work item's tag: those have no commas and semicolons. */
function tagOf(marker: string): string {
    return marker.replace(/[,;]/g, "-");
}

function quoted(text: string): string {
    return text.replace(/'/g, "''");
}

function escapeHtml(text: string): string {
    return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
