import { toText } from "../../diagnostics/render";
import { showDatasource } from "./attention";
import { html, Markup, when } from "./markup";
import { CredentialStatus, DatasetStatus, DatasourceStatus, Generation, HeldStatus, StatusReport } from "./report";
import { lookOf } from "./timeline";
import * as words from "./words";

/** The numbers that one wants to see first. */
export function renderSummary({ credentials }: StatusReport): Markup {
    const datasources = credentials.flatMap((credential) => credential.datasources);
    const datasets = new Set(datasources.flatMap((source) => source.datasets.map(({ datasetId }) => datasetId)));
    const ends = credentials
        .flatMap(({ name, generations }) => generations.map((generation) => ({ name, ...generation })))
        .filter(({ role, expiresAt }) => role === "current" && expiresAt !== undefined)
        .sort((one, other) => one.expiresAt!.localeCompare(other.expiresAt!));
    const tile = (value: string | number, what: string) =>
        html`<div>
            <dt>${what}</dt>
            <dd>${value}</dd>
        </div>`;
    const ending = ends.map((first) => tile(words.restInWords(first), `until ${first.name}'s secret ends`)).slice(0, 1);
    const count = (number: number, what: string) => tile(number, number === 1 ? what : `${what}s`);
    return html`<dl class="tiles">
        ${count(credentials.length, "credential")} ${count(datasources.length, "datasource")}
        ${count(datasets.size, "dataset")} ${ending}
    </dl>`;
}

/** What is to be looked at, and what could not be read. */
export function renderAttention({ attention, untold, refused, told, credentials }: StatusReport): Markup {
    const item = (kind: string, text: string, credential?: string) => {
        const index = credentials.findIndex(({ name }) => name === credential);
        const link = when(index >= 0, () => html`<a href="#${anchorOf(index)}">${credential!}</a>`);
        return html`<li>
            <div><span class="kind">${kind}</span>${link}</div>
            <span class="words">${text}</span>
        </li>`;
    };
    return when(
        attention.length + untold.length + refused.length + told.length > 0,
        () =>
            html`<section aria-labelledby="look">
                <h2 id="look">To look at</h2>
                <ul class="attention">
                    ${refused.map((diagnostic) => item("an up would refuse", toText(diagnostic)))}
                    ${untold.map((text) => item("could not be read", text))}
                    ${attention.map(({ kind, words: text, credential }) => item(kind, text, credential))}
                    ${told.map((diagnostic) => item("good to know", toText(diagnostic)))}
                </ul>
            </section>`,
    );
}

/** What was not found and keeps a secret alive: which generation, where, and why. */
export function renderHeld({ held }: StatusReport): Markup {
    const row = (holder: HeldStatus) =>
        html`<tr role="row">
            ${cell("Credential", html`${holder.credential}`)}
            ${cell("Key", html`<span class="bad">${holder.rotationKey}</span>`)}
            ${cell("Kind", html`${words.kindInWords[holder.kind]}`)} ${cell("Gateway", html`${holder.gateway || "–"}`)}
            ${cell(
                "Datasource",
                html`<span title="${holder.datasourceId}, read ${holder.warehouse}"
                    >${holder.name ? holder.name : html`<code>${holder.datasourceId}</code>`}</span
                >`,
            )}
            ${cell(
                "Read by",
                html`${holder.datasets.map(({ workspace, dataset }) => `${workspace} / ${dataset}`).join(", ") || "–"}`,
            )}
            ${cell("Why", html`${holder.cause ?? "nobody knows"}`)}
        </tr>`;
    return when(
        held.length > 0,
        () =>
            html`<section aria-labelledby="held">
                <h2 id="held">Not found, so that its secret is kept alive</h2>
                <article class="held">
                    <table class="datasources" role="table">
                        ${head("Held", ["Credential", "Key", "Kind", "Gateway", "Datasource", "Read by", "Why"])}
                        <tbody role="rowgroup">
                            ${held.map(row)}
                        </tbody>
                    </table>
                </article>
            </section>`,
    );
}

function anchorOf(index: number): string {
    return `credential-${index + 1}`;
}

/** A credential with its secrets, its datasources and what its next rotation will touch. */
export function renderCredential(credential: CredentialStatus, report: StatusReport): Markup {
    const { name, principal, generations, datasources, drift } = credential;
    const isToLookAt =
        report.attention.some((attention) => attention.credential === name) || report.toRotate.includes(name);
    const who = principal.applicationId || "not made yet";
    const id = anchorOf(report.credentials.indexOf(credential));
    return html`<article class="credential" id="${id}" ${new Markup(isToLookAt ? "data-look" : "")}>
        <div class="head">
            <h3>${name}</h3>
            <p class="meta"><code>${who}</code> at ${principal.host.replace(/^https?:\/\//, "")}</p>
            ${drift.map((text) => html`<p class="note">${text}</p>`)}
        </div>
        <table class="generations" role="table">
            ${head("Secrets", ["Key", "Role", "Secret", "Status", "Made", "Age", "Ends", "Left"])}
            <tbody role="rowgroup">
                ${generations.map((generation) => generationRow(generation, report))}
            </tbody>
        </table>
        <table class="datasources" role="table">
            ${head("Datasources", ["Kind", "Gateway", "Datasource", "Bound", "Type", "Datasets", "Last refreshes"])}
            ${datasources.map((datasource) => datasourceRows(datasource, credential))}
        </table>
        ${renderRotation(credential)}
    </article>`;
}

function generationRow(generation: Generation, report: StatusReport): Markup {
    const { key, role, secretId, status, createdAt, ageInDays, expiresAt } = generation;
    const isBad = status !== "ACTIVE";
    return html`<tr role="row">
        ${cell("Key", html`${key || "–"}`)}
        ${cell("Role", html`<span class="key ${lookOf(generation, report)}">${role}</span>`)}
        ${cell("Secret", html`<code>${secretId}</code>`)}
        ${cell("Status", html`<span class="${isBad ? "bad" : ""}">${status || "not read"}</span>`)}
        ${cell("Made", html`${words.dayOf(createdAt) || "–"}`)}
        ${cell("Age", html`${ageInDays === undefined ? "–" : words.counted(ageInDays, "day")}`)}
        ${cell("Ends", html`${words.dayOf(expiresAt) || "–"}`)}
        ${cell("Left", html`<span class="left-${lookOf(generation, report)}">${words.restInWords(generation)}</span>`)}
    </tr>`;
}

function datasourceRows(datasource: DatasourceStatus, { rotationKey }: CredentialStatus): Markup {
    const { kind, gateway, name, datasourceId, credentialType, datasets, drift, warehouse } = datasource;
    const failures = datasets.flatMap(({ workspace, dataset, lastRefresh }) =>
        lastRefresh?.status === "Failed" ? [`${workspace} / ${dataset}: ${lastRefresh.error}`] : [],
    );
    const notes = [...drift, ...failures];
    const isOlder = datasource.rotationKey !== rotationKey;
    const isToLookAt = notes.length > 0 || isOlder;
    const count = words.counted(datasets.length, "dataset");
    return html`<tbody role="rowgroup" ${new Markup(isToLookAt ? "data-look" : "")}>
        <tr role="row">
            ${cell("Kind", html`${words.kindInWords[kind]}`)} ${cell("Gateway", html`${gateway || "–"}`)}
            ${cell(
                "Datasource",
                html`<span title="${datasourceId}, reads ${warehouse}"
                    >${name ? name : html`<code>${datasourceId}</code>`}</span
                >`,
            )}
            ${cell("Bound", html`<span class="${isOlder ? "bad" : ""}">${datasource.rotationKey}</span>`)}
            ${cell("Type", html`<span class="${credentialType === "Basic" ? "" : "bad"}">${credentialType ?? "not read"}</span>`)}
            ${cell(
                "Datasets",
                datasets.length === 0
                    ? html`not known`
                    : html`<details>
                          <summary aria-label="${count} of ${showDatasource(datasource)}">${count}</summary>
                          <ul>
                              ${datasets.map(datasetItem)}
                          </ul>
                      </details>`,
            )}
            ${cell("Last refreshes", html`<span class="${failures.length > 0 ? "bad" : ""}">${words.refreshesInWords(datasets)}</span>`)}
        </tr>
        ${when(
            notes.length > 0,
            () =>
                html`<tr role="row" class="notes">
                    <td role="cell" colspan="7">${notes.map((note) => html`<p class="note">${note}</p>`)}</td>
                </tr>`,
        )}
    </tbody>`;
}

function datasetItem({ workspace, dataset, owner, lastRefresh }: DatasetStatus): Markup {
    const refresh = lastRefresh
        ? `${lastRefresh.status === "Unknown" ? "running" : lastRefresh.status} ${words.minuteOf(lastRefresh.endedAt ?? lastRefresh.startedAt)}`
        : "no refresh";
    return html`<li>
        ${workspace} / <b>${dataset}</b> <small>${refresh}${when(Boolean(owner), () => html`, owner ${owner!}`)}</small>
    </li>`;
}

function renderRotation({ nextRotation, changes }: CredentialStatus): Markup {
    const { scopeEntries, keyVaultSecrets, refreshes } = nextRotation;
    const group = (title: string, names: string[]) =>
        when(names.length > 0, () => html`<li>${title}: ${names.join(", ")}</li>`);
    return html`<div class="rotation">
        <h4>The next rotation touches</h4>
        <p>${words.rotationInWords(nextRotation)}.</p>
        <details>
            <summary>Which ones</summary>
            <ul>
                <li>every datasource above, each once</li>
                ${group("scope entries", scopeEntries)} ${group("key vault secrets", keyVaultSecrets)}
                ${group("refreshes", refreshes)} ${group("before it, pulumi up has to do", changes)}
            </ul>
        </details>
    </div>`;
}

/** The caption and the titles of a table's columns. */
function head(caption: string, titles: string[]): Markup {
    return html`<caption>
            ${caption}
        </caption>
        <thead role="rowgroup">
            <tr role="row">
                ${titles.map(heading)}
            </tr>
        </thead>`;
}

function heading(title: string): Markup {
    return html`<th role="columnheader" scope="col">${title}</th>`;
}

/** A cell; narrow screens show it with its title, below the others. */
function cell(title: string, content: Markup): Markup {
    return html`<td role="cell" data-title="${title}">${content}</td>`;
}
