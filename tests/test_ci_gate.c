// links: scratch_folder
//
// When ci/gate insists on all 220 cases: the script itself, in a folder where the programs that it
// starts are stand-ins.
#include "scratch_folder.h"

#include "harness/subprocess.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct scratch scratch;

static void copy_script(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", TEST_SOURCE_FOLDER, name);
    struct text script = scratch_read(path);
    cr_assert_eq(chmod(scratch_write(&scratch, name, text_get(&script)), 0700), 0);
    text_free(&script);
}

static void write_program(const char *name, const char *script)
{
    cr_assert_eq(chmod(scratch_write(&scratch, name, script), 0700), 0);
}

static void set_up(void)
{
    static const char *const folders[] = {"ci", "build", "bin"};
    char path[8192];
    scratch = scratch_create();
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        cr_assert_eq(mkdir(scratch_path(&scratch, folders[i]), 0700), 0);
    copy_script("ci/gate");
    copy_script("ci/common.sh");
    write_program("bin/cmake", "#!/bin/sh\nexit 0\n");
    write_program("bin/ninja", "#!/bin/sh\nexit 0\n");
    write_program("build/wavegauge", "#!/bin/sh\necho \"$*\"\nexit 5\n");
    snprintf(path, sizeof path, "%s:%s", scratch_path(&scratch, "bin"), getenv("PATH"));
    setenv("PATH", path, 1);
    setenv("WAVEGAUGE_SKIP_SETUP", "1", 1);
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(ci_gate, .init = set_up, .fini = tear_down);

// Runs `ci/gate WORDS` and expects it to start `wavegauge run WORDS`, with or without --require
// 220.
static void expect_run(const char *words, bool is_required)
{
    const char *arguments[16] = {scratch_path(&scratch, "ci/gate")};
    char copy[256], expected[300];
    struct text said = {0};
    struct error error = {0};
    char *rest;
    int count = 1, status = 0;
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok_r(copy, " ", &rest); word != NULL && count < 15;
         word = strtok_r(NULL, " ", &rest))
        arguments[count++] = word;
    cr_assert(subprocess_run(arguments, &said, &status, &error), "%s", error.text);
    snprintf(expected, sizeof expected, "run%s%s%s\n", is_required ? " --require 220" : "",
             *words != '\0' ? " " : "", words);
    cr_expect_str_eq(text_get(&said), expected, "ci/gate %s: %s", words, text_get(&said));
    cr_expect_eq(status, 5, "the exit status is that of the program, not %d", status);
    text_free(&said);
}

Test(ci_gate, all_cases_are_required_whatever_the_options)
{
    static const char *const words[] = {
        "",           "--arch gfx90a",          "--arch=gfx90a", "-j 2",        "-j2",
        "--all",      "--json r.json --resume", "--seed 2",      "--fail-fast", "--timeout 5 -j 1",
        "--check all"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        expect_run(words[i], true);
}

Test(ci_gate, a_part_is_run_as_asked_for)
{
    static const char *const words[] = {"topk",
                                        "--arch gfx90a topk",
                                        "-j 2 topk/f32 --seed 2",
                                        "--fail-fast cases/topk.yaml",
                                        "--shard 1/4",
                                        "--shard=1/4",
                                        "--arch gfx1030 --shard 2/4 -j 1",
                                        "--require 10",
                                        "--require=10 --json r.json",
                                        "-- topk"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        expect_run(words[i], false);
}

// An option that takes a value, which the script does not know to do so, would make a selection of
// the value.
Test(ci_gate, every_option_with_a_value_is_known)
{
    struct outcome help = run_wavegauge("run --help");
    char *rest;
    int count = 0;
    for (char *line = strtok_r(help.out.data, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char option[64], value[64], words[200];
        if (sscanf(line, "  %63s %63[A-Z/]", option, value) != 2 || option[0] != '-' ||
            strcmp(option, "--shard") == 0 || strcmp(option, "--require") == 0)
            continue;
        snprintf(words, sizeof words, "%s value", option);
        expect_run(words, true);
        count++;
    }
    cr_expect_geq(count, 6, "%d options", count);
    outcome_free(&help);
}
