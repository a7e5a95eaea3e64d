// links: scratch_folder wavegauge-emu
//
// wavegauge bisect on kernels with one mistake each, and on a device whose results are wrong.
#include "scratch_folder.h"
#include "weighted_matmul_case.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_CASES");
    unsetenv("WAVEGAUGE_CHECK");
    unsetenv("WAVEGAUGE_DEVICE_LIBRARY");
    unsetenv("WAVEGAUGE_HIPCC");
    unsetenv("FAKE_HIP_MISTAKE");
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(bisect, .init = set_up, .fini = tear_down);

static const char case_file[] =
    WEIGHTED_MATMUL_CASE_HEAD "dtypes: [f32]\n"
                              "launches:\n"
                              "  - function: mine_{dtype}\n"
                              "    grid: [ceil(head_dim / 64), seq_q, batch * heads]\n"
                              "    block: 64\n"
                              "    args: [weights, v, out, i32 seq_q, i32 seq_k, i32 head_dim]\n"
                              "cases: [{batch: 2, heads: 3, seq_q: 5, seq_k: 70, head_dim: 11}]\n";

// Each line is numbered from 1 by its place here.
static const char *const kernel_lines[] = {
    "#include <hip/hip_runtime.h>",
    "extern \"C\" __global__ void mine_f32(const float *weights, const float *v, float *out,",
    "                                    int seq_q, int seq_k, int head_dim)",
    "{",
    "    __shared__ float row[64];",
    "    const int column = blockIdx.x * 64 + threadIdx.x, matrix = blockIdx.z;",
    "    const float *w = weights + (matrix * seq_q + blockIdx.y) * seq_k;",
    "    v += matrix * seq_k * head_dim;",
    "    float sum = 0;",
    "    for (int first = 0; first < seq_k; first += 64) {",
    "        const int k = first + threadIdx.x;",
    "        row[threadIdx.x] = k < seq_k ? w[k] : 0;",
    "        __syncthreads();",
    "        if (column < head_dim)",
    "            for (int i = 0; i < 64 && first + i < seq_k; i++)",
    "                sum += row[i] * v[(first + i) * head_dim + column];",
    "        __syncthreads();",
    "    }",
    "    if (column < head_dim)",
    "        out[(matrix * seq_q + blockIdx.y) * head_dim + column] = sum;",
    "}",
};

enum { LINE_COUNT = sizeof kernel_lines / sizeof *kernel_lines };

// The kernel with one line replaced (0: none), and its case file.
static void write_kernel(int line, const char *text)
{
    struct text source = {0};
    for (int i = 1; i <= LINE_COUNT; i++)
        text_append(&source, "%s\n", i == line ? text : kernel_lines[i - 1]);
    scratch_write(&scratch, "mine.hip", text_get(&source));
    scratch_write(&scratch, "mine.yaml", case_file);
    text_free(&source);
}

static struct outcome bisect(const char *options)
{
    char words[1024];
    snprintf(words, sizeof words,
             "bisect %s:mine/f32/batch=2,heads=3,seq_q=5,seq_k=70,head_dim=11 --arch gfx1030 %s",
             scratch_path(&scratch, "mine.yaml"), options);
    // On a slow machine, or under sanitizers, the budget must not decide what is found.
    if (strstr(options, "--budget") == NULL)
        strncat(words, " --budget 400", sizeof words - strlen(words) - 1);
    strncat(words, " --others 3", sizeof words - strlen(words) - 1);
    return run_wavegauge(words);
}

static void expect_part(const struct text *text, const char *part)
{
    cr_expect(strstr(text_get(text), part) != NULL, "no '%s' in:\n%s", part, text_get(text));
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "(none)";
}

// Whether one of the first `most` places is the line.
static bool is_located(const json_t *document, int line, size_t most)
{
    const json_t *places = json_object_get(document, "place");
    for (size_t i = 0; i < json_array_size(places) && i < most; i++) {
        const json_t *place = json_array_get(places, i);
        if (json_integer_value(json_object_get(place, "line")) == line &&
            strstr(text_of(place, "file"), "mine.hip") != NULL)
            return true;
    }
    return false;
}

static json_t *bisect_to_json(struct outcome *outcome)
{
    char options[512];
    const char *path = scratch_path(&scratch, "b.json");
    snprintf(options, sizeof options, "--json %s", path);
    *outcome = bisect(options);
    cr_assert_eq(outcome->status, 1, "%d %s%s", outcome->status, text_get(&outcome->out),
                 text_get(&outcome->errors));
    json_t *document = json_load_file(path, 0, NULL);
    cr_assert_not_null(document);
    return document;
}

static int64_t smallest(const json_t *document, const char *dim)
{
    return json_integer_value(
        json_object_get(json_object_get(json_object_get(document, "smallest"), "dims"), dim));
}

Test(bisect, shrinks_to_the_boundary, .timeout = 900)
{
    struct outcome outcome;
    write_kernel(10, "    for (int first = 0; first < min(seq_k, 64); first += 64) {");
    json_t *document = bisect_to_json(&outcome);
    cr_expect_eq(smallest(document, "seq_k"), 65, "%s", text_get(&outcome.out));
    cr_expect_eq(smallest(document, "batch"), 1);
    cr_expect_eq(smallest(document, "heads"), 1);
    cr_expect_eq(smallest(document, "seq_q"), 1);
    cr_expect_eq(smallest(document, "head_dim"), 1);
    expect_part(&outcome.out, "  passes up to seq_k = 64, fails from 65\n");
    json_t *boundary = json_array_get(json_object_get(document, "boundaries"), 0);
    cr_expect_str_eq(text_of(boundary, "dim"), "seq_k");
    cr_expect_eq(json_integer_value(json_object_get(boundary, "passes_up_to")), 64);
    cr_expect_eq(json_integer_value(json_object_get(boundary, "fails_from")), 65);
    cr_expect(json_is_true(json_object_get(boundary, "monotone")));
    cr_expect_str_eq(text_of(document, "status"), "fail");
    cr_expect_str_eq(text_of(json_object_get(document, "data"), "random"), "fail");
    json_decref(document);
    outcome_free(&outcome);
}

// What the emulator's checks see has its line, with the source around it; the page ends with the
// command that runs the smallest shape again.
Test(bisect, names_the_line_of_a_finding, .timeout = 900)
{
    struct outcome outcome;
    write_kernel(14, "        if (column <= head_dim)");
    json_t *document = bisect_to_json(&outcome);
    // A guard on the line of the access mends it as well as the bound does.
    cr_expect(is_located(document, 14, 2), "%s", text_get(&outcome.out));
    cr_expect(is_located(document, 16, 2), "%s", text_get(&outcome.out));
    cr_expect_eq(smallest(document, "seq_k"), 1);
    cr_expect_eq(smallest(document, "batch"), 1);
    expect_part(&outcome.out, "memcheck: out of bounds");
    expect_part(&outcome.out, ">   16 |                 sum += row[i]");
    cr_expect(strstr(last_line(&outcome.out), "wavegauge run --device emu --arch gfx1030") != NULL,
              "%s", last_line(&outcome.out));
    cr_expect(strstr(last_line(&outcome.out), "seq_k=1,") != NULL);
    json_decref(document);
    outcome_free(&outcome);
}

// What is read before another thread has written it is a race first, and undefined because of it.
Test(bisect, a_missing_barrier_is_no_missing_value, .timeout = 900)
{
    struct outcome outcome;
    write_kernel(13, "");
    json_t *document = bisect_to_json(&outcome);
    const json_t *first = json_array_get(json_object_get(document, "place"), 0);
    cr_expect_str_eq(text_of(json_object_get(document, "mistake"), "kind"), "missing barrier");
    cr_expect_geq(json_integer_value(json_object_get(first, "line")), 12, "%s",
                  text_get(&outcome.out));
    expect_part(&outcome.out, "initcheck: undefined value");
    // The first of its findings is what is said of a case in a line.
    expect_part(&outcome.out, "head_dim=11\n  racecheck: read after write");
    json_decref(document);
    outcome_free(&outcome);
}

// At -O3 the compiler folds away what is never set; its own warnings say so.
Test(bisect, shows_the_warnings_of_the_compiler, .timeout = 900)
{
    struct outcome outcome;
    write_kernel(9, "    float sum;");
    json_t *document = bisect_to_json(&outcome);
    cr_expect(is_located(document, 16, 3) || is_located(document, 9, 3), "%s",
              text_get(&outcome.out));
    expect_part(&outcome.out, "compiler: -W");
    expect_part(&outcome.out, "uninitialized");
    json_decref(document);
    outcome_free(&outcome);
}

// No check sees a wrong stride or bound; an edit that makes every case pass names the line.
Test(bisect, finds_the_line_by_trying_edits, .timeout = 900)
{
    static const struct {
        int line;
        const char *text, *edit; // edit: one that the page may show, of several that are right
        const char *kinds;       // of those edits, each between bars
    } mistakes[] = {
        {8, "    v += matrix * seq_q * head_dim;", "v += matrix * seq_k * head_dim;",
         "|wrong batch offset|"},
        {15, "            for (int i = 0; i < 63 && first + i < seq_k; i++)", "first + i < seq_k",
         "|off by one|wrong bound|wrong stride|"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct outcome outcome;
        write_kernel(mistakes[i].line, mistakes[i].text);
        json_t *document = bisect_to_json(&outcome);
        const json_t *place = json_array_get(json_object_get(document, "place"), 0);
        // Steps of 63 are as right as a bound of 64.
        cr_expect(is_located(document, mistakes[i].line, 2), "%s", text_get(&outcome.out));
        expect_part(&outcome.out, mistakes[i].edit);
        cr_expect(json_number_value(json_object_get(place, "score")) > 0.9);
        expect_part(&outcome.out, "suggested by experiment, not a proof");
        expect_part(&outcome.out, "every case tried passes when the line says:");
        expect_part(&outcome.out, "Kind of mistake: ");
        const json_t *mistake = json_object_get(document, "mistake");
        cr_expect(strstr(mistakes[i].kinds, text_of(mistake, "kind")) != NULL &&
                      text_of(mistake, "kind")[0] != '\0',
                  "%s", text_of(mistake, "kind"));
        cr_expect_eq(json_integer_value(json_object_get(mistake, "line")),
                     json_integer_value(json_object_get(place, "line")));
        json_decref(document);
        outcome_free(&outcome);
    }
}

Test(bisect, keeps_everything_in_a_folder, .timeout = 900)
{
    char options[512];
    struct stat status;
    write_kernel(8, "    v += matrix * seq_k;");
    snprintf(options, sizeof options, "--budget 3 -o %s", scratch_path(&scratch, "kept"));
    struct outcome outcome = bisect(options);
    cr_assert_eq(outcome.status, 1);
    cr_expect_eq(stat(scratch_path(&scratch, "kept/result.json"), &status), 0);
    struct text page = scratch_read(scratch_path(&scratch, "kept/page.txt"));
    cr_expect_str_eq(text_get(&page), text_get(&outcome.out));
    struct text result = scratch_read(scratch_path(&scratch, "kept/result.json"));
    expect_part(&result, "\"heat_map\": \"/");
    text_free(&result);
    text_free(&page);
    outcome_free(&outcome);
}

Test(bisect, a_case_that_passes_has_nothing_to_bisect, .timeout = 900)
{
    write_kernel(0, NULL);
    struct outcome outcome = bisect("");
    cr_expect_eq(outcome.status, 0, "%s", text_get(&outcome.errors));
    expect_part(&outcome.out, "There is nothing to bisect");
    outcome_free(&outcome);
}

// The device's results are wrong, the kernel is not.
Test(bisect, says_what_a_failure_of_the_device_alone_suggests, .timeout = 900)
{
    char words[1024];
    const char *path = scratch_path(&scratch, "b.json");
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_FAKE_HIP, 1);
    setenv("FAKE_HIP_MISTAKE", "shifted", 1);
    snprintf(words, sizeof words,
             "bisect weighted_matmul/f32/batch=1,heads=2,seq_q=4,seq_k=4,head_dim=8 --device amd "
             "--budget 400 "
             "--json %s",
             path);
    struct outcome outcome = run_wavegauge(words);
    cr_assert_eq(outcome.status, 1, "%s%s", text_get(&outcome.out), text_get(&outcome.errors));
    expect_part(&outcome.out,
                "does not fail on the emulator, which finds no mistake: this suggests "
                "a race");
    expect_part(&outcome.out, "passes up to seq_k = 1, fails from 2");
    cr_expect(strstr(last_line(&outcome.out), "wavegauge run --device amd ") != NULL, "%s",
              last_line(&outcome.out));
    json_t *document = json_load_file(path, 0, NULL);
    cr_expect_str_eq(text_of(json_object_get(document, "replay"), "-O3"), "pass");
    cr_expect(json_is_string(json_object_get(document, "device_verdict")));
    json_decref(document);
    outcome_free(&outcome);
}

static void git(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void git(const char *format, ...)
{
    char words[512], command[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    snprintf(command, sizeof command,
             "git -C %s -c user.name=Tester -c user.email=t@example.org -c commit.gpgsign=false "
             "-c init.defaultBranch=trunk -c core.hooksPath=/dev/null %s > /dev/null 2>&1",
             scratch.folder, words);
    cr_assert_eq(system(command), 0, "%s", command);
}

static void commit_kernel(int line, const char *text, const char *subject)
{
    write_kernel(line, text);
    git("add -A");
    git("commit -q -m '%s'", subject);
}

Test(bisect, finds_the_first_bad_commit, .timeout = 900)
{
    git("init -q .");
    commit_kernel(0, NULL, "good");
    git("tag good");
    commit_kernel(9, "    float sum = nothing;", "does not build");
    commit_kernel(9, "    float sum = 0.0f;", "still good");
    commit_kernel(8, "    v += matrix * seq_q * head_dim;", "the mistake");
    commit_kernel(8, "    v += (matrix * seq_q) * head_dim;", "later");
    // Nothing but the kernel counts: the case file of the last commit would refuse to load.
    write_kernel(0, NULL);
    const char *path = scratch_path(&scratch, "g.json");
    char options[512];
    snprintf(options, sizeof options, "--git good..HEAD --json %s", path);
    struct outcome outcome = bisect(options);
    cr_assert_eq(outcome.status, 1, "%s%s", text_get(&outcome.out), text_get(&outcome.errors));
    expect_part(&outcome.out, "subject the mistake");
    expect_part(&outcome.out, "author  Tester <t@example.org>");
    expect_part(&outcome.out, "+    v += matrix * seq_q * head_dim;");
    outcome_free(&outcome);
    json_t *document = json_load_file(path, 0, NULL);
    cr_expect_str_eq(text_of(json_object_get(document, "first_bad"), "subject"), "the mistake");
    json_decref(document);
    outcome = bisect("--git good..good~0");
    cr_expect_eq(outcome.status, 2, "%d", outcome.status);
    outcome_free(&outcome);
    outcome = bisect("--git good..HEAD~2");
    cr_expect_eq(outcome.status, 0, "%s", text_get(&outcome.out));
    expect_part(&outcome.out, "no first bad commit: the case passes at");
    outcome_free(&outcome);
    outcome = bisect("--git HEAD~1..HEAD");
    cr_expect_eq(outcome.status, 125, "%s", text_get(&outcome.out));
    expect_part(&outcome.out, "fails already");
    outcome_free(&outcome);
    outcome = bisect("--git good..HEAD~3");
    cr_expect_eq(outcome.status, 125);
    outcome_free(&outcome);
    outcome = bisect("--git nothing..HEAD");
    cr_expect_eq(outcome.status, 2);
    expect_part(&outcome.errors, "names no commit");
    outcome_free(&outcome);
}

// As git bisect does: what hides behind commits that do not build is said.
Test(bisect, names_all_that_it_may_be, .timeout = 900)
{
    git("init -q .");
    commit_kernel(0, NULL, "good");
    git("tag good");
    commit_kernel(9, "    float sum = nothing;", "does not build");
    commit_kernel(8, "    v += matrix * seq_q * head_dim;", "the mistake");
    struct outcome outcome = bisect("--git good..HEAD");
    cr_expect_eq(outcome.status, 1);
    expect_part(&outcome.out, "is one of these");
    expect_part(&outcome.out, "subject does not build");
    expect_part(&outcome.out, "subject the mistake");
    outcome_free(&outcome);
}

// A mistake in a header that came by a merge, next to a commit that does not build.
Test(bisect, finds_what_a_merge_brought, .timeout = 900)
{
    static const char include[] = "#include \"stride.h\"";
    static const char use[] = "    v += matrix * STRIDE;";
    git("init -q .");
    struct text source = {0};
    for (int i = 1; i <= LINE_COUNT; i++)
        text_append(&source, "%s%s%s\n", i == 1 ? include : "", i == 1 ? "\n" : "",
                    i == 8 ? use : kernel_lines[i - 1]);
    scratch_write(&scratch, "mine.hip", text_get(&source));
    scratch_write(&scratch, "mine.yaml", case_file);
    scratch_write(&scratch, "stride.h", "#define STRIDE seq_k * head_dim\n");
    git("add -A");
    git("commit -q -m good");
    git("tag good");
    git("checkout -q -b side");
    scratch_write(&scratch, "stride.h", "#define STRIDE (seq_q * head_dim)\n");
    git("commit -q -a -m 'wrong stride'");
    git("checkout -q trunk");
    scratch_write(&scratch, "notes", "x");
    git("add -A");
    git("commit -q -m notes");
    git("merge -q --no-ff -m merge side");
    struct outcome outcome = bisect("--git good..HEAD");
    cr_expect_eq(outcome.status, 1, "%s%s", text_get(&outcome.out), text_get(&outcome.errors));
    expect_part(&outcome.out, "subject wrong stride");
    expect_part(&outcome.out, "+#define STRIDE (seq_q * head_dim)");
    outcome_free(&outcome);
    text_free(&source);
}

// 0, 1 and 125, and git bisect run understands them.
Test(bisect, run_ends_as_git_expects, .timeout = 900)
{
    static const struct {
        int line;
        const char *text;
        int status;
    } endings[] = {{0, NULL, 0},
                   {8, "    v += matrix * seq_q * head_dim;", 1},
                   {14, "        if (column <= head_dim)", 1},
                   {9, "    float sum = nothing;", 125},
                   {2,
                    "extern \"C\" __global__ void other_f32(const float *weights, const float *v, "
                    "float *out,",
                    125}};
    char words[1024];
    snprintf(words, sizeof words, "run --exit-for-bisect --arch gfx1030 %s",
             scratch_path(&scratch, "mine.yaml"));
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        write_kernel(endings[i].line, endings[i].text);
        struct outcome outcome = run_wavegauge(words);
        cr_expect_eq(outcome.status, endings[i].status, "%s: %d %s", endings[i].text,
                     outcome.status, text_get(&outcome.errors));
        outcome_free(&outcome);
    }
    struct outcome outcome = run_wavegauge("run --exit-for-bisect no_such_kernel");
    cr_expect_eq(outcome.status, 125);
    outcome_free(&outcome);
}

Test(bisect, wrong_usage)
{
    static const struct {
        const char *words, *part;
        int status;
    } wrong[] = {
        {"bisect", "expected one case", 2},
        {"bisect weighted_matmul/f32", "stands for", 2},
        {"bisect no_such_kernel", "no case matches", 4},
        {"bisect --budget 0 weighted_matmul/f32/seq_q=1", "--budget", 2},
        {"bisect --check fast weighted_matmul/f32/seq_q=1", "there is no check", 2},
        {"bisect --arch gfx9 weighted_matmul/f32/seq_q=1", "gfx1030", 2},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct outcome outcome = run_wavegauge(wrong[i].words);
        cr_expect_eq(outcome.status, wrong[i].status, "%s: %d", wrong[i].words, outcome.status);
        expect_part(&outcome.errors, wrong[i].part);
        outcome_free(&outcome);
    }
    struct outcome outcome = run_wavegauge("bisect --help");
    cr_expect_eq(outcome.status, 0);
    expect_part(&outcome.out, "wavegauge bisect 'topk");
    outcome_free(&outcome);
}
