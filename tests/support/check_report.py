#!/usr/bin/env python3
"""Looks at pages of `wavegauge report` with headless Chromium, and says what is wrong with them.

    check_report.py KIND INDEX.html

KIND is what the page is of: `sample` (some hundred cases of several devices, timed and not, with plots),
`failures` (some that failed, with a bisection), `large` (5,000 cases) or `odd` (names that are markup).
A line for each mistake on stdout; exit status 1 when there is one, 3 when there is no browser.
"""

import os
import sys
import time
import urllib.parse

from web_driver import Browser, program

ENTER = "\ue007"
TAB = "\ue004"
mistakes = []


def expect(good, *what):
    if not good:
        mistakes.append(" ".join(str(part) for part in what))


def expect_equal(found, wanted, what):
    expect(found == wanted, f"{what}: found {found!r}, expected {wanted!r}")


def check_console(browser):
    expect_equal(browser.log(), [], "the console")


def check_links(browser, folder):
    """Every link leads to a place in the page or to a file; every picture is there."""
    broken = browser.run("""
        return Array.from(document.links, (link) => link.getAttribute("href"))
            .filter((href) => href.startsWith("#") &&
                              document.getElementById(decodeURIComponent(href.slice(1))) === null);
    """)
    expect_equal(broken[:3], [], "links to nowhere in the page")
    files = browser.run("""
        return Array.from(document.links, (link) => link.getAttribute("href"))
            .filter((href) => !href.startsWith("#"));
    """)
    for href in files:
        path = os.path.join(folder, urllib.parse.unquote(href))
        expect(":" not in href and os.path.isfile(path), "a link leads to no file:", href)
    empty = browser.run("""
        return Array.from(document.images).filter(
            (image) => !image.complete || image.naturalWidth < 100 || image.alt === "").length;
    """)
    expect_equal(empty, 0, "pictures that are not there, or say nothing to those who do not see them")
    elsewhere = browser.run("""
        return performance.getEntriesByType("resource").map((entry) => entry.name)
            .filter((name) => !name.startsWith("data:"));
    """)
    expect_equal(elsewhere, [], "what the page loads from elsewhere")


def check_names(browser):
    """What a screen reader and a keyboard need."""
    wrong = browser.run("""
        const wrong = [];
        const ids = new Set();
        for (const element of document.querySelectorAll("[id]")) {
            if (ids.has(element.id)) wrong.push(`two elements have the id ${element.id}`);
            ids.add(element.id);
        }
        for (const element of document.querySelectorAll("input, select")) {
            if (element.labels.length === 0) wrong.push(`no label: ${element.id}`);
        }
        for (const element of document.querySelectorAll("button, a, summary")) {
            if (element.textContent.trim() === "") wrong.push("a button or link without a name");
        }
        for (const element of document.querySelectorAll("[aria-labelledby]")) {
            if (document.getElementById(element.getAttribute("aria-labelledby")) === null)
                wrong.push("a label that is not there");
        }
        for (const cell of document.querySelectorAll("table.cases thead th")) {
            if (cell.scope !== "col" || cell.querySelector("button") === null ||
                cell.getAttribute("aria-sort") === null)
                wrong.push(`a header that cannot be sorted by: ${cell.textContent}`);
        }
        for (const row of document.querySelectorAll("table tbody tr")) {
            if (row.querySelectorAll('th[scope="row"]').length !== 1)
                wrong.push("a row without its header");
        }
        for (const area of document.querySelectorAll(".scroll")) {
            if (area.tabIndex !== 0) wrong.push("a table that the keyboard cannot move");
        }
        if (document.querySelectorAll("h1").length !== 1) wrong.push("not one title");
        if (document.documentElement.lang !== "en") wrong.push("no language");
        let level = 1;
        for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
            const next = Number(heading.tagName[1]);
            if (next > level + 1) wrong.push(`a level is left out before ${heading.textContent}`);
            level = next;
        }
        return wrong.slice(0, 5);
    """)
    expect_equal(wrong, [], "names")


def column_keys(browser, table, column):
    """What the rows of a table are sorted by, hidden ones too, and how many come before the first that
    is hidden."""
    return browser.run("""
        const rows = Array.from(document.querySelectorAll("table.cases")[arguments[0]].tBodies[0].rows);
        const hidden = rows.findIndex((row) => !row.checkVisibility());
        return [rows.map((row) => {
            const cell = row.cells[arguments[1]];
            return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
        }), hidden < 0 ? rows.length : hidden];
    """, table, column)


def expect_order(browser, table, column, wanted, what):
    keys, shown = column_keys(browser, table, column)
    wrong = [i for i, key in enumerate(wanted) if i >= len(keys) or keys[i] != key]
    expect(not wrong, what, f"row {wrong[0]} has {keys[wrong[0]]}, not {wanted[wrong[0]]}" if wrong else "")
    expect(shown >= min(len(keys), 200), what, "only", shown, "rows are shown")


def column_of(browser, title, table=0):
    return browser.run("""
        const table = document.querySelectorAll("table.cases")[arguments[0]];
        return Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent).indexOf(arguments[1]);
    """, table, title)


def header_state(browser, table, column):
    return browser.run("""
        const table = document.querySelectorAll("table.cases")[arguments[0]];
        return table.tHead.rows[0].cells[arguments[1]].getAttribute("aria-sort");
    """, table, column)


def focus_header(browser, table, column):
    browser.run("""
        const table = document.querySelectorAll("table.cases")[arguments[0]];
        table.tHead.rows[0].cells[arguments[1]].querySelector("button").focus();
    """, table, column)


def check_sorting(browser, table, title):
    column = column_of(browser, title, table)
    expect(column >= 0, "no column", title)
    before, _ = column_keys(browser, table, column)
    filled = sorted(key for key in before if key != "")
    empty = [""] * (len(before) - len(filled))
    expect(len(set(filled)) > 3, "nothing to sort by", title)
    focus_header(browser, table, column)
    browser.press([ENTER])
    expect_equal(header_state(browser, table, column), "ascending", f"the state of {title}")
    expect_order(browser, table, column, filled + empty, f"sorted by {title}:")
    browser.press([ENTER])
    expect_equal(header_state(browser, table, column), "descending", f"the state of {title}")
    expect_order(browser, table, column, filled[::-1] + empty, f"sorted down by {title}:")
    expect_equal(browser.run("return document.querySelectorAll('[aria-sort]:not([aria-sort=none])').length"),
                 1, "sorted columns of all tables")


def check_focus(browser):
    """The keyboard gets from header to header, and one sees where it is."""
    focus_header(browser, 0, 0)
    browser.press([TAB])
    place = browser.run("""
        const element = document.activeElement;
        return [element.closest("th")?.cellIndex, getComputedStyle(element).outlineStyle];
    """)
    expect_equal(place, [1, "solid"], "where Tab leads, and how it looks")


def filter_rows(browser, text="", status=""):
    """Sets the filter as a user does; gives the number of visible rows and what the page says it is."""
    browser.run("document.getElementById('filter-text').value = '';")
    if text:
        browser.type("#filter-text", text)
    browser.run("""
        const select = document.getElementById("filter-status");
        select.value = arguments[0];
        select.dispatchEvent(new Event("change"));
    """, status)
    return browser.run("""
        return [Array.from(document.querySelectorAll("table.cases tbody tr"))
                    .filter((row) => row.checkVisibility()).length,
                document.getElementById("filter-count").textContent];
    """)


def rows_with(browser, words, status=""):
    return browser.run("""
        return Array.from(document.querySelectorAll("table.cases tbody tr")).filter((row) =>
            arguments[0].every((word) => row.textContent.toLowerCase().includes(word)) &&
            (arguments[1] === "" || row.dataset.status === arguments[1])).length;
    """, words, status)


def check_filter(browser):
    total = rows_with(browser, [])
    for text in ("bf16", "SEQ_Q=33 f16", "no such case"):
        wanted = rows_with(browser, text.lower().split())
        found, said = filter_rows(browser, text)
        expect_equal(found, wanted, f"rows with {text}")
        expect_equal(said, f"{wanted} of {total} cases", f"what is said of {text}")
    expect(rows_with(browser, ["bf16"]) > 0, "nothing was filtered")
    for status in ("pass", "fail"):
        found, said = filter_rows(browser, "", status)
        expect_equal(said, f"{rows_with(browser, [], status)} of {total} cases", f"status {status}")
    browser.click(".filter button[type=reset]")
    time.sleep(0.2)
    expect_equal(browser.run("return document.getElementById('filter-count').textContent"),
                 f"{total} of {total} cases", "after clearing")


def check_link_to_hidden_row(browser):
    """A link from elsewhere shows its row, whatever the filter hides."""
    filter_rows(browser, "no such case")
    shown = browser.run("""
        const rows = document.querySelectorAll("table.cases tbody tr");
        location.hash = encodeURIComponent(rows[rows.length - 1].id);
        return rows.length;
    """)
    time.sleep(0.5)
    seen = browser.run("""
        const rows = document.querySelectorAll("table.cases tbody tr");
        const box = rows[rows.length - 1].getBoundingClientRect();
        return rows[rows.length - 1].checkVisibility() && box.top >= 0 && box.bottom <= innerHeight;
    """)
    expect(seen, "a link to one of", shown, "rows does not show it")


def check_looks(browser):
    width = browser.run("return document.documentElement.scrollWidth - innerWidth;")
    expect(width <= 0, "the page is wider than the window by", width)
    colours = set()
    for scheme in ("light", "dark"):
        browser.command("Emulation.setEmulatedMedia",
                        features=[{"name": "prefers-color-scheme", "value": scheme}])
        colours.add(browser.run("return getComputedStyle(document.body).backgroundColor;"))
    expect_equal(len(colours), 2, "light and dark")
    browser.command("Emulation.setEmulatedMedia", media="print")
    expect_equal(browser.run("return document.querySelector('.filter').checkVisibility();"), False,
                 "the filter on paper")
    browser.command("Emulation.setEmulatedMedia", media="", features=[])
    expect(len(browser.command("Page.printToPDF")["data"]) > 10000, "nothing on paper")


def check_sample(browser):
    check_filter(browser)
    check_sorting(browser, 1, "Allowed used")
    browser.open(browser.run("return location.href"))
    check_sorting(browser, 1, "Time µs")
    check_focus(browser)
    check_link_to_hidden_row(browser)
    check_looks(browser)


def check_failures(browser):
    first = browser.run("return document.querySelector('table.cases tbody tr').dataset.status;")
    expect(first != "pass", "failures are not first")
    articles = browser.run("return document.querySelectorAll('article').length;")
    expect_equal(articles, rows_with(browser, [], "fail"), "failures in full")
    browser.click("article .command button.copy")
    time.sleep(0.2)
    expect(browser.run("return document.querySelector('article button.copy').textContent;") != "Copy",
           "the button to copy does nothing")
    expect(browser.run("return document.querySelectorAll('article mark').length;") > 0,
           "no line of the source is marked")
    check_looks(browser)


def check_large(browser):
    shown = browser.run("""
        return Array.from(document.querySelectorAll("table.cases tbody tr"))
            .filter((row) => row.checkVisibility()).length;""")
    tables = browser.run("return document.querySelectorAll('table.cases').length;")
    expect(0 < shown <= 200 * tables, "rows shown at first:", shown)
    expect(rows_with(browser, []) >= 4700, "not a large page")
    started = time.monotonic()
    filter_rows(browser, "bf16")
    focus_header(browser, 0, 1)
    browser.press([ENTER])
    expect(time.monotonic() - started < 10, "filtering and sorting take too long")
    filter_rows(browser)
    browser.click(".more:not([hidden]) button")
    more = browser.run("""
        return Array.from(document.querySelectorAll("table.cases tbody tr"))
            .filter((row) => row.checkVisibility()).length;""")
    expect(more > shown, "no more rows were shown")
    check_link_to_hidden_row(browser)


def check_odd(browser):
    expect_equal(browser.run("return window.done === undefined;"), True, "a script of a name ran")
    expect_equal(browser.run("return document.scripts.length;"), 1, "scripts")
    expect(rows_with(browser, ["<script>"]) > 0, "the name is not shown as it is")
    check_looks(browser)


def main():
    kind, page = sys.argv[1], os.path.realpath(sys.argv[2])
    if program("chromedriver") is None or program("chromium", "chromium-browser") is None:
        print("no browser: install Debian's chromium and chromium-driver")
        return 3
    check = {"sample": check_sample, "failures": check_failures, "large": check_large,
             "odd": check_odd}[kind]
    for width in (1280, 400):
        browser = Browser(width, 900)
        try:
            browser.open("file://" + urllib.parse.quote(page))
            check_links(browser, os.path.dirname(page))
            check_names(browser)
            check(browser)
            check_console(browser)
        except RuntimeError as error:
            expect(False, "the browser could not do as told:", str(error)[:300])
        finally:
            browser.close()
    for mistake in mistakes:
        print(mistake)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
