import { z } from "zod";
import { anything, listOf, nothing, optional, structure, text } from "../clients/fields";
import { HttpClient, HttpRequest } from "../clients/http";
import { Forge, hidden, Proposal, Report, variable } from "./forge";

const count = z.number({ error: "expected a number" });

/** A comment. */
const commentAnswer = structure({
    id: count,
    /** Absent where nobody wrote anything. */
    body: optional(text),
});

/** An issue or a pull request, as far as it matters here. */
const itemAnswer = structure({
    number: count,
    /** Absent where nobody wrote anything. */
    body: optional(text),
    html_url: text,
    /** Absent for an issue that is no pull request. */
    pull_request: anything,
});

type Item = z.output<typeof itemAnswer>;

/**
 * The workflows that look at a pull request. GitHub starts none for what a job's own token pushes or opens, except by
 * this explicit request (docs.github.com, "Triggering a workflow from a workflow").
 */
const workflowsOfPullRequests = ["ci.yml", "preview.yml"];

/** A repository on GitHub, as a job of GitHub Actions sees it. */
export class GitHub implements Forge {
    private readonly http: HttpClient;
    private readonly repository: string;

    constructor(private readonly environment: NodeJS.ProcessEnv) {
        const token = variable(
            environment,
            "GITHUB_TOKEN",
            "map it in the step: env: GITHUB_TOKEN: ${{ github.token }}",
        );
        this.repository = variable(environment, "GITHUB_REPOSITORY");
        this.http = new HttpClient({
            service: "GitHub",
            baseUrl: variable(environment, "GITHUB_API_URL"),
            authorization: async () => `Bearer ${token}`,
        });
    }

    pullRequest(): string | undefined {
        return /^refs\/pull\/(\d+)\//.exec(this.environment.GITHUB_REF ?? "")?.[1];
    }

    runAddress(): string {
        const { GITHUB_SERVER_URL, GITHUB_RUN_ID } = this.environment;
        return `${GITHUB_SERVER_URL}/${this.repository}/actions/runs/${GITHUB_RUN_ID}`;
    }

    async comment(pullRequest: string, marker: string, text: string): Promise<void> {
        const body = `${hidden(marker)}\n${text}`;
        const comments = `/issues/${pullRequest}/comments`;
        const present = await this.find(commentAnswer, comments, {}, (comment) => isMarked(comment, marker));
        await (present
            ? this.send("PATCH", `/issues/comments/${present.id}`, { body })
            : this.send("POST", comments, { body }));
    }

    async openReport({ marker, title, body }: Report): Promise<string> {
        const text = `${hidden(marker)}\n${body}`;
        const open = await this.findReport(marker);
        const issue = open
            ? await this.request("PATCH", `/issues/${open.number}`, { title, body: text })
            : await this.request("POST", "/issues", { title, body: text });
        return issue.html_url;
    }

    async closeReport(marker: string, lastWord: string): Promise<void> {
        const open = await this.findReport(marker);
        if (open) {
            await this.send("POST", `/issues/${open.number}/comments`, { body: lastWord });
            await this.send("PATCH", `/issues/${open.number}`, { state: "closed", state_reason: "completed" });
        }
    }

    async propose({ branch, target, title, body }: Proposal): Promise<string> {
        const [owner] = this.repository.split("/");
        const wanted = { state: "open", head: `${owner}:${branch}`, base: target };
        const open = await this.find(itemAnswer, "/pulls", wanted, () => true);
        const pull = open ?? (await this.request("POST", "/pulls", { head: branch, base: target, title, body }));
        for (const workflow of workflowsOfPullRequests) {
            const inputs = workflow === "preview.yml" ? { "pull-request": String(pull.number) } : {};
            await this.send("POST", `/actions/workflows/${workflow}/dispatches`, { ref: branch, inputs });
        }
        return pull.html_url;
    }

    private findReport(marker: string): Promise<Item | undefined> {
        const isReport = (item: Item) => !item.pull_request && isMarked(item, marker);
        return this.find(itemAnswer, "/issues", { state: "open" }, isReport);
    }

    /** The first item of a list, page by page. */
    private async find<T>(
        schema: z.ZodType<T>,
        path: string,
        query: Record<string, string>,
        fits: (item: T) => boolean,
    ): Promise<T | undefined> {
        for (let page = 1; ; page += 1) {
            const answer = await this.http.exchange({
                ...this.defaults("GET", path),
                query: { ...query, per_page: 100, page },
            });
            const found = answer.read(listOf(schema)).find(fits);
            if (found || !/rel="next"/.test(String(answer.headers.link ?? ""))) {
                return found;
            }
        }
    }

    private async send(method: HttpRequest["method"], path: string, body: object): Promise<void> {
        await this.http.request({ ...this.defaults(method, path), body }, nothing);
    }

    private request(method: HttpRequest["method"], path: string, body: object): Promise<Item> {
        return this.http.request({ ...this.defaults(method, path), body }, itemAnswer);
    }

    private defaults(method: HttpRequest["method"], path: string): HttpRequest {
        const headers = { Accept: "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28" };
        return { method, path: `/repos/${this.repository}${path}`, headers };
    }
}

function isMarked(item: { body?: string }, marker: string): boolean {
    return item.body?.startsWith(hidden(marker)) ?? false;
}
