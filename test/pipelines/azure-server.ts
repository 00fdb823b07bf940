import { fastify, FastifyInstance, FastifyRequest } from "fastify";
import { Repository } from "./repository";

/** A work item by its fields. */
export interface WorkItem {
    id: number;
    fields: Record<string, string>;
}

interface Thread {
    id: number;
    status: string;
    comments: { id: number; content: string }[];
}

/** A pull request with its threads. */
export interface AzurePullRequest {
    pullRequestId: number;
    sourceRefName: string;
    targetRefName: string;
    title: string;
    threads: Thread[];
}

/** The states of a task in the process "Agile", as the API gives them. */
const states = [
    { name: "New", category: "Proposed" },
    { name: "Active", category: "InProgress" },
    { name: "Closed", category: "Completed" },
    { name: "Removed", category: "Removed" },
];

/** The REST API of an Azure DevOps organization, as far as the scripts use it: media types and refusals as there. */
export class AzureServer {
    readonly accessToken = "azure-devops-job-token";
    readonly workItems: WorkItem[] = [];
    readonly pullRequests: AzurePullRequest[] = [];
    private address = "";
    private readonly server: FastifyInstance = fastify({ forceCloseConnections: true });

    private constructor(private readonly repository: Repository) {
        this.routes();
    }

    static async start(repository: Repository): Promise<AzureServer> {
        const server = new AzureServer(repository);
        server.address = await server.server.listen({ host: "127.0.0.1", port: 0 });
        return server;
    }

    get url(): string {
        return `${this.address}/`;
    }

    close(): Promise<void> {
        return this.server.close();
    }

    /** Opens a pull request, as a person does. */
    open(branch: string, title: string): AzurePullRequest {
        const pullRequestId = this.pullRequests.length + 1;
        const refs = { sourceRefName: `refs/heads/${branch}`, targetRefName: "refs/heads/main" };
        this.pullRequests.push({ pullRequestId, ...refs, title, threads: [] });
        return this.pullRequests.at(-1)!;
    }

    private routes(): void {
        const { server } = this;
        const git = "/platform/_apis/git/repositories/:repository";
        server.addContentTypeParser("application/json-patch+json", { parseAs: "string" }, (_request, body, done) =>
            done(null, JSON.parse(String(body))),
        );
        server.addHook("onRequest", async (request) => this.demand(request));
        server.get(`${git}/pullRequests/:id/threads`, async (request) => ({
            value: this.pullRequest(request).threads,
        }));
        server.post<{ Body: { status: string; comments: { content: string }[] } }>(
            `${git}/pullRequests/:id/threads`,
            async (request) => {
                const { threads } = this.pullRequest(request);
                const comments = request.body.comments.map(({ content }, index) => ({ id: index + 1, content }));
                threads.push({ id: threads.length + 1, status: request.body.status, comments });
                return threads.at(-1);
            },
        );
        server.patch<{ Params: { thread: string; comment: string }; Body: { content: string } }>(
            `${git}/pullRequests/:id/threads/:thread/comments/:comment`,
            async (request) => {
                const { thread, comment } = request.params;
                const found = this.pullRequest(request)
                    .threads.find(({ id }) => String(id) === thread)
                    ?.comments.find(({ id }) => String(id) === comment);
                return Object.assign(demanded(found), request.body);
            },
        );
        server.get<{ Querystring: Record<string, string> }>(`${git}/pullrequests`, async ({ query }) => ({
            value: this.pullRequests
                .filter(({ sourceRefName }) => sourceRefName === query["searchCriteria.sourceRefName"])
                .map(shown),
        }));
        server.post<{ Body: AzurePullRequest }>(`${git}/pullrequests`, async (request) => {
            const branch = request.body.sourceRefName.replace("refs/heads/", "");
            if (!this.repository.branches().includes(branch)) {
                throw refusal(400, `TF401398: The branch ${branch} does not exist.`);
            }
            return shown(this.open(branch, request.body.title));
        });
        server.get("/platform/_apis/wit/workitemtypes/Task/states", async () => ({ value: states }));
        server.post<{ Body: { query: string } }>("/platform/_apis/wit/wiql", async ({ body }) => ({
            workItems: this.select(body.query).map(({ id }) => ({ id })),
        }));
        server.post<{ Body: Operation[] }>("/platform/_apis/wit/workitems/$Task", async (request) => {
            const item = { id: this.workItems.length + 1, fields: { "System.State": "New" } };
            this.workItems.push(item);
            return this.apply(request, item);
        });
        server.patch<{ Params: { id: string }; Body: Operation[] }>(
            "/platform/_apis/wit/workitems/:id",
            async (request) =>
                this.apply(request, demanded(this.workItems.find(({ id }) => String(id) === request.params.id))),
        );
        server.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) =>
            reply.code(error.statusCode ?? 500).send({ message: error.message }),
        );
    }

    private demand(request: FastifyRequest): void {
        if (request.headers.authorization !== `Bearer ${this.accessToken}`) {
            throw refusal(401, "TF400813: The user is not authorized to access this resource.");
        }
        if ((request.query as Record<string, string>)["api-version"] === undefined) {
            throw refusal(400, "No api-version was supplied.");
        }
    }

    /** Answers a query of the one form that the scripts ask. */
    private select(query: string): WorkItem[] {
        const form =
            /^SELECT \[System\.Id\] FROM WorkItems WHERE \[System\.TeamProject\] = @project AND \[System\.WorkItemType\] = 'Task' AND \[System\.Tags\] CONTAINS '([^']+)' AND \[System\.State\] NOT IN \(([^)]*)\)$/;
        const [, tag, done] = form.exec(query) ?? [];
        if (!tag) {
            throw refusal(400, "TF51005: The query references a field that does not exist.");
        }
        return this.workItems.filter(
            ({ fields }) => fields["System.Tags"]?.includes(tag) && !done.includes(`'${fields["System.State"]}'`),
        );
    }

    private apply(request: FastifyRequest<{ Body: Operation[] }>, item: WorkItem): WorkItem {
        if (!request.headers["content-type"]?.startsWith("application/json-patch+json")) {
            throw refusal(415, "The request's media type is not supported.");
        }
        for (const { op, path, value } of request.body) {
            const field = path.replace("/fields/", "");
            if (op !== "add" || (field === "System.State" && !states.some(({ name }) => name === value))) {
                throw refusal(400, `TF401347: ${path} cannot become ${value}.`);
            }
            item.fields[field] = value;
        }
        return item;
    }

    private pullRequest(request: FastifyRequest): AzurePullRequest {
        const { id } = request.params as { id: string };
        return demanded(this.pullRequests.find(({ pullRequestId }) => String(pullRequestId) === id));
    }
}

interface Operation {
    op: string;
    path: string;
    value: string;
}

function shown({ threads: _threads, ...pullRequest }: AzurePullRequest) {
    return { ...pullRequest, repository: { webUrl: "https://dev.azure.com/example/platform/_git/platform" } };
}

function demanded<T>(value: T | undefined): T {
    if (value === undefined) {
        throw refusal(404, "TF401180: The requested object was not found.");
    }
    return value;
}

function refusal(statusCode: number, message: string): Error {
    return Object.assign(new Error(message), { statusCode });
}
