// links: report_files history_documents
//
// `wavegauge report`: what it makes of results of real runs, of failures, of odd and of wrong
// files. tests/test_report_page.c looks at the page with a browser.
#include "history_documents.h"
#include "report_files.h"

#include "harness/report_markdown.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_REPORTS");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(report, .init = set_up, .fini = tear_down, .timeout = 240);

// The same, where it must succeed; gives index.html of @out.
static struct text page_of(const char *words)
{
    struct outcome outcome = run_report(&scratch, words);
    cr_assert_eq(outcome.status, 0, "%s", text_get(&outcome.errors));
    outcome_free(&outcome);
    return scratch_read(scratch_path(&scratch, "out/index.html"));
}

static size_t occurrences(const struct text *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text_get(text); (at = strstr(at, part)) != NULL; at += strlen(part))
        count++;
    return count;
}

static void expect_part(const struct text *text, const char *part)
{
    cr_expect(occurrences(text, part) > 0, "'%s' is not there", part);
}

static void expect_no_part(const struct text *text, const char *part)
{
    cr_expect(occurrences(text, part) == 0, "'%s' is there", part);
}

Test(report, of_real_runs)
{
    struct text page =
        page_of(SAMPLES "run.json " SAMPLES "bench.json " SAMPLES "torch.json -o @out");
    struct text comment = scratch_read(scratch_path(&scratch, "out/report.md"));
    expect_part(&page, "All 275 cases passed.");
    expect_part(&page, ">220/220<");
    expect_part(&page, ">57/57<");
    cr_expect_eq(occurrences(&page, "<tr id=\"case-"), 275);
    cr_expect_eq(occurrences(&page, "<img "), 6);
    // It needs nothing but itself.
    expect_no_part(&page, "src=\"http");
    expect_no_part(&page, "src=\"plots");
    expect_part(&comment, "| 220/220 |");
    expect_part(&comment, "Times of 57 cases");
    cr_expect_leq(comment.length, MARKDOWN_LIMIT);
    text_free(&page);
    text_free(&comment);
}

// Pictures are whole, and the scripts make them again where they are.
Test(report, plots_as_files)
{
    static const char *const names[] = {"error-share", "error-length", "time-size",
                                        "roofline",    "peers",        "samples"};
    struct text page = page_of(SAMPLES "run.json " SAMPLES "bench.json -o @out");
    text_free(&page);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[64], command[1024];
        snprintf(name, sizeof name, "out/plots/%s.png", names[i]);
        struct text png = scratch_read(scratch_path(&scratch, name));
        cr_expect(png.length > 1000 && memcmp(png.data + 1, "PNG", 3) == 0);
        cr_assert_eq(unlink(scratch_path(&scratch, name)), 0);
        snprintf(command, sizeof command, "cd %s && gnuplot %s.gnuplot 2>&1",
                 scratch_path(&scratch, "out/plots"), names[i]);
        cr_expect_eq(system(command), 0, "%s", names[i]); // NOLINT(bugprone-command-processor)
        struct text again = scratch_read(scratch_path(&scratch, name));
        cr_expect_eq(again.length, png.length, "%s", names[i]);
        text_free(&png);
        text_free(&again);
    }
}

// What the text below would do to a page, a comment or gnuplot if it were taken as it is.
Test(report, odd_names)
{
    report_write_odd(&scratch);
    struct text page = page_of("@odd.json -o @out");
    struct text comment = scratch_read(scratch_path(&scratch, "out/report.md"));
    cr_expect_eq(occurrences(&page, "<script"), 1);
    expect_no_part(&page, "<img src=x");
    expect_no_part(&page, "<i>c");
    expect_no_part(&page, "<em>");
    expect_no_part(&page, "<u>");
    expect_no_part(&page, "<b>");
    expect_no_part(&page, "\xff");
    expect_no_part(&page, "root:");
    expect_part(&page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    expect_no_part(&comment, "\n# title");
    expect_no_part(&comment, "`@all`");
    expect_no_part(&comment, "\xff");
    text_free(&page);
    text_free(&comment);
}

Test(report, failure_with_its_bisection)
{
    scratch_write(&scratch, "map.png", "\x89PNG picture");
    report_write_failure(&scratch, "map.png");
    struct text page = page_of("@r.json @b.json -o @out");
    expect_part(&page, "1 of 2 cases did not pass.");
    cr_expect_eq(occurrences(&page, "<article"), 1);
    cr_expect(strstr(page.data, "<tr id=\"case-emu-gfx1100/k/f32/n=1") <
                  strstr(page.data, "<tr id=\"case-emu-gfx1100/k/f32/n=0"),
              "failures come first");
    expect_part(&page, "<mark>&gt;    2 | two &lt; 2;</mark>");
    expect_part(&page, "<mark>&gt;    4 | four</mark>");
    expect_part(&page, "The other side: ");
    expect_part(&page, "tail tile (confirmed)");
    expect_part(&page, "missing barrier");
    expect_part(&page, "passes up to n = 32");
    expect_part(&page, "wavegauge run smallest");
    expect_part(&page, "data:image/png;base64,iVBORyBwaWN0dXJl\"");
    struct text comment = scratch_read(scratch_path(&scratch, "out/report.md"));
    expect_part(&comment, "missing barrier");
    expect_part(&comment, "k.hip:2: because");
    text_free(&page);
    text_free(&comment);
}

Test(report, bisection_alone)
{
    report_write_failure(&scratch, "");
    struct text page = page_of("@b.json -o @out");
    expect_part(&page, "1 of 1 cases did not pass.");
    expect_part(&page, "missing barrier");
    text_free(&page);
}

Test(report, changes_against_a_baseline)
{
    struct text old = {0}, new = {0};
    report_add_case(&old, "n=1", "pass", 0);
    report_add_case(&new, "n=1", "crash", 0);
    report_add_case(&old, "n=2", "fail", 0);
    report_add_case(&new, "n=2", "pass", 0);
    report_add_case(&new, "n=3", "pass", 0);
    report_add_case(&old, "n=4", "pass", 0);
    report_add_case(&old, "n=5", "pass", 100);
    report_add_case(&new, "n=5", "pass", 110);
    report_add_case(&old, "n=6", "pass", 100);
    report_add_case(&new, "n=6", "pass", 90);
    report_add_case(&old, "n=7", "pass", 100);
    report_add_case(&new, "n=7", "pass", 100.1);
    report_document(&scratch, "old.json", EMULATOR, old.data);
    report_document(&scratch, "new.json", EMULATOR, new.data);
    struct text page = page_of("@new.json --baseline @old.json -o @out");
    struct text comment = scratch_read(scratch_path(&scratch, "out/report.md"));
    expect_part(&page, "<p>1 broken, 1 mended, 1 new, 1 slower, 1 faster, 1 same, 1 gone.</p>");
    expect_part(&comment, "- **broken** `k/f32/n=1` on `emu gfx1100`");
    expect_part(&comment, "- **mended** `k/f32/n=2`");
    expect_part(&comment, "- **slower** `k/f32/n=5` on `emu gfx1100`: x1.100");
    expect_part(&comment, "- **faster** `k/f32/n=6`");
    expect_no_part(&comment, "n=7` on");
    text_free(&page);
    page = page_of("@new.json --baseline @old.json --threshold 20% -o @out");
    expect_part(&page, "<p>1 broken, 1 mended, 1 new, 3 same, 1 gone.</p>");
    text_free(&page);
    text_free(&comment);
    text_free(&old);
    text_free(&new);
}

Test(report, shards_and_devices)
{
    static const char one[] = "{\"id\": \"k/f32/n=1\", \"kernel\": \"k\", \"status\": \"pass\"}";
    static const char form[] = "{\"schema\": \"wavegauge/1\", \"environment\": {%s}, \"cases\": "
                               "[%s], \"shard\": {\"index\": 1, \"count\": 2, \"of\": 3}}";
    char document[1024];
    snprintf(document, sizeof document, form, EMULATOR, one);
    scratch_write(&scratch, "s.json", document);
    report_document(&scratch, "o.json",
                    "\"device\": \"emu\", \"arch\": \"gfx1030\", \"wave64\": true", one);
    struct text page = page_of("@s.json @o.json -o @out");
    expect_part(&page, ">1/3<");
    expect_part(&page, "2 not run (shards that were not given)");
    expect_part(&page, ">1/1<");
    expect_part(&page, "emu gfx1030 wave64");
    text_free(&page);
}

// Thousands of failures: the comment fits, the page does not explain all of them.
Test(report, many_failures)
{
    struct text cases = {0};
    for (int i = 0; i < 5000; i++) {
        char id[32];
        snprintf(id, sizeof id, "n=%d", i);
        report_add_case(&cases, id, "fail", 10);
    }
    report_document(&scratch, "m.json", EMULATOR, cases.data);
    struct text page = page_of("@m.json -o @out");
    struct text comment = scratch_read(scratch_path(&scratch, "out/report.md"));
    cr_expect_eq(occurrences(&page, "<tr id=\"case-"), 5000);
    cr_expect_eq(occurrences(&page, "<article"), 200);
    expect_part(&page, "and 4800 more");
    cr_expect_leq(comment.length, MARKDOWN_LIMIT);
    cr_expect_gt(comment.length, MARKDOWN_LIMIT / 2);
    expect_part(&comment, "- and 4940 more");
    text_free(&page);
    text_free(&comment);
    text_free(&cases);
}

static const struct {
    const char *words;
    int status;
    const char *message;
} refused[] = {
    {"", 2, "needs the files"},
    {"@good.json", 2, "needs -o DIR"},
    {"@none.json -o @out", 2, "none.json"},
    {"@syntax.json -o @out", 2, "syntax.json:2:"},
    {"@other.json -o @out", 2, "no document of the schema wavegauge/1"},
    {"@status.json -o @out", 2, "'fine' is no status"},
    {"@empty.json -o @out", 2, "there is no case"},
    {"@good.json @again.json -o @out", 2, "the older as --baseline"},
    {"@good.json --baseline @elsewhere.json -o @out", 2, "no case in common"},
    {"@good.json --threshold x -o @out", 2, "--threshold"},
    {"@good.json -o @good.json", 1, "cannot make the folder"},
};

Test(report, refuses_with_a_reason)
{
    static const char one[] = "{\"id\": \"k/f32/n=1\", \"kernel\": \"k\", \"status\": \"pass\"}";
    report_document(&scratch, "good.json", EMULATOR, one);
    report_document(&scratch, "again.json", EMULATOR, one);
    report_document(&scratch, "elsewhere.json", "\"device\": \"amd\"", one);
    report_document(&scratch, "empty.json", EMULATOR, "");
    report_document(&scratch, "status.json", EMULATOR,
                    "{\"id\": \"k/f32/n=1\", \"kernel\": \"k\", \"status\": \"fine\"}");
    scratch_write(&scratch, "syntax.json", "{\"schema\":\n x");
    scratch_write(&scratch, "other.json", "{\"schema\": \"wavegauge-mutants/1\", \"cases\": []}");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct outcome outcome = run_report(&scratch, refused[i].words);
        cr_expect_eq(outcome.status, refused[i].status, "%s: %d", refused[i].words, outcome.status);
        expect_part(&outcome.errors, refused[i].message);
        cr_expect_neq(access(scratch_path(&scratch, "out/index.html"), F_OK), 0, "%s",
                      refused[i].words);
        outcome_free(&outcome);
    }
}

// As on a full disk: the page that is there stays whole.
Test(report, never_half_a_page)
{
    struct text before = page_of(SAMPLES "run.json -o @out");
    struct rlimit limit = {100000, 100000};
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct outcome outcome = run_report(&scratch, SAMPLES "run.json " SAMPLES "bench.json -o @out");
    cr_expect_eq(outcome.status, 1);
    expect_part(&outcome.errors, "cannot write");
    struct text after = scratch_read(scratch_path(&scratch, "out/index.html"));
    cr_expect_str_eq(text_get(&after), text_get(&before));
    outcome_free(&outcome);
    text_free(&before);
    text_free(&after);
}

Test(report, without_gnuplot)
{
    // Pictures of an older report do not stay.
    struct text page = page_of(SAMPLES "run.json -o @out");
    text_free(&page);
    setenv("PATH", scratch.folder, 1);
    struct outcome outcome = run_report(&scratch, SAMPLES "run.json -o @out");
    cr_expect_eq(outcome.status, 0);
    expect_part(&outcome.errors, "gnuplot is not installed");
    page = scratch_read(scratch_path(&scratch, "out/index.html"));
    cr_expect_neq(access(scratch_path(&scratch, "out/plots/error-share.png"), F_OK), 0);
    cr_expect_eq(access(scratch_path(&scratch, "out/plots/error-share.dat"), F_OK), 0);
    expect_part(&page, "Not drawn, since gnuplot was not there");
    expect_no_part(&page, "<img ");
    expect_no_part(&page, ".png\"");
    outcome_free(&outcome);
    text_free(&page);
}

// A plot that there is no data for any more does not stay from the report before.
Test(report, in_a_folder_with_an_older_report)
{
    struct text page = page_of(SAMPLES "bench.json -o @out");
    text_free(&page);
    cr_expect_eq(access(scratch_path(&scratch, "out/plots/samples.png"), F_OK), 0);
    page = page_of(SAMPLES "run.json -o @out");
    cr_expect_neq(access(scratch_path(&scratch, "out/plots/samples.png"), F_OK), 0);
    expect_part(&page, "Nothing to show: it needs a file of <code>wavegauge bench --json</code>");
    text_free(&page);
}

// Ten runs, of which the last fails, and a case that became slower: both are shown as they were,
// the failure first. A case that stayed as it was is not.
Test(report, cases_over_time)
{
    for (int day = 1; day <= 10; day++) {
        const struct made_case cases[] = {
            {.id = "k/f32/steady=1", .error = 0.25, .median = 100 + day % 3 * 0.1},
            {.id = "k/f32/slow=1",
             .error = 0.25,
             .median = day > 5 ? 150 + day % 3 : 100 + day % 3},
            {.id = "k/f32/broken=1", .error = 0.25, .status = day == 10 ? "fail" : NULL},
        };
        char date[32], words[512];
        snprintf(date, sizeof date, "2026-11-%02dT12:00:00Z", day);
        snprintf(words, sizeof words, "add %s",
                 write_document(&scratch, &(struct made_document){.name = "day.json",
                                                                  .date = date,
                                                                  .commit = "c0ffee0101",
                                                                  .bench = true,
                                                                  .count = 3,
                                                                  .cases = cases}));
        expect_history(&scratch, words, 0);
    }
    struct text page = page_of("@day.json --history @history.db -o @out");
    expect_part(&page, "<a href=\"#history\">");
    const char *broken = strstr(text_get(&page), "<h3>k/f32/broken=1 <span");
    const char *slow = strstr(text_get(&page), "<h3>k/f32/slow=1</h3>");
    cr_assert(broken != NULL && slow != NULL);
    cr_expect(broken < slow);
    expect_no_part(&page, "<h3>k/f32/steady=1");
    expect_part(&page,
                "10 results of bench, 2026-11-01 to 2026-11-10. 2026-11-06, commit c0ffee0101: "
                "slower");
    const char *section = strstr(text_get(&page), "<section id=\"history\"");
    cr_assert(section != NULL);
    cr_expect(strstr(section, "data:image/svg+xml") < slow);
    text_free(&page);
    struct outcome outcome = run_report(&scratch, "@day.json --history @day.json -o @out");
    cr_expect_eq(outcome.status, 2);
    outcome_free(&outcome);
}
