// links: mutant_set scratch_folder mutants_place
//
// The set of mutants is as it should be, mistakes in it are told, lines and verdicts are right, and
// a few mutants are run.
#include "scratch_folder.h"

#include "mutant_report.h"
#include "mutant_set.h"
#include "mutant_source.h"
#include "mutant_verdict.h"

#include "harness/subprocess.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;

static struct mutant_hosts hosts;

static void set_up(void)
{
    scratch = scratch_create();
    hosts = (struct mutant_hosts){.simple = scratch.folder, .tuned = "nowhere"};
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(mutants, .init = set_up, .fini = tear_down);

static const char source[] = "one\n"
                             "two(\n"
                             "    three,\n"
                             "    four);\n"
                             "#define FIVE \\\n"
                             "    five(    \\\n"
                             "        six)\n"
                             "seven\n"
                             "seven\n";

// A set of one mutant, whose lines are given, of the source above.
static bool load(struct mutant_set *set, const char *lines, struct error *error)
{
    struct text text = {0};
    text_append(&text,
                "kernel: k\nsource: k.hip\ncases: ['k/f32']\nmutants:\n"
                "  - name: m\n    planted: something\n%s",
                lines);
    scratch_write(&scratch, "k.yaml", text_get(&text));
    scratch_write(&scratch, "k.hip", source);
    text_free(&text);
    return mutant_set_load(set, scratch.folder, error);
}

// Applies the mutant and expects the mistake on a line, and the source's lines as they were.
static void expect_applied(const char *lines, int line, const char *expected)
{
    struct mutant_set set;
    struct mutated mutated;
    struct error error = {0};
    cr_assert(load(&set, lines, &error), "%s", error.text);
    cr_assert(mutant_apply(&set.kernels[0]->mutants[0], &hosts, &mutated, &error), "%s",
              error.text);
    cr_expect_eq(mutated.line, line, "line %d in place of %d", mutated.line, line);
    cr_expect_str_eq(text_get(&mutated.source), expected);
    mutated_free(&mutated);
    mutant_set_free(&set);
}

static void expect_refused(const char *lines, const char *words)
{
    struct mutant_set set;
    struct error error = {0};
    if (load(&set, lines, &error)) {
        cr_expect_not(mutant_set_check(&set, &hosts, 0, 0, &error));
        mutant_set_free(&set);
    }
    cr_expect_not_null(strstr(error.text, words), "'%s' is not in: %s", words, error.text);
}

#define KIND  "    kind: off by one\n"
#define RIGHT "    right: [memcheck]\n"

Test(mutants, replacement_keeps_lines)
{
    expect_applied(KIND RIGHT "    find: 'two( three, four);'\n    replace: 'two( three);'\n", 3,
                   "one\ntwo(\n    three\n);\n#define FIVE \\\n    five(    \\\n        "
                   "six)\nseven\nseven\n");
    expect_applied(KIND RIGHT "    find: 'one two( three, four);'\n    replace: 'one'\n", 2,
                   "one\n\n\n\n#define FIVE \\\n    five(    \\\n        six)\nseven\nseven\n");
    expect_applied(KIND RIGHT "    find: 'three,'\n    replace: 'three, more,'\n", 3,
                   "one\ntwo(\n    three, more,\n    four);\n#define FIVE \\\n    five(    \\\n"
                   "        six)\nseven\nseven\n");
}

// Simple and tuned kernels are in different folders.
Test(mutants, hosts)
{
    struct mutant_set set;
    struct mutated mutated;
    struct error error = {0};
    const char lines[] = KIND RIGHT "    find: 'three'\n    replace: 'more'\n    tuned: true\n";
    hosts = (struct mutant_hosts){.simple = "nowhere", .tuned = scratch.folder};
    expect_applied(lines, 3,
                   "one\ntwo(\n    more,\n    four);\n#define FIVE \\\n    five(    \\\n        "
                   "six)\nseven\nseven\n");
    hosts = (struct mutant_hosts){.simple = scratch.folder, .tuned = "nowhere"};
    cr_assert(load(&set, lines, &error), "%s", error.text);
    cr_expect_not(mutant_apply(&set.kernels[0]->mutants[0], &hosts, &mutated, &error));
    cr_expect_not_null(strstr(error.text, "nowhere/k.hip"), "%s", error.text);
    mutant_set_free(&set);
}

Test(mutants, replacement_in_a_macro_goes_on)
{
    expect_applied(KIND RIGHT "    find: 'five( six)'\n    replace: 'none'\n", 6,
                   "one\ntwo(\n    three,\n    four);\n#define FIVE \\\n    none \\\n\nseven\n"
                   "seven\n");
}

Test(mutants, mistakes_of_a_set_are_told)
{
    expect_refused(KIND RIGHT "    find: 'seven'\n    replace: 'eight'\n", "stands there 2 times");
    expect_refused(KIND RIGHT "    find: 'eight'\n    replace: 'nine'\n", "stands there 0 times");
    expect_refused(KIND RIGHT "    find: 'one'\n    replace: 'one'\n", "by itself");
    expect_refused(KIND RIGHT "    find: 'one'\n    replace: 'a'\n    also_at: 'eight'\n",
                   "stands there 0 times");
    expect_refused(RIGHT "    kind: of by one\n    find: 'one'\n    replace: ''\n",
                   "did you mean 'off by one'?");
    expect_refused(KIND "    right: [rececheck]\n    find: 'one'\n    replace: ''\n",
                   "no pattern class and no check");
    expect_refused(KIND RIGHT "    replace: ''\n", "has no 'find'");
    expect_refused(KIND RIGHT "    find: 'one'\n    replace: ''\n", "no mutant is of the kind");
}

// Judges a record, of a mutant on line 3, and a page (or NULL).
static void judge(struct mutant_outcome *outcome, const char *record, const char *page)
{
    static struct mutant_set set;
    struct error error = {0};
    cr_assert(load(&set,
                   KIND
                   "    find: 'three'\n    replace: 'more'\n    right: [racecheck, constant]\n",
                   &error),
              "%s", error.text);
    *outcome = (struct mutant_outcome){.kernel = set.kernels[0],
                                       .mutant = &set.kernels[0]->mutants[0],
                                       .line = 30,
                                       .record = json_loads(record, 0, NULL)};
    if (page != NULL)
        outcome->page = json_loads(page, 0, NULL);
    cr_assert_not_null(outcome->record);
    cr_assert(outcome_judge(outcome));
}

static void expect_judged(const char *record, const char *page, bool located, bool classified)
{
    struct mutant_outcome outcome;
    judge(&outcome, record, page);
    cr_expect(outcome.detected);
    cr_expect_eq(outcome.located, located, "located %d: %s", outcome.located, record);
    cr_expect_eq(outcome.classified, classified, "classified %d: %s", outcome.classified, record);
    cr_expect_eq(outcome.why[0] == '\0', located && classified);
    outcome_clear(&outcome);
}

Test(mutants, verdicts)
{
    expect_judged("{\"status\": \"fail\", \"findings\": []}", NULL, false, false);
    expect_judged("{\"status\": \"fail\", \"findings\": [{\"check\": \"memcheck\", \"file\": "
                  "\"a/k.hip\", \"line\": 32}]}",
                  NULL, true, false);
    expect_judged("{\"status\": \"fail\", \"findings\": [{\"check\": \"racecheck\", \"file\": "
                  "\"a/k.hip\", \"line\": 33}]}",
                  NULL, false, true);
    expect_judged("{\"status\": \"fail\", \"findings\": [{\"check\": \"racecheck\", \"file\": "
                  "\"a/k.hip.h\", \"line\": 30}]}",
                  NULL, false, true);
    expect_judged("{\"status\": \"fail\", \"findings\": [{\"check\": \"racecheck\", \"file\": "
                  "\"k.hip\", \"line\": 90, \"other_file\": \"k.hip\", \"other_line\": 28}]}",
                  NULL, true, true);
    expect_judged("{\"status\": \"fail\", \"findings\": [{\"check\": \"racecheck\", \"file\": "
                  "\"rows.hip.h\", \"line\": 9, \"text\": \"at a/rows.hip.h:9:5\\n inlined at "
                  "a/k.hip:31:9 in f\\n\"}]}",
                  NULL, true, true);
    expect_judged("{\"status\": \"fail\", \"findings\": [{\"check\": \"racecheck\", \"severity\": "
                  "\"warning\"}], \"pattern\": {\"class\": \"sign\"}}",
                  NULL, false, false);
    expect_judged("{\"status\": \"fail\", \"pattern\": {\"class\": \"constant\"}}", NULL, false,
                  true);
    expect_judged("{\"status\": \"fail\"}",
                  "{\"pattern\": {\"class\": \"constant\"}, \"place\": [{\"file\": \"k.hip\", "
                  "\"line\": 29}]}",
                  true, true);
    expect_judged("{\"status\": \"fail\"}",
                  "{\"place\": [{\"file\": \"k.hip\", \"line\": 36, \"after_line\": 29}]}", true,
                  false);
    // The kind in the words of the mutant's own, and another one.
    expect_judged("{\"status\": \"fail\"}",
                  "{\"mistake\": {\"kind\": \"wrong bound\", \"also\": \"off by one\"}}", false,
                  true);
    expect_judged("{\"status\": \"fail\"}",
                  "{\"mistake\": {\"kind\": \"off by one\", \"also\": null}}", false, true);
    expect_judged("{\"status\": \"fail\"}",
                  "{\"mistake\": {\"kind\": \"wrong bound\", \"also\": null}}", false, false);
    expect_judged("{\"status\": \"fail\"}", "{\"mistake\": null}", false, false);
}

Test(mutants, a_pass_shows_no_mistake)
{
    static const struct {
        const char *record;
        bool mistake;
    } records[] = {
        {"{\"status\": \"pass\", \"findings\": []}", false},
        {"{\"status\": \"skip\", \"findings\": []}", false},
        {"{\"status\": \"pass\", \"findings\": [{\"severity\": \"warning\"}]}", false},
        {"{\"status\": \"pass\", \"findings\": [{\"severity\": \"error\"}]}", true},
        {"{\"status\": \"crash\", \"findings\": []}", true},
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        json_t *record = json_loads(records[i].record, 0, NULL);
        cr_expect_eq(record_shows_mistake(record), records[i].mistake, "%s", records[i].record);
        json_decref(record);
    }
}

Test(mutants, goal)
{
    struct mutant_outcome outcome;
    judge(&outcome, "{\"status\": \"fail\", \"findings\": []}", NULL);
    struct mutant_results results = {.count = 1, .outcomes = &outcome};
    cr_expect_eq(tally(&results, "k", "off by one").detected, 1);
    cr_expect_not(goal_is_met(&results));
    outcome.located = outcome.classified = true;
    cr_expect(goal_is_met(&results));
    outcome.detected = false;
    cr_expect_not(goal_is_met(&results));
    // One that is equivalent is not counted.
    struct mutant equivalent = *outcome.mutant;
    equivalent.equivalent = "it is";
    outcome.mutant = &equivalent;
    cr_expect_eq(tally(&results, NULL, NULL).mutants, 0);
    cr_expect(goal_is_met(&results));
    outcome.mutant = NULL;
    outcome.failed = json_pack("[{s:s}]", "status", "fail");
    cr_expect_eq(false_alarms(&results), 1);
    cr_expect_not(goal_is_met(&results));
    outcome_clear(&outcome);
}

// What the program of the mutants says to some arguments.
static int run_mutants(const char *const *arguments, struct text *said)
{
    struct error error = {0};
    int status = -1;
    cr_assert(subprocess_run(arguments, said, &status, &error), "%s", error.text);
    return status;
}

Test(mutants, set_is_as_it_should_be)
{
    const char *const arguments[] = {TEST_MUTANTS, "--check", NULL};
    struct text said = {0};
    cr_expect_eq(run_mutants(arguments, &said), 0, "%s", text_get(&said));
    text_free(&said);
}

Test(mutants, some_are_run)
{
    const char *path = scratch_path(&scratch, "mutants.json");
    const char *const arguments[] = {TEST_MUTANTS,
                                     "weighted_matmul/terms-guard-missing",
                                     "topp/p-of-next-row",
                                     "buffer_copy/last-chunk-missing",
                                     "--no-bisect",
                                     "--no-correct",
                                     "--json",
                                     path,
                                     NULL};
    struct text said = {0};
    int status = run_mutants(arguments, &said);
    cr_expect(status == 0 || status == 1, "%d: %s", status, text_get(&said));
    json_t *document = json_load_file(path, 0, NULL);
    const json_t *mutants = json_object_get(document, "mutants");
    cr_assert_eq(json_array_size(mutants), 3, "%s", text_get(&said));
    const json_t *summary = json_object_get(document, "summary");
    cr_expect_eq(json_integer_value(json_object_get(summary, "mutants")), 2);
    cr_expect_eq(json_integer_value(json_object_get(summary, "detected")), 2, "%s",
                 text_get(&said));
    for (size_t i = 0; i < 3; i++) {
        const json_t *mutant = json_array_get(mutants, i);
        const char *name = json_string_value(json_object_get(mutant, "name"));
        // One is equivalent to the kernel, one is an access out of bounds.
        cr_expect_eq(json_is_true(json_object_get(mutant, "detected")),
                     strcmp(name, "last-chunk-missing") != 0, "%s", name);
        // With the launch of the simple kernel: the tuned one's names functions that it has not.
        const json_t *record = json_object_get(mutant, "record");
        if (strcmp(name, "p-of-next-row") == 0)
            cr_expect_str_eq(json_string_value(json_object_get(record, "status")), "fail");
        if (strcmp(name, "terms-guard-missing") == 0)
            cr_expect(json_is_true(json_object_get(mutant, "located")) &&
                          json_is_true(json_object_get(mutant, "classified")),
                      "%s", text_get(&said));
    }
    json_decref(document);
    text_free(&said);
}
