// links: harness_places wavegauge-emu
//
// The kernels of tests/checks, each with one mistake: it is reported as what its first line says,
// at the line with the comment "here" (the other side at "other"), and the mended kernel raises
// nothing. docs/checks.md shows these kernels and what is reported of them.
#include "collected_reports.h"
#include "kernel_fixture.h"

#include <ctype.h>
#include <dirent.h>

#define FOLDER TEST_SOURCE_FOLDER "/tests/checks/"

enum { ELEMENTS = 256 };

struct example {
    const char *name; // of the kernel and of its file
    const char *check, *kind;
    unsigned threads, blocks;  // blocks 0: 1
    unsigned n;                // elements of both arrays; 0: ELEMENTS
    bool warning32, warning64; // on waves of 32, of 64: no error
    bool plain;                // compiled with -O0
    bool freed;                // the host frees 'in' before the launch; mended: it does not
    bool in_place;             // 'out' is 'in'
    bool stops;                // ends the launch with an error
};

static const struct example examples[] = {
    {"out_of_bounds", "memcheck", "out of bounds", .threads = 256, .n = 200, .stops = true},
    {"shared_out_of_bounds", "memcheck", "out of bounds", .threads = 256, .stops = true},
    {"misaligned", "memcheck", "misaligned", .threads = 256, .stops = true},
    {"use_after_free", "memcheck", "use after free", .threads = 256, .freed = true, .stops = true},
    {"read_only", "memcheck", "write to read-only memory", .threads = 256, .stops = true},
    {"undefined_stored", "initcheck", "undefined value stored", .threads = 256},
    {"undefined_address", "initcheck", "undefined value used as an address", .threads = 256},
    {"undefined_branch", "initcheck", "undefined value decides a branch", .threads = 256},
    {"atomic_on_undefined", "initcheck", "atomic operation on an undefined value", .threads = 256},
    {"undefined_to_atomic", "initcheck", "undefined value given to an atomic operation",
     .threads = 256},
    {"uninitialised_variable", "initcheck", "undefined value stored", .threads = 256,
     .plain = true},
    {"read_after_write", "racecheck", "read after write", .threads = 256},
    {"write_after_read", "racecheck", "write after read", .threads = 256},
    {"write_after_write", "racecheck", "write after write", .threads = 256},
    {"between_blocks", "racecheck", "write after write", .threads = 128, .blocks = 2},
    {"same_value", "racecheck", "write after write", .threads = 256, .warning32 = true,
     .warning64 = true},
    {"one_wave", "racecheck", "read after write", .threads = 64, .n = 64, .warning64 = true},
    {"stale_scalar_load", "racecheck", "stale scalar load", .threads = 128, .warning32 = true,
     .warning64 = true, .in_place = true},
    {"divergent_barrier", "synccheck", "divergent barrier", .threads = 256},
    {"early_return", "synccheck", "divergent barrier", .threads = 256, .n = 200},
    {"different_barriers", "synccheck", "different barriers", .threads = 256},
    {"barrier_deadlock", "synccheck", "barrier deadlock", .threads = 256, .stops = true},
    {"read_before_wait", "waitcheck", "read before its wait", .threads = 256},
    {"overwritten_before_wait", "waitcheck", "overwritten before its wait", .threads = 256},
    {"endless", "timeout", "timeout", .threads = 256, .stops = true},
    {"lock_within_wave", "timeout", "timeout", .threads = 256, .stops = true},
};

enum { EXAMPLES = sizeof examples / sizeof *examples, ROOM = 1 << 17 };

static char *read_text(const char *path)
{
    void *text;
    size_t size;
    cr_assert(support_read_file(path, &text, &size), "%s", path);
    return text;
}

static char *source_of(const struct example *example)
{
    char path[1024];
    snprintf(path, sizeof path, FOLDER "%s.hip", example->name);
    return read_text(path);
}

// The number of the line that ends in this comment; 0: there is none.
static int line_with(const struct example *example, const char *comment)
{
    char wanted[64], *text = source_of(example);
    snprintf(wanted, sizeof wanted, "// %s\n", comment);
    const char *found = strstr(text, wanted);
    int line = found != NULL;
    for (const char *at = text; found != NULL && at < found; at++)
        line += *at == '\n';
    free(text);
    return line;
}

// All kernels that are compiled alike as one source, since the compiler takes longer to start than
// to compile them; each keeps the lines and the name of its file.
static hipModule_t load(enum kernel_target target, bool plain, bool mended)
{
    char *all = calloc(1, ROOM), flags[64];
    size_t length = 0;
    cr_assert_not_null(all);
    for (unsigned i = 0; i < EXAMPLES; i++) {
        if (examples[i].plain != plain)
            continue;
        char *text = source_of(&examples[i]);
        length += (size_t)snprintf(all + length, ROOM - length,
                                   "#line 1 \"tests/checks/%s.hip\"\n%s\n", examples[i].name, text);
        cr_assert_lt(length, ROOM);
        free(text);
    }
    snprintf(flags, sizeof flags, "%s -g%s", plain ? "-O0" : "-O3", mended ? " -DMENDED" : "");
    hipModule_t module =
        kernel_load(&(struct kernel_call){.target = target, .text = all, .flags = flags});
    free(all);
    return module;
}

static hipError_t launch(hipModule_t module, const struct example *example, bool freed)
{
    int *in, *out, n = example->n ? (int)example->n : ELEMENTS, data[ELEMENTS];
    unsigned blocks = example->blocks ? example->blocks : 1;
    hipFunction_t function;
    for (int i = 0; i < ELEMENTS; i++)
        data[i] = i * 37 % 101;
    HIP_OK(hipModuleGetFunction(&function, module, example->name));
    HIP_OK(hipMalloc((void **)&in, (size_t)n * sizeof *in));
    HIP_OK(hipMalloc((void **)&out, (size_t)n * sizeof *out));
    HIP_OK(hipMemcpy(in, data, (size_t)n * sizeof *in, hipMemcpyHostToDevice));
    wavegaugeMemorySetName(in, "in");
    wavegaugeMemorySetName(out, "out");
    void *arguments[] = {&in, example->in_place ? &in : &out, &n};
    if (freed)
        HIP_OK(hipFree(in));
    hipError_t error = hipModuleLaunchKernel(function, blocks, 1, 1, example->threads, 1, 1, 0,
                                             NULL, arguments, NULL);
    hipError_t waited = hipDeviceSynchronize();
    return error != hipSuccess ? error : waited;
}

static hipError_t run(enum kernel_target target, const struct example *example, bool mended)
{
    bool endless = strcmp(example->check, "timeout") == 0 && !mended;
    setenv("WAVEGAUGE_TIMEOUT", endless ? "0.4" : "60", 1);
    HIP_OK(hipDeviceReset()); // after a failure nothing else helps
    hipModule_t module = load(target, example->plain, mended);
    collect_reports("all");
    return launch(module, example, example->freed && !mended);
}

static void expect_finding(enum kernel_target target, const struct example *example)
{
    const struct collected_report *seen = &collected.reports[0];
    bool warning = kernel_target_wave_size(target) == 64 ? example->warning64 : example->warning32;
    hipError_t error = run(target, example, false);
    cr_expect_eq(error != hipSuccess, example->stops, "%s: %s", example->name,
                 hipGetErrorString(error));
    cr_expect_eq(collected.count, 1, "%s: %u reports\n%s", example->name, collected.count,
                 collected_text());
    if (collected.count != 1)
        return;
    cr_expect_str_eq(seen->check, example->check, "%s: %s", example->name, seen->text);
    cr_expect_str_eq(seen->kind, example->kind, "%s: %s", example->name, seen->text);
    cr_expect_str_eq(seen->severity, warning ? "warning" : "error", "%s: %s", example->name,
                     seen->text);
    cr_expect_str_eq(seen->kernel, example->name, "%s", seen->text);
    cr_expect_eq(seen->report.line, line_with(example, "here"), "%s: %s", example->name,
                 seen->text);
    int other = line_with(example, "other");
    cr_expect(other == 0 || seen->report.other_line == other, "%s: %s", example->name, seen->text);
}

static void check_target(enum kernel_target target)
{
    kernel_choose_device(target);
    for (unsigned i = 0; i < EXAMPLES; i++) {
        expect_finding(target, &examples[i]);
        hipError_t error = run(target, &examples[i], true);
        cr_expect_eq(error, hipSuccess, "%s, mended: %s", examples[i].name,
                     hipGetErrorString(error));
        cr_expect_eq(collected.count, 0, "%s, mended: %s", examples[i].name, collected_text());
    }
}

Test(checks_examples, gfx1030, .timeout = 120)
{
    check_target(KERNEL_TARGET_GFX1030);
}

Test(checks_examples, gfx90a, .timeout = 120)
{
    check_target(KERNEL_TARGET_GFX90A);
}

static unsigned occurrences(const char *text, const char *wanted)
{
    unsigned count = 0;
    for (const char *at = strstr(text, wanted); at != NULL; at = strstr(at + 1, wanted))
        count++;
    return count;
}

// The code block of an example in the document, and where it ends.
static const char *block_end(const char *document, const struct example *example)
{
    static const char include[] = "#include <hip/hip_runtime.h>\n\n";
    char *block = calloc(1, ROOM), *source = source_of(example);
    const char *kernel = strstr(source, include);
    cr_assert(block != NULL && kernel != NULL, "%s", example->name);
    snprintf(block, ROOM, "```c\n%s```\n", kernel + strlen(include));
    const char *found = strstr(document, block);
    cr_expect_not_null(found, "docs/checks.md does not show tests/checks/%s.hip as it is",
                       example->name);
    const char *end = found != NULL ? found + strlen(block) : NULL;
    free(block);
    free(source);
    return end;
}

Test(checks_examples, document_shows_every_kernel)
{
    char *document = read_text(TEST_SOURCE_FOLDER "/docs/checks.md");
    for (unsigned i = 0; i < EXAMPLES; i++)
        block_end(document, &examples[i]);
    cr_expect_eq(occurrences(document, "```c\n"), EXAMPLES, "a code block is no example");
    free(document);
    unsigned files = 0;
    DIR *folder = opendir(FOLDER);
    cr_assert_not_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        files += strstr(entry->d_name, ".hip") != NULL;
    closedir(folder);
    cr_expect_eq(files, EXAMPLES, "a file of tests/checks is no example");
}

// Numbers after "0x" and "#", which differ from run to run, become a dot; in place.
static void shorten(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        bool address = strncmp(from, "0x", 2) == 0, serial = *from == '#';
        *to++ = *from++;
        if (address)
            *to++ = *from++;
        if (!address && !serial)
            continue;
        while (address ? isxdigit((unsigned char)*from) : isdigit((unsigned char)*from))
            from++;
        if (strncmp(from, "...", 3) == 0)
            from += 3;
        *to++ = '.';
    }
    *to = '\0';
}

// What stands before "tests/checks/" in paths goes; in place.
static void shorten_paths(char *text)
{
    static const char folder[] = "tests/checks/";
    for (char *at = text; (at = strstr(at, folder)) != NULL;) {
        char *begin = at;
        while (begin > text && !isspace((unsigned char)begin[-1]))
            begin--;
        memmove(begin, at, strlen(at) + 1);
        at = begin + strlen(folder);
    }
}

// Every line of the block after an example's code is one of the report.
static void expect_report(const char *document, const struct example *example)
{
    const char *code = block_end(document, example);
    const char *begin = code != NULL ? strstr(code, "```\n") : NULL;
    const char *next = code != NULL ? strstr(code, "```c\n") : NULL;
    cr_assert(begin != NULL && (next == NULL || begin < next), "%s: no report is shown",
              example->name);
    begin += strlen("```\n");
    char *shown = strndup(begin, strcspn(begin, "`")), *report = strdup(collected_text());
    cr_assert(shown != NULL && report != NULL);
    shorten(shown);
    shorten(report);
    shorten_paths(report);
    char *rest = NULL;
    for (char *line = strtok_r(shown, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        cr_expect_not_null(strstr(report, line), "%s: not in the report: %s\n%s", example->name,
                           line, report);
    free(shown);
    free(report);
}

Test(checks_examples, document_shows_what_is_reported, .timeout = 120)
{
    setenv("WAVEGAUGE_THREADS", "1", 1); // the same threads are named every time
    kernel_choose_device(KERNEL_TARGET_GFX1030);
    char *document = read_text(TEST_SOURCE_FOLDER "/docs/checks.md");
    for (unsigned i = 0; i < EXAMPLES; i++) {
        run(KERNEL_TARGET_GFX1030, &examples[i], false);
        if (getenv("WAVEGAUGE_SHOW_REPORTS"))
            fprintf(stderr, "== %s\n%s", examples[i].name, collected_text());
        expect_report(document, &examples[i]);
    }
    free(document);
}
