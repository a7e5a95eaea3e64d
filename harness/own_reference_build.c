#include "own_reference.h"

#include "cache.h"
#include "compiler.h"
#include "file_bytes.h"
#include "make_rule.h"
#include "program_path.h"
#include "subprocess.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// -ffp-contract=off: the same digits on every machine. Libraries that the source asks for come
// behind it.
static const char *const compiler_flags[] = {
    "-std=gnu17",        "-O2",   "-g",      "-Wall",      "-Wextra", "-Wno-unused-variable",
    "-ffp-contract=off", "-fPIC", "-shared", "-Wl,-z,defs"};

struct build {
    const struct own_reference *reference;
    char *source; // the absolute path
    struct compiler compiler;
    struct cache cache;
    char headers[4096];
    char key[65];
};

static bool find_compiler(struct compiler *compiler, struct error *error)
{
    static const char *const names[] = {"cc", "gcc", "clang"};
    const char *chosen = getenv("WAVEGAUGE_CC");
    compiler->name = "cc";
    if (chosen != NULL && chosen[0] != '\0')
        return find_program(chosen, compiler->path, sizeof compiler->path) ||
               error_set(error, EXIT_MISSING, "WAVEGAUGE_CC is %s, which is no program", chosen);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (find_program(names[i], compiler->path, sizeof compiler->path))
            return true;
    }
    return error_set(error, EXIT_MISSING,
                     "there is no C compiler for the reference: looked for cc, gcc and clang in "
                     "PATH; install one (Debian: apt-get install gcc libc6-dev), or set "
                     "WAVEGAUGE_CC to its path");
}

static bool make_key(struct build *build, struct error *error)
{
    struct text contents = {0};
    struct sha256 hash;
    sha256_start(&hash);
    sha256_add_text(&hash, "reference");
    sha256_add_text(&hash, build->source);
    sha256_add_text(&hash, build->headers);
    bool good = file_read(build->source, &contents, error) &&
                compiler_add_to_key(&build->compiler, &hash, error);
    sha256_add(&hash, text_get(&contents), contents.length);
    for (size_t i = 0; i < sizeof compiler_flags / sizeof *compiler_flags; i++)
        sha256_add_text(&hash, compiler_flags[i]);
    for (size_t i = 0; i < build->reference->flag_count; i++)
        sha256_add_text(&hash, build->reference->flags[i]);
    sha256_finish_hex(&hash, build->key);
    text_free(&contents);
    return good;
}

static bool run_compiler(const struct build *build, const char *object, const char *rule,
                         struct text *output, struct error *error)
{
    struct compiler_command command = {.count = 0};
    const char *const first[] = {build->compiler.path};
    const char *const files[] = {"-I", build->headers, "-MD",  "-MF",
                                 rule, "-o",           object, build->source};
    const char *const last[] = {"-lm"};
    int status;
    compiler_add_words(&command, first, 1);
    compiler_add_words(&command, compiler_flags, sizeof compiler_flags / sizeof *compiler_flags);
    compiler_add_words(&command, files, sizeof files / sizeof *files);
    compiler_add_words(&command, build->reference->flags, build->reference->flag_count);
    compiler_add_words(&command, last, 1);
    if (!subprocess_run(command.words, output, &status, error))
        return false;
    return status == 0 || error_set(error, EXIT_USAGE,
                                    "the C compiler does not compile the reference %s (exit "
                                    "status %d):\n%s",
                                    build->source, status, text_get(output));
}

// Compiles into `folder`, which is ours alone.
static bool compile(const struct build *build, const char *folder, struct text *library,
                    struct text *output, struct error *error)
{
    char object[4400], rule_path[4400];
    struct text rule = {0}, files = {0};
    struct timespec started;
    snprintf(object, sizeof object, "%s/reference.so", folder);
    snprintf(rule_path, sizeof rule_path, "%s/reference.d", folder);
    clock_gettime(CLOCK_REALTIME, &started);
    bool good =
        run_compiler(build, object, rule_path, output, error) && file_read(object, library, error);
    // One that cannot be kept is compiled again the next time.
    if (good && file_read(rule_path, &rule, NULL)) {
        make_rule_list_files(text_get(&rule), &files);
        if (!files.failed)
            cache_store(&build->cache, build->key, text_get(&files), started, library, NULL);
    }
    text_free(&rule);
    text_free(&files);
    unlink(object);
    unlink(rule_path);
    return good;
}

static bool compile_in_folder(const struct build *build, struct text *library, struct text *output,
                              struct error *error)
{
    char folder[4300];
    if (!cache_path(&build->cache, "building/XXXXXX", folder, sizeof folder, error))
        return false;
    if (mkdtemp(folder) == NULL)
        return error_set(error, EXIT_FAILED, "cannot make the folder %s: %s", folder,
                         strerror(errno));
    bool good = compile(build, folder, library, output, error);
    rmdir(folder);
    return good;
}

static bool find_or_compile(struct build *build, struct text *library, struct text *output,
                            struct error *error)
{
    if (!program_reference_headers(build->headers, sizeof build->headers))
        return error_set(error, EXIT_MISSING,
                         "the header for references (reference/include) is not beside the program");
    if (!find_compiler(&build->compiler, error) || !cache_open(&build->cache, error) ||
        !make_key(build, error))
        return false;
    int lock = cache_lock(&build->cache, build->key);
    bool good = cache_find(&build->cache, build->key, library) ||
                compile_in_folder(build, library, output, error);
    cache_unlock(lock);
    return good && (!library->failed || error_out_of_memory(error));
}

bool own_reference_build(const struct own_reference *reference, struct text *library,
                         struct text *warnings, struct error *error)
{
    struct build build = {.reference = reference, .source = realpath(reference->path, NULL)};
    struct text output = {0};
    if (build.source == NULL)
        return error_set(error, EXIT_FAILED, "cannot read the reference %s: %s", reference->path,
                         strerror(errno));
    bool good = find_or_compile(&build, library, &output, error);
    if (good && warnings != NULL)
        text_append_bytes(warnings, text_get(&output), output.length);
    text_free(&output);
    free(build.source);
    return good;
}
