// The samplers against the host: how long a batch of logits takes from host memory to tokens in
// host memory, by the GPU (copies of the logits and parameters there and of the tokens back
// included) and by all cores of the host:
//     host_samplers DEVICE KERNELS
//
// DEVICE is nvidia or amd, KERNELS the folder of the .hip files; libwavegauge-cuda.so must lie
// beside the program or in ../lib, as in a bundle. OMP_NUM_THREADS limits the host's cores.
//
// The host's side is what reference/sampling.c does, made fast: single precision, a row to a core
// at a time, no sorting of what is not needed (a pass over 2048 bins of keys finds the interval of
// the threshold, only that is sorted). Logits N(0, 3), temperature 1, k = 50, p = 0.9, in memory
// that the GPU copies without a stop on the way (hipHostMalloc). Prints the medians, in us, and how
// many tokens differ: sums in another order may move a draw to the neighbour.
#include "timing.h"

#include "harness/device.h"
#include "harness/kernel_build.h"

#include <dlfcn.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BINS = 2048,
    BIN_SHIFT = 21,
    SAMPLES = 21,
    TOP_K = 50,
    MOST_ROWS = 512,
    MOST_VOCAB = 151936,
    LOGITS = 4 * MOST_ROWS
};

static const float top_p = 0.9f;

struct element {
    float value, weight;
};

// What a thread needs for a row.
struct scratch {
    float weights[MOST_VOCAB];
    float kept[MOST_VOCAB]; // by top-k, and where they were
    int places[MOST_VOCAB];
    struct element interval[MOST_VOCAB];
};

static uint32_t order_key(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

static int compare_descending(const void *left, const void *right)
{
    float a = ((const struct element *)left)->value, b = ((const struct element *)right)->value;
    return (a < b) - (a > b);
}

// The largest value such that what lies from it on reaches the target: by the count of logits, or
// by their weight.
static float threshold(const float *logits, struct scratch *scratch, int vocab, bool by_weight,
                       float target)
{
    float sums[BINS] = {0}, above = 0;
    int count = 0, bin = BINS - 1;
    for (int i = 0; i < vocab; i++)
        sums[order_key(logits[i]) >> BIN_SHIFT] += by_weight ? scratch->weights[i] : 1;
    for (; bin > 0 && above + sums[bin] < target; bin--)
        above += sums[bin];
    for (int i = 0; i < vocab; i++)
        if ((int)(order_key(logits[i]) >> BIN_SHIFT) == bin)
            scratch->interval[count++] =
                (struct element){logits[i], by_weight ? scratch->weights[i] : 1};
    qsort(scratch->interval, (size_t)count, sizeof *scratch->interval, compare_descending);
    for (int i = 0; i < count; i++) {
        above += scratch->interval[i].weight;
        if (above >= target)
            return scratch->interval[i].value;
    }
    return count > 0 ? scratch->interval[count - 1].value : -FLT_MAX;
}

static float sum_from(const float *logits, const float *weights, int vocab, float lowest)
{
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < vocab; i++)
        sum += logits[i] >= lowest ? weights[i] : 0;
    return sum;
}

// Draws among logits from `lowest` on; with by_weight, among those of top-p alone.
static int draw(const float *logits, struct scratch *scratch, int count, bool by_weight,
                float uniform)
{
    float maximum = logits[0], lowest = -FLT_MAX, running = 0;
#pragma omp simd reduction(max : maximum)
    for (int i = 0; i < count; i++)
        maximum = logits[i] > maximum ? logits[i] : maximum;
#pragma omp simd
    for (int i = 0; i < count; i++)
        scratch->weights[i] = expf(logits[i] - maximum);
    if (by_weight)
        lowest = threshold(logits, scratch, count, true,
                           top_p * sum_from(logits, scratch->weights, count, lowest));
    const float target = uniform * sum_from(logits, scratch->weights, count, lowest);
    int last = 0;
    for (int i = 0; i < count; i++) {
        if (logits[i] < lowest)
            continue;
        last = i;
        running += scratch->weights[i];
        if (running > target)
            break;
    }
    return last;
}

static int sample_row(const float *logits, struct scratch *scratch, int vocab, bool by_count,
                      bool by_weight, float uniform)
{
    if (!by_count || vocab <= TOP_K)
        return draw(logits, scratch, vocab, by_weight, uniform);
    const float lowest = threshold(logits, scratch, vocab, false, TOP_K);
    int count = 0;
    for (int i = 0; i < vocab; i++) {
        scratch->kept[count] = logits[i];
        scratch->places[count] = i;
        count += logits[i] >= lowest;
    }
    return scratch->places[draw(scratch->kept, scratch, count, by_weight, uniform)];
}

static void sample_on_host(const float *logits, int rows, int vocab, bool by_count, bool by_weight,
                           const float *uniform, int *tokens)
{
    static _Thread_local struct scratch scratch;
#pragma omp parallel for schedule(dynamic)
    for (int row = 0; row < rows; row++)
        tokens[row] = sample_row(logits + (size_t)row * (size_t)vocab, &scratch, vocab, by_count,
                                 by_weight, uniform[row]);
}

// Host and device memory for the largest shape. What the device gets of a batch lies in one piece:
// temperature, top_p, uniform and top_k of its rows, then the logits, which begin at LOGITS
// whatever the batch.
struct memory {
    float *batch;
    int tokens[2][MOST_ROWS]; // by the device, by the host
    void *device_batch, *values, *places, *notes, *device_tokens;
};

static size_t first_parameter(int rows)
{
    return LOGITS - 4 * (size_t)rows;
}

struct sampler {
    const char *name;
    bool by_count, by_weight;
    int block_share, most_threads; // threads of the second launch: as cases/NAME.yaml has them
    hipFunction_t candidates, draw;
};

static bool ok(const struct device *device, hipError_t status, const char *call)
{
    if (status != hipSuccess)
        fprintf(stderr, "%s: %s\n", call, device->api.hipGetErrorString(status));
    return status == hipSuccess;
}

#define OK(call) ok(device, device->api.call, #call)

// From logits in host memory to tokens in host memory.
static bool sample_on_device(const struct device *device, const struct sampler *sampler,
                             struct memory *memory, int rows, int vocab)
{
    const size_t row_floats = 4 + (size_t)vocab;
    int parts = (vocab + 8063) / 8064, capacity = vocab < 2048 ? vocab : 2048;
    void *row_parameter[5]; // temperature, top_p, uniform, top_k, and the logits
    for (size_t i = 0; i < 5; i++)
        row_parameter[i] = (float *)memory->device_batch + first_parameter(rows) + i * (size_t)rows;
    void *arguments[16];
    size_t count = 0;
    arguments[count++] = &row_parameter[4];
    arguments[count++] = &row_parameter[0];
    if (sampler->by_count)
        arguments[count++] = &row_parameter[3];
    if (sampler->by_weight)
        arguments[count++] = &row_parameter[1];
    size_t second = count; // the second launch has uniform here
    void *first_arguments[16];
    memcpy(first_arguments, arguments, count * sizeof *arguments);
    arguments[second++] = &row_parameter[2];
    void *scratch[] = {&memory->values, &memory->places, &memory->notes};
    memcpy(first_arguments + count, scratch, sizeof scratch);
    memcpy(arguments + second, scratch, sizeof scratch);
    count += 3;
    second += 3;
    first_arguments[count++] = &rows;
    first_arguments[count++] = &vocab;
    first_arguments[count++] = &capacity;
    void *rest[] = {&memory->device_tokens, &rows, &vocab, &parts, &capacity};
    memcpy(arguments + second, rest, sizeof rest);
    int threads = (vocab + sampler->block_share - 1) / sampler->block_share * 256;
    threads = threads < sampler->most_threads ? threads : sampler->most_threads;
    return OK(hipMemcpy(row_parameter[0], memory->batch + first_parameter(rows),
                        (size_t)rows * row_floats * sizeof(float), hipMemcpyHostToDevice)) &&
           OK(hipModuleLaunchKernel(sampler->candidates, (unsigned)parts, (unsigned)rows, 1, 256, 1,
                                    1, 0, NULL, first_arguments, NULL)) &&
           OK(hipModuleLaunchKernel(sampler->draw, (unsigned)rows, 1, 1, (unsigned)threads, 1, 1, 0,
                                    NULL, arguments, NULL)) &&
           OK(hipMemcpy(memory->tokens[0], memory->device_tokens, (size_t)rows * sizeof(int),
                        hipMemcpyDeviceToHost));
}

static void set_parameters(float *parameters, size_t rows)
{
    const int top_k = TOP_K;
    for (size_t row = 0; row < rows; row++) {
        parameters[row] = 1;
        parameters[rows + row] = top_p;
        parameters[2 * rows + row] = (float)((row * 617) % 1000) / 1000;
        memcpy(parameters + 3 * rows + row, &top_k, sizeof top_k);
    }
}

static bool measure(const struct device *device, const struct sampler *sampler,
                    struct memory *memory, int rows, int vocab)
{
    double seconds[2][SAMPLES];
    int differ = 0;
    float *parameters = memory->batch + first_parameter(rows);
    set_parameters(parameters, (size_t)rows);
    for (int sample = -3; sample < SAMPLES; sample++) {
        const double start = seconds_now();
        if (!sample_on_device(device, sampler, memory, rows, vocab))
            return false;
        const double middle = seconds_now();
        sample_on_host(memory->batch + LOGITS, rows, vocab, sampler->by_count, sampler->by_weight,
                       parameters + 2 * rows, memory->tokens[1]);
        if (sample >= 0) {
            seconds[0][sample] = middle - start;
            seconds[1][sample] = seconds_now() - middle;
        }
    }
    for (int row = 0; row < rows; row++)
        differ += memory->tokens[0][row] != memory->tokens[1][row];
    const double gpu = median(seconds[0], SAMPLES), host = median(seconds[1], SAMPLES);
    printf("%-6s %4d x %6d  GPU with copies %9.1f us, host %9.1f us: %6.2f x; %d of %d tokens "
           "differ\n",
           sampler->name, rows, vocab, gpu * 1e6, host * 1e6, host / gpu, differ, rows);
    return true;
}

static bool load_sampler(const struct device *device, const char *folder, struct sampler *sampler)
{
    struct error error = {0};
    char path[4096], name[64];
    snprintf(path, sizeof path, "%s/%s.hip", folder, sampler->name);
    const struct kernel_source source = {.path = path, .arch = device->arch};
    struct code_object object = {0};
    hipModule_t module;
    if (!code_object_build(&source, &object, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return false;
    }
    const bool is_loaded = OK(hipModuleLoadData(&module, object.image.data));
    code_object_free(&object);
    if (!is_loaded)
        return false;
    snprintf(name, sizeof name, "%s_candidates_f32", sampler->name);
    if (!OK(hipModuleGetFunction(&sampler->candidates, module, name)))
        return false;
    snprintf(name, sizeof name, "%s_f32", sampler->name);
    return OK(hipModuleGetFunction(&sampler->draw, module, name));
}

// As the case files' `edge: 100`: N(0, 3), by Box and Muller.
static void fill(struct memory *memory)
{
    uint64_t state = 1;
    for (size_t i = LOGITS; i < LOGITS + (size_t)MOST_ROWS * MOST_VOCAB; i++) {
        double uniform[2];
        for (int j = 0; j < 2; j++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            uniform[j] = (double)((state >> 33) + 1) / 0x1p31;
        }
        memory->batch[i] =
            (float)(3 * sqrt(-2 * log(uniform[0])) * cos(6.283185307179586 * uniform[1]));
    }
}

static bool make_memory(const struct device *device, struct memory *memory)
{
    const size_t batch = (LOGITS + (size_t)MOST_ROWS * MOST_VOCAB) * sizeof(float),
                 candidates = (size_t)MOST_ROWS * ((MOST_VOCAB + 8063) / 8064) * 2048;
    hipError_t (*host_malloc)(void **, size_t, unsigned);
    *(void **)&host_malloc = dlsym(device->library, "hipHostMalloc");
    if (host_malloc == NULL) {
        fprintf(stderr, "%s has no hipHostMalloc\n", device->library_path);
        return false;
    }
    const bool is_made =
        ok(device, host_malloc((void **)&memory->batch, batch, 0), "hipHostMalloc") &&
        OK(hipMalloc(&memory->device_batch, batch)) &&
        OK(hipMalloc(&memory->values, candidates * sizeof(float))) &&
        OK(hipMalloc(&memory->places, candidates * sizeof(float))) &&
        OK(hipMalloc(&memory->notes, candidates / 2048 * 8 * sizeof(int))) &&
        OK(hipMalloc(&memory->device_tokens, MOST_ROWS * sizeof(int)));
    if (is_made)
        fill(memory);
    return is_made;
}

int main(int count, char **argument)
{
    static const int rows[] = {1, 16, 128, MOST_ROWS}, vocab[] = {32000, 128256, MOST_VOCAB};
    struct sampler samplers[] = {
        {.name = "topk", .by_count = true, .block_share = MOST_VOCAB, .most_threads = 256},
        {.name = "topp", .by_weight = true, .block_share = 32768, .most_threads = 1024},
        {.name = "fused",
         .by_count = true,
         .by_weight = true,
         .block_share = 32768,
         .most_threads = 512}};
    static struct memory memory;
    struct error error = {0};
    struct device device;
    if (count != 3) {
        fprintf(stderr, "usage: host_samplers nvidia|amd KERNELS\n");
        return 2;
    }
    if (!device_open(&device, argument[1], NULL, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 3;
    }
    if (!make_memory(&device, &memory))
        return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%s; host: %ld cores\n", device.name, sysconf(_SC_NPROCESSORS_ONLN));
    for (size_t s = 0; s < sizeof samplers / sizeof *samplers; s++) {
        if (!load_sampler(&device, argument[2], &samplers[s]))
            return 1;
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
            for (size_t v = 0; v < sizeof vocab / sizeof *vocab; v++)
                if (!measure(&device, &samplers[s], &memory, rows[r], vocab[v]))
                    return 1;
    }
    device_close(&device);
    return 0;
}
