#include "git_source.h"

#include "file_bytes.h"
#include "subprocess.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_WORDS = 32, MAX_DEPTH = 16 };

bool git_run(const struct git_repository *repository, const char *const *words, size_t count,
             struct text *output)
{
    const char *all[MAX_WORDS] = {"git", "-C", repository->top};
    size_t used = 3;
    int status;
    for (size_t i = 0; i < count && used + 1 < MAX_WORDS; i++)
        all[used++] = words[i];
    return subprocess_run(all, output, &status, NULL) && status == 0;
}

static void cut_line(struct text *text)
{
    if (text->length > 0)
        text->data[strcspn(text->data, "\n")] = '\0';
}

bool git_repository_find(struct git_repository *repository, const char *source, struct error *error)
{
    static const char *const words[] = {"rev-parse", "--show-toplevel"};
    struct text output = {0};
    char *real = realpath(source, NULL);
    *repository = (struct git_repository){.top = "."};
    if (real == NULL)
        return error_set(error, EXIT_USAGE, "cannot read %s: %s", source, strerror(errno));
    char *copy = strdup(real);
    if (copy != NULL)
        snprintf(repository->top, sizeof repository->top, "%s", dirname(copy));
    free(copy);
    bool good = git_run(repository, words, 2, &output);
    cut_line(&output);
    char *top = good ? realpath(text_get(&output), NULL) : NULL;
    size_t length = top != NULL ? strlen(top) : 0;
    good = top != NULL && strncmp(real, top, length) == 0 && real[length] == '/';
    if (good) {
        snprintf(repository->top, sizeof repository->top, "%s", top);
        snprintf(repository->path, sizeof repository->path, "%s", real + length + 1);
    } else {
        error_set(error, EXIT_USAGE, "--git: %s is in no git repository", source);
    }
    free(top);
    free(real);
    text_free(&output);
    return good;
}

bool git_resolve(const struct git_repository *repository, const char *name,
                 struct git_commit *commit, struct error *error)
{
    struct text output = {0};
    char *wanted = format_text("%s^{commit}", name);
    const char *const words[] = {"rev-parse", "--verify", "--quiet", "--end-of-options", wanted};
    bool good = wanted != NULL && git_run(repository, words, 5, &output);
    cut_line(&output);
    good = good && strlen(text_get(&output)) < sizeof commit->hash && output.length > 0;
    if (good)
        snprintf(commit->hash, sizeof commit->hash, "%.64s", text_get(&output));
    else
        error_set(error, EXIT_USAGE, "--git: '%s' names no commit of %s", name, repository->top);
    text_free(&output);
    free(wanted);
    return good;
}

bool git_list_commits(const struct git_repository *repository, const char *from, const char *to,
                      struct git_commit **commits, size_t *count, struct error *error)
{
    struct text output = {0};
    char *range = format_text("%s..%s", from, to);
    const char *const words[] = {"rev-list", "--first-parent", "--reverse", range};
    bool good = range != NULL && git_run(repository, words, 4, &output);
    *count = 0;
    *commits = calloc(output.length / 40 + 1, sizeof **commits);
    for (const char *next = text_get(&output); good && *commits != NULL && *next != '\0';) {
        size_t length = strcspn(next, "\n");
        if (length > 0 && length < sizeof(*commits)->hash)
            snprintf((*commits)[(*count)++].hash, sizeof(*commits)->hash, "%.*s", (int)length,
                     next);
        next += length + (next[length] == '\n');
    }
    text_free(&output);
    free(range);
    good = good && *commits != NULL;
    return good || error_set(error, EXIT_FAILED, "git rev-list fails in %s", repository->top);
}

// "a/../b/./c" to "b/c"; false when it leads out.
static bool normalise(char *path)
{
    char result[4096] = "";
    size_t used = 0;
    for (char *rest = path, *part; (part = strsep(&rest, "/")) != NULL;) {
        if (part[0] == '\0' || strcmp(part, ".") == 0)
            continue;
        if (strcmp(part, "..") == 0) {
            if (used == 0)
                return false;
            while (used > 0 && result[used - 1] != '/')
                used--;
            used -= used > 0;
            result[used] = '\0';
            continue;
        }
        used += (size_t)snprintf(result + used, sizeof result - used, "%s%s", used > 0 ? "/" : "",
                                 part);
        if (used >= sizeof result)
            return false;
    }
    memcpy(path, result, used + 1);
    return used > 0;
}

// The folders above a file.
static bool make_folders_of(const char *path)
{
    char *folder = strdup(path);
    char *slash = folder != NULL ? strrchr(folder, '/') : NULL;
    if (slash != NULL)
        *slash = '\0';
    bool good = slash != NULL && make_folders(folder, NULL);
    free(folder);
    return good;
}

static bool extract_file(const struct git_repository *repository, const struct git_commit *commit,
                         const char *folder, const char *path, int depth);

// `#include "x"` and `#include <x>` of files that the repository has beside this one.
static void extract_included(const struct git_repository *repository,
                             const struct git_commit *commit, const char *folder, const char *path,
                             const char *contents, int depth)
{
    const char *slash = strrchr(path, '/');
    for (const char *line = contents; *line != '\0';) {
        const char *next = line + strspn(line, " \t");
        char name[4096];
        if (*next == '#') {
            next += 1 + strspn(next + 1, " \t");
            if (strncmp(next, "include", 7) == 0) {
                next += 7 + strspn(next + 7, " \t");
                size_t length = *next == '"' ? strcspn(next + 1, "\"\n") : 0;
                if (length > 0 && length < 1024) {
                    snprintf(name, sizeof name, "%.*s%.*s",
                             slash != NULL ? (int)(slash + 1 - path) : 0, path, (int)length,
                             next + 1);
                    if (normalise(name))
                        extract_file(repository, commit, folder, name, depth + 1);
                }
            }
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
}

static bool extract_file(const struct git_repository *repository, const struct git_commit *commit,
                         const char *folder, const char *path, int depth)
{
    struct text contents = {0};
    char *target = format_text("%s/%s", folder, path);
    char *object = format_text("%s:%s", commit->hash, path);
    const char *const words[] = {"cat-file", "blob", object};
    bool good = target != NULL && object != NULL && depth < MAX_DEPTH;
    if (good && access(target, F_OK) != 0) {
        good = git_run(repository, words, 3, &contents) && make_folders_of(target) &&
               file_write_atomically(target, text_get(&contents), contents.length, NULL);
        if (good)
            extract_included(repository, commit, folder, path, text_get(&contents), depth);
    }
    text_free(&contents);
    free(target);
    free(object);
    return good;
}

bool git_extract(const struct git_repository *repository, const struct git_commit *commit,
                 const char *folder, char *source, size_t capacity)
{
    bool fits = (size_t)snprintf(source, capacity, "%s/%s", folder, repository->path) < capacity;
    return fits && extract_file(repository, commit, folder, repository->path, 0);
}
