#include "bench_data.h"

#include "sampler_data.h"
#include "text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ALIGNMENT = 256, MAX_THREADS = 64 };

void *bench_data_address(const struct bench_data *data, size_t set, size_t index)
{
    return data->device_sets + set * data->set_bytes + data->offsets[index];
}

static bool is_input(const struct plan_tensor *tensor)
{
    return tensor->tensor->io == IO_IN || tensor->tensor->io == IO_INOUT;
}

static bool is_output(const struct plan_tensor *tensor)
{
    return tensor->tensor->io == IO_OUT || tensor->tensor->io == IO_INOUT;
}

// The case with its independent dims at 1.
static bool plan_slice(struct bench_data *data, struct error *error)
{
    const struct test_case *test = data->plan->test;
    data->slice_test = *test;
    data->slice_count = 1;
    for (size_t i = 0; i < test->file->independent_count; i++) {
        int64_t *extent = &data->slice_test.dims[test->file->independent[i]];
        if (*extent < 1)
            continue;
        data->slice_count *= (size_t)*extent;
        *extent = 1;
    }
    data->slice_plan = plan_create(&data->slice_test, error);
    if (data->slice_plan == NULL)
        return false;
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        if (data->slice_plan->tensors[i].bytes * data->slice_count != data->plan->tensors[i].bytes)
            return error_set(error, EXIT_USAGE,
                             "%s: 'independent' does not fit the tensor '%s': %zu slices of %zu "
                             "bytes are not its %zu bytes",
                             test->file->path, data->plan->tensors[i].tensor->name,
                             data->slice_count, data->slice_plan->tensors[i].bytes,
                             data->plan->tensors[i].bytes);
    }
    return true;
}

static void choose_checked(struct bench_data *data)
{
    size_t count = data->slice_count;
    const size_t places[MAX_CHECKED_SLICES] = {0, count / 3, count / 3 * 2, count - 1};
    for (size_t i = 0; i < MAX_CHECKED_SLICES; i++) {
        if (data->checked_count == 0 || places[i] > data->checked[data->checked_count - 1])
            data->checked[data->checked_count++] = places[i];
    }
}

static void lay_out(struct bench_data *data)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &data->plan->tensors[i];
        data->offsets[i] = data->set_bytes;
        data->set_bytes += (tensor->bytes + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        data->touched_bytes += tensor->bytes;
        data->has_inout = data->has_inout || tensor->tensor->io == IO_INOUT;
    }
    if (data->set_bytes == 0)
        data->set_bytes = ALIGNMENT;
}

static uint64_t slice_seed(uint64_t seed, size_t slice)
{
    return seed + slice * 0x9e3779b97f4a7c15u;
}

struct filling {
    struct bench_data *data;
    uint64_t seed;
    atomic_size_t next;
};

static void fill_slice(struct bench_data *data, uint64_t seed, size_t slice)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &data->slice_plan->tensors[i];
        unsigned char *target = data->image + data->offsets[i] + slice * tensor->bytes;
        if (!is_input(tensor))
            continue;
        if (tensor->tensor->fill.kind == FILL_SAMPLER)
            sampler_data_fill(data->slice_plan, i, seed, PASS_RANDOM, target);
        else
            input_data_fill(tensor, seed, data->slice_test.id, PASS_RANDOM, target);
    }
}

static void *fill_slices(void *argument)
{
    struct filling *filling = argument;
    size_t slice;
    while ((slice = atomic_fetch_add(&filling->next, 1)) < filling->data->slice_count)
        fill_slice(filling->data, slice_seed(filling->seed, slice), slice);
    return NULL;
}

static void fill_image(struct bench_data *data, uint64_t seed)
{
    struct filling filling = {.data = data, .seed = seed};
    pthread_t threads[MAX_THREADS];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t started = 0, wanted = processors > 1 ? (size_t)processors - 1 : 0;
    if (wanted > MAX_THREADS)
        wanted = MAX_THREADS;
    if (wanted >= data->slice_count)
        wanted = data->slice_count - 1;
    while (started < wanted && pthread_create(&threads[started], NULL, fill_slices, &filling) == 0)
        started++;
    fill_slices(&filling);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

// The same numbers as in the image, with the answers.
static bool compute_answers(struct bench_data *data, uint64_t seed, struct error *error)
{
    for (size_t i = 0; i < data->checked_count; i++) {
        struct case_data *answers = &data->answers[i];
        if (!case_data_allocate(answers, data->slice_plan))
            return error_out_of_memory(error);
        case_data_fill(answers, slice_seed(seed, data->checked[i]), PASS_RANDOM);
        if (!case_data_compute_reference(answers, error))
            return false;
    }
    return true;
}

// A case of one slice has its inputs in the answers.
static void copy_inputs(struct bench_data *data)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        if (is_input(&data->plan->tensors[i]))
            memcpy(data->image + data->offsets[i], data->answers[0].inputs[i],
                   data->plan->tensors[i].bytes);
    }
}

static bool make_contents(struct bench_data *data, uint64_t seed, struct error *error)
{
    if (data->slice_count > 1)
        fill_image(data, seed);
    if (!compute_answers(data, seed, error))
        return false;
    if (data->slice_count == 1)
        copy_inputs(data);
    return true;
}

static bool choose_set_count(struct bench_data *data, const struct device_timer *timer, bool hot,
                             struct error *error)
{
    size_t free_bytes, total_bytes, wanted = 1;
    if (!HIP_CALL(timer->device, error, hipMemGetInfo(&free_bytes, &total_bytes)))
        return false;
    if (data->set_bytes > free_bytes)
        return error_set(error, EXIT_FAILED,
                         "the tensors take %zu MiB, the device has %zu MiB free",
                         data->set_bytes >> 20, free_bytes >> 20);
    if (!hot && data->touched_bytes > 0)
        wanted = (3 * timer->cache_bytes + data->touched_bytes - 1) / data->touched_bytes;
    // Whatever the sizes, half of the memory stays free.
    size_t most = free_bytes / 2 / data->set_bytes;
    data->set_count = wanted < most ? wanted : most > 0 ? most : 1;
    data->colder_than_cache = data->set_count * data->touched_bytes >= 2 * timer->cache_bytes;
    return true;
}

static void fill_with_poison(struct bench_data *data, int poison)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &data->plan->tensors[i];
        if (is_input(tensor))
            continue;
        for (size_t j = 0; j < tensor->count; j++)
            dtype_store_bits(tensor->dtype, data->image + data->offsets[i], j,
                             dtype_info(tensor->dtype)->poison[poison]);
    }
}

bool bench_data_reset(struct bench_data *data, const struct device *device, int poison,
                      struct error *error)
{
    fill_with_poison(data, poison);
    return HIP_CALL(
        device, error,
        hipMemcpy(data->device_sets, data->image, data->set_bytes, hipMemcpyHostToDevice));
}

// Set 0 becomes all others, twice as many with each copy.
static bool spread(struct bench_data *data, struct device_timer *timer, struct error *error)
{
    size_t done = 1;
    while (done < data->set_count) {
        size_t more = data->set_count - done < done ? data->set_count - done : done;
        char *target = data->device_sets + done * data->set_bytes;
        if (!TIMING_CALL(
                timer, error,
                hipMemcpyDtoDAsync(target, data->device_sets, more * data->set_bytes, NULL)))
            return false;
        done += more;
    }
    return HIP_CALL(timer->device, error, hipDeviceSynchronize());
}

bool bench_data_create(struct bench_data *data, struct device_timer *timer, const struct plan *plan,
                       uint64_t seed, bool hot, struct error *error)
{
    void *sets = NULL;
    *data = (struct bench_data){.plan = plan};
    if (!plan_slice(data, error))
        return false;
    choose_checked(data);
    lay_out(data);
    data->image = calloc(data->set_bytes, 1);
    if (data->image == NULL)
        return error_out_of_memory(error);
    if (!make_contents(data, seed, error) || !choose_set_count(data, timer, hot, error) ||
        !HIP_CALL(timer->device, error, hipMalloc(&sets, data->set_count * data->set_bytes)))
        return false;
    data->device_sets = sets;
    return bench_data_reset(data, timer->device, 0, error) && spread(data, timer, error);
}

void bench_data_free(struct bench_data *data, const struct device *device)
{
    for (size_t i = 0; i < data->checked_count; i++) {
        if (data->answers[i].plan != NULL)
            case_data_free(&data->answers[i]);
    }
    if (data->device_sets != NULL)
        device->api.hipFree(data->device_sets);
    free(data->image);
    plan_free(data->slice_plan);
    *data = (struct bench_data){0};
}

bool bench_data_download(struct bench_data *data, const struct device *device, size_t set,
                         int which, struct error *error)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &data->slice_plan->tensors[i];
        const char *from = bench_data_address(data, set, i);
        for (size_t j = 0; is_output(tensor) && tensor->bytes > 0 && j < data->checked_count; j++) {
            if (!HIP_CALL(device, error,
                          hipMemcpy(data->answers[j].outputs[which][i],
                                    from + data->checked[j] * tensor->bytes, tensor->bytes,
                                    hipMemcpyDeviceToHost)))
                return false;
        }
    }
    return true;
}
