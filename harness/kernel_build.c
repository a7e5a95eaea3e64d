#include "kernel_build.h"

#include "cache.h"
#include "device_library.h"
#include "file_bytes.h"
#include "sha256.h"
#include "subprocess.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_COMMAND = 64 };

static const char *const common_flags[] = {"--genco", "-O3", "-g"};

// What else decides what hipcc makes of a source.
static const char *const environment_names[] = {
    "HIPCC_COMPILE_FLAGS_APPEND",
    "HIPCC_LINK_FLAGS_APPEND",
    "HIP_CLANG_PATH",
    "HIP_PATH",
    "HIP_DEVICE_LIB_PATH",
    "DEVICE_LIB_PATH",
    "ROCM_PATH",
    "CPATH",
    "CPLUS_INCLUDE_PATH",
    "C_INCLUDE_PATH",
    "CCC_OVERRIDE_OPTIONS",
};

bool find_hipcc(char *path, size_t capacity, struct error *error)
{
    const char *chosen = getenv("WAVEGAUGE_HIPCC");
    if (chosen != NULL && chosen[0] != '\0') {
        if (find_program(chosen, path, capacity))
            return true;
        return error_set(error, EXIT_MISSING, "WAVEGAUGE_HIPCC is %s, which is no program", chosen);
    }
    if (find_program("hipcc", path, capacity) ||
        find_program("/opt/rocm/bin/hipcc", path, capacity))
        return true;
    return error_set(error, EXIT_MISSING,
                     "hipcc is not there: install it (Debian: apt-get install hipcc), or set "
                     "WAVEGAUGE_HIPCC to its path");
}

static bool add_compiler(struct sha256 *hash, const char *hipcc, struct error *error)
{
    struct stat status;
    char description[128];
    char *real = realpath(hipcc, NULL);
    if (real == NULL || stat(real, &status) != 0) {
        free(real);
        return error_set(error, EXIT_MISSING, "cannot read %s: %s", hipcc, strerror(errno));
    }
    snprintf(description, sizeof description, "%lld %lld.%09ld", (long long)status.st_size,
             (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    sha256_add_text(hash, real);
    sha256_add_text(hash, description);
    free(real);
    return true;
}

static void add_environment(struct sha256 *hash)
{
    for (size_t i = 0; i < sizeof environment_names / sizeof *environment_names; i++) {
        const char *value = getenv(environment_names[i]);
        sha256_add_text(hash, value != NULL ? value : "");
    }
}

// Everything that is known before the compiler runs. The files that the source includes are known
// only afterwards; they are in the cache's manifest.
static bool make_key(const struct kernel_source *source, const char *hipcc, char key[65],
                     struct error *error)
{
    struct text contents = {0};
    struct sha256 hash;
    sha256_start(&hash);
    sha256_add_text(&hash, source->path);
    bool good = file_read(source->path, &contents, error) && add_compiler(&hash, hipcc, error);
    if (good) {
        sha256_add(&hash, text_get(&contents), contents.length);
        sha256_add_text(&hash, source->arch);
        sha256_add_text(&hash, source->wave64 ? "wave64" : "default wave");
        for (size_t i = 0; i < sizeof common_flags / sizeof *common_flags; i++)
            sha256_add_text(&hash, common_flags[i]);
        for (size_t i = 0; i < source->flag_count; i++)
            sha256_add_text(&hash, source->flags[i]);
        add_environment(&hash);
        sha256_finish_hex(&hash, key);
    }
    text_free(&contents);
    return good;
}

struct command {
    const char *words[MAX_COMMAND];
    size_t count;
    char arch[128];
    char library[4500];
};

static void add_word(struct command *command, const char *word)
{
    if (command->count + 1 < MAX_COMMAND)
        command->words[command->count++] = word;
}

static void fill_command(struct command *command, const struct kernel_source *source,
                         const char *hipcc, const char *object, const char *dependencies)
{
    add_word(command, hipcc);
    for (size_t i = 0; i < sizeof common_flags / sizeof *common_flags; i++)
        add_word(command, common_flags[i]);
    snprintf(command->arch, sizeof command->arch, "--offload-arch=%s", source->arch);
    add_word(command, command->arch);
    if (source->wave64)
        add_word(command, "-mwavefrontsize64");
    // The headers of HIP 5 refuse these targets with 64 lanes by name; the compiler does not.
    if (source->wave64 && strncmp(source->arch, "gfx1030", 7) == 0)
        add_word(command, "-U__gfx1030__");
    if (command->library[0] != '\0')
        add_word(command, command->library);
    for (size_t i = 0; i < source->flag_count; i++)
        add_word(command, source->flags[i]);
    add_word(command, "-MD");
    add_word(command, "-MF");
    add_word(command, dependencies);
    add_word(command, "-o");
    add_word(command, object);
    add_word(command, source->path);
}

// A rule of make, "target: file file \", to one path per line.
static void list_dependencies(const char *rule, struct text *list)
{
    const char *next = strstr(rule, ": ");
    bool inside = false;
    for (next = next != NULL ? next + 2 : ""; *next != '\0'; next++) {
        if (next[0] == '\\' && next[1] == '\n') {
            next++;
        } else if (*next == ' ' || *next == '\n') {
            if (inside)
                text_append(list, "\n");
            inside = false;
        } else {
            bool escaped = next[0] == '\\' && (next[1] == ' ' || next[1] == '#');
            if (escaped || (next[0] == '$' && next[1] == '$'))
                next++;
            text_append_bytes(list, next, 1);
            inside = true;
        }
    }
}

static bool run_compiler(const struct command *command, const char *path, struct text *output,
                         struct error *error)
{
    int status;
    if (!subprocess_run(command->words, output, &status, error))
        return false;
    if (status == 0)
        return true;
    return error_set(error, EXIT_FAILED, "hipcc does not compile %s (exit status %d):\n%s", path,
                     status, text_get(output));
}

// Compiles into `folder`, which is ours alone.
static bool compile(const struct cache *cache, const struct kernel_source *source,
                    const char *hipcc, const char *key, const char *folder,
                    struct code_object *object, struct error *error)
{
    char object_path[4400], rule_path[4400];
    struct command command = {0};
    struct text rule = {0}, dependencies = {0};
    struct timespec started;
    snprintf(object_path, sizeof object_path, "%s/kernel.co", folder);
    snprintf(rule_path, sizeof rule_path, "%s/kernel.d", folder);
    bool good = device_library_option(cache, hipcc, source->arch, folder, command.library,
                                      sizeof command.library, error);
    fill_command(&command, source, hipcc, object_path, rule_path);
    clock_gettime(CLOCK_REALTIME, &started);
    good = good && run_compiler(&command, source->path, &object->output, error) &&
           file_read(object_path, &object->image, error);
    if (good && file_read(rule_path, &rule, NULL)) {
        list_dependencies(text_get(&rule), &dependencies);
        struct error warning;
        if (!dependencies.failed &&
            !cache_store(cache, key, text_get(&dependencies), started, &object->image, &warning))
            text_append(&object->output, "not kept in the cache: %s\n", warning.text);
    }
    text_free(&rule);
    text_free(&dependencies);
    unlink(object_path);
    unlink(rule_path);
    return good;
}

static bool build(const struct cache *cache, const struct kernel_source *source, const char *hipcc,
                  const char *key, struct code_object *object, struct error *error)
{
    char folder[4300];
    if (!cache_path(cache, "building/XXXXXX", folder, sizeof folder, error))
        return false;
    if (mkdtemp(folder) == NULL)
        return error_set(error, EXIT_FAILED, "cannot make the folder %s: %s", folder,
                         strerror(errno));
    bool good = compile(cache, source, hipcc, key, folder, object, error);
    device_library_remove(folder);
    rmdir(folder);
    return good;
}

static bool find_or_build(const struct kernel_source *source, struct code_object *object,
                          struct error *error)
{
    struct cache cache;
    char hipcc[4096], key[65];
    if (!find_hipcc(hipcc, sizeof hipcc, error) || !cache_open(&cache, error) ||
        !make_key(source, hipcc, key, error))
        return false;
    object->from_cache = cache_find(&cache, key, &object->image);
    if (object->from_cache)
        return true;
    int lock = cache_lock(&cache, key);
    // Somebody else may have built it while we waited.
    object->from_cache = cache_find(&cache, key, &object->image);
    bool good = object->from_cache || build(&cache, source, hipcc, key, object, error);
    cache_unlock(lock);
    return good;
}

bool code_object_build(const struct kernel_source *source, struct code_object *object,
                       struct error *error)
{
    *object = (struct code_object){0};
    char *path = realpath(source->path, NULL);
    if (path == NULL)
        return error_set(error, EXIT_FAILED, "cannot read %s: %s", source->path, strerror(errno));
    struct kernel_source absolute = *source;
    absolute.path = path;
    bool good = find_or_build(&absolute, object, error);
    free(path);
    if (!good)
        code_object_free(object);
    return good;
}

void code_object_free(struct code_object *object)
{
    text_free(&object->image);
    text_free(&object->output);
    *object = (struct code_object){0};
}

// Runs the compiler with more words around what the source asks for. output: what it said.
static bool run_with_words(const struct kernel_source *source, double seconds,
                           const char *const *words, size_t word_count, const char *input,
                           struct text *output, int *status, struct error *error)
{
    struct cache cache;
    char hipcc[4096], folder[4300];
    if (!find_hipcc(hipcc, sizeof hipcc, error) || !cache_open(&cache, error) ||
        !cache_path(&cache, "building/XXXXXX", folder, sizeof folder, error))
        return false;
    if (mkdtemp(folder) == NULL)
        return error_set(error, EXIT_FAILED, "cannot make the folder %s: %s", folder,
                         strerror(errno));
    struct command command = {0};
    bool good = device_library_option(&cache, hipcc, source->arch, folder, command.library,
                                      sizeof command.library, error);
    // The compiler is a script with processes of its own: coreutils knows how to end them all.
    char limit[32], timeout[4096];
    snprintf(limit, sizeof limit, "%.1f", seconds);
    if (seconds > 0 && find_program("timeout", timeout, sizeof timeout)) {
        add_word(&command, timeout);
        add_word(&command, "--kill-after=1");
        add_word(&command, limit);
    }
    add_word(&command, hipcc);
    snprintf(command.arch, sizeof command.arch, "--offload-arch=%s", source->arch);
    add_word(&command, command.arch);
    if (source->wave64)
        add_word(&command, "-mwavefrontsize64");
    if (source->wave64 && strncmp(source->arch, "gfx1030", 7) == 0)
        add_word(&command, "-U__gfx1030__");
    if (command.library[0] != '\0')
        add_word(&command, command.library);
    for (size_t i = 0; i < source->flag_count; i++)
        add_word(&command, source->flags[i]);
    for (size_t i = 0; i < word_count; i++)
        add_word(&command, words[i]);
    add_word(&command, input);
    good = good && subprocess_run(command.words, output, status, error);
    device_library_remove(folder);
    rmdir(folder);
    return good;
}

bool kernel_source_warnings(const struct kernel_source *source, struct text *output,
                            struct error *error)
{
    static const char *const words[] = {"--cuda-device-only",
                                        "-fsyntax-only",
                                        "-O1",
                                        "-Wall",
                                        "-Wextra",
                                        "-Wuninitialized",
                                        "-Wsometimes-uninitialized",
                                        "-Wconditional-uninitialized",
                                        "-Warray-bounds",
                                        "-Warray-bounds-pointer-arithmetic",
                                        "-Wshift-overflow",
                                        "-Winteger-overflow",
                                        "-Wloop-analysis",
                                        "-Wfloat-conversion",
                                        "-Wcomma"};
    int status;
    return run_with_words(source, 0, words, sizeof words / sizeof *words, source->path, output,
                          &status, error);
}

bool kernel_source_preprocess(const struct kernel_source *source, const char *output_path,
                              struct error *error)
{
    const char *const words[] = {"--cuda-device-only", "-E", "-O3", "-o", output_path};
    struct text output = {0};
    int status;
    bool good = run_with_words(source, 0, words, sizeof words / sizeof *words, source->path,
                               &output, &status, error);
    if (good && status != 0)
        good = error_set(error, EXIT_FAILED, "hipcc does not preprocess %s:\n%s", source->path,
                         text_get(&output));
    text_free(&output);
    return good;
}

bool kernel_source_compile_preprocessed(const struct kernel_source *source, const char *path,
                                        const char *object_path, double seconds,
                                        struct text *output, struct error *error)
{
    // -nogpuinc: the compiler's own headers are in the text already.
    const char *const words[] = {"--genco",   "-O1", "-fno-unroll-loops", "-w", "-ferror-limit=0",
                                 "-nogpuinc", "-o",  object_path};
    int status;
    if (!run_with_words(source, seconds, words, sizeof words / sizeof *words, path, output, &status,
                        error))
        return false;
    return status == 0 || error_set(error, EXIT_FAILED, "hipcc does not compile %s", path);
}
