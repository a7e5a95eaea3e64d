// links: scratch_folder
//
// bench/peers.py on a PyTorch that is none, whose work takes known times (support/fake_torch).
#include "harness/subprocess.h"
#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("FAKE_TORCH");
    unsetenv("WAVEGAUGE_CASES");
    setenv("PYTHONPATH", TEST_SOURCE_FOLDER "/tests/support/fake_torch", 1);
    setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(peers, .init = set_up, .fini = tear_down);

// Runs the script on `select` and expects this exit status and text in what it says.
static void expect_run(const char *select, int expected, const char *part)
{
    char path[512];
    snprintf(path, sizeof path, "%s", scratch_path(&scratch, "torch.json"));
    static const char script[] = TEST_SOURCE_FOLDER "/bench/peers.py";
    const char *const words[] = {"python3", script,         "--program", TEST_WAVEGAUGE, "--json",
                                 path,      "--least-time", "0",         select,         NULL};
    struct text output = {0};
    int status = -1;
    struct error error = {0};
    cr_assert(subprocess_run(words, &output, &status, &error), "%s", error.text);
    cr_expect_eq(status, expected, "%d, expected %d: %s", status, expected, text_get(&output));
    cr_expect(strstr(text_get(&output), part) != NULL, "no '%s' in: %s", part, text_get(&output));
    text_free(&output);
}

static json_t *read_document(void)
{
    json_error_t problem;
    json_t *document = json_load_file(scratch_path(&scratch, "torch.json"), 0, &problem);
    cr_assert(document != NULL, "%s", problem.text);
    return document;
}

static const json_t *find_case(const json_t *document, const char *id)
{
    size_t index;
    const json_t *item;
    json_array_foreach(json_object_get(document, "cases"), index, item)
    {
        if (strncmp(json_string_value(json_object_get(item, "id")), id, strlen(id)) == 0)
            return item;
    }
    cr_assert_fail("no case %s", id);
    return NULL;
}

static double median(const json_t *timing)
{
    return json_number_value(json_object_get(timing, "median_us"));
}

Test(peers, known_times_come_out)
{
    expect_run("weighted_matmul", 0, "10 passed, 0 failed");
    json_t *document = read_document();
    const json_t *timing =
        json_object_get(find_case(document, "weighted_matmul/f32/batch=4,"), "timing");
    cr_expect(fabs(median(timing) - 120) < 0.01, "%g", median(timing));
    cr_expect_str_eq(json_string_value(json_object_get(timing, "source")), "PyTorch: torch.matmul");
    cr_expect_eq(json_integer_value(json_object_get(timing, "samples")),
                 (json_int_t)json_array_size(json_object_get(timing, "samples_us")));
    cr_expect_eq(json_integer_value(json_object_get(timing, "batch")), 1);
    cr_expect_str_eq(json_string_value(json_object_get(timing, "stop")), "noise at the target");
    json_decref(document);
    // What `compare` reads: against itself nothing is faster or slower.
    char command[1024];
    const char *path = scratch_path(&scratch, "torch.json");
    snprintf(command, sizeof command, "compare %s %s", path, path);
    struct outcome outcome = run_wavegauge(command);
    cr_expect_eq(outcome.status, 0, "%s", text_get(&outcome.errors));
    cr_expect(strstr(text_get(&outcome.out), "10 same") != NULL, "%s", text_get(&outcome.out));
    outcome_free(&outcome);
}

Test(peers, short_work_is_timed_in_batches)
{
    expect_run("topk", 0, "12 passed");
    json_t *document = read_document();
    const json_t *timing = json_object_get(find_case(document, "topk/f32/batch=1,"), "timing");
    // topk, softmax, multinomial and gather.
    cr_expect(fabs(median(timing) - 40) < 0.01, "%g", median(timing));
    cr_expect_eq(json_integer_value(json_object_get(timing, "batch")), 5);
    json_decref(document);
}

Test(peers, the_fastest_way_is_the_case)
{
    expect_run("flash_nocausal", 0, "flash: No available kernel");
    json_t *document = read_document();
    const json_t *whole = json_object_get(find_case(document, "flash_nocausal/f32/"), "timing");
    cr_expect(fabs(median(whole) - 400) < 0.01, "%g", median(whole));
    cr_expect_eq(json_array_size(json_object_get(whole, "peers")), 4);
    const json_t *half = json_object_get(find_case(document, "flash_nocausal/f16/"), "timing");
    cr_expect(fabs(median(half) - 300) < 0.01, "%g", median(half));
    cr_expect_str_eq(json_string_value(json_object_get(half, "source")),
                     "PyTorch: scaled_dot_product_attention, cuDNN");
    json_decref(document);
}

Test(peers, refusals)
{
    setenv("FAKE_TORCH", "no memory", 1);
    expect_run("fused/f32", 1, "CUDA out of memory.");
    setenv("FAKE_TORCH", "no gpu", 1);
    expect_run("topk", 3, "PyTorch sees no GPU");
    unsetenv("FAKE_TORCH");
    expect_run("nothing_like_it", 4, "no case matches");
    // A folder whose torch cannot be imported, whatever this machine has.
    scratch_write(&scratch, "torch.py", "raise ImportError\n");
    setenv("PYTHONPATH", scratch.folder, 1);
    expect_run("topk", 3, "PyTorch is not there");
}
