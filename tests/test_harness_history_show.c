// links: history_documents
//
// `wavegauge history show`: by date, machine by machine, with jumps marked; and as pictures.
#include "history_documents.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(history_show, .init = set_up, .fini = tear_down, .timeout = 120);

static void add_day(int day, const struct made_case *made)
{
    char words[1024];
    snprintf(words, sizeof words, "add %s", write_day(&scratch, day, made));
    expect_history(&scratch, words, 0);
}

static size_t count_of(const struct text *text, const char *what)
{
    size_t count = 0;
    for (const char *at = text_get(text); (at = strstr(at, what)) != NULL; at++)
        count++;
    return count;
}

// The line that holds a text, in a static buffer; "" when there is none.
static const char *line_of(const struct text *text, const char *what)
{
    static char line[512];
    const char *found = strstr(text_get(text), what);
    line[0] = '\0';
    if (found == NULL)
        return line;
    while (found > text_get(text) && found[-1] != '\n')
        found--;
    snprintf(line, sizeof line, "%.*s", (int)strcspn(found, "\n"), found);
    return line;
}

Test(history_show, by_date_with_time_error_and_commit)
{
    add_day(5, &(struct made_case){.error = 0.5, .median = 120});
    add_day(3, &(struct made_case){.error = 0.25, .median = 100});
    struct outcome outcome = run_history(&scratch, "show k", 0);
    const char *first = strstr(text_get(&outcome.out), "2026-11-03T12:00:00Z");
    const char *second = strstr(text_get(&outcome.out), "2026-11-05T12:00:00Z");
    cr_expect(first != NULL && second != NULL && first < second);
    const char *line = line_of(&outcome.out, "2026-11-05");
    cr_expect(strstr(line, "c0ffee05012") != NULL && strstr(line, "0.5 ") != NULL &&
                  strstr(line, "120.00 us") != NULL && strstr(line, "pass") != NULL,
              "%s", line);
    cr_expect_str_eq(last_line(&outcome.out), "1 cases shown, 0 jumps");
    outcome_free(&outcome);
    outcome = run_history(&scratch, "show --last 1", 0);
    cr_expect_null(strstr(text_get(&outcome.out), "2026-11-03"));
    outcome_free(&outcome);
}

// Medians that differ by some tenths of a percent from run to run.
static double noisy(int day)
{
    return 1 + 0.003 * (day * 5 % 7 - 3) / 3;
}

Test(history_show, jumps_are_marked_where_they_are)
{
    for (int day = 1; day <= 12; day++) {
        double factor = day >= 8 ? 1.1 : 1;
        add_day(day, &(struct made_case){.error = day >= 11 ? 0.5 : 0.25,
                                         .median = 100 * noisy(day) * factor,
                                         .status = day == 4 ? "crash" : NULL});
    }
    struct outcome outcome = run_history(&scratch, "show --jumps", 0);
    cr_expect(strstr(line_of(&outcome.out, "2026-11-08"), "<- slower x1.1") != NULL);
    cr_expect(strstr(line_of(&outcome.out, "2026-11-11"), "<- error 0.25 -> 0.5") != NULL);
    cr_expect(strstr(line_of(&outcome.out, "2026-11-04"), "<- crash, passed before") != NULL);
    cr_expect(strstr(line_of(&outcome.out, "2026-11-05"), "<- passes") != NULL);
    cr_expect_eq(count_of(&outcome.out, "<-"), 4, "%s", text_get(&outcome.out));
    cr_expect_str_eq(last_line(&outcome.out), "1 cases shown, 4 jumps");
    outcome_free(&outcome);
    outcome = run_history(&scratch, "show --jumps --threshold 20% --error 50%", 0);
    cr_expect_eq(count_of(&outcome.out, "<-"), 2, "%s", text_get(&outcome.out));
    outcome_free(&outcome);
}

Test(history_show, noise_is_no_jump_and_jumps_alone_can_be_asked_for)
{
    for (int day = 1; day <= 12; day++)
        add_day(day, &(struct made_case){.error = 0.25, .median = 100 * noisy(day)});
    struct outcome outcome = run_history(&scratch, "show --jumps", 0);
    cr_expect_str_eq(last_line(&outcome.out), "0 cases shown, 0 jumps");
    outcome_free(&outcome);
}

static void add_on(const char *host, const char *arch, int day, double median)
{
    char date[32], words[512];
    const struct made_case one = {.id = "k/f32/n=1", .error = 0.25, .median = median};
    snprintf(date, sizeof date, "2026-11-%02dT12:00:00Z", day);
    snprintf(words, sizeof words, "add %s",
             write_document(&scratch, &(struct made_document){.name = "on.json",
                                                              .host = host,
                                                              .arch = arch,
                                                              .date = date,
                                                              .bench = true,
                                                              .count = 1,
                                                              .cases = &one}));
    expect_history(&scratch, words, 0);
}

// Taken together, the second half would be three times as slow.
Test(history_show, machines_are_kept_apart)
{
    for (int day = 1; day <= 5; day++) {
        add_on("left", "sm_90", day, 100 * noisy(day));
        add_on("right", "sm_90", day + 5, 300 * noisy(day));
        add_on("left", "sm_80", day + 10, 500 * noisy(day));
    }
    struct outcome outcome = run_history(&scratch, "show", 0);
    cr_expect_str_eq(last_line(&outcome.out), "3 cases shown, 0 jumps");
    outcome_free(&outcome);
    outcome = run_history(&scratch, "show --machine right", 0);
    cr_expect_eq(count_of(&outcome.out, "\n  2026-"), 5);
    outcome_free(&outcome);
    outcome = run_history(&scratch, "show --machine left*sm_80", 0);
    cr_expect_eq(count_of(&outcome.out, "\n  2026-11-1"), 5);
    outcome_free(&outcome);
}

// Selecting is as in the other commands.
Test(history_show, select_by_kernel_glob_id_and_case_file)
{
    const struct made_case cases[] = {
        {.id = "topk/f32/n=1"}, {.id = "topk/f16/n=1"}, {.id = "topp/f32/n=1"}};
    static const struct {
        const char *select;
        size_t count;
    } tries[] = {{"topk", 2},      {"*/f32/*", 2}, {"topk/f16/n=1", 1},
                 {"topk topp", 3}, {"top", 0},     {TEST_SOURCE_FOLDER "/cases/topk.yaml", 2}};
    char words[1024];
    snprintf(words, sizeof words, "add %s",
             write_document(&scratch, &(struct made_document){.name = "a.json",
                                                              .date = "2026-11-09T00:00:00Z",
                                                              .count = 3,
                                                              .cases = cases}));
    expect_history(&scratch, words, 0);
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        snprintf(words, sizeof words, "show %s", tries[i].select);
        struct outcome outcome = run_history(&scratch, words, tries[i].count > 0 ? 0 : 4);
        cr_expect_eq(count_of(&outcome.out, "\n  2026-"), tries[i].count, "%s", tries[i].select);
        outcome_free(&outcome);
    }
}

static void expect_start(const char *name, const char *start)
{
    struct text text = scratch_read(scratch_path(&scratch, name));
    cr_expect_eq(strncmp(text_get(&text), start, strlen(start)), 0, "%s", name);
    text_free(&text);
}

Test(history_show, pictures_data_and_a_script_that_runs_alone)
{
    static const char picture[] = "plots/k-f32-n=1.bench-1.";
    char words[1024], name[128];
    for (int day = 1; day <= 9; day++)
        add_day(day, &(struct made_case){.error = day == 3 ? -1 : 0.25,
                                         .status = day == 3 ? "fail" : NULL,
                                         .median = 100 * noisy(day) * (day > 5 ? 1.2 : 1)});
    bool installed = system("command -v gnuplot >/dev/null") == 0;
    snprintf(words, sizeof words, "show -o %s", scratch_path(&scratch, "plots"));
    expect_history(&scratch, words, installed ? 0 : 3);
    snprintf(name, sizeof name, "%sdat", picture);
    expect_start(name, "# run date commit");
    expect_start("plots/history.gnuplot", "# Draws what");
    if (!installed)
        return;
    snprintf(name, sizeof name, "%spng", picture);
    expect_start(name, "\x89PNG");
    cr_assert_eq(unlink(scratch_path(&scratch, name)), 0);
    // What a user made of the script stays, and runs by itself in the folder.
    snprintf(words, sizeof words,
             "cd %s/plots && echo '# mine' >>history.gnuplot && gnuplot "
             "history.gnuplot",
             scratch.folder);
    cr_assert_eq(system(words), 0);
    expect_start(name, "\x89PNG");
    snprintf(name, sizeof name, "%ssvg", picture);
    expect_start(name, "<?xml");
    snprintf(words, sizeof words, "show -o %s", scratch_path(&scratch, "plots"));
    expect_history(&scratch, words, 0);
    struct text script = scratch_read(scratch_path(&scratch, "plots/history.gnuplot"));
    cr_expect_str_eq(last_line(&script), "# mine");
    text_free(&script);
}
