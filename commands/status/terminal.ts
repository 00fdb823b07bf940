import { toText } from "../../diagnostics/render";
import { CredentialStatus, DatasourceStatus, Generation, HeldStatus, StatusReport } from "./report";
import * as words from "./words";

type Style = "bold" | "dim" | "red" | "yellow" | "green";
type Paint = (style: Style, text: string) => string;
/** A cell, and how it looks. */
type Cell = string | { text: string; style: Style };

const codes: Record<Style, string> = { bold: "1", dim: "2", red: "31", yellow: "33", green: "32" };

/**
 * The report as tables for a terminal.
 *
 * @param colored whether the terminal shows colours.
 */
export function renderTerminal(report: StatusReport, colored: boolean): string {
    const paint: Paint = (style, text) => (colored && text !== "" ? `\u001b[${codes[style]}m${text}\u001b[0m` : text);
    const style = ({ well: "green", attention: "yellow", untold: "red", refused: "red" } as const)[report.verdict];
    const head = `${paint("bold", `Stack ${visible(report.stack)}`)}  ${paint(style, words.verdictInWords(report))}`;
    const rotation = `rotation key ${visible(report.rotationKey)}, read on ${words.minuteOf(report.takenAt)}`;
    return [
        head,
        paint("dim", rotation),
        ...report.credentials.flatMap((credential) => ["", ...renderCredential(credential, report, paint)]),
        ...renderHeld(report.held, paint),
        ...renderList("An up would refuse", report.refused.map(toText), "red", paint),
        ...renderList(
            "To look at",
            report.attention.map(({ words: text }) => text),
            "yellow",
            paint,
        ),
        ...renderList("Good to know", report.told.map(toText), "dim", paint),
        ...renderList("Could not be read", report.untold, "red", paint),
        "",
    ].join("\n");
}

function renderCredential(credential: CredentialStatus, report: StatusReport, paint: Paint): string[] {
    const { name, principal, generations, datasources } = credential;
    const { applicationId, host } = principal;
    const who = applicationId ? `${applicationId} at ${host}` : "not made yet: run `pulumi up`";
    return [
        `${paint("bold", visible(name))}  ${paint("dim", visible(who))}`,
        ...table(
            ["KEY", "ROLE", "SECRET", "STATUS", "CREATED", "AGE", "EXPIRES", "LEFT"],
            generations.map((generation) => generationCells(generation, report.expiryWarningDays)),
            paint,
        ),
        ...table(
            ["KIND", "GATEWAY", "DATASOURCE", "BOUND", "TYPE", "DATASETS", "LAST REFRESHES", "DRIFT"],
            datasources.map((datasource) => datasourceCells(datasource, credential.rotationKey)),
            paint,
        ),
        `  next rotation: ${words.rotationInWords(credential.nextRotation)}`,
    ];
}

function generationCells(generation: Generation, warningDays: number): Cell[] {
    const { key, role, secretId, status, createdAt, ageInDays, expiresAt, daysLeft } = generation;
    const isNear = role === "current" && daysLeft !== undefined && daysLeft < warningDays;
    return [
        key || "-",
        role === "current" ? role : { text: role, style: role === "unknown" ? "yellow" : "dim" },
        secretId,
        status === "ACTIVE" ? status : { text: status || "?", style: "red" },
        words.dayOf(createdAt) || "-",
        ageInDays === undefined ? "-" : words.counted(ageInDays, "day"),
        words.dayOf(expiresAt) || "-",
        isNear ? { text: words.restInWords(generation), style: "yellow" } : words.restInWords(generation),
    ];
}

function datasourceCells(datasource: DatasourceStatus, currentKey: string): Cell[] {
    const { kind, gateway, name, datasourceId, rotationKey, credentialType, datasets, drift } = datasource;
    const refreshes = words.refreshesInWords(datasets);
    return [
        words.kindInWords[kind],
        gateway || "-",
        name || datasourceId,
        rotationKey === currentKey ? rotationKey : { text: rotationKey, style: "yellow" },
        credentialType === "Basic" ? credentialType : { text: credentialType ?? "?", style: "red" },
        String(datasets.length),
        /failed/.test(refreshes) ? { text: refreshes, style: "red" } : refreshes,
        drift.length === 0 ? { text: "none", style: "dim" } : { text: String(drift.length), style: "yellow" },
    ];
}

/** What keeps an older secret alive; what to do is said below. */
function renderHeld(held: HeldStatus[], paint: Paint): string[] {
    const rows = held.map((holder): Cell[] => [
        holder.credential,
        { text: holder.rotationKey, style: "yellow" },
        words.kindInWords[holder.kind],
        holder.gateway || "-",
        holder.name || holder.datasourceId,
        holder.datasets.map(({ workspace, dataset }) => `${workspace} / ${dataset}`).join(", ") || "-",
        holder.cause ?? "nobody knows",
    ]);
    const titles = ["CREDENTIAL", "KEY", "KIND", "GATEWAY", "DATASOURCE", "READ BY", "WHY"];
    return rows.length === 0
        ? []
        : ["", paint("yellow", "Not found, so that its secret is kept alive"), ...table(titles, rows, paint)];
}

function renderList(title: string, texts: string[], style: Style, paint: Paint): string[] {
    if (texts.length === 0) {
        return [];
    }
    const items = texts.map((text) => `  - ${visible(text).replace(/\n/g, "\n    ")}`);
    return ["", paint(style, title), ...items];
}

function table(titles: string[], rows: Cell[][], paint: Paint): string[] {
    if (rows.length === 0) {
        return [];
    }
    const plain = rows.map((row) =>
        row.map((cell) => visible((typeof cell === "string" ? cell : cell.text).replace(/\n/g, " "))),
    );
    const widths = titles.map((title, column) =>
        Math.max(title.length, ...plain.map((row) => [...row[column]].length)),
    );
    const line = (cells: string[], style: (column: number) => Style | undefined) =>
        `  ${cells
            .map((cell, column) => {
                const padding = " ".repeat(column === cells.length - 1 ? 0 : widths[column] - [...cell].length);
                const look = style(column);
                return (look ? paint(look, cell) : cell) + padding;
            })
            .join("  ")}`;
    return [
        line(titles, () => "dim"),
        ...plain.map((cells, row) =>
            line(cells, (column) => {
                const cell = rows[row][column];
                return typeof cell === "string" ? undefined : cell.style;
            }),
        ),
    ];
}

/**
 * A text without what would steer the terminal or turn its direction: names come from people who may not be friends.
 * Lines stay lines.
 */
function visible(text: string): string {
    return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
