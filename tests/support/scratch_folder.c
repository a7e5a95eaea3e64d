#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct scratch scratch_create(void)
{
    struct scratch scratch;
    const char *base = getenv("TMPDIR");
    snprintf(scratch.folder, sizeof scratch.folder, "%s/wavegauge-test-XXXXXX",
             base != NULL && strlen(base) < 200 ? base : "/tmp");
    cr_assert_not_null(mkdtemp(scratch.folder));
    return scratch;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void scratch_remove(const struct scratch *scratch)
{
    nftw(scratch->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_path(const struct scratch *scratch, const char *name)
{
    static char paths[8][512];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch->folder, name);
    return path;
}

const char *scratch_write(const struct scratch *scratch, const char *name, const char *contents)
{
    const char *path = scratch_path(scratch, name);
    FILE *stream = fopen(path, "w");
    cr_assert_not_null(stream, "%s", path);
    cr_assert_geq(fputs(contents, stream), 0);
    cr_assert_eq(fclose(stream), 0);
    return path;
}

struct text scratch_read(const char *path)
{
    struct text text = {0};
    char buffer[4096];
    FILE *stream = fopen(path, "r");
    cr_assert_not_null(stream, "%s", path);
    for (size_t count; (count = fread(buffer, 1, sizeof buffer, stream)) > 0;)
        text_append_bytes(&text, buffer, count);
    fclose(stream);
    return text;
}

static void exec_wavegauge(const char *words, const char *out, const char *errors)
{
    char *arguments[64] = {TEST_WAVEGAUGE};
    char *copy = strdup(words);
    int count = 1;
    for (char *word = strtok(copy, " "); word != NULL && count < 63; word = strtok(NULL, " "))
        arguments[count++] = word;
    dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666), STDOUT_FILENO);
    dup2(open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0666), STDERR_FILENO);
    execv(arguments[0], arguments);
    _exit(126);
}

struct outcome run_wavegauge(const char *words)
{
    struct scratch scratch = scratch_create();
    const char *out = scratch_path(&scratch, "out"), *errors = scratch_path(&scratch, "errors");
    struct outcome outcome = {0};
    int status = 0;
    fflush(NULL);
    pid_t process = fork();
    if (process == 0)
        exec_wavegauge(words, out, errors);
    cr_assert_gt(process, 0);
    cr_assert_eq(waitpid(process, &status, 0), process);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.out = scratch_read(out);
    outcome.errors = scratch_read(errors);
    scratch_remove(&scratch);
    return outcome;
}

struct outcome run_with_fake(const struct scratch *scratch, const char *mistake, const char *words)
{
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_FAKE_HIP, 1);
    setenv("WAVEGAUGE_HIPCC", TEST_FAKE_HIPCC, 1);
    setenv("WAVEGAUGE_CACHE", scratch_path(scratch, "cache"), 1);
    if (mistake != NULL)
        setenv("FAKE_HIP_MISTAKE", mistake, 1);
    else
        unsetenv("FAKE_HIP_MISTAKE");
    return run_wavegauge(words);
}

void outcome_free(struct outcome *outcome)
{
    text_free(&outcome->out);
    text_free(&outcome->errors);
}

const char *last_line(const struct text *text)
{
    static char line[512];
    size_t end = text->length;
    while (end > 0 && text->data[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start > 0 && text->data[start - 1] != '\n')
        start--;
    snprintf(line, sizeof line, "%.*s", (int)(end - start), text_get(text) + start);
    return line;
}
