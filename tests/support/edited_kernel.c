#include "edited_kernel.h"

#include "kernel_fixture.h"

#include "emulator/wavegauge_emu.h"

#include "harness/file_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const wanted[] = {"edited"};
// Where values are rounded, it depends on what stands in one basic block which products and sums
// become one instruction.
static const char *const flags[] = {"-ffp-contract=off"};

// On the clock of deadlines: seconds from now.
static double deadline_in(double seconds)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + seconds;
}

// As a search does it: the headers' text is compiled once.
static void precompile(struct edited_kernel *kernel)
{
    struct error error;
    const char *path =
        scratch_write(&kernel->scratch, "headers.hip", text_get(&kernel->text.prefix));
    snprintf(kernel->header, sizeof kernel->header, "%s/headers.pch", kernel->scratch.folder);
    cr_assert(kernel_source_precompile(&kernel->unit.source, path, kernel->header, &error), "%s",
              error.text);
    kernel->unit.header = kernel->header;
}

void edited_kernel_open(struct edited_kernel *kernel, const char *source)
{
    struct error error;
    char path[512];
    *kernel = (struct edited_kernel){.scratch = scratch_create(), .next_batch = 1};
    unsetenv("WAVEGAUGE_HIPCC");
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
    struct repair_unit *unit = &kernel->unit;
    snprintf(path, sizeof path, "%s/source.i", kernel->scratch.folder);
    char *source_path = strdup(scratch_write(&kernel->scratch, "edited.hip", source));
    cr_assert_not_null(source_path);
    unit->source = (struct kernel_source){
        .path = source_path, .arch = "gfx1030", .flag_count = 1, .flags = flags};
    unit->kernel = &kernel->text;
    unit->wanted = wanted;
    unit->wanted_count = 1;
    unit->folder = kernel->scratch.folder;
    unit->deadline = deadline_in(600);
    cr_assert(kernel_source_preprocess(&unit->source, path, &error), "%s", error.text);
    cr_assert(kernel_text_read(&kernel->text, path, unit->folder, wanted, 1, &error), "%s",
              error.text);
    cr_assert(kernel_edits_make(&kernel->text, &kernel->edits));
    cr_assert(edit_units_find(&kernel->text, &unit->units));
    precompile(kernel);
}

void edited_kernel_close(struct edited_kernel *kernel)
{
    free((char *)kernel->unit.source.path);
    edit_units_free(&kernel->unit.units);
    edits_free(&kernel->edits);
    kernel_text_free(&kernel->text);
    scratch_remove(&kernel->scratch);
}

struct repair_batch *edited_kernel_compile(struct edited_kernel *kernel, bool switched,
                                           const struct edit *const *edits, size_t count)
{
    struct repair_batch *batch = repair_batch_create(count);
    cr_assert_not_null(batch);
    batch->number = kernel->next_batch++;
    batch->switched = switched;
    batch->count = count;
    memcpy(batch->edits, edits, count * sizeof *edits);
    repair_batch_compile(&kernel->unit, batch);
    return batch;
}

static void count_finding(const struct wavegauge_report *report, void *user)
{
    struct edited_outcome *outcome = user;
    if (strcmp(report->check, "racecheck") == 0)
        outcome->races++;
    else if (outcome->findings++ == 0)
        snprintf(outcome->first, sizeof outcome->first, "%s", report->text);
}

static void launch(hipModule_t module, const char *name, void *const buffers[3],
                   struct edited_outcome *outcome)
{
    hipFunction_t function;
    int rows = EDITED_ROWS, columns = EDITED_COLUMNS;
    void *in = buffers[0], *indices = buffers[1], *out = buffers[2];
    void *arguments[] = {&in, &indices, &out, &rows, &columns};
    HIP_OK(hipMemset(out, 0, sizeof outcome->out));
    HIP_OK(hipModuleGetFunction(&function, module, name));
    wavegaugeSetReportHandler(count_finding, outcome);
    hipError_t started =
        hipModuleLaunchKernel(function, 2, 1, 1, 64, 1, 1, 0, NULL, arguments, NULL);
    hipError_t ended = hipDeviceSynchronize();
    outcome->error = (int)(started != hipSuccess ? started : ended);
    hipDeviceSynchronize(); // takes an error that would be reported once more
    wavegaugeSetReportHandler(NULL, NULL);
    if (outcome->error == hipSuccess)
        HIP_OK(hipMemcpy(outcome->out, out, sizeof outcome->out, hipMemcpyDeviceToHost));
}

// Small whole numbers: no product or sum of a few of them is rounded, in whatever way they are
// combined. Indices are in range, and some repeat.
static void fill(void *const buffers[3])
{
    float in[EDITED_WORDS];
    int indices[EDITED_WORDS];
    for (int i = 0; i < EDITED_WORDS; i++) {
        in[i] = (float)((i * 7919 + 13) % 31 - 15);
        indices[i] = (i * 37 + i / 5) % EDITED_COLUMNS;
    }
    HIP_OK(hipMemcpy(buffers[0], in, sizeof in, hipMemcpyHostToDevice));
    HIP_OK(hipMemcpy(buffers[1], indices, sizeof indices, hipMemcpyHostToDevice));
}

static void switch_on(hipModule_t module, size_t index)
{
    hipDeviceptr_t variable;
    size_t bytes;
    int number = index == SIZE_MAX ? 0 : (int)index + 1;
    HIP_OK(hipModuleGetGlobal(&variable, &bytes, module, EDIT_VARIABLE));
    cr_assert_eq(bytes, sizeof number);
    HIP_OK(hipMemcpy(variable, &number, sizeof number, hipMemcpyHostToDevice));
}

struct edited_outcome edited_kernel_run(const struct repair_batch *batch, size_t index)
{
    struct edited_outcome outcome = {.error = 0};
    struct error error;
    struct text image = {0};
    char name[128] = "edited", suffix[64];
    hipModule_t module;
    void *buffers[3];
    setenv("WAVEGAUGE_CHECK", "memcheck,initcheck,racecheck", 1);
    setenv("WAVEGAUGE_TIMEOUT", "0.5", 1);
    kernel_choose_device(KERNEL_TARGET_GFX1030);
    cr_assert(file_read(batch->object, &image, &error), "%s", error.text);
    HIP_OK(hipModuleLoadData(&module, image.data));
    text_free(&image);
    for (size_t i = 0; i < 3; i++)
        HIP_OK(hipMalloc(&buffers[i], EDITED_WORDS * sizeof(float)));
    if (batch->switched) {
        switch_on(module, index);
    } else {
        repair_suffix(batch, index, suffix, sizeof suffix);
        snprintf(name, sizeof name, "edited__wgv%s", suffix);
    }
    fill(buffers);
    launch(module, name, buffers, &outcome);
    for (size_t i = 0; i < 3; i++)
        HIP_OK(hipFree(buffers[i]));
    HIP_OK(hipModuleUnload(module));
    return outcome;
}

const char *edited_kernel_line(const struct edited_kernel *kernel, const struct edit *edit)
{
    static char buffer[1024];
    struct text line = {0};
    edit_append_line(&kernel->text, edit, &line);
    snprintf(buffer, sizeof buffer, "line %d: %s (%s, '%s')", kernel->text.tokens[edit->first].line,
             text_get(&line), edit->kind, edit->text);
    text_free(&line);
    return buffer;
}
