import { fastify, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parse } from "yaml";
import { Repository } from "./repository";

/** An issue or a pull request, which share their numbers and comments. */
export interface GitHubItem {
    number: number;
    title: string;
    body: string;
    state: "open" | "closed";
    head?: string;
    base?: string;
    comments: { id: number; body: string }[];
}

/** The REST API of a repository on GitHub, as far as the scripts use it: permissions, pages, refusals as GitHub's. */
export class GitHubServer {
    readonly items: GitHubItem[] = [];
    /** The workflows that were started by request. */
    readonly dispatched: { workflow: string; ref: string; inputs: Record<string, string> }[] = [];
    private readonly tokens = new Map<string, Record<string, string>>();
    private address = "";
    private readonly server: FastifyInstance = fastify({ forceCloseConnections: true });
    private ids = 0;

    private constructor(private readonly repository: Repository) {
        this.routes();
    }

    static async start(repository: Repository): Promise<GitHubServer> {
        const server = new GitHubServer(repository);
        server.address = await server.server.listen({ host: "127.0.0.1", port: 0 });
        return server;
    }

    get url(): string {
        return this.address;
    }

    close(): Promise<void> {
        return this.server.close();
    }

    /** Makes the token of a job with these permissions. */
    issueToken(permissions: Record<string, string>): string {
        const token = `ghs_${this.tokens.size + 1}`;
        this.tokens.set(token, permissions);
        return token;
    }

    /** Opens a pull request, as a person does. */
    open(head: string, title: string): GitHubItem {
        const item: GitHubItem = { number: this.items.length + 1, title, body: "", state: "open", head, comments: [] };
        this.items.push({ ...item, base: "main" });
        return this.items.at(-1)!;
    }

    get issues(): GitHubItem[] {
        return this.items.filter(({ head }) => head === undefined);
    }

    get pullRequests(): GitHubItem[] {
        return this.items.filter(({ head }) => head !== undefined);
    }

    private routes(): void {
        const base = "/repos/example/platform";
        const { server } = this;
        // One item a page, so that a client which reads one page only is found out.
        server.get<{ Querystring: Record<string, string> }>(`${base}/issues`, async (request, reply) => {
            this.demand(request, "issues", "read");
            return this.page(
                request,
                reply,
                this.items.filter(({ state }) => state === request.query.state).map(shown),
            );
        });
        server.post<{ Body: Record<string, string> }>(`${base}/issues`, async (request, reply) => {
            this.demand(request, "issues", "write");
            const { title, body } = request.body;
            const item: GitHubItem = { number: this.items.length + 1, title, body, state: "open", comments: [] };
            this.items.push(item);
            return reply.code(201).send(shown(item));
        });
        server.patch<{ Params: { n: string }; Body: Partial<GitHubItem> }>(`${base}/issues/:n`, async (request) => {
            this.demand(request, "issues", "write");
            const { title, body, state } = request.body;
            const item = this.item(request.params.n);
            Object.assign(item, title && { title }, body && { body }, state && { state });
            return shown(item);
        });
        server.get<{ Params: { n: string } }>(`${base}/issues/:n/comments`, async (request, reply) => {
            const item = this.item(request.params.n);
            this.demand(request, item.head ? "pull-requests" : "issues", "read");
            return this.page(request, reply, item.comments);
        });
        server.post<{ Params: { n: string }; Body: { body: string } }>(
            `${base}/issues/:n/comments`,
            async (request, reply) => {
                const item = this.item(request.params.n);
                this.demand(request, item.head ? "pull-requests" : "issues", "write");
                if (request.body.body.length > 65_536) {
                    throw refusal(422, "Validation Failed");
                }
                this.ids += 1;
                item.comments.push({ id: this.ids, body: request.body.body });
                return reply.code(201).send(item.comments.at(-1));
            },
        );
        server.patch<{ Params: { id: string }; Body: { body: string } }>(
            `${base}/issues/comments/:id`,
            async (request) => {
                this.demand(request, "pull-requests", "write");
                const comments = this.items.flatMap((item) => item.comments);
                const comment = comments.find(({ id }) => String(id) === request.params.id);
                if (!comment) {
                    throw refusal(404, "Not Found");
                }
                return Object.assign(comment, request.body);
            },
        );
        server.get<{ Querystring: Record<string, string> }>(`${base}/pulls`, async (request, reply) => {
            this.demand(request, "pull-requests", "read");
            const { state, head, base: target } = request.query;
            const fits = (item: GitHubItem) =>
                item.state === state && `example:${item.head}` === head && item.base === target;
            return this.page(request, reply, this.pullRequests.filter(fits).map(shown));
        });
        server.post<{ Body: Record<string, string> }>(`${base}/pulls`, async (request, reply) => {
            this.demand(request, "pull-requests", "write");
            const { head, base: target, title, body } = request.body;
            const known = this.repository.branches();
            const isOpen = this.pullRequests.some((item) => item.head === head && item.state === "open");
            if (!known.includes(head) || !known.includes(target) || isOpen) {
                throw refusal(422, "Validation Failed");
            }
            return reply.code(201).send(shown(Object.assign(this.open(head, title), { body })));
        });
        server.post<{ Params: { file: string }; Body: { ref: string; inputs: Record<string, string> } }>(
            `${base}/actions/workflows/:file/dispatches`,
            async (request, reply) => {
                this.demand(request, "actions", "write");
                const { ref, inputs } = request.body;
                const { on } = parse(this.repository.read(ref, `.github/workflows/${request.params.file}`));
                const declared = Object.keys(on.workflow_dispatch?.inputs ?? {});
                if (!("workflow_dispatch" in on) || Object.keys(inputs).some((name) => !declared.includes(name))) {
                    throw refusal(422, "Unexpected inputs provided");
                }
                this.dispatched.push({ workflow: request.params.file, ref, inputs });
                return reply.code(204).send();
            },
        );
        server.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) =>
            reply.code(error.statusCode ?? 500).send({ message: error.message }),
        );
    }

    private demand(request: FastifyRequest, scope: string, level: "read" | "write"): void {
        const permissions = this.tokens.get((request.headers.authorization ?? "").replace(/^Bearer /, ""));
        if (!permissions) {
            throw refusal(401, "Bad credentials");
        }
        if (permissions[scope] !== "write" && permissions[scope] !== level) {
            throw refusal(403, "Resource not accessible by integration");
        }
    }

    private item(number: string): GitHubItem {
        const item = this.items.find((candidate) => String(candidate.number) === number);
        if (!item) {
            throw refusal(404, "Not Found");
        }
        return item;
    }

    private page<T>(request: FastifyRequest, reply: FastifyReply, all: T[]): T[] {
        const page = Number((request.query as { page?: string }).page ?? 1);
        if (page < all.length) {
            reply.header("link", `<${this.url}${request.url.replace(/page=\d+$/, `page=${page + 1}`)}>; rel="next"`);
        }
        return all.slice(page - 1, page);
    }
}

function shown(item: GitHubItem) {
    const { number, title, body, state, head } = item;
    const address = `https://github.com/example/platform/${head ? "pull" : "issues"}/${number}`;
    return { id: number, number, title, body, state, html_url: address, ...(head ? { pull_request: {} } : {}) };
}

function refusal(statusCode: number, message: string): Error {
    return Object.assign(new Error(message), { statusCode });
}
