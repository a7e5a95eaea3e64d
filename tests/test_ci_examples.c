// links: scratch_folder without_sanitizers
//
// The files of ci/examples: tests/support/ci_examples.py plays their systems and runs every shell
// script in them with the real program, on kernels that pass, that fail and that do not compile.
// Scripts do not depend on the build, and other tests run the same commands with sanitizers.
#include "scratch_folder.h"

#include "harness/subprocess.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const char script[] = TEST_SOURCE_FOLDER "/tests/support/ci_examples.py";

static void set_up(void)
{
    // The examples say where things are.
    static const char *const names[] = {"WAVEGAUGE_CACHE",     "WAVEGAUGE_CASES",
                                        "WAVEGAUGE_HISTORY",   "GITHUB_ACTIONS",
                                        "GITHUB_STEP_SUMMARY", "CI_EXAMPLES_VERBOSE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

TestSuite(ci_examples, .init = set_up);

static void expect_good(const char *system)
{
    // Debian's own, since python3-yaml is for that one.
    const char *words[] = {"/usr/bin/python3", script, "run", system, TEST_WAVEGAUGE, NULL};
    struct text said = {0};
    struct error error = {0};
    int status = 0;
    cr_assert(subprocess_run(words, &said, &status, &error), "%s", error.text);
    cr_expect_eq(status, 0, "status %d: %s", status, text_get(&said));
    text_free(&said);
}

Test(ci_examples, github)
{
    expect_good("github");
}

Test(ci_examples, gitlab)
{
    expect_good("gitlab");
}

Test(ci_examples, jenkins)
{
    expect_good("jenkins");
}
