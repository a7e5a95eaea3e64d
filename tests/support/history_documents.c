#include "history_documents.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLES = 20 };

static void append_samples(struct text *text, const struct made_case *made)
{
    double spread = made->spread > 0 ? made->spread : 0.01;
    for (int i = 0; i < SAMPLES; i++) {
        double place = (i * 7 % SAMPLES - 0.5 * (SAMPLES - 1)) / SAMPLES;
        text_append(text, "%s%.9g", i > 0 ? ", " : "", made->median * (1 + spread * place));
    }
}

static void append_case(struct text *text, const struct made_case *made)
{
    const char *status = made->status != NULL ? made->status : "pass";
    text_append(text,
                "{\"id\": \"%s\", \"kernel\": \"%.*s\", \"dtype\": \"f32\", \"dims\": {}, "
                "\"seed\": %d, \"status\": \"%s\", \"message\": \"%s\", \"pass\": \"\", "
                "\"tensor\": \"out\", \"max_abs\": 0.5, \"max_rel\": 0.5, \"worst_index\": 0, "
                "\"wrong\": 0, \"elements\": 9, \"pattern\": null, \"findings\": [], "
                "\"repro\": \"again\", ",
                made->id, (int)strcspn(made->id, "/"), made->id, made->seed, status,
                strcmp(status, "pass") == 0 ? "" : "3 of 9 wrong");
    if (made->error < 0)
        text_append(text, "\"tolerance_ratio\": null, ");
    else
        text_append(text, "\"tolerance_ratio\": %.9g, ", made->error);
    text_append(text, "\"timing\": {\"wall_seconds\": 0.5");
    if (made->median > 0) {
        text_append(text, ", \"cache\": \"%s\", \"samples_us\": [", made->hot ? "hot" : "cold");
        append_samples(text, made);
        text_append(text, "]");
    }
    text_append(text, "}}");
}

static void append_environment(struct text *text, const struct made_document *document)
{
    text_append(text,
                "{\"device\": \"nvidia\", \"device_name\": \"Some GPU\", \"arch\": \"%s\", "
                "\"wave64\": false, \"version\": \"0.1.0\", %s",
                document->arch != NULL ? document->arch : "sm_90",
                document->extra != NULL ? document->extra : "");
    if (document->date != NULL)
        text_append(text, "\"date\": \"%s\", ", document->date);
    if (document->commit != NULL)
        text_append(text, "\"commit\": \"%s\", ", document->commit);
    if (document->bench)
        text_append(text, "\"ceilings\": {}, ");
    text_append(text, "\"host\": \"%s\"}", document->host != NULL ? document->host : "node");
}

const char *write_document(const struct scratch *scratch, const struct made_document *document)
{
    struct text text = {0};
    text_append(&text, "{\"schema\": \"wavegauge/1\", \"environment\": ");
    append_environment(&text, document);
    text_append(&text, ", \"cases\": [");
    for (size_t i = 0; i < document->count; i++) {
        text_append(&text, "%s", i > 0 ? ",\n" : "\n");
        append_case(&text, &document->cases[i]);
    }
    text_append(&text, "]}\n");
    cr_assert_not(text.failed);
    const char *path = scratch_write(scratch, document->name, text_get(&text));
    text_free(&text);
    return path;
}

const char *write_day(const struct scratch *scratch, int day, const struct made_case *made)
{
    char name[32], date[32], commit[32];
    struct made_case one = *made;
    snprintf(name, sizeof name, "day%d.json", day);
    snprintf(date, sizeof date, "2026-11-%02dT12:00:00Z", day);
    snprintf(commit, sizeof commit, "c0ffee%02d0123456789", day);
    if (one.id == NULL)
        one.id = "k/f32/n=1";
    struct made_document document = {.name = name,
                                     .date = date,
                                     .commit = commit,
                                     .bench = made->median > 0,
                                     .count = 1,
                                     .cases = &one};
    return write_document(scratch, &document);
}

struct outcome run_history(const struct scratch *scratch, const char *words, int status)
{
    char line[4096];
    snprintf(line, sizeof line, "history %s --db %s", words, scratch_path(scratch, "history.db"));
    struct outcome outcome = run_wavegauge(line);
    cr_expect_eq(outcome.status, status, "%s: %d\n%s%s", line, outcome.status,
                 text_get(&outcome.out), text_get(&outcome.errors));
    return outcome;
}

void expect_history(const struct scratch *scratch, const char *words, int status)
{
    struct outcome outcome = run_history(scratch, words, status);
    outcome_free(&outcome);
}

void expect_said(const struct outcome *outcome, const char *text)
{
    cr_expect(strstr(text_get(&outcome->out), text) != NULL ||
                  strstr(text_get(&outcome->errors), text) != NULL,
              "'%s' is not in:\n%s%s", text, text_get(&outcome->out), text_get(&outcome->errors));
}
