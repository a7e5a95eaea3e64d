#include "device_code.h"
#include "device_library.h"
#include "support_file.h"
#include "run_tool.h"

#include <dirent.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FLAGS 48

static bool fail(struct device_code_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct device_code_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

// FNV-1a of 128 bits: not against malice, only so that different builds never meet.
typedef unsigned __int128 hash128;

static hash128 hash_start(void)
{
    return ((hash128)0x6c62272e07bb0142u << 64) | 0x62b821756295c58du;
}

static void hash_bytes(hash128 *hash, const void *data, size_t size)
{
    const hash128 prime = ((hash128)1 << 88) | 0x13b;
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        *hash = (*hash ^ bytes[i]) * prime;
}

static void hash_string(hash128 *hash, const char *string)
{
    hash_bytes(hash, string, strlen(string) + 1); // with the end, so that "a" "bc" is not "ab" "c"
}

// A tool counts as changed when its size or its time stamp does: asking for its version would cost
// more than reading the cache.
static void hash_tool(hash128 *hash, const char *path)
{
    struct stat status = {0};
    if (stat(path, &status) == 0) {
        hash_bytes(hash, &status.st_size, sizeof status.st_size);
        hash_bytes(hash, &status.st_mtim, sizeof status.st_mtim);
    }
    hash_string(hash, path);
}

static int is_header(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && (strcmp(dot, ".h") == 0 || strcmp(dot, ".inc") == 0);
}

// Every header of the folder, used or not: cheap, and never stale.
static void hash_headers(hash128 *hash, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_header, alphasort);
    for (int i = 0; i < count; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        struct device_code header = {0};
        if (support_read_file(path, &header.data, &header.size))
            hash_bytes(hash, header.data, header.size);
        hash_string(hash, entries[i]->d_name);
        free(header.data);
        free(entries[i]);
    }
    free(entries);
}

static const char *cache_folder(void)
{
    const char *folder = getenv("WAVEGAUGE_TEST_KERNEL_CACHE");
    return folder && *folder ? folder : WAVEGAUGE_TEST_CACHE_FOLDER;
}

static const char *flags_of(const struct device_code_source *build)
{
    if (build->flags)
        return build->flags;
    return build->language == KERNEL_HIP ? "-O2" : "";
}

static hash128 key_of(const struct device_code_source *build, const char *text, size_t size)
{
    hash128 hash = hash_start();
    hash_tool(&hash, WAVEGAUGE_HIPCC);
    hash_tool(&hash, WAVEGAUGE_CLANG);
    hash_tool(&hash, WAVEGAUGE_DEVICE_LIBRARY_FOLDER "/ocml.bc");
    hash_string(&hash, build->language == KERNEL_HIP ? "hip" : "assembly");
    hash_string(&hash, kernel_target_name(build->target));
    hash_string(&hash, flags_of(build));
    hash_string(&hash, build->file ? build->file : "");
    hash_headers(&hash, WAVEGAUGE_TEST_KERNEL_FOLDER);
    hash_bytes(&hash, text, size);
    return hash;
}

static const char *wave_size_flag(enum kernel_target target)
{
    return target == KERNEL_TARGET_GFX1030_WAVE64 ? "-mwavefrontsize64" : NULL;
}

// <hip/hip_runtime.h> refuses gfx1030 with wave64: before HIP 5.3 by its own macro, then when it is
// not of generation 8 or 9. The only other header that reads one of these, for cooperative groups,
// takes a wave of 64 without __gfx1030__.
static const char *unsupported_target_flag(enum kernel_target target)
{
    return target == KERNEL_TARGET_GFX1030_WAVE64 ? "-U__gfx1030__" : NULL;
}

static const char *supported_generation_flag(enum kernel_target target)
{
    return target == KERNEL_TARGET_GFX1030_WAVE64 ? "-D__GFX8__" : NULL;
}

struct command {
    char *words[MAX_FLAGS + 16];
    size_t count;
};

static void add(struct command *command, const char *word)
{
    if (word && command->count + 1 < sizeof command->words / sizeof *command->words)
        command->words[command->count++] = (char *)word; // the exec functions want char *
    command->words[command->count] = NULL;
}

// Splits flags in place; the words live as long as flags does.
static bool add_flags(struct command *command, char *flags, struct device_code_error *error)
{
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(flags, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (++count > MAX_FLAGS)
            return fail(error, "more than %d compiler flags", MAX_FLAGS);
        add(command, word);
    }
    return true;
}

// One build in progress has a folder of its own, so that a source given as text is always
// kernel.hip in the line table.
struct scratch {
    char folder[560];
    char source[600];
    char object[600];
    char output[600];
    char log[600];
};

static bool scratch_make(struct scratch *scratch, const char *entry, const char *source)
{
    snprintf(scratch->folder, sizeof scratch->folder, "%s.XXXXXX", entry);
    if (!mkdtemp(scratch->folder))
        return false;
    snprintf(scratch->source, sizeof scratch->source, "%s/%s", scratch->folder, source);
    snprintf(scratch->object, sizeof scratch->object, "%s/kernel.o", scratch->folder);
    snprintf(scratch->output, sizeof scratch->output, "%s/kernel.co", scratch->folder);
    snprintf(scratch->log, sizeof scratch->log, "%s/log", scratch->folder);
    return true;
}

static bool run(const struct command *command, const struct scratch *scratch,
                struct device_code_error *error)
{
    if (support_run_tool(command->words, scratch->folder, scratch->log))
        return true;
    void *words = NULL;
    size_t size = 0;
    support_read_file(scratch->log, &words, &size);
    fail(error, "%s failed:\n%s", command->words[0], words ? (char *)words : "no output");
    free(words);
    return false;
}

static bool compile_hip(const struct device_code_source *build, const char *source, char *flags,
                        const struct scratch *scratch, struct device_code_error *error)
{
    char processor[64], library[1024];
    snprintf(processor, sizeof processor, "--offload-arch=%s",
             kernel_target_processor(build->target));
    struct command command = {0};
    add(&command, WAVEGAUGE_HIPCC);
    add(&command, "--genco");
    add(&command, processor);
    add(&command, wave_size_flag(build->target));
    add(&command, unsupported_target_flag(build->target));
    add(&command, supported_generation_flag(build->target));
    if (build->target == KERNEL_TARGET_GFX1100) {
        if (!support_device_library(cache_folder(), library, sizeof library, error->text,
                                    sizeof error->text))
            return false;
        add(&command, library);
    }
    add(&command, "-I" WAVEGAUGE_TEST_KERNEL_FOLDER);
    if (!add_flags(&command, flags, error))
        return false;
    add(&command, "-o");
    add(&command, scratch->output);
    add(&command, source);
    return run(&command, scratch, error);
}

static bool compile_assembly(const struct device_code_source *build, const char *source,
                             char *flags, const struct scratch *scratch,
                             struct device_code_error *error)
{
    char processor[64];
    snprintf(processor, sizeof processor, "-mcpu=%s", kernel_target_processor(build->target));
    struct command assemble = {0};
    add(&assemble, WAVEGAUGE_CLANG);
    add(&assemble, "-x");
    add(&assemble, "assembler");
    add(&assemble, "-target");
    add(&assemble, "amdgcn-amd-amdhsa");
    add(&assemble, processor);
    add(&assemble, wave_size_flag(build->target));
    if (!add_flags(&assemble, flags, error))
        return false;
    add(&assemble, "-c");
    add(&assemble, "-o");
    add(&assemble, scratch->object);
    add(&assemble, source);
    if (!run(&assemble, scratch, error))
        return false;

    struct command link = {0};
    add(&link, WAVEGAUGE_LLD);
    add(&link, "-shared");
    add(&link, "--no-undefined");
    add(&link, "-o");
    add(&link, scratch->output);
    add(&link, scratch->object);
    return run(&link, scratch, error);
}

static bool compile(const struct device_code_source *build, const char *file_path, const char *text,
                    size_t size, const char *entry, struct device_code_error *error)
{
    struct scratch scratch = {.folder = ""};
    if (!scratch_make(&scratch, entry, build->language == KERNEL_HIP ? "kernel.hip" : "kernel.s"))
        return fail(error, "cannot make a folder beside %s", entry);
    // A file is compiled where it stands, so that its line table names it.
    const char *source = file_path ? file_path : scratch.source;
    if (!file_path && !support_write_file(scratch.source, text, size)) {
        support_remove_folder(scratch.folder);
        return fail(error, "cannot write %s", scratch.source);
    }
    char *flags = strdup(flags_of(build));
    if (!flags) {
        support_remove_folder(scratch.folder);
        return fail(error, "out of memory");
    }
    bool built = build->language == KERNEL_HIP
                     ? compile_hip(build, source, flags, &scratch, error)
                     : compile_assembly(build, source, flags, &scratch, error);
    free(flags);
    if (built && rename(scratch.output, entry) != 0)
        built = fail(error, "cannot rename %s to %s", scratch.output, entry);
    support_remove_folder(scratch.folder);
    return built;
}

static bool load_or_compile(const struct device_code_source *build, const char *file_path,
                            const char *text, size_t size, struct device_code *image,
                            struct device_code_error *error)
{
    if (!support_make_folder(cache_folder()))
        return fail(error, "cannot make the folder %s", cache_folder());
    hash128 key = key_of(build, text, size);
    char entry[512];
    snprintf(entry, sizeof entry, "%s/%016llx%016llx.co", cache_folder(),
             (unsigned long long)(key >> 64), (unsigned long long)key);
    if (support_read_file(entry, &image->data, &image->size))
        return true;
    if (!compile(build, file_path, text, size, entry, error))
        return false;
    if (!support_read_file(entry, &image->data, &image->size))
        return fail(error, "cannot read %s", entry);
    return true;
}

bool device_code_build(const struct device_code_source *build, struct device_code *image,
                       struct device_code_error *error)
{
    *image = (struct device_code){0};
    if (!build->file)
        return load_or_compile(build, NULL, build->text, strlen(build->text), image, error);

    char path[1024];
    snprintf(path, sizeof path, "%s%s",
             build->file[0] == '/' ? "" : WAVEGAUGE_TEST_KERNEL_FOLDER "/", build->file);
    void *text = NULL;
    size_t size = 0;
    if (!support_read_file(path, &text, &size))
        return fail(error, "cannot read %s", path);
    bool built = load_or_compile(build, path, text, size, image, error);
    free(text);
    return built;
}

void device_code_free(struct device_code *image)
{
    free(image->data);
    *image = (struct device_code){0};
}

// The compiler puts the code object at a multiple of 8 bytes, uncompressed.
bool device_code_text(const struct device_code *image, size_t *begin, size_t *size)
{
    const char *data = image->data;
    for (size_t at = 0; at + sizeof(Elf64_Ehdr) <= image->size; at += 8) {
        Elf64_Ehdr header;
        memcpy(&header, data + at, sizeof header);
        if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_machine != EM_AMDGPU)
            continue;
        for (unsigned i = 0; i < header.e_shnum; i++) {
            Elf64_Shdr section;
            memcpy(&section, data + at + header.e_shoff + i * sizeof section, sizeof section);
            if (!(section.sh_flags & SHF_EXECINSTR))
                continue;
            *begin = at + section.sh_offset;
            *size = section.sh_size;
            return true;
        }
    }
    return false;
}
