// links: scratch_folder
//
// `--device nvidia` as a whole, on a CUDA driver and an nvcc that are none; and what is said where
// a device, its driver or its compiler is not there.
#include "scratch_folder.h"
#include "weighted_matmul_case.h"

#include "harness/compiler.h"
#include "harness/subprocess.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL "weighted_matmul/*seq_q=4,seq_k=4*"

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    static const char *const others[] = {"WAVEGAUGE_CASES",   "WAVEGAUGE_DEVICE_LIBRARY",
                                         "FAKE_CUDA_MISTAKE", "FAKE_HIP_MISTAKE",
                                         "NVCC_APPEND_FLAGS", "NVCC_PREPEND_FLAGS"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        unsetenv(others[i]);
    setenv("WAVEGAUGE_CUDA_DRIVER", TEST_FAKE_CUDA, 1);
    setenv("WAVEGAUGE_NVCC", TEST_FAKE_NVCC, 1);
    setenv("WAVEGAUGE_CACHE", scratch_path(&scratch, "cache"), 1);
    setenv("FAKE_HIPCC_LOG", scratch_path(&scratch, "log"), 1);
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(nvidia, .init = set_up, .fini = tear_down);

static void expect_part(const struct text *text, const char *part)
{
    cr_expect(strstr(text_get(text), part) != NULL, "no '%s' in:\n%s", part, text_get(text));
}

static void expect_run(const char *mistake, const char *words, int status, const char *last)
{
    if (mistake != NULL)
        setenv("FAKE_CUDA_MISTAKE", mistake, 1);
    else
        unsetenv("FAKE_CUDA_MISTAKE");
    struct outcome outcome = run_wavegauge(words);
    cr_expect_eq(outcome.status, status, "%d: %s%s", outcome.status, text_get(&outcome.out),
                 text_get(&outcome.errors));
    cr_expect_str_eq(last_line(&outcome.out), last, "%s", text_get(&outcome.out));
    outcome_free(&outcome);
}

// The words that nvcc was called with; "" when it was not.
static struct text take_log(void)
{
    const char *path = scratch_path(&scratch, "log");
    struct text log = {0};
    if (access(path, R_OK) == 0)
        log = scratch_read(path);
    unlink(path);
    return log;
}

Test(nvidia, cases_pass)
{
    expect_run(NULL, "run --device nvidia buffer_copy weighted_matmul", 0, "76 passed, 0 failed");
}

Test(nvidia, kernels_are_built_for_the_gpu_that_is_there)
{
    expect_run(NULL, "run --device nvidia " SMALL, 0, "3 passed, 0 failed");
    struct text log = take_log();
    expect_part(&log, "nvcc -cubin -O3 -lineinfo ");
    expect_part(&log, " -gencode=arch=compute_90a,code=sm_90a -I");
    expect_part(&log, "/cuda/include -x cu -MD -MF ");
    cr_expect_eq(strchr(text_get(&log), '\n'), strrchr(text_get(&log), '\n'), "called twice:\n%s",
                 text_get(&log));
    text_free(&log);
    expect_run(NULL, "run --device nvidia " SMALL, 0, "3 passed, 0 failed");
    log = take_log();
    cr_expect_eq(log.length, 0, "built again: %s", text_get(&log));
    text_free(&log);
    // Another GPU is another target; before 9.0 there is no "a".
    expect_run("old GPU", "run --device nvidia " SMALL, 0, "3 passed, 0 failed");
    log = take_log();
    expect_part(&log, " -gencode=arch=compute_86,code=sm_86 ");
    text_free(&log);
    setenv("NVCC_APPEND_FLAGS", "-DX", 1);
    expect_run(NULL, "run --device nvidia " SMALL, 0, "3 passed, 0 failed");
    log = take_log();
    cr_expect_gt(log.length, 0);
    text_free(&log);
}

// A kernel that breaks the GPU's context breaks its own case: the next one has a new process.
Test(nvidia, a_lost_context_is_one_case)
{
    setenv("FAKE_CUDA_MISTAKE", "illegal address in f16", 1);
    struct outcome outcome = run_wavegauge("run --device nvidia " SMALL);
    cr_expect_eq(outcome.status, 1);
    cr_expect_str_eq(last_line(&outcome.out), "2 passed, 1 failed", "%s", text_get(&outcome.out));
    expect_part(&outcome.out, "error   weighted_matmul/f16/");
    expect_part(&outcome.out,
                "hipDeviceSynchronize(): cuCtxSynchronize: CUDA_ERROR_ILLEGAL_ADDRESS");
    outcome_free(&outcome);
}

static void expect_refusal(const char *words, int status, const char *const *parts, size_t count)
{
    struct outcome outcome = run_wavegauge(words);
    cr_expect_eq(outcome.status, status, "%d: %s%s", outcome.status, text_get(&outcome.out),
                 text_get(&outcome.errors));
    for (size_t i = 0; i < count; i++)
        expect_part(&outcome.errors, parts[i]);
    outcome_free(&outcome);
}

#define EXPECT_REFUSAL(words, status, ...)                                                         \
    do {                                                                                           \
        static const char *const parts[] = {__VA_ARGS__};                                          \
        expect_refusal(words, status, parts, sizeof parts / sizeof *parts);                        \
    } while (0)

Test(nvidia, what_is_missing_is_named)
{
    setenv("FAKE_CUDA_MISTAKE", "no device", 1);
    EXPECT_REFUSAL("run --device nvidia " SMALL, 3, "device nvidia is not there",
                   "looked for a GPU through", "libwavegauge-cuda.so",
                   "cuInit: CUDA_ERROR_NO_DEVICE");
    unsetenv("FAKE_CUDA_MISTAKE");
    setenv("WAVEGAUGE_CUDA_DRIVER", "/nowhere/libcuda.so.1", 1);
    EXPECT_REFUSAL("run --device nvidia " SMALL, 3, "device nvidia is not there",
                   "/nowhere/libcuda.so.1");
    setenv("WAVEGAUGE_CUDA_DRIVER", TEST_FAKE_CUDA_BROKEN, 1);
    EXPECT_REFUSAL("run --device nvidia " SMALL, 3, "has no function cuEventElapsedTime");
    setenv("WAVEGAUGE_CUDA_DRIVER", TEST_FAKE_CUDA, 1);
    setenv("WAVEGAUGE_NVCC", "/nowhere/nvcc", 1);
    EXPECT_REFUSAL("run --device nvidia " SMALL, 3, "WAVEGAUGE_NVCC is /nowhere/nvcc");
    setenv("WAVEGAUGE_DEVICE_LIBRARY", "/nowhere/libhip.so", 1);
    EXPECT_REFUSAL("run --device nvidia " SMALL, 3, "WAVEGAUGE_DEVICE_LIBRARY",
                   "/nowhere/libhip.so");
}

// With a PATH that has none; where the toolkit is installed, that one is taken.
Test(nvidia, no_compiler_where_one_would_be)
{
    struct compiler compiler;
    struct error error = {0};
    unsetenv("WAVEGAUGE_NVCC");
    setenv("PATH", scratch.folder, 1);
    if (access("/usr/local/cuda/bin/nvcc", X_OK) == 0) {
        cr_assert(compiler_find("sm_90", &compiler, &error));
        cr_expect_str_eq(compiler.path, "/usr/local/cuda/bin/nvcc");
        cr_expect_str_eq(compiler.name, "nvcc");
    } else {
        cr_assert_not(compiler_find("sm_90", &compiler, &error));
        cr_expect_eq(error.status, EXIT_MISSING);
        cr_expect(strstr(error.text, "PATH and for /usr/local/cuda/bin/nvcc") != NULL, "%s",
                  error.text);
    }
    scratch_write(&scratch, "nvcc", "#!/bin/sh\n");
    cr_assert_eq(system("/bin/chmod +x $PATH/nvcc"), 0);
    cr_assert(compiler_find("sm_90", &compiler, &error), "%s", error.text);
    cr_expect_str_eq(compiler.path, scratch_path(&scratch, "nvcc"));
    unsetenv("WAVEGAUGE_HIPCC");
    if (access("/opt/rocm/bin/hipcc", X_OK) != 0) {
        cr_assert_not(compiler_find("gfx1100", &compiler, &error));
        cr_expect(strstr(error.text, "hipcc is not there") != NULL, "%s", error.text);
    }
}

// The system's own library, where there is one, without a GPU; and a library without one.
Test(nvidia, amd_without_a_gpu)
{
    if (access("/dev/kfd", F_OK) != 0)
        EXPECT_REFUSAL("run --device amd " SMALL, 3, "device amd is not there: looked for",
                       "libamdhip64.so");
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_FAKE_HIP, 1);
    setenv("FAKE_HIP_MISTAKE", "no device", 1);
    EXPECT_REFUSAL("run --device amd " SMALL, 3,
                   "device amd is not there: looked for a GPU through", "hipGetDeviceCount",
                   "fake error (100)");
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_FAKE_CUDA_BROKEN "x", 1);
    EXPECT_REFUSAL("run --device amd " SMALL, 3, "device amd is not there");
}

// An AMD GPU's library and hipcc are taken by the same table.
Test(nvidia, amd_with_a_gpu)
{
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_FAKE_HIP, 1);
    setenv("WAVEGAUGE_HIPCC", TEST_FAKE_HIPCC, 1);
    setenv("HIP_DEVICE_LIB_PATH", scratch.folder, 1);
    expect_run(NULL, "run --device amd " SMALL, 0, "3 passed, 0 failed");
    struct text log = take_log();
    expect_part(&log, "--genco -O3 -g --offload-arch=gfx1100 ");
    text_free(&log);
}

static const char *write_case_file(const char *arguments, const char *source)
{
    char contents[2048];
    snprintf(contents, sizeof contents,
             WEIGHTED_MATMUL_CASE_HEAD
             "dtypes: [f32]\n"
             "launches:\n"
             "  - {function: weighted_matmul_f32, grid: 1, block: 1, args: [%s]}\n"
             "cases: [{seq_q: 5}]\n",
             arguments);
    scratch_write(&scratch, "mine.hip", source);
    return scratch_write(&scratch, "mine.yaml", contents);
}

#define ARGUMENTS "weights, v, out, i32 batch, i32 heads, i32 seq_q, i32 seq_k, i32 head_dim"

static const struct {
    const char *arguments, *source, *part;
} mistakes[] = {
    {"weights, v, out", "", "takes 8 arguments, found 3"},
    {ARGUMENTS ", i32 1", "", "takes 8 arguments, found 9"},
    {"weights, v, out, v, i32 heads, i32 seq_q, i32 seq_k, i32 head_dim", "",
     "argument 4 of the kernel 'weighted_matmul_f32' is a value of 4 bytes, found one of 8"},
    {"weights, v, i32 1, i32 batch, i32 heads, i32 seq_q, i32 seq_k, i32 head_dim", "",
     "argument 3 of the kernel 'weighted_matmul_f32' is a value of 8 bytes, found one of 4"},
    {ARGUMENTS, "syntax error", "nvcc does not compile"},
};

Test(nvidia, wrong_case_files_are_refused_before_anything_runs)
{
    char words[1024];
    snprintf(words, sizeof words, "run --device nvidia %s", write_case_file(ARGUMENTS, ""));
    expect_run(NULL, words, 0, "1 passed, 0 failed");
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        snprintf(words, sizeof words, "run --device nvidia %s",
                 write_case_file(mistakes[i].arguments, mistakes[i].source));
        expect_refusal(words, 2, &mistakes[i].part, 1);
    }
    // A driver that cannot tell what kernels take has nothing against it.
    setenv("WAVEGAUGE_CUDA_DRIVER", TEST_FAKE_CUDA_OLD, 1);
    snprintf(words, sizeof words, "run --device nvidia %s",
             write_case_file(ARGUMENTS ", i32 1", ""));
    expect_run(NULL, words, 0, "1 passed, 0 failed");
}

Test(nvidia, wrong_options)
{
    EXPECT_REFUSAL("run --device nvidia --arch gfx1030 " SMALL, 2, "--device nvidia has its own");
    EXPECT_REFUSAL("run --device nvidia --check all " SMALL, 2, "--device nvidia");
}

// With the layer as the library of every kind: the others are not asked for.
Test(nvidia, devices_names_it)
{
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_CUDA_LAYER, 1);
    struct outcome outcome = run_wavegauge("devices");
    cr_expect_eq(outcome.status, 0);
    expect_part(&outcome.out, "nvidia  GPU of no kind 70, sm_90, 1.0 GiB, from ");
    outcome_free(&outcome);
}

// The header that stands in for HIP's, through the real compiler where it is installed.
Test(nvidia, the_header_compiles)
{
    struct compiler compiler;
    struct code_object object;
    struct error error;
    char path[4096];
    unsetenv("WAVEGAUGE_NVCC");
    if (!compiler_find("sm_90", &compiler, &error) || !find_program("g++", path, sizeof path))
        cr_skip_test("no nvcc here, or no compiler for the host that it needs");
    struct kernel_source source = {.path = TEST_SOURCE_FOLDER "/tests/support/cuda_header.hip",
                                   .arch = "sm_90"};
    cr_assert(code_object_build(&source, &object, &error), "%s", error.text);
    cr_expect_eq(object.output.length, 0, "%s", text_get(&object.output));
    cr_expect_eq(memcmp(text_get(&object.image), "\177ELF", 4), 0);
    code_object_free(&object);
}
