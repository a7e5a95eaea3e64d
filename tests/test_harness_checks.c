// links: scratch_folder
//
// --check, the severities of findings, and the suppressions of case files.
#include "scratch_folder.h"
#include "weighted_matmul_case.h"

#include "harness/check_list.h"
#include "harness/suppression.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_CASES");
    unsetenv("WAVEGAUGE_CHECK");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(checks, .init = set_up, .fini = tear_down);

#define SMALL "weighted_matmul/f32/batch=1,heads=2,seq_q=4,seq_k=4,head_dim=8"

static struct outcome run_mine(const char *mistake, const char *suppressions, const char *words)
{
    char contents[4096], all[1024];
    snprintf(contents, sizeof contents,
             WEIGHTED_MATMUL_CASE_HEAD
             "dtypes: [f32]\n"
             "launches:\n"
             "  - {function: weighted_matmul_f32, grid: 1, block: 1, args: [weights, v, out, "
             "i32 batch, i32 heads, i32 seq_q, i32 seq_k, i32 head_dim]}\n"
             "cases: [{seq_q: 5}]\n"
             "%s",
             suppressions);
    scratch_write(&scratch, "mine.hip", "");
    snprintf(all, sizeof all, "%s %s", words, scratch_write(&scratch, "mine.yaml", contents));
    return run_with_fake(&scratch, mistake, all);
}

static void expect_part(const struct text *text, const char *part)
{
    cr_expect(strstr(text_get(text), part) != NULL, "no '%s' in:\n%s", part, text_get(text));
}

// Right numbers do not make up for an error; a warning is shown and fails nothing.
Test(checks, errors_fail_and_warnings_do_not)
{
    struct outcome outcome = run_with_fake(&scratch, "race", "run " SMALL);
    cr_expect_eq(outcome.status, 1);
    expect_part(&outcome.out, "racecheck: out of bounds at kernels/fake.hip:42");
    expect_part(&outcome.out, "seen 4 times");
    outcome_free(&outcome);
    outcome = run_with_fake(&scratch, "warning", "run " SMALL);
    cr_expect_eq(outcome.status, 0);
    expect_part(&outcome.out, "warning, which does not fail the case");
    expect_part(&outcome.out, "1 passed, 0 failed");
    outcome_free(&outcome);
}

Test(checks, the_record_has_severity_and_count)
{
    char words[1024];
    const char *path = scratch_path(&scratch, "r.json");
    snprintf(words, sizeof words, "run --json %s " SMALL, path);
    struct outcome outcome = run_with_fake(&scratch, "warning", words);
    cr_assert_eq(outcome.status, 0);
    outcome_free(&outcome);
    json_t *document = json_load_file(path, 0, NULL);
    json_t *record = json_array_get(json_object_get(document, "cases"), 0);
    json_t *finding = json_array_get(json_object_get(record, "findings"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(finding, "severity")), "warning");
    cr_assert_eq(json_integer_value(json_object_get(finding, "count")), 4);
    cr_assert_eq(json_array_size(json_object_get(record, "suppressed")), 0);
    json_decref(document);
}

Test(checks, a_suppressed_finding_fails_nothing_and_is_counted)
{
    static const char suppressions[] =
        "suppressions:\n"
        "  - {check: racecheck, function: lo*, line: 42, reason: it is known}\n"
        "  - {check: initcheck, function: '*', reason: not needed any more}\n";
    char words[1024];
    const char *path = scratch_path(&scratch, "r.json");
    snprintf(words, sizeof words, "run --json %s", path);
    struct outcome outcome = run_mine("race", suppressions, words);
    cr_expect_eq(outcome.status, 0, "%s%s", text_get(&outcome.out), text_get(&outcome.errors));
    expect_part(&outcome.out, "suppressed 4 times: racecheck in lo* line 42: it is known");
    outcome_free(&outcome);
    json_t *document = json_load_file(path, 0, NULL);
    json_t *record = json_array_get(json_object_get(document, "cases"), 0);
    json_t *list = json_object_get(record, "suppressed");
    cr_assert_eq(json_array_size(json_object_get(record, "findings")), 0);
    cr_assert_eq(json_array_size(list), 2);
    cr_expect_eq(json_integer_value(json_object_get(json_array_get(list, 0), "matched")), 4);
    cr_expect_eq(json_integer_value(json_object_get(json_array_get(list, 1), "matched")), 0);
    json_decref(document);
}

// Another check, line or function: the finding counts.
Test(checks, a_suppression_is_about_what_it_names_only)
{
    static const char *const others[] = {
        "suppressions: [{check: initcheck, function: load, reason: x}]\n",
        "suppressions: [{check: racecheck, function: load, line: 43, reason: x}]\n",
        "suppressions: [{check: racecheck, function: lo, reason: x}]\n",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct outcome outcome = run_mine("race", others[i], "run");
        cr_expect_eq(outcome.status, 1, "%s%s", others[i], text_get(&outcome.out));
        outcome_free(&outcome);
    }
}

Test(checks, wrong_suppressions_are_refused_with_their_place)
{
    static const struct {
        const char *text, *part;
    } wrong[] = {
        {"suppressions: [{check: racechek, function: x, reason: y}]\n",
         "mine.yaml:13:24: there is no check 'racechek'"},
        {"suppressions: [{check: racecheck, function: x}]\n",
         "mine.yaml:13:17: a suppression has no 'reason'"},
        {"suppressions: [{check: racecheck, function: x, reason: ' '}]\n", "the reason is empty"},
        {"suppressions: [{check: racecheck, reason: x}]\n", "function"},
        {"suppressions: [{check: racecheck, function: x, line: 0, reason: x}]\n", ":13:54:"},
        {"suppressions: [{chek: racecheck, function: x, reason: x}]\n", "chek"},
        {"suppressions: {check: racecheck}\n", ":13:"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct outcome outcome = run_mine(NULL, wrong[i].text, "run");
        cr_expect_eq(outcome.status, 2, "%s", wrong[i].text);
        expect_part(&outcome.errors, wrong[i].part);
        outcome_free(&outcome);
    }
}

Test(checks, names_match_as_in_the_source_and_as_in_the_code_object)
{
    struct finding finding = {.check = "racecheck", .count = 1, .kernel = "k_f32", .line = 3};
    static const struct {
        const char *glob, *function;
        bool matches;
    } cases[] = {{"load", "_Z4loadPKf", true}, {"load", "_ZN5outer4loadIfEEvPKf", true},
                 {"loa", "_Z4loadPKf", false}, {"k_*", "other", true},
                 {"load", "4load", false},     {"x", "_Z99x", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct suppressed entry = {.check = "racecheck", .function = (char *)cases[i].glob};
        struct result result = {.suppression_count = 1, .suppressions = &entry};
        finding.function = (char *)cases[i].function;
        cr_expect_eq(suppression_matches(&result, &finding), cases[i].matches, "%s %s",
                     cases[i].glob, cases[i].function);
    }
}

Test(checks, lists_of_names)
{
    static const char *const right[] = {"all", "none", "memcheck", "racecheck,initcheck"};
    static const char *const wrong[] = {"",        "all,none",  "memcheck,", ",memcheck",
                                        "memchec", "memcheckx", "race check"};
    struct error error;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        cr_expect(check_list_is_valid(right[i], &error), "%s", right[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect(!check_list_is_valid(wrong[i], &error), "%s", wrong[i]);
        cr_expect_eq(error.status, 2);
    }
    struct outcome outcome = run_wavegauge("run --check memcheck,race " SMALL);
    cr_expect_eq(outcome.status, 2);
    expect_part(&outcome.errors, "there is no check 'race', expected all, none or a list of");
    outcome_free(&outcome);
}

Test(checks, what_is_in_a_list)
{
    static const struct {
        const char *list, *name;
        bool has;
    } cases[] = {
        {"all", "initcheck", true},
        {"none", "initcheck", false},
        {"initcheck", "initcheck", true},
        {"memcheck", "initcheck", false},
        {"memcheck,initcheck", "initcheck", true},
        {"memcheck,initcheck,racecheck", "initcheck", true},
        {"initcheck,racecheck", "racecheck", true},
        {"initcheck,racecheck", "init", false},
        {"initcheck,racecheck", "initcheck,racecheck", false},
        {"racecheck,waitcheck", "check", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(check_list_has(cases[i].list, cases[i].name), cases[i].has, "%s in %s",
                     cases[i].name, cases[i].list);
}

// The option decides, then the environment, then all.
Test(checks, where_the_list_comes_from)
{
    struct error error;
    cr_assert(check_list_apply(NULL, &error));
    cr_expect_str_eq(getenv("WAVEGAUGE_CHECK"), "all");
    setenv("WAVEGAUGE_CHECK", "none", 1);
    cr_assert(check_list_apply(NULL, &error));
    cr_expect_str_eq(getenv("WAVEGAUGE_CHECK"), "none");
    cr_assert(check_list_apply("racecheck", &error));
    cr_expect_str_eq(getenv("WAVEGAUGE_CHECK"), "racecheck");
}
