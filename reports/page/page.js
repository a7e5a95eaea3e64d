// The page of `wavegauge report`: sorting and filtering of its tables, and copying of commands.
// Without it the page shows everything, in the order in which it was written.
(function () {
    "use strict";

    // A table shows this many rows until asked for more: thousands make a browser slow.
    const FIRST_ROWS = 200;

    const form = document.querySelector(".filter");
    const wantedText = document.getElementById("filter-text");
    const wantedStatus = document.getElementById("filter-status");
    const count = document.getElementById("filter-count");

    const tables = Array.from(document.querySelectorAll("table.cases"), (element) => ({
        element,
        body: element.tBodies[0],
        rows: Array.from(element.tBodies[0].rows, (row, number) => ({
            row,
            number,
            text: row.textContent.toLowerCase(),
            status: row.dataset.status,
            matches: true,
        })),
        section: element.closest("section"),
        more: element.closest("section").querySelector(".more"),
        all: false,
    }));

    function offerMore(table, matching) {
        const hidden = table.all ? 0 : Math.max(0, matching - FIRST_ROWS);
        table.more.hidden = hidden === 0;
        table.more.textContent = "";
        if (hidden === 0) {
            return;
        }
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = `Show all ${matching}`;
        button.addEventListener("click", () => {
            table.all = true;
            show(table);
        });
        table.more.append(`${FIRST_ROWS} of ${matching} rows are shown. `, button);
    }

    // Hides what does not match, and what is too much; gives the number that matches.
    function show(table) {
        let matching = 0;
        for (const entry of table.rows) {
            const shown = entry.matches && (table.all || matching < FIRST_ROWS);
            matching += entry.matches ? 1 : 0;
            if (entry.row.hidden === shown) {
                entry.row.hidden = !shown;
            }
        }
        table.section.hidden = matching === 0;
        offerMore(table, matching);
        return matching;
    }

    function statusMatches(status) {
        const wanted = wantedStatus.value;
        return wanted === "" || status === wanted || (wanted === "not-pass" && status !== "pass");
    }

    function filter() {
        const words = wantedText.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
        let matching = 0;
        let total = 0;
        for (const table of tables) {
            for (const entry of table.rows) {
                entry.matches =
                    statusMatches(entry.status) && words.every((word) => entry.text.includes(word));
            }
            matching += show(table);
            total += table.rows.length;
        }
        count.textContent = `${matching} of ${total} cases`;
    }

    // What a cell is sorted by: its number if it has one, else its text; null when it is empty.
    function sortKey(row, column) {
        const cell = row.cells[column];
        if (cell.dataset.v !== undefined) {
            return Number(cell.dataset.v);
        }
        return cell.textContent === "" ? null : cell.textContent;
    }

    const words = new Intl.Collator("en", { numeric: true });

    function compareKeys(left, right) {
        if (typeof left === "number" && typeof right === "number") {
            return left - right;
        }
        return words.compare(String(left), String(right));
    }

    function sort(table, header) {
        const descending = header.getAttribute("aria-sort") === "ascending";
        const column = header.cellIndex;
        const keyed = table.rows.map((entry) => ({ entry, key: sortKey(entry.row, column) }));
        // What is empty comes last in both directions; equals stay in the order of the report.
        keyed.sort((left, right) => {
            if (left.key === null || right.key === null) {
                return (left.key === null) - (right.key === null) ||
                    left.entry.number - right.entry.number;
            }
            const order = compareKeys(left.key, right.key);
            return (descending ? -order : order) || left.entry.number - right.entry.number;
        });
        for (const other of table.element.querySelectorAll("thead th")) {
            other.setAttribute("aria-sort", "none");
        }
        header.setAttribute("aria-sort", descending ? "descending" : "ascending");
        table.rows = keyed.map((item) => item.entry);
        table.body.append(...table.rows.map((entry) => entry.row));
        show(table);
    }

    // A link to a row that is not shown shows it.
    function reveal() {
        const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        const table = tables.find((candidate) => candidate.body.contains(target));
        if (table === undefined) {
            return;
        }
        if (target.hidden || table.section.hidden) {
            form.reset();
            table.all = true;
            filter();
        }
        target.scrollIntoView({ block: "center" });
    }

    function copy(button) {
        const code = button.parentElement.querySelector("code");
        const say = (word) => {
            button.textContent = word;
            setTimeout(() => { button.textContent = "Copy"; }, 1500);
        };
        const select = () => {
            getSelection().selectAllChildren(code);
            say("Selected");
        };
        // A page from a file may have no clipboard.
        if (navigator.clipboard === undefined) {
            select();
        } else {
            navigator.clipboard.writeText(code.textContent).then(() => say("Copied"), select);
        }
    }

    for (const table of tables) {
        for (const header of table.element.querySelectorAll("thead th")) {
            header.setAttribute("aria-sort", "none");
            header.querySelector("button").addEventListener("click", () => sort(table, header));
        }
    }
    for (const button of document.querySelectorAll("button.copy")) {
        button.addEventListener("click", () => copy(button));
    }
    wantedText.addEventListener("input", filter);
    wantedStatus.addEventListener("change", filter);
    form.addEventListener("reset", () => setTimeout(filter));
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", reveal);
    form.hidden = false;
    filter();
    reveal();
})();
