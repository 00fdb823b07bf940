/** Filters the page's datasources, and opens everything for a printer. */
export const script = `
const field = document.getElementById("filter");
const only = document.getElementById("only");
const shown = document.getElementById("shown");
const credentials = [...document.querySelectorAll("article.credential")];
const textOf = (element) => element.textContent.toLowerCase();

function filter() {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const all = (text) => words.every((word) => text.includes(word));
    let count = 0;
    let total = 0;
    for (const credential of credentials) {
        const head = textOf(credential.querySelector(".head")) + textOf(credential.querySelector(".generations"));
        const rows = [...credential.querySelectorAll(".datasources tbody")];
        let visible = 0;
        for (const row of rows) {
            row.hidden = !(all(head + textOf(row)) && (!only.checked || "look" in row.dataset));
            visible += row.hidden ? 0 : 1;
        }
        const itself = all(head) && (!only.checked || "look" in credential.dataset);
        credential.hidden = visible === 0 && !itself;
        count += visible;
        total += rows.length;
    }
    const what = total === 1 ? " datasource" : " datasources";
    shown.value = count === total ? total + what : count + " of " + total + what;
}

field.addEventListener("input", filter);
only.addEventListener("change", filter);
field.form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((item) => (item.open = true)));
filter();
`;
