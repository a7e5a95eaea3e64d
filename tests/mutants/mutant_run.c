#include "mutant_run.h"

#include "mutant_source.h"
#include "mutant_verdict.h"

#include "harness/file_bytes.h"
#include "harness/subprocess.h"
#include "harness/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATH_CAPACITY = 4400, MAX_ARGUMENT_COUNT = 32 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// A folder of its own, always the same: the cache of compiled kernels goes by path and contents.
static void scratch_path(const struct mutant_options *options, const struct mutant_outcome *outcome,
                         const char *name, char path[PATH_CAPACITY])
{
    snprintf(path, PATH_CAPACITY, "%s/%s/%s/%s", options->scratch, outcome->kernel->name,
             outcome->mutant != NULL ? outcome->mutant->name : "correct", name);
}

static bool write_scratch(const struct mutant_options *options,
                          const struct mutant_outcome *outcome, const char *name,
                          const struct text *contents, struct error *error)
{
    char path[PATH_CAPACITY];
    scratch_path(options, outcome, name, path);
    return file_write_atomically(path, text_get(contents), contents->length, error);
}

static int is_source(const struct dirent *entry)
{
    return strstr(entry->d_name, ".hip") != NULL;
}

static int is_header(const struct dirent *entry)
{
    return strstr(entry->d_name, ".hip.h") != NULL;
}

// Copies one file of a folder, changed where the mutant wants it.
static bool copy_source(const struct mutant_options *options, struct mutant_outcome *outcome,
                        const char *folder, const char *file, bool one_dtype, struct error *error)
{
    char from[PATH_CAPACITY], to[512];
    struct mutated mutated = {0};
    const struct mutant *mutant = outcome->mutant;
    snprintf(from, sizeof from, "%s/%s", folder, file);
    snprintf(to, sizeof to, "kernels/%.200s", file);
    bool good;
    if (mutant != NULL && strcmp(file, mutant->source) == 0) {
        good = mutant_apply(mutant, &options->hosts, &mutated, error);
        outcome->line = mutated.line;
        outcome->also_line = mutated.also_line;
    } else {
        good = file_read(from, &mutated.source, error);
    }
    if (good && one_dtype)
        leave_out_dtypes(outcome->kernel, &mutated.source);
    good = good && write_scratch(options, outcome, to, &mutated.source, error);
    mutated_free(&mutated);
    return good;
}

static bool copy_folder(const struct mutant_options *options, struct mutant_outcome *outcome,
                        const char *folder, int (*filter)(const struct dirent *), bool one_dtype,
                        struct error *error)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, filter, alphasort);
    if (count < 0)
        return error_set(error, EXIT_MISSING, "cannot read the folder of kernels %s: %s", folder,
                         strerror(errno));
    bool good = true;
    for (int i = 0; i < count; i++) {
        good = good && copy_source(options, outcome, folder, entries[i]->d_name, one_dtype, error);
        free(entries[i]);
    }
    free(entries);
    return good;
}

static bool copy_sources(const struct mutant_options *options, struct mutant_outcome *outcome,
                         bool one_dtype, struct error *error)
{
    const char *host = mutant_host(outcome->mutant, &options->hosts);
    return copy_folder(options, outcome, options->hosts.tuned, is_header, one_dtype, error) &&
           copy_folder(options, outcome, host, is_source, one_dtype, error);
}

// The case file of a simple kernel: its own head, tensors and launches, and the table of cases of
// the tuned one.
static bool put_head_on(struct text *text, const char *folder, const char *name,
                        struct error *error)
{
    char from[PATH_CAPACITY];
    struct text table = *text;
    snprintf(from, sizeof from, "%s/%s.yaml", folder, name);
    *text = (struct text){0};
    const char *cases = strstr(text_get(&table), "\ncases:");
    bool good = cases != NULL || error_set(error, EXIT_USAGE,
                                           "the case file of %s has no line that "
                                           "begins with 'cases:'",
                                           name);
    good = good && file_read(from, text, error);
    if (good)
        text_append(text, "%s", cases + 1);
    good = good && (!text->failed || error_out_of_memory(error));
    text_free(&table);
    return good;
}

static bool copy_case_file(const struct mutant_options *options,
                           const struct mutant_outcome *outcome, struct error *error)
{
    char from[PATH_CAPACITY], to[512];
    struct text text = {0};
    const char *name = outcome->kernel->name, *host = mutant_host(outcome->mutant, &options->hosts);
    snprintf(from, sizeof from, "%s/%s.yaml", options->cases, name);
    snprintf(to, sizeof to, "cases/%.200s.yaml", name);
    bool good = file_read(from, &text, error) &&
                (host != options->hosts.simple || put_head_on(&text, host, name, error)) &&
                write_scratch(options, outcome, to, &text, error);
    text_free(&text);
    return good;
}

static bool prepare(const struct mutant_options *options, struct mutant_outcome *outcome,
                    bool one_dtype, struct error *error)
{
    char path[PATH_CAPACITY];
    scratch_path(options, outcome, "kernels", path);
    bool good = make_folders(path, error);
    scratch_path(options, outcome, "cases", path);
    return good && make_folders(path, error) && copy_sources(options, outcome, one_dtype, error) &&
           copy_case_file(options, outcome, error);
}

// An argument list that owns its texts.
struct arguments {
    char *list[MAX_ARGUMENT_COUNT];
    size_t count;
    bool failed;
};

static void add_argument(struct arguments *arguments, char *text)
{
    if (text == NULL || arguments->count + 1 == MAX_ARGUMENT_COUNT) {
        arguments->failed = true;
        free(text);
        return;
    }
    arguments->list[arguments->count++] = text;
}

static void free_arguments(struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++)
        free(arguments->list[i]);
}

static void add_selection(struct arguments *arguments, const struct mutant_options *options,
                          const struct mutant_outcome *outcome, const char *selection)
{
    char path[PATH_CAPACITY], name[512];
    snprintf(name, sizeof name, "cases/%.200s.yaml", outcome->kernel->name);
    scratch_path(options, outcome, name, path);
    add_argument(arguments, format_text("%s:%s", path, selection));
}

// Runs the program with the arguments so far, and --json; the document is NULL when it wrote none.
static bool run_program(struct arguments *arguments, const struct mutant_options *options,
                        const struct mutant_outcome *outcome, const char *json_name, int *status,
                        struct text *said, json_t **document, struct error *error)
{
    char path[PATH_CAPACITY];
    scratch_path(options, outcome, json_name, path);
    unlink(path);
    add_argument(arguments, strdup("--json"));
    add_argument(arguments, strdup(path));
    if (options->arch != NULL) {
        add_argument(arguments, strdup("--arch"));
        add_argument(arguments, strdup(options->arch));
    }
    *document = NULL;
    bool good = (!arguments->failed || error_out_of_memory(error)) &&
                subprocess_run((const char *const *)arguments->list, said, status, error);
    if (good)
        *document = json_load_file(path, 0, NULL);
    return good;
}

// Keeps the records that say something is wrong.
static void take_records(struct mutant_outcome *outcome, const json_t *document)
{
    const json_t *cases = json_object_get(document, "cases");
    size_t index;
    json_t *record;
    json_array_foreach(cases, index, record)
    {
        outcome->cases++;
        if (!record_shows_mistake(record))
            continue;
        if (outcome->record == NULL)
            outcome->record = json_incref(record);
        if (outcome->failed != NULL)
            json_array_append(outcome->failed, record);
    }
}

static bool run_cases(const struct mutant_options *options, struct mutant_outcome *outcome,
                      const char *const *selections, size_t count, struct error *error)
{
    struct arguments arguments = {0};
    struct text said = {0};
    json_t *document = NULL;
    int status = 0;
    add_argument(&arguments, strdup(options->wavegauge));
    add_argument(&arguments, strdup("run"));
    add_argument(&arguments, strdup("--timeout"));
    add_argument(&arguments, strdup(options->timeout));
    if (outcome->mutant != NULL && !options->keep_going)
        add_argument(&arguments, strdup("--fail-fast"));
    for (size_t i = 0; i < count; i++)
        add_selection(&arguments, options, outcome, selections[i]);
    bool good =
        run_program(&arguments, options, outcome, "result.json", &status, &said, &document, error);
    if (good && status != EXIT_PASSED && status != EXIT_FAILED)
        outcome->error = format_text("wavegauge ended with %d: %s", status, text_get(&said));
    else if (good && document == NULL)
        outcome->error = format_text("wavegauge wrote no result: %s", text_get(&said));
    if (good)
        take_records(outcome, document);
    json_decref(document);
    text_free(&said);
    free_arguments(&arguments);
    return good;
}

bool mutant_run(const struct mutant *mutant, const struct mutant_options *options,
                struct mutant_outcome *outcome, struct error *error)
{
    const double started = now();
    char f32[256];
    const char *in_f32 = f32, *all = mutant->kernel->name;
    snprintf(f32, sizeof f32, "%s/f32", mutant->kernel->name);
    const bool one_dtype = !mutant->all_dtypes && mutant->kernel->dtype_line_count > 0;

    *outcome = (struct mutant_outcome){.kernel = mutant->kernel, .mutant = mutant};
    bool good = prepare(options, outcome, one_dtype, error) &&
                run_cases(options, outcome, mutant->first, mutant->first_count, error);
    if (good && one_dtype && outcome->record == NULL && outcome->error == NULL)
        good = run_cases(options, outcome, &in_f32, 1, error);
    if (good && one_dtype && outcome->record == NULL && outcome->error == NULL)
        good = prepare(options, outcome, false, error);
    if (good && outcome->record == NULL && outcome->error == NULL)
        good = run_cases(options, outcome, &all, 1, error);
    outcome->seconds = now() - started;
    return good;
}

bool correct_kernel_run(const struct mutant_kernel *kernel, const struct mutant_options *options,
                        struct mutant_outcome *outcome, struct error *error)
{
    const double started = now();
    *outcome = (struct mutant_outcome){.kernel = kernel, .failed = json_array()};
    bool good = (outcome->failed != NULL || error_out_of_memory(error)) &&
                prepare(options, outcome, false, error) &&
                run_cases(options, outcome, &kernel->name, 1, error);
    outcome->seconds = now() - started;
    return good;
}

bool mutant_bisect(const struct mutant_options *options, struct mutant_outcome *outcome,
                   struct error *error)
{
    const double started = now();
    struct arguments arguments = {0};
    struct text said = {0};
    int status = 0;
    const char *id = json_string_value(json_object_get(outcome->record, "id"));
    if (id == NULL)
        return true;
    // No page is worth more than this.
    add_argument(&arguments, strdup("timeout"));
    add_argument(&arguments, strdup("120"));
    add_argument(&arguments, strdup(options->wavegauge));
    add_argument(&arguments, strdup("bisect"));
    add_selection(&arguments, options, outcome, id);
    if (options->budget != NULL) {
        add_argument(&arguments, strdup("--budget"));
        add_argument(&arguments, strdup(options->budget));
    }
    bool good = run_program(&arguments, options, outcome, "page.json", &status, &said,
                            &outcome->page, error);
    text_free(&said);
    free_arguments(&arguments);
    outcome->seconds += now() - started;
    return good;
}

void outcome_clear(struct mutant_outcome *outcome)
{
    free(outcome->error);
    free(outcome->why);
    json_decref(outcome->record);
    json_decref(outcome->failed);
    json_decref(outcome->page);
    *outcome = (struct mutant_outcome){0};
}
