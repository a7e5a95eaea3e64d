#include "journal.h"

#include "file_bytes.h"
#include "own_reference.h"
#include "result_json.h"
#include "sha256.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What must be the same for a run to be continued, and how it is called in messages.
static const struct {
    const char *key, *what;
} identity[] = {
    {"journal", "was written by something else"},
    {"version", "is of another version of wavegauge"},
    {"device", "is of another --device"},
    {"arch", "is of another --arch"},
    {"checks", "is of another --check"},
    {"seed", "is of another --seed"},
    {"shard", "is of another --shard"},
    {"cases", "is of another selection of cases"},
    {"sources", "is of case files or kernels that have changed since"},
};

static void hash_cases(const struct case_list *cases, char hex[65])
{
    struct sha256 hash;
    sha256_start(&hash);
    for (size_t i = 0; i < cases->count; i++)
        sha256_add_text(&hash, cases->cases[i].id);
    sha256_finish_hex(&hash, hex);
}

static void hash_file(struct sha256 *hash, const char *path)
{
    struct text contents = {0};
    file_read(path, &contents, NULL);
    sha256_add_text(hash, path);
    sha256_add(hash, text_get(&contents), contents.length);
    text_free(&contents);
}

static void hash_sources(const struct case_list *cases, char hex[65])
{
    struct sha256 hash;
    sha256_start(&hash);
    for (size_t i = 0; i < cases->count; i++) {
        const struct case_file *file = cases->cases[i].file;
        if (i > 0 && cases->cases[i - 1].file == file)
            continue;
        hash_file(&hash, file->path);
        hash_file(&hash, file->source);
        if (file->own_reference != NULL)
            hash_file(&hash, file->own_reference->path);
    }
    sha256_finish_hex(&hash, hex);
}

static json_t *make_header(const struct schedule_options *options, const struct shard *shard,
                           const struct case_list *cases)
{
    char ids[65], sources[65], part[64] = "";
    const struct worker_options *worker = &options->worker;
    hash_cases(cases, ids);
    hash_sources(cases, sources);
    if (shard->count > 0)
        snprintf(part, sizeof part, "%zu/%zu", shard->index, shard->count);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s}", "journal", "wavegauge/1",
                     "version", WAVEGAUGE_VERSION, "device", worker->device_kind, "arch",
                     worker->arch != NULL ? worker->arch : "", "checks",
                     worker->checks != NULL ? worker->checks : "", "seed", (json_int_t)worker->seed,
                     "shard", part, "cases", ids, "sources", sources);
}

static bool write_line(FILE *stream, const json_t *line)
{
    return line != NULL && json_dumpf(line, stream, JSON_COMPACT) == 0 &&
           fputc('\n', stream) != EOF && fflush(stream) == 0;
}

static bool check_header(const char *path, const json_t *found, const json_t *wanted,
                         struct error *error)
{
    for (size_t i = 0; i < sizeof identity / sizeof *identity; i++) {
        if (!json_equal(json_object_get(found, identity[i].key),
                        json_object_get(wanted, identity[i].key)))
            return error_set(error, EXIT_USAGE,
                             "--resume: the journal %s %s; run as it was begun, or without "
                             "--resume to start anew",
                             path, identity[i].what);
    }
    return true;
}

static bool take_record(const json_t *line, const struct case_list *cases, struct result **results,
                        struct journal *journal)
{
    struct result *result = result_from_json(line, NULL);
    for (size_t i = 0; result != NULL && i < cases->count; i++) {
        if (results[i] == NULL && strcmp(cases->cases[i].id, result->id) == 0) {
            results[i] = result;
            journal->records++;
            return true;
        }
    }
    result_free(result);
    return false;
}

static bool take_line(const char *text, size_t length, size_t number, const json_t *header,
                      const struct case_list *cases, struct result **results, json_t **environment,
                      struct journal *journal, struct error *error)
{
    json_t *line = json_loadb(text, length, 0, NULL);
    bool good;
    if (number == 1) {
        good = line != NULL && json_is_object(line);
        if (good && !check_header(journal->path, line, header, error)) {
            json_decref(line);
            return false;
        }
    } else if (json_object_get(line, "environment") != NULL) {
        json_decref(*environment);
        *environment = json_incref(json_object_get(line, "environment"));
        journal->has_environment = good = true;
    } else {
        good = line != NULL && take_record(line, cases, results, journal);
    }
    json_decref(line);
    return good || error_set(error, EXIT_USAGE,
                             "--resume: %s:%zu:1: this is no line of a journal of this run; run "
                             "without --resume to start anew",
                             journal->path, number);
}

// *whole: the bytes of the lines that are complete.
static bool read_lines(const struct text *contents, const json_t *header,
                       const struct case_list *cases, struct result **results, json_t **environment,
                       struct journal *journal, size_t *whole, struct error *error)
{
    const char *line = text_get(contents), *end;
    size_t number = 0;
    while ((end = memchr(line, '\n', contents->length - *whole)) != NULL) {
        if (!take_line(line, (size_t)(end - line), ++number, header, cases, results, environment,
                       journal, error))
            return false;
        *whole += (size_t)(end + 1 - line);
        line = end + 1;
    }
    return true;
}

static bool cannot_write(const char *path, struct error *error)
{
    return error_set(error, EXIT_USAGE, "cannot write the journal %s: %s", path, strerror(errno));
}

bool journal_open(struct journal *journal, const char *path, bool resume,
                  const struct schedule_options *options, const struct shard *shard,
                  const struct case_list *cases, struct result **results, json_t **environment,
                  struct error *error)
{
    struct text contents = {0};
    size_t whole = 0;
    json_t *header = make_header(options, shard, cases);
    journal->path = strdup(path);
    bool good = (header != NULL && journal->path != NULL) || error_out_of_memory(error);
    if (good && resume && access(path, F_OK) == 0)
        good = file_read(path, &contents, error) &&
               read_lines(&contents, header, cases, results, environment, journal, &whole, error);
    if (good) {
        journal->stream = fopen(path, whole > 0 ? "r+" : "w");
        good = journal->stream != NULL && ftruncate(fileno(journal->stream), (off_t)whole) == 0 &&
               fseek(journal->stream, 0, SEEK_END) == 0 &&
               (whole > 0 || write_line(journal->stream, header));
        if (!good)
            cannot_write(path, error);
    }
    text_free(&contents);
    json_decref(header);
    return good;
}

void journal_write(struct journal *journal, const struct result *result, json_t *environment)
{
    if (journal->stream == NULL)
        return;
    if (!journal->has_environment && environment != NULL) {
        json_t *line = json_pack("{s:O}", "environment", environment);
        journal->has_environment = write_line(journal->stream, line);
        json_decref(line);
    }
    json_t *line = result_to_json(result);
    journal->records += write_line(journal->stream, line);
    json_decref(line);
}

void journal_close(struct journal *journal, bool finished)
{
    if (journal->stream != NULL) {
        fclose(journal->stream);
        if (finished || journal->records == 0)
            unlink(journal->path);
    }
    free(journal->path);
    *journal = (struct journal){0};
}
