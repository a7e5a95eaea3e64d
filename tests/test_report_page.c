// links: report_files
//
// The page of `wavegauge report` in a browser: tests/support/check_report.py drives Chromium,
// without a window, and says what is wrong.
#include "report_files.h"

#include "harness/subprocess.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static const char script[] = TEST_SOURCE_FOLDER "/tests/support/check_report.py";
static struct scratch scratch;

static void set_up(void)
{
    char program[512];
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_REPORTS");
    if (!find_program("chromedriver", program, sizeof program) ||
        (!find_program("chromium", program, sizeof program) &&
         !find_program("chromium-browser", program, sizeof program)))
        cr_skip_test("no browser: Debian's chromium and chromium-driver are not installed");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(report_page, .init = set_up, .fini = tear_down, .timeout = 600);

static void check(const char *kind, const char *words)
{
    struct outcome outcome = run_report(&scratch, words);
    struct text said = {0};
    struct error error = {.text = ""};
    int status = -1;
    cr_assert_eq(outcome.status, 0, "%s", text_get(&outcome.errors));
    const char *const arguments[] = {"python3", script, kind,
                                     scratch_path(&scratch, "out/index.html"), NULL};
    cr_assert(subprocess_run(arguments, &said, &status, &error), "%s", error.text);
    cr_expect_eq(status, 0, "%s", text_get(&said));
    text_free(&said);
    outcome_free(&outcome);
}

Test(report_page, sample)
{
    check("sample", SAMPLES "run.json " SAMPLES "bench.json " SAMPLES "torch.json -o @out");
}

Test(report_page, failures)
{
    report_write_failure(&scratch, "");
    check("failures", "@r.json @b.json -o @out");
}

Test(report_page, odd_names)
{
    report_write_odd(&scratch);
    check("odd", "@odd.json -o @out");
}

Test(report_page, five_thousand_cases)
{
    struct text cases = {0};
    for (int i = 0; i < 5000; i++) {
        char id[64];
        snprintf(id, sizeof id, "n=%d%s", i * 7919 % 5000, i % 3 == 0 ? ",kind=bf16" : "");
        report_add_case(&cases, id, "pass", i % 2 == 0 ? 1 + i % 977 : 0);
    }
    report_document(&scratch, "many.json", EMULATOR, cases.data);
    text_free(&cases);
    check("large", "@many.json -o @out");
}
