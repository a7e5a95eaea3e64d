#include "case_data.h"

#include "own_reference.h"
#include "sampler_data.h"

#include <math.h>
#include <stdlib.h>

void case_data_free(struct case_data *data)
{
    for (size_t i = 0; i < MAX_TENSORS; i++) {
        free(data->inputs[i]);
        free(data->outputs[0][i]);
        free(data->outputs[1][i]);
        free(data->values[i]);
        free(data->expected[i]);
        free(data->magnitude[i]);
        free(data->expected_bytes[i]);
        if (data->legal[i] != NULL)
            legal_sets_free(data->legal[i], data->plan->tensors[i].count);
    }
}

static bool allocate(void **pointer, size_t count, size_t size)
{
    *pointer = calloc(count > 0 ? count : 1, size);
    return *pointer != NULL;
}

bool case_data_allocate(struct case_data *data, const struct plan *plan)
{
    bool good = true;
    data->plan = plan;
    for (size_t i = 0; good && i < plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &plan->tensors[i];
        enum tensor_io io = tensor->tensor->io;
        bool input = io == IO_IN || io == IO_INOUT, output = io == IO_OUT || io == IO_INOUT;
        bool bitwise = plan->reference->bitwise, draws = plan->reference->draws;
        if (input)
            good = allocate(&data->inputs[i], tensor->bytes, 1);
        if (good && input && !bitwise)
            good = allocate((void **)&data->values[i], tensor->count, sizeof(double));
        if (good && output)
            good = allocate(&data->outputs[0][i], tensor->bytes, 1) &&
                   allocate(&data->outputs[1][i], tensor->bytes, 1);
        if (good && output && bitwise)
            good = allocate(&data->expected_bytes[i], tensor->bytes, 1);
        if (good && output && draws)
            good = allocate((void **)&data->legal[i], tensor->count, sizeof(struct legal_set));
        if (good && output && !bitwise && !draws)
            good = allocate((void **)&data->expected[i], tensor->count, sizeof(double)) &&
                   allocate((void **)&data->magnitude[i], tensor->count, sizeof(double));
    }
    return good;
}

struct call_data {
    struct reference_tensor tensors[MAX_TENSORS];
    struct reference_dimension dimensions[MAX_DIMENSIONS];
};

static struct reference_call make_call(struct case_data *data, struct call_data *call_data)
{
    const struct plan *plan = data->plan;
    const struct case_file *file = plan->test->file;
    for (size_t i = 0; i < plan->tensor_count; i++)
        call_data->tensors[i] = (struct reference_tensor){
            .name = plan->tensors[i].tensor->name,
            .dtype = plan->tensors[i].dtype,
            .rank = plan->tensors[i].tensor->rank,
            .shape = plan->tensors[i].shape,
            .count = plan->tensors[i].count,
            .data = data->inputs[i],
            .values = data->values[i],
            .expected = data->expected[i],
            .magnitude = data->magnitude[i],
            .expected_bytes = data->expected_bytes[i],
            .legal = data->legal[i],
        };
    for (size_t i = 0; i < file->dimension_count; i++)
        call_data->dimensions[i] =
            (struct reference_dimension){file->dimensions[i].name, plan->test->dims[i]};
    return (struct reference_call){.tensor_count = plan->tensor_count,
                                   .tensors = call_data->tensors,
                                   .dimension_count = file->dimension_count,
                                   .dimensions = call_data->dimensions};
}

bool case_data_compute_reference(struct case_data *data, struct error *error)
{
    struct call_data call_data;
    struct reference_call call = make_call(data, &call_data);
    const struct plan *plan = data->plan;
    bool good = plan->test->file->own_reference != NULL
                    ? own_reference_compute(plan->test->file, &call, error)
                    : plan->reference->compute(&call, error);
    data->terms = call.terms;
    return good;
}

// exact_largest: of the numbers of the exact pass; 0: what suits the types.
static void fill(struct case_data *data, uint64_t seed, enum pass pass, uint64_t exact_largest)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        struct plan_tensor limited = data->plan->tensors[i], *tensor = &limited;
        limited.exact_largest = exact_largest;
        if (data->inputs[i] == NULL)
            continue;
        if (tensor->tensor->fill.kind == FILL_SAMPLER)
            sampler_data_fill(data->plan, i, seed, pass, data->inputs[i]);
        else
            input_data_fill(tensor, seed, data->plan->test->id, pass, data->inputs[i]);
        for (size_t j = 0; data->values[i] != NULL && j < tensor->count; j++)
            data->values[i][j] = dtype_load(tensor->dtype, data->inputs[i], j);
    }
}

// Sums of whole numbers below this are exact in f32, with some room for halves and quarters.
static const double exact_in_f32 = 0x1p22, exact_in_f64 = 0x1p51;

static bool answers_are_exact(const struct case_data *data)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        const enum dtype dtype = data->plan->tensors[i].dtype;
        const double largest = dtype == DTYPE_F64 ? exact_in_f64 : exact_in_f32;
        const double *expected = data->expected[i];
        if (expected == NULL || !dtype_info(dtype)->is_float)
            continue;
        for (size_t j = 0; j < data->plan->tensors[i].count; j++) {
            bool finite = isfinite(expected[j]);
            if (finite &&
                (data->magnitude[i][j] > largest || dtype_round(dtype, expected[j]) != expected[j]))
                return false;
        }
    }
    return true;
}

// The data of the exact pass for a reference of which nothing is known: the largest numbers on
// which its answers are exact. Where it gives no magnitudes, small ones are the best guess.
static void fill_exactly(struct case_data *data, uint64_t seed)
{
    static const uint64_t largest[] = {1023, 127, 15, 3, 1};
    const bool has_magnitudes = data->plan->check.kind == CHECK_BOUND;
    for (size_t i = 0; i < sizeof largest / sizeof *largest; i++) {
        struct error ignored; // whoever asks for the answers is told
        if (!has_magnitudes && largest[i] > 3)
            continue;
        fill(data, seed, PASS_EXACT, largest[i]);
        if (!case_data_compute_reference(data, &ignored) || answers_are_exact(data))
            return;
    }
}

void case_data_fill(struct case_data *data, uint64_t seed, enum pass pass)
{
    const struct plan *plan = data->plan;
    bool own = plan->test->file->own_reference != NULL;
    if (own && pass == PASS_EXACT && !plan->reference->bitwise)
        fill_exactly(data, seed);
    else
        fill(data, seed, pass, 0);
}

bool case_data_fit(struct case_data *data, size_t index, double *p_value, struct error *error)
{
    struct call_data call_data;
    struct reference_call call = make_call(data, &call_data);
    return data->plan->reference->fit(&call, data->outputs[0][index], p_value, error);
}
