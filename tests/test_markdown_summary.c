// links: report_files
//
// Summaries of run and merge in Markdown: the file of --summary, and the one that GitHub Actions
// shows of a job, which is added to and never in the way.
#include "report_files.h"

#include "harness/markdown_summary.h"
#include "harness/report_markdown.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMIT = 1024 * 1024, MANY = 60 };

#define SMALL "weighted_matmul/f32/batch=1,heads=2,seq_q=4,seq_k=4,head_dim=8"

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("GITHUB_ACTIONS");
    unsetenv("GITHUB_WORKSPACE");
    unsetenv("GITHUB_STEP_SUMMARY");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(markdown_summary, .init = set_up, .fini = tear_down, .timeout = 240);

static const char *in_job(const char *name)
{
    const char *path = scratch_path(&scratch, name);
    setenv("GITHUB_ACTIONS", "true", 1);
    setenv("GITHUB_STEP_SUMMARY", path, 1);
    return path;
}

// Runs `wavegauge WORDS` with the fake runtime; '@' stands for the scratch folder.
static void expect_end(const char *mistake, const char *words, int status, const char *last)
{
    struct text line = {0};
    for (; *words != '\0'; words++)
        text_append(&line, *words == '@' ? "%s" : "%.1s",
                    *words == '@' ? scratch_path(&scratch, "") : words);
    struct outcome outcome = run_with_fake(&scratch, mistake, text_get(&line));
    cr_expect_eq(outcome.status, status, "%d: %s", outcome.status, text_get(&outcome.errors));
    cr_expect_str_eq(last_line(&outcome.out), last);
    outcome_free(&outcome);
    text_free(&line);
}

static void expect_parts(const char *name, const char *const *parts)
{
    struct text text = scratch_read(scratch_path(&scratch, name));
    for (; *parts != NULL; parts++)
        cr_expect_not_null(strstr(text_get(&text), *parts), "no '%s' in\n%s", *parts,
                           text_get(&text));
    text_free(&text);
}

Test(markdown_summary, of_a_run)
{
    static const char *const passed[] = {"## Wavegauge: All 1 cases passed.", "| 1/1 |", NULL};
    static const char *const failed[] = {"## Wavegauge: 1 of 1 cases did not pass.",
                                         "- **fail** `weighted_matmul/f32/batch=1,heads=2,",
                                         "`\n  `'out': ", "\n  Again: `wavegauge run ", NULL};
    expect_end(NULL, "run " SMALL " --summary @s.md", 0, "1 passed, 0 failed");
    expect_parts("s.md", passed);
    // A file of an earlier run is replaced.
    expect_end("shifted", "run " SMALL " --summary @s.md", 1, "0 passed, 1 failed");
    expect_parts("s.md", failed);
    struct text text = scratch_read(scratch_path(&scratch, "s.md"));
    cr_expect_null(strstr(text_get(&text), "All 1"));
    text_free(&text);
}

Test(markdown_summary, of_a_job_is_added_to)
{
    static const char *const both[] = {"before\n## Wavegauge: All 1 cases passed.",
                                       "\n## Wavegauge: 1 of 1 cases did not pass.", NULL};
    in_job("job.md");
    scratch_write(&scratch, "job.md", "before");
    expect_end(NULL, "run " SMALL, 0, "1 passed, 0 failed");
    expect_end("shifted", "run " SMALL, 1, "0 passed, 1 failed");
    expect_parts("job.md", both);
}

Test(markdown_summary, of_a_job_is_for_github_only)
{
    const char *path = in_job("job.md");
    setenv("GITHUB_ACTIONS", "false", 1);
    expect_end(NULL, "run " SMALL, 0, "1 passed, 0 failed");
    cr_expect_neq(access(path, F_OK), 0);
    setenv("GITHUB_ACTIONS", "true", 1);
    setenv("GITHUB_STEP_SUMMARY", "", 1);
    expect_end(NULL, "run " SMALL, 0, "1 passed, 0 failed");
    cr_expect_neq(access(path, F_OK), 0);
}

// Results are there and the exit status is what it was, whatever becomes of the job's summary.
Test(markdown_summary, of_a_job_costs_no_result)
{
    char full[256];
    snprintf(full, sizeof full, "%s", in_job("no/such/folder"));
    for (int i = 0; i < 2; i++) {
        expect_end(NULL, "run " SMALL " --json @r.json --junit @j.xml", 0, "1 passed, 0 failed");
        expect_end("shifted", "run " SMALL, 1, "0 passed, 1 failed");
        cr_expect_eq(access(scratch_path(&scratch, "r.json"), F_OK), 0);
        cr_expect_eq(access(scratch_path(&scratch, "j.xml"), F_OK), 0);
        setenv("GITHUB_STEP_SUMMARY", "/dev/full", 1);
    }
    struct outcome outcome = run_with_fake(&scratch, NULL, "run " SMALL);
    cr_expect_not_null(strstr(text_get(&outcome.errors), "no summary of this job: cannot write"));
    outcome_free(&outcome);
}

Test(markdown_summary, that_was_asked_for_is_an_error_when_it_cannot_be_written)
{
    struct outcome outcome = run_with_fake(&scratch, NULL, "run " SMALL " --summary /no/such/s.md");
    cr_expect_eq(outcome.status, 1);
    cr_expect_not_null(strstr(text_get(&outcome.errors), "cannot write /no/such/s.md"));
    outcome_free(&outcome);
}

Test(markdown_summary, says_what_did_not_run)
{
    static const char *const few[] = {"> **1 cases ran, at least 2 are required.**", NULL};
    static const char *const early[] = {"> **Only 1 of the ", "cases selected ran.**",
                                        "1 of 1 cases did not pass.", NULL};
    expect_end(NULL, "run " SMALL " --require 2 --summary @s.md", 4, "1 passed, 0 failed");
    expect_parts("s.md", few);
    expect_end("shifted", "run weighted_matmul/f32 --fail-fast --summary @s.md", 1,
               "0 passed, 1 failed");
    expect_parts("s.md", early);
}

Test(markdown_summary, of_a_merge)
{
    static const char *const all[] = {"## Wavegauge: All 2 cases passed.", "| 2/2 |", NULL};
    expect_end(NULL, "run --shard 1/2 --json @1.json buffer_copy/u8/bytes=3 " SMALL, 0,
               "1 passed, 0 failed");
    expect_end(NULL, "run --shard 2/2 --json @2.json buffer_copy/u8/bytes=3 " SMALL, 0,
               "1 passed, 0 failed");
    in_job("job.md");
    expect_end(NULL, "merge @1.json @2.json -o @r.json --summary @s.md", 0, "2 passed, 0 failed");
    expect_parts("s.md", all);
    expect_parts("job.md", all);
}

static json_t *document_of_failures(size_t count)
{
    json_t *cases = json_array();
    char message[300], id[32];
    memset(message, 'm', sizeof message - 1);
    message[sizeof message - 1] = '\0';
    for (size_t i = 0; i < count; i++) {
        snprintf(id, sizeof id, "k/f32/n=%zu", i);
        json_array_append_new(cases,
                              json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", id, "kernel", "k",
                                        "status", "fail", "message", message, "repro", message));
    }
    return json_pack("{s:s, s:{s:s}, s:o}", "schema", "wavegauge/1", "environment", "device", "emu",
                     "cases", cases);
}

// All bytes of the job's summary but for some.
static void fill_but(size_t room)
{
    char *filler = calloc(1, LIMIT + 1);
    cr_assert_not_null(filler);
    memset(filler, 'x', LIMIT - room);
    scratch_write(&scratch, "job.md", filler);
    free(filler);
}

// GitHub shows nothing of a summary with more than 1 MiB.
Test(markdown_summary, keeps_to_the_limit)
{
    cr_redirect_stderr();
    const char *path = in_job("job.md");
    json_t *document = document_of_failures(MANY);
    struct markdown_summary summary = {document, MANY, 0};
    struct text text = {0};
    struct stat status;
    for (int room = 100000; room > MARKDOWN_LEAST; room -= 9000) {
        fill_but((size_t)room);
        markdown_summary_offer(&summary);
        cr_assert_eq(stat(path, &status), 0);
        cr_expect_leq(status.st_size, LIMIT, "%d more", (int)(status.st_size - LIMIT));
        cr_expect_gt(status.st_size, LIMIT - room, "nothing is there");
        text = scratch_read(path);
        bool is_whole = strstr(text_get(&text), "k/f32/n=59") != NULL;
        bool is_cut = strstr(text_get(&text), "_Cut to fit into ") != NULL;
        cr_expect(is_whole != is_cut, "room %d: whole %d, cut %d", room, is_whole, is_cut);
        text_free(&text);
    }
    // No room for more than a few words.
    fill_but(100);
    markdown_summary_offer(&summary);
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_size, LIMIT - 100);
    json_decref(document);
}
