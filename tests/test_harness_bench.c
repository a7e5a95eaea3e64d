// links: scratch_folder
//
// `bench` and `compare` as programs, on a CUDA driver with a clock that the test sets: launches
// take known times with planted noise, drift, outliers and heat (support/fake_clock.h).
#include "scratch_folder.h"
#include "weighted_matmul_case.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct scratch scratch;

static const char case_file[] = WEIGHTED_MATMUL_CASE_HEAD
    "dtypes: [f32, f16]\n"
    "launches:\n"
    "  - function: weighted_matmul_{dtype}\n"
    "    grid: [1]\n"
    "    block: [64]\n"
    "    args: [weights, v, out, i32 batch, i32 heads, i32 seq_q, i32 seq_k, i32 head_dim]\n"
    "work: {flops: 2 * batch * heads * seq_q * seq_k * head_dim}\n"
    "independent: [batch, heads]\n"
    "cases:\n"
    "  - {batch: 1}\n"
    "bench:\n"
    "  - {dtype: [f32, f16], batch: 3, heads: 2, seq_q: 3}\n";

static void set_up(void)
{
    static const char *const others[] = {
        "WAVEGAUGE_CASES",   "WAVEGAUGE_DEVICE_LIBRARY", "FAKE_CUDA_MISTAKE",  "FAKE_HIP_MISTAKE",
        "NVCC_APPEND_FLAGS", "NVCC_PREPEND_FLAGS",       "FAKE_CUBLAS_MISTAKE"};
    scratch = scratch_create();
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        unsetenv(others[i]);
    setenv("WAVEGAUGE_CUDA_DRIVER", TEST_FAKE_CUDA, 1);
    setenv("WAVEGAUGE_NVML", TEST_FAKE_CUDA, 1);
    setenv("WAVEGAUGE_CUBLAS", TEST_FAKE_CUDA, 1);
    setenv("WAVEGAUGE_NVCC", TEST_FAKE_NVCC, 1);
    setenv("WAVEGAUGE_CACHE", scratch_path(&scratch, "cache"), 1);
    setenv("FAKE_CUDA_CLOCK", "us=50 noise=0.01", 1);
    scratch_write(&scratch, "mine.yaml", case_file);
    scratch_write(&scratch, "mine.hip", "// mine\n");
    scratch_write(&scratch, "slower.hip", "// takes 1.1 times as long\n");
    scratch_write(&scratch, "faster.hip", "// takes 0.9 times as long\n");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(bench, .init = set_up, .fini = tear_down);

static void expect_part(const struct text *text, const char *part)
{
    cr_expect(strstr(text_get(text), part) != NULL, "no '%s' in:\n%s", part, text_get(text));
}

// `words` where @ stands for the scratch folder.
static struct outcome run(const char *words)
{
    struct text text = {0};
    for (; *words != '\0'; words++) {
        if (*words == '@')
            text_append(&text, "%s/", scratch.folder);
        else
            text_append_bytes(&text, words, 1);
    }
    text_append(&text, "%s", "");
    struct outcome outcome = run_wavegauge(text_get(&text));
    text_free(&text);
    return outcome;
}

static void expect_run(const char *words, int status, const char *part)
{
    struct outcome outcome = run(words);
    cr_expect_eq(outcome.status, status, "%s: %d, expected %d: %s%s", words, outcome.status, status,
                 text_get(&outcome.out), text_get(&outcome.errors));
    text_append(&outcome.out, "%s", text_get(&outcome.errors));
    expect_part(&outcome.out, part);
    outcome_free(&outcome);
}

#define QUICK " --device nvidia --least-time 0.02 --time 0.5 "

// The timing of the first case of a document in the scratch folder.
static json_t *read_document(const char *name, json_t **timing)
{
    json_error_t problem;
    json_t *document = json_load_file(scratch_path(&scratch, name), 0, &problem);
    cr_assert(document != NULL, "%s: %s", name, problem.text);
    *timing = json_object_get(json_array_get(json_object_get(document, "cases"), 0), "timing");
    cr_assert(*timing != NULL);
    return document;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    cr_assert(json_is_number(value), "no number %s", key);
    return json_number_value(value);
}

Test(bench, known_times_come_out)
{
    json_t *timing;
    expect_run("bench @mine.yaml" QUICK "--json @a.json", 0, "2 passed, 0 failed");
    json_t *document = read_document("a.json", &timing);
    cr_expect(fabs(number(timing, "median_us") - 50) < 0.2, "%g", number(timing, "median_us"));
    // A launch of 50 us against events that cost nothing: batches of 200 us.
    cr_expect(number(timing, "batch") == 4 || number(timing, "batch") == 5);
    cr_expect_str_eq(json_string_value(json_object_get(timing, "stop")), "noise at the target");
    cr_expect_eq(number(timing, "samples"),
                 (double)json_array_size(json_object_get(timing, "samples_us")));
    // 432 operations, 3 * 2 * (9 + 12 + 12) numbers of 4 bytes.
    cr_expect_eq(number(timing, "flops"), 432);
    cr_expect_eq(number(timing, "bytes"), 792);
    double median = number(timing, "median_us");
    cr_expect(fabs(number(timing, "bytes_per_second") - 792e6 / median) < 1);
    const json_t *environment = json_object_get(document, "environment");
    cr_expect_eq(number(environment, "clock_mhz"), 1500);
    const json_t *ceilings = json_object_get(environment, "ceilings");
    // The fake copies 1 TB a second, which is read and written.
    cr_expect(fabs(number(ceilings, "copy_bytes_per_second") - 2e12) < 1e9);
    cr_expect(fabs(number(timing, "share_of_copy") * number(ceilings, "copy_bytes_per_second") -
                   number(timing, "bytes_per_second")) < 1);
    json_decref(document);
}

Test(bench, long_launches_are_timed_alone)
{
    json_t *timing;
    setenv("FAKE_CUDA_CLOCK", "us=300 noise=0.02 outliers=0.05", 1);
    expect_run("bench @mine.yaml:mine/f32" QUICK "--json @a.json", 0, "1 passed, 0 failed");
    json_t *document = read_document("a.json", &timing);
    cr_expect_eq(number(timing, "batch"), 1);
    cr_expect(fabs(number(timing, "median_us") - 300) < 3, "%g", number(timing, "median_us"));
    cr_expect_gt(number(timing, "outliers"), 0);
    cr_expect_gt(number(timing, "maximum_us"), 2000);
    json_decref(document);
}

Test(bench, hot_and_cold)
{
    json_t *timing;
    expect_run("bench @mine.yaml:mine/f32" QUICK "--json @cold.json", 0, "1 passed");
    expect_run("bench @mine.yaml:mine/f32" QUICK "--hot --json @hot.json", 0, "1 passed");
    json_t *document = read_document("cold.json", &timing);
    cr_expect_str_eq(json_string_value(json_object_get(timing, "cache")), "cold");
    // 792 bytes against three times a cache of 1038.
    cr_expect_eq(number(timing, "sets"), 4);
    json_decref(document);
    document = read_document("hot.json", &timing);
    cr_expect_str_eq(json_string_value(json_object_get(timing, "cache")), "hot");
    cr_expect_eq(number(timing, "sets"), 1);
    json_decref(document);
    expect_run("compare @cold.json @hot.json", 2, "time both alike");
}

Test(bench, wrong_kernels_fail_whatever_their_speed)
{
    setenv("FAKE_HIP_MISTAKE", "zeros", 1);
    expect_run("bench @mine.yaml" QUICK, 1, "before timing: 'out': 12 of 12 elements wrong");
    setenv("FAKE_HIP_MISTAKE", "last not written", 1);
    expect_run("bench @mine.yaml" QUICK, 1, "never written in slice 5");
    setenv("FAKE_HIP_MISTAKE", "random", 1);
    expect_run("bench @mine.yaml" QUICK, 1, "differ between two runs");
    // Right for the first slice; every slice has data of its own.
    setenv("FAKE_HIP_MISTAKE", "first matrix", 1);
    expect_run("bench @mine.yaml" QUICK, 1, "elements wrong in slice 2");
    setenv("FAKE_HIP_MISTAKE", "shifted", 1);
    expect_run("bench @mine.yaml" QUICK, 1, "0 passed, 2 failed");
}

// Right at first, wrong after many launches.
Test(bench, what_goes_wrong_while_timing_is_seen)
{
    setenv("FAKE_CUDA_MISTAKE", "wrong after 100 launches", 1);
    expect_run("bench @mine.yaml:mine/f32" QUICK, 1, "after timing: 'out': ");
    expect_run("bench @mine.yaml:mine/f32" QUICK "--against @slower.hip", 1,
               "after timing: 'out': ");
}

Test(bench, heat_drops_samples)
{
    json_t *timing;
    // Two launches of the check and three of the warm-up come first: it gets hot within the first
    // round of samples and cools within another.
    setenv("FAKE_CUDA_CLOCK", "us=300 hot_from=8 hot_to=61", 1);
    expect_run("bench @mine.yaml:mine/f32 --device nvidia --least-time 0 --time 5 --json @a.json",
               0, "dropped: throttled");
    json_t *document = read_document("a.json", &timing);
    cr_expect(number(timing, "dropped_throttled") >= 10, "%g", number(timing, "dropped_throttled"));
    // Those that took twice as long are gone.
    cr_expect(fabs(number(timing, "maximum_us") - 300) < 1, "%g", number(timing, "maximum_us"));
    cr_expect_eq(number(timing, "lowest_mhz"), 1500);
    json_decref(document);
    setenv("FAKE_CUDA_CLOCK", "us=300 hot_from=4", 1);
    expect_run("bench @mine.yaml:mine/f32" QUICK, 1, "the GPU's clock was throttled");
    // The power limit is what a busy GPU works at.
    setenv("FAKE_CUDA_CLOCK", "us=300 power_cap=1", 1);
    expect_run("bench @mine.yaml:mine/f32" QUICK, 0, "at the power limit");
    // Without NVML nobody knows, which is said.
    setenv("WAVEGAUGE_NVML", "/nowhere/libnvidia-ml.so.1", 1);
    expect_run("bench @mine.yaml:mine/f32" QUICK, 0, "clock not known");
}

// A launch of a second is not taken ten times before the time is looked at.
Test(bench, very_long_launches)
{
    json_t *timing;
    setenv("FAKE_CUDA_CLOCK", "us=1000000", 1);
    expect_run("bench @mine.yaml:mine/f32 --device nvidia --least-time 0 --time 0 --json @a.json",
               0, "time out");
    json_t *document = read_document("a.json", &timing);
    cr_expect_eq(number(timing, "samples"), 1);
    json_decref(document);
}

Test(bench, drift_is_named)
{
    setenv("FAKE_CUDA_CLOCK", "us=300 noise=0.001 drift=0.002", 1);
    expect_run("bench @mine.yaml:mine/f32 --device nvidia --least-time 0 --noise 0.0001 --time 5",
               0, "noise no longer improving");
    setenv("FAKE_CUDA_CLOCK", "us=300 noise=0.2", 1);
    expect_run("bench @mine.yaml:mine/f32 --device nvidia --least-time 0 --noise 0 --time 0", 0,
               "time out");
}

Test(bench, two_versions_in_turn)
{
    expect_run("bench @mine.yaml" QUICK "--against @slower.hip --json @a.json", 1, "slower: 5");
    expect_run("bench @mine.yaml" QUICK "--against @faster.hip", 0, "faster: 4");
    expect_run("bench @mine.yaml" QUICK "--against @mine.hip", 0, "same: ");
    expect_run("bench @mine.yaml" QUICK "--against @slower.hip --threshold 20%", 0, "same: ");
    json_t *timing;
    json_t *document = read_document("a.json", &timing);
    const json_t *against = json_object_get(timing, "against");
    cr_expect(fabs(number(against, "ratio") - 1.1) < 0.005, "%g", number(against, "ratio"));
    cr_expect_str_eq(json_string_value(json_object_get(against, "verdict")), "slower");
    json_decref(document);
    // A drift that both see changes neither verdict nor ratio.
    setenv("FAKE_CUDA_CLOCK", "us=300 noise=0.002 drift=0.0005", 1);
    expect_run("bench @mine.yaml:mine/f32" QUICK "--against @mine.hip", 0, "same: ");
    expect_run("bench @mine.yaml:mine/f32" QUICK "--against @slower.hip --json @a.json", 1,
               "slower: ");
    document = read_document("a.json", &timing);
    cr_expect(fabs(number(json_object_get(timing, "against"), "ratio") - 1.1) < 0.005);
    json_decref(document);
    expect_run("bench @mine.yaml" QUICK "--against @nowhere.hip", 2, "cannot read");
    scratch_write(&scratch, "broken.hip", "syntax error\n");
    expect_run("bench @mine.yaml" QUICK "--against @broken.hip", 1, "this is a syntax error");
}

static const json_t *first_peer(const json_t *timing)
{
    const json_t *peers = json_object_get(timing, "peers");
    cr_assert_eq(json_array_size(peers), 1);
    return json_array_get(peers, 0);
}

Test(bench, peers_are_timed_in_turn)
{
    json_t *timing;
    setenv("FAKE_CUDA_CLOCK", "us=300 noise=0.01 drift=0.0005 peer=1.25", 1);
    expect_run("bench @mine.yaml" QUICK "--peers --json @a.json", 0,
               "x as fast as cuBLAS 13.1.2, ");
    json_t *document = read_document("a.json", &timing);
    const json_t *peer = first_peer(timing);
    cr_expect_str_eq(json_string_value(json_object_get(peer, "name")), "cuBLAS 13.1.2");
    cr_expect(fabs(number(peer, "speed") - 1.25) < 0.01, "%g", number(peer, "speed"));
    cr_expect(number(peer, "speed_low") < 1.25 && number(peer, "speed_high") > 1.25);
    cr_expect_eq(number(peer, "samples"),
                 (double)json_array_size(json_object_get(peer, "samples_us")));
    cr_expect_eq(number(json_object_get(document, "environment"), "cublas_version"), 130102);
    cr_expect_null(json_object_get(timing, "against"));
    json_decref(document);
    // A peer that is faster or slower is no reason to fail, nor is a kernel without one.
    setenv("FAKE_CUDA_CLOCK", "us=50 peer=0.5", 1);
    expect_run("bench @mine.yaml" QUICK "--peers --json @a.json", 0, "0.500 x as fast");
    expect_run("bench @mine.yaml" QUICK "--json @b.json", 0, "2 passed");
    document = read_document("b.json", &timing);
    cr_expect_null(json_object_get(timing, "peers"));
    json_decref(document);
}

static const char copy_file[] = "kernel: copied\n"
                                "source: mine.hip\n"
                                "reference: buffer_copy\n"
                                "dims: {bytes: 4096, src_offset: 0, dst_offset: 0}\n"
                                "dtypes: [u8]\n"
                                "tensors:\n"
                                "  src: {io: in, shape: [src_offset + bytes], fill: bits}\n"
                                "  dst: {io: inout, shape: [dst_offset + bytes + 48], fill: bits}\n"
                                "launches:\n"
                                "  - function: buffer_copy\n"
                                "    grid: [1]\n"
                                "    block: [256]\n"
                                "    args: [src, dst, i64 bytes, i64 src_offset, i64 dst_offset]\n"
                                "check: bits\n"
                                "cases:\n"
                                "  - {bytes: 1}\n"
                                "bench:\n"
                                "  - {bytes: 500000, src_offset: 3, dst_offset: 5}\n";

// Of the driver's own copy the fake moves 1 TB a second; its answers are checked too.
Test(bench, the_copy_has_the_driver_as_a_peer)
{
    json_t *timing;
    scratch_write(&scratch, "copied.yaml", copy_file);
    setenv("FAKE_CUDA_CLOCK", "us=0.25", 1);
    // No cuBLAS is needed for it.
    setenv("WAVEGAUGE_CUBLAS", "/nowhere/libcublas.so.13", 1);
    expect_run("bench @copied.yaml" QUICK "--peers --json @a.json", 0, "as fast as cuMemcpyDtoD");
    json_t *document = read_document("a.json", &timing);
    cr_expect(fabs(number(first_peer(timing), "median_us") - 0.5) < 0.01);
    cr_expect(fabs(number(first_peer(timing), "speed") - 2) < 0.05);
    json_decref(document);
}

Test(bench, peers_that_are_wrong_or_not_there)
{
    json_t *timing;
    setenv("FAKE_CUBLAS_MISTAKE", "wrong", 1);
    expect_run("bench @mine.yaml" QUICK "--peers --json @a.json", 0,
               "cuBLAS 13.1.2 was not timed: cuBLAS 13.1.2: as a peer: 'out': ");
    json_t *document = read_document("a.json", &timing);
    cr_expect_null(json_object_get(first_peer(timing), "speed"));
    cr_expect_not_null(json_object_get(first_peer(timing), "message"));
    cr_expect(fabs(number(timing, "median_us") - 50) < 1);
    json_decref(document);
    setenv("FAKE_CUBLAS_MISTAKE", "fail multiply", 1);
    expect_run("bench @mine.yaml" QUICK "--peers", 1, "cublasGemmStridedBatchedEx failed with");
    setenv("FAKE_CUBLAS_MISTAKE", "fail create", 1);
    expect_run("bench @mine.yaml" QUICK "--peers", 1, "cublasCreate failed with status 14");
    unsetenv("FAKE_CUBLAS_MISTAKE");
    setenv("FAKE_HIP_MISTAKE", "zeros", 1);
    expect_run("bench @mine.yaml" QUICK "--peers", 1, "before timing: 'out': 12 of 12");
    unsetenv("FAKE_HIP_MISTAKE");
    setenv("WAVEGAUGE_CUBLAS", "/nowhere/libcublas.so.13", 1);
    expect_run("bench @mine.yaml" QUICK "--peers", 3, "/nowhere/libcublas.so.13");
    setenv("WAVEGAUGE_CUBLAS", TEST_FAKE_HIP, 1);
    expect_run("bench @mine.yaml" QUICK "--peers", 3, "no function cublasCreate_v2");
    // Where this machine has a cuBLAS, that one is found, and finds no GPU.
    unsetenv("WAVEGAUGE_CUBLAS");
    bool is_there = dlopen("libcublas.so.13", RTLD_NOW) != NULL ||
                    access("/usr/local/cuda/lib64/libcublas.so.13", R_OK) == 0 ||
                    dlopen("libcublas.so.12", RTLD_NOW) != NULL ||
                    access("/usr/local/cuda/lib64/libcublas.so.12", R_OK) == 0;
    expect_run("bench @mine.yaml" QUICK "--peers", is_there ? 1 : 3,
               is_there ? "cublasCreate failed" : "set WAVEGAUGE_CUBLAS to its path");
    expect_run("bench @mine.yaml" QUICK "--peers --against @slower.hip", 2, "give one of them");
}

Test(bench, compare_two_runs)
{
    expect_run("bench @mine.yaml" QUICK "--json @old.json", 0, "2 passed");
    setenv("FAKE_CUDA_CLOCK", "us=54 noise=0.01", 1);
    expect_run("bench @mine.yaml" QUICK "--json @new.json --baseline @old.json", 1,
               "0 faster, 2 slower, 0 same, 0 unclear");
    expect_run("compare @old.json @new.json", 1, "slower   mine/f32/");
    expect_run("compare @new.json @old.json", 0, "2 faster, 0 slower, 0 same, 0 unclear");
    expect_run("compare @old.json @old.json", 0, "0 faster, 0 slower, 2 same, 0 unclear");
    expect_run("compare @old.json @new.json --threshold 10%", 0, "2 same");
    setenv("FAKE_CUDA_CLOCK", "us=50.5 noise=0.5", 1);
    expect_run("bench @mine.yaml:mine/f32 --device nvidia --least-time 0 --time 0 --json @few.json",
               0, "1 passed");
    expect_run("compare @old.json @few.json", 0, "gone     mine/f16/");
    expect_run("compare @few.json @old.json", 0, "new      mine/f16/");
    expect_run("compare @old.json @few.json", 0, "1 unclear");
    // A case that is wrong now has no time.
    setenv("FAKE_HIP_MISTAKE", "zeros", 1);
    expect_run("bench @mine.yaml:mine/f32" QUICK "--json @wrong.json", 1, "0 passed, 1 failed");
    unsetenv("FAKE_HIP_MISTAKE");
    expect_run("compare @old.json @wrong.json", 2, "holds no timings");
    setenv("FAKE_CUDA_MISTAKE", "illegal address in f16", 1);
    expect_run("bench @mine.yaml" QUICK "--json @half.json", 1, "1 passed, 1 failed");
    expect_run("compare @old.json @half.json", 0, "the other says: error");
}

Test(bench, compare_refuses_what_does_not_fit)
{
    expect_run("bench @mine.yaml" QUICK "--json @old.json", 0, "2 passed");
    scratch_write(&scratch, "text.json", "this is no JSON");
    scratch_write(&scratch, "other.json", "{\"schema\": \"other\", \"cases\": []}");
    scratch_write(
        &scratch, "run.json",
        "{\"schema\": \"wavegauge/1\", \"environment\": {}, \"cases\": [{\"id\": \"a\"}]}");
    scratch_write(
        &scratch, "device.json",
        "{\"schema\": \"wavegauge/1\", \"environment\": {\"device_name\": \"b\"}, \"cases\": "
        "[{\"id\": \"a\", \"timing\": {\"samples_us\": [1, 2]}}]}");
    scratch_write(&scratch, "strange.json",
                  "{\"schema\": \"wavegauge/1\", \"environment\": {}, \"cases\": "
                  "[{\"id\": \"a\", \"timing\": {\"samples_us\": [1, \"x\", -1]}}]}");
    expect_run("compare @old.json", 2, "needs two files");
    expect_run("compare @old.json @nowhere.json", 2, "nowhere.json");
    expect_run("compare @old.json @text.json", 2, "text.json:1:");
    expect_run("compare @old.json @other.json", 2, "no document of the schema");
    expect_run("compare @old.json @run.json", 2, "holds no timings");
    expect_run("compare @old.json @device.json", 2, "times of different devices");
    expect_run("compare @old.json @strange.json", 2, "sample 1 is no time above zero");
    expect_run("compare @old.json @old.json --threshold x", 2, "expected a share");
    expect_run("compare @old.json @old.json --threshold 100%", 2, "expected a share");
}

Test(bench, self_test)
{
    expect_run("bench --self-test --device nvidia", 0, "self-test: 0 wrong");
    // A device whose events lie is found out: by the host's clock and by the driver's.
    setenv("FAKE_CUDA_CLOCK", "slow=1.2", 1);
    struct outcome outcome = run("bench --self-test --device nvidia");
    cr_expect_eq(outcome.status, 1, "%s", text_get(&outcome.out));
    expect_part(&outcome.out, "WRONG 0.3 s of the device's clock");
    expect_part(&outcome.out, "WRONG ticks a microsecond");
    outcome_free(&outcome);
}

Test(bench, refusals)
{
    expect_run("bench @mine.yaml", 2, "nothing is ever timed on it");
    expect_run("bench @mine.yaml --device emu", 2, "nothing is ever timed on it");
    expect_run("bench nothing_like_it --device nvidia", 4, "no case matches");
    expect_run("bench @mine.yaml --device nvidia --time -1", 2, "expected seconds");
    expect_run("bench @mine.yaml --device nvidia --noise x", 2, "expected a share");
    expect_run("bench @mine.yaml --device nvidia --baseline @nowhere.json", 2, "nowhere.json");
    expect_run("bench --list @mine.yaml", 0, "mine/f16/batch=3,heads=2,seq_q=3,seq_k=3,head_dim=4");
    expect_run("bench --list", 0, "flash_nocausal/f16/batch=1,heads=16,seq_q=4096,seq_k=4096");
    expect_run("bench --list topk", 0, "topk/f32/batch=512,vocab=151936,edge=100");
    expect_run("bench --help", 0, "--against");
    expect_run("compare --help", 0, "--threshold");
    setenv("WAVEGAUGE_NVCC", "/nowhere/nvcc", 1);
    expect_run("bench @mine.yaml --device nvidia", 3, "/nowhere/nvcc");
    setenv("WAVEGAUGE_CUDA_DRIVER", "/nowhere/libcuda.so.1", 1);
    expect_run("bench @mine.yaml --device nvidia", 3, "device nvidia is not there");
}

// What the device says while it is timed is an error of the case, or of the whole run.
Test(bench, device_errors)
{
    setenv("FAKE_CUDA_MISTAKE", "illegal address in f16", 1);
    expect_run("bench @mine.yaml" QUICK, 1, "CUDA_ERROR_ILLEGAL_ADDRESS");
    setenv("FAKE_CUDA_MISTAKE", "fail cuEventRecord 999", 1);
    expect_run("bench @mine.yaml" QUICK, 1,
               "what times kernels does not work here: hipEventRecord");
    setenv("FAKE_CUDA_MISTAKE", "fail cuMemAlloc_v2 2", 1);
    expect_run("bench @mine.yaml" QUICK, 1, "CUDA_ERROR_OUT_OF_MEMORY");
}

Test(bench, independent_dims_are_checked)
{
    struct text text = {0};
    const char *found = strstr(case_file, "independent: [batch, heads]");
    text_append(&text, "%.*sindependent: [batch, seq_k]%s", (int)(found - case_file), case_file,
                found + strlen("independent: [batch, heads]"));
    scratch_write(&scratch, "wrong.yaml", text_get(&text));
    expect_run("bench @wrong.yaml" QUICK, 1, "'independent' does not fit the tensor 'out'");
    text_free(&text);
    text_append(&text, "%.*sindependent: [batch, rows]%s", (int)(found - case_file), case_file,
                found + strlen("independent: [batch, heads]"));
    scratch_write(&scratch, "wrong.yaml", text_get(&text));
    expect_run("bench @wrong.yaml" QUICK, 2, "wrong.yaml:16:22: found 'rows', expected the name");
    text_free(&text);
}
