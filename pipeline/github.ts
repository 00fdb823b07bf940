import { HttpClient, HttpRequest } from "../clients/http";
import { Forge, hidden, Proposal, Report, variable } from "./forge";

/** An issue, a comment or a pull request, as far as it matters here. */
interface Item {
    id: number;
    number: number;
    body?: string | null;
    html_url: string;
    pull_request?: object;
}

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
        const present = await this.find(comments, {}, (comment) => isMarked(comment, marker));
        await (present
            ? this.request("PATCH", `/issues/comments/${present.id}`, { body })
            : this.request("POST", comments, { body }));
    }

    async openReport({ marker, title, body }: Report): Promise<string> {
        const text = `${hidden(marker)}\n${body}`;
        const open = await this.findReport(marker);
        const issue = open
            ? await this.request<Item>("PATCH", `/issues/${open.number}`, { title, body: text })
            : await this.request<Item>("POST", "/issues", { title, body: text });
        return issue.html_url;
    }

    async closeReport(marker: string, lastWord: string): Promise<void> {
        const open = await this.findReport(marker);
        if (open) {
            await this.request("POST", `/issues/${open.number}/comments`, { body: lastWord });
            await this.request("PATCH", `/issues/${open.number}`, { state: "closed", state_reason: "completed" });
        }
    }

    async propose({ branch, target, title, body }: Proposal): Promise<string> {
        const [owner] = this.repository.split("/");
        const open = await this.find("/pulls", { state: "open", head: `${owner}:${branch}`, base: target }, () => true);
        const pull = open ?? (await this.request<Item>("POST", "/pulls", { head: branch, base: target, title, body }));
        for (const workflow of workflowsOfPullRequests) {
            const inputs = workflow === "preview.yml" ? { "pull-request": String(pull.number) } : {};
            await this.request("POST", `/actions/workflows/${workflow}/dispatches`, { ref: branch, inputs });
        }
        return pull.html_url;
    }

    private findReport(marker: string): Promise<Item | undefined> {
        return this.find("/issues", { state: "open" }, (item) => !item.pull_request && isMarked(item, marker));
    }

    /** The first item of a list, page by page. */
    private async find(
        path: string,
        query: Record<string, string>,
        fits: (item: Item) => boolean,
    ): Promise<Item | undefined> {
        for (let page = 1; ; page += 1) {
            const { data, headers } = await this.http.exchange<Item[]>({
                ...this.defaults("GET", path),
                query: { ...query, per_page: 100, page },
            });
            const found = data.find(fits);
            if (found || !/rel="next"/.test(String(headers.link ?? ""))) {
                return found;
            }
        }
    }

    private request<T>(method: HttpRequest["method"], path: string, body: object): Promise<T> {
        return this.http.request<T>({ ...this.defaults(method, path), body });
    }

    private defaults(method: HttpRequest["method"], path: string): HttpRequest {
        const headers = { Accept: "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28" };
        return { method, path: `/repos/${this.repository}${path}`, headers };
    }
}

function isMarked(item: Item, marker: string): boolean {
    return item.body?.startsWith(hidden(marker)) ?? false;
}
