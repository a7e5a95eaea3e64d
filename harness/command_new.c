// wavegauge new: a case file to start from.
#include "commands.h"

#include "case_guess.h"
#include "expression.h"
#include "file_bytes.h"
#include "options.h"
#include "relative_path.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FROM, KERNEL, ARCH, OUTPUT, FORCE, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [FROM] = {"--from", "F.hip", "the source of the kernel"},
    [KERNEL] = {"--kernel", "K",
                "which kernel of the source, where it has several: its name, with namespaces and "
                "template arguments where needed"},
    [ARCH] = {"--arch", "GFX", "compile for this target, as for run; gfx1100 unless given"},
    [OUTPUT] = {"-o", "F.yaml",
                "write the case file there, or into this folder; NAME.yaml unless given"},
    [FORCE] = {"--force", NULL, "replace files that are there already"},
};

static const char usage[] = "new NAME --from F.hip [options]";
static const char about[] =
    "Writes a case file for a kernel, to start from: its arguments as its code object and debug "
    "information have them, shapes and launches as guesses that are marked, and beside it the C "
    "file of a reference, in which you write what the kernel is to compute. NAME is what the case "
    "file calls the kernel. docs/case-files.md goes through it step by step.";

static const struct command_example examples[] = {
    {"wavegauge new scale --from scale.hip", "writes scale.yaml and scale_reference.c"},
    {"wavegauge new scale --from ops.hip --kernel scale_rows -o cases/scale.yaml",
     "one of several kernels, into a folder of its own"},
    {NULL, NULL},
};

static const char exit_status[] =
    "0 written, 2 wrong usage, no such kernel, a source that does not compile or files that are "
    "there already, 3 the compiler or the emulator is not there.";

struct new_files {
    char *cases;           // the case file
    char *reference;       // the C file
    char *source;          // the kernel's, from the folder of the case file
    const char *base_name; // of the C file
};

static void free_files(struct new_files *files)
{
    free(files->cases);
    free(files->reference);
    free(files->source);
}

static bool check_words(const struct option_values *values, struct error *error)
{
    if (values->word_count != 1)
        return error_set(error, EXIT_USAGE, "expected one name: wavegauge %s", usage);
    // It is the first part of every case id.
    if (!expression_name_is_valid(values->words[0]))
        return error_set(error, EXIT_USAGE,
                         "'%s' cannot name a kernel, expected letters, digits and _",
                         values->words[0]);
    return values->values[FROM] != NULL ||
           error_set(error, EXIT_USAGE,
                     "--from is missing, expected the source of a kernel: "
                     "wavegauge %s",
                     usage);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool name_files(const struct option_values *values, struct new_files *files,
                       struct error *error)
{
    const char *name = values->words[0], *output = values->values[OUTPUT];
    if (output == NULL)
        files->cases = format_text("%s.yaml", name);
    else if (is_folder(output))
        files->cases =
            format_text("%s%s%s.yaml", output, output[strlen(output) - 1] == '/' ? "" : "/", name);
    else
        files->cases = strdup(output);
    if (files->cases == NULL)
        return error_out_of_memory(error);
    const char *slash = strrchr(files->cases, '/');
    int folder = slash != NULL ? (int)(slash + 1 - files->cases) : 0;
    files->reference = format_text("%.*s%s_reference.c", folder, files->cases, name);
    if (files->reference == NULL)
        return error_out_of_memory(error);
    files->base_name = files->reference + folder;
    char *directory = format_text("%.*s", folder > 0 ? folder : 1, folder > 0 ? files->cases : ".");
    bool good = directory != NULL || error_out_of_memory(error);
    files->source = good ? relative_path(directory, values->values[FROM], error) : NULL;
    free(directory);
    return files->source != NULL;
}

// Before the compiler runs. file_create looks again.
static bool check_files(const struct new_files *files, bool force, struct error *error)
{
    const char *const paths[] = {files->cases, files->reference};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (is_folder(paths[i]))
            return error_set(error, EXIT_USAGE, "%s is a folder", paths[i]);
        if (!force && access(paths[i], F_OK) == 0)
            return error_set(error, EXIT_USAGE,
                             "%s is there already; --force replaces it, -o names another",
                             paths[i]);
    }
    return true;
}

static bool write_file(const char *path, const struct text *text, bool force, struct error *error)
{
    bool good = !text->failed ? (force ? file_write_atomically : file_create)(path, text_get(text),
                                                                              text->length, error)
                              : error_out_of_memory(error);
    // A folder that is not there or may not be written to is a wrong -o.
    if (!good && error->status == EXIT_FAILED && (errno == ENOENT || errno == EACCES))
        error->status = EXIT_USAGE;
    return good;
}

// Both or neither. The case file comes last: there is none whose reference is missing.
static bool write_files(const struct case_guess *guess, const struct new_files *files, bool force,
                        struct error *error)
{
    struct text cases = {0}, reference = {0};
    bool was_there = access(files->reference, F_OK) == 0;
    case_guess_append_yaml(guess, &cases);
    case_guess_append_reference(guess, files->cases, &reference);
    bool good = write_file(files->reference, &reference, force, error);
    if (good && !write_file(files->cases, &cases, force, error)) {
        good = false;
        if (!was_there)
            unlink(files->reference);
    }
    text_free(&cases);
    text_free(&reference);
    return good;
}

static void print_next_steps(const struct case_guess *guess, const struct new_files *files)
{
    printf("wrote %s and %s for the kernel %s\n"
           "\n"
           "next:\n"
           "  1. look at each GUESS in %s: sizes, shapes, what is written, the grid\n"
           "  2. wavegauge run %s\n"
           "     says what the emulated GPU sees of the kernel; the cases end with 'not written "
           "yet'\n"
           "  3. write in %s what the kernel is to compute\n"
           "  4. wavegauge run %s\n"
           "     and where a case fails: wavegauge bisect '%s:CASE'\n",
           files->cases, files->reference, guess->entry->plain, files->cases, files->cases,
           files->reference, files->cases, files->cases);
}

// Whatever stands in the text, comments included: better asked for once too often.
static bool mentions_dynamic_lds(const char *path)
{
    struct text text = {0};
    bool found = false;
    if (file_read(path, &text, NULL)) {
        for (const char *at = text_get(&text); !found && (at = strstr(at, "extern")) != NULL;
             at++) {
            const char *shared = strstr(at, "__shared__"), *end = strpbrk(at, ";{}");
            found = shared != NULL && (end == NULL || shared < end);
        }
    }
    text_free(&text);
    return found;
}

// The kernel that --kernel names, the only one, or the one that is called as the case file is to
// be.
static bool find_kernel(const struct kernel_catalog *catalog, const struct option_values *values,
                        struct catalog_entry *entry, struct error *error)
{
    const char *source = values->values[FROM], *word = values->values[KERNEL];
    return (word == NULL && catalog->entry_count > 1 &&
            kernel_catalog_find(catalog, source, values->words[0], entry, NULL)) ||
           kernel_catalog_find(catalog, source, word, entry, error);
}

static bool write_guess(const struct kernel_catalog *catalog, const struct option_values *values,
                        const struct new_files *files, struct error *error)
{
    struct catalog_entry entry;
    struct case_guess *guess = calloc(1, sizeof *guess);
    if (guess == NULL)
        return error_out_of_memory(error);
    guess->name = values->words[0];
    guess->source = files->source;
    guess->reference = files->base_name;
    guess->has_dynamic_lds = mentions_dynamic_lds(values->values[FROM]);
    bool good = find_kernel(catalog, values, &entry, error) &&
                case_guess_fill(guess, catalog, &entry, error) &&
                write_files(guess, files, values->values[FORCE] != NULL, error);
    if (good)
        print_next_steps(guess, files);
    free(guess);
    return good;
}

static int make_case_file(const struct option_values *values)
{
    struct error error;
    struct new_files files = {0};
    struct kernel_catalog *catalog = NULL;
    bool good = check_words(values, &error) && name_files(values, &files, &error) &&
                check_files(&files, values->values[FORCE] != NULL, &error);
    if (good)
        catalog = kernel_catalog_create(values->values[FROM], values->values[ARCH], &error);
    good = catalog != NULL && write_guess(catalog, values, &files, &error);
    kernel_catalog_free(catalog);
    free_files(&files);
    return good ? EXIT_PASSED : report_error(&error);
}

const struct command command_new = {
    .name = "new",
    .brief = "write a case file to start from, for a kernel of yours",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = make_case_file,
};
