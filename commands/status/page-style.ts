/** How the page looks: in the light and in the dark, on narrow screens, and on paper. */
export const style = `
:root {
    color-scheme: light dark;
    --page: light-dark(#f7f7f4, #14171a);
    --card: light-dark(#ffffff, #1c2024);
    --line: light-dark(#e4e4de, #2e343a);
    --text: light-dark(#23272b, #e6e8ea);
    --soft: light-dark(#5d666e, #9aa5ae);
    --current: light-dark(#1f6f8b, #5db4d0);
    --retained: light-dark(#6f7f8a, #8b9ba7);
    --unknown: light-dark(#7a4fa3, #b892dd);
    --near: light-dark(#b4610a, #eda24e);
    --bad: light-dark(#b3372f, #f08a80);
    --good: light-dark(#2b7a4b, #6fc792);
    --tint: light-dark(#fdf4e7, #2b2419);
}
* { box-sizing: border-box; }
body {
    margin: 0 auto;
    max-width: 76rem;
    padding: 2rem 1.5rem 4rem;
    background: var(--page);
    color: var(--text);
    font: 0.95rem/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
}
h1, h2, h3, h4, p, dl, dd, ul, figure { margin: 0; padding: 0; }
h1 { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; align-items: center; font-size: 2rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 0.8rem; font-size: 1.15rem; }
h3 { font-size: 1.1rem; overflow-wrap: anywhere; }
h4 { font-size: 0.85rem; }
code { font: 0.88em ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
ul { list-style: none; }
[hidden] { display: none !important; }
.eyebrow { color: var(--soft); font-size: 0.8rem; letter-spacing: 0.08em; text-transform: uppercase; }
.meta { color: var(--soft); overflow-wrap: anywhere; }
.verdict { padding: 0.2rem 0.8rem; border: 1px solid currentColor; border-radius: 2rem; font-size: 0.9rem; font-weight: 600; }
.verdict.well { color: var(--good); }
.verdict.attention { color: var(--near); }
.verdict.untold, .verdict.refused, .bad { color: var(--bad); }
.bad { font-weight: 600; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.8rem; margin-top: 1.5rem; }
.tiles div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 0.9rem 1.1rem; }
.tiles dt { color: var(--soft); font-size: 0.85rem; line-height: 1.3; }
.tiles dd { font-size: 1.7rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles div, .attention, .timeline, article { background: var(--card); border: 1px solid var(--line); border-radius: 0.7rem; }

.attention li { display: grid; grid-template-columns: 10rem 1fr; gap: 0.2rem 1rem; padding: 0.65rem 1.1rem; }
.attention li + li { border-top: 1px solid var(--line); }
.kind { color: var(--near); font-weight: 600; }
.attention a { display: block; color: var(--soft); font-size: 0.85rem; overflow-wrap: anywhere; }
.words { overflow-wrap: anywhere; white-space: pre-line; }

.timeline { padding: 0.9rem 1.1rem; }
.timeline svg { display: block; overflow: visible; }
.timeline text { fill: var(--soft); font-size: 12px; }
.timeline .name { fill: var(--text); font-size: 14px; font-weight: 600; }
.timeline .tick { stroke: var(--line); }
.timeline .now { stroke: var(--text); stroke-dasharray: 2 3; }
.timeline .now-label { fill: var(--text); font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 8px; }
.timeline .label { paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
.timeline .life { opacity: 0.28; }
.current rect { fill: var(--current); }
.retained rect { fill: var(--retained); }
.unknown rect { fill: var(--unknown); }
.near rect { fill: var(--near); }
.timeline .near .label { fill: var(--near); font-weight: 600; }
figcaption { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin-top: 0.8rem; color: var(--soft); font-size: 0.85rem; }
.key { white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: 0.7em; height: 0.7em; margin-right: 0.45em; border-radius: 50%; background: var(--current); }
.key.retained::before { background: var(--retained); }
.key.unknown::before { background: var(--unknown); }
.key.near::before { background: var(--near); }
.left-near { color: var(--near); font-weight: 600; }

.filter { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: center; margin-bottom: 1rem; }
.filter > label { font-weight: 600; }
.filter .check { font-weight: 400; white-space: nowrap; }
.filter input[type="search"] {
    flex: 1 1 14rem; min-width: 0; padding: 0.5rem 0.8rem; border: 1px solid var(--line); border-radius: 0.5rem;
    background: var(--card); color: inherit; font: inherit;
}
.filter input { accent-color: var(--current); }
:focus-visible { outline: 2px solid var(--current); outline-offset: 2px; }
output { color: var(--soft); }

article { padding: 1.1rem; margin-bottom: 1rem; scroll-margin-top: 1rem; }
article:target { border-color: var(--current); }
table { width: 100%; table-layout: fixed; margin-top: 0.9rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding-bottom: 0.2rem; font-size: 0.85rem; font-weight: 600; text-align: left; }
th { color: var(--soft); font-size: 0.8rem; font-weight: 500; text-align: left; }
th, td { padding: 0.35rem 0.9rem 0.35rem 0; vertical-align: top; }
th:nth-child(1) { width: 8rem; }
.generations th:nth-child(2) { width: 8rem; }
.generations th:nth-child(n + 4) { width: 7rem; }
.datasources th:nth-child(2) { width: 11rem; }
.datasources th:nth-child(n + 4) { width: 6.5rem; }
.datasources th:nth-child(6) { width: 8rem; }
.datasources th:nth-child(7) { width: 11.5rem; }
tr { border-top: 1px solid var(--line); }
tr.notes { border-top: 0; }
.note { padding: 0.4rem 0.8rem; border-left: 3px solid var(--near); border-radius: 0.2rem; background: var(--tint); overflow-wrap: anywhere; }
.note + .note { margin-top: 0.3rem; }
summary { cursor: pointer; }
details li { color: var(--text); overflow-wrap: anywhere; }
details small { display: block; color: var(--soft); }
.rotation { margin-top: 0.9rem; padding-top: 0.7rem; border-top: 1px solid var(--line); color: var(--soft); }
.rotation h4 { color: var(--text); }

@media (max-width: 44rem) {
    body { padding: 1.2rem 0.8rem 3rem; }
    h1 { font-size: 1.6rem; }
    .attention li { grid-template-columns: 1fr; }
    .tiles { grid-template-columns: repeat(2, 1fr); }
    table, tbody, tr, td, caption { display: block; }
    thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    tr { display: grid; grid-template-columns: repeat(12, 1fr); gap: 0.3rem 0.6rem; padding: 0.7rem 0; }
    tr.notes { display: block; padding-top: 0; }
    td { grid-column: span 4; padding: 0; overflow-wrap: anywhere; }
    td::before { content: attr(data-title); display: block; color: var(--soft); font-size: 0.8rem; line-height: 1.2; }
    .generations td:nth-child(3) { grid-column: 1 / -1; order: 1; }
    .generations td:nth-child(n + 5) { grid-column: span 3; order: 2; }
    .datasources td:nth-child(3) { grid-column: span 8; order: 1; }
    .datasources td:nth-child(4) { order: 1; }
    .datasources td:nth-child(n + 6) { grid-column: span 6; order: 2; }
    .notes td { display: block; }
    .notes td::before { content: none; }
}
@media print {
    :root { color-scheme: light; --page: #fff; }
    body { max-width: none; padding: 0; font-size: 9pt; }
    .filter { display: none; }
    rect, .key::before, .note { print-color-adjust: exact; }
    article, tbody, .attention li, .tiles, figure { break-inside: avoid; }
    h2, h3, caption { break-after: avoid; }
}
`;
