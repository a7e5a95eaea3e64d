// Probes by codes: one input holds the numbers of its own elements, the others pick out single
// elements of it, so that the right output is made of codes. What the kernel gives instead are the
// codes of the elements that it read. Where a type cannot hold all the numbers, they are sent in
// digits, one run each.
#include "probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCATTERED = -1, MOST_DIGITS = 4, LINES = 2, LARGEST = 1 << 20 };

struct probe {
    struct inquiry *inquiry;
    struct case_data data;
    size_t tensor;           // that holds codes
    struct tensor_view view; // of that
    int64_t base;            // digits are 1 to base
    int digits;
    int64_t *read, *right; // by element of the output: the number, -1: no code, -2: not written
};

static int64_t base_of(enum dtype dtype)
{
    switch (dtype) {
    case DTYPE_F32:
        return 1 << 23;
    case DTYPE_F16:
        return 2000;
    default:
        return 250;
    }
}

// Rows with a single 1, in a column that goes on from row to row by a step that is no divisor.
static void fill_selector(const struct plan_tensor *tensor, void *data)
{
    size_t rank = tensor->tensor->rank;
    size_t columns = rank > 0 ? (size_t)tensor->shape[rank - 1] : 1;
    for (size_t i = 0; columns > 0 && i < tensor->count; i++) {
        size_t row = i / columns;
        dtype_store(tensor->dtype, data, i, i % columns == (row * 5 + row / columns + 1) % columns);
    }
}

// For each column of keys one row is 0 and the others -1: a query that has a large number in that
// column picks out that row.
static void fill_keys(const struct plan_tensor *tensor, void *data)
{
    size_t rank = tensor->tensor->rank;
    size_t columns = rank > 0 ? (size_t)tensor->shape[rank - 1] : 1;
    size_t rows = rank > 1 ? (size_t)tensor->shape[rank - 2] : 1;
    for (size_t i = 0; columns > 0 && rows > 0 && i < tensor->count; i++) {
        size_t row = i / columns % rows, column = i % columns, matrix = i / columns / rows;
        dtype_store(tensor->dtype, data, i, row == (column * 5 + matrix + 1) % rows ? 0 : -1);
    }
}

static void fill_others(struct probe *probe)
{
    const struct plan *plan = probe->data.plan;
    for (size_t i = 0; i < plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &plan->tensors[i];
        void *data = probe->data.inputs[i];
        if (data == NULL || i == probe->tensor)
            continue;
        if (plan->reference->bitwise)
            memset(data, 0, tensor->bytes);
        else if (tensor->tensor->fill.kind == FILL_KEYS)
            fill_keys(tensor, data);
        else if (tensor->tensor->fill.kind != FILL_QUERIES && dtype_info(tensor->dtype)->is_float &&
                 tensor->tensor->rank > 1)
            fill_selector(tensor, data);
        for (size_t j = 0; probe->data.values[i] != NULL && j < tensor->count; j++)
            probe->data.values[i][j] = dtype_load(tensor->dtype, data, j);
    }
}

static int64_t power(int64_t base, int exponent)
{
    int64_t result = 1;
    while (exponent-- > 0)
        result *= base;
    return result;
}

// Codes without order, by which a mean of several elements is told from one that lies between.
static int64_t scattered_code(const struct probe *probe, int64_t index)
{
    uint64_t bits = (uint64_t)index * 0x9e3779b97f4a7c15u;
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
    return 1 + (int64_t)((bits ^ bits >> 31) % (uint64_t)probe->base);
}

static int64_t code_of(const struct probe *probe, int64_t index, int digit)
{
    return digit == SCATTERED ? scattered_code(probe, index)
                              : 1 + index / power(probe->base, digit) % probe->base;
}

static void fill_codes(struct probe *probe, int digit)
{
    for (size_t i = 0; i < probe->view.count; i++) {
        double code = (double)code_of(probe, (int64_t)i, digit);
        dtype_store(probe->view.dtype, probe->data.inputs[probe->tensor], i, code);
        if (probe->data.values[probe->tensor] != NULL)
            probe->data.values[probe->tensor][i] = code;
    }
}

// Adds a digit to a number; what is no digit, or not the right scattered code, makes it none.
static int64_t add_digit(const struct probe *probe, int64_t number, double value, int digit)
{
    if (number < 0)
        return number;
    if (digit == SCATTERED)
        return fabs(value - (double)scattered_code(probe, number)) <= 1e-3 ? number : -1;
    double nearest = nearbyint(value);
    if (!(fabs(value - nearest) <= 1e-3) || nearest < 1 || nearest > (double)probe->base)
        return -1;
    return number + ((int64_t)nearest - 1) * power(probe->base, digit);
}

static bool read_digit(struct probe *probe, int digit)
{
    struct error error;
    struct inquiry *inquiry = probe->inquiry;
    const struct diagnosis_kernel *kernel = &inquiry->request->kernel;
    const struct tensor_view *out = inquiry->view;
    const size_t output = inquiry->output;
    fill_codes(probe, digit);
    if (!case_data_compute_reference(&probe->data, &error))
        return false;
    evidence_read_reference(&probe->data, output, out, inquiry->value, inquiry->tolerance);
    for (size_t i = 0; i < out->count; i++)
        probe->right[i] = add_digit(probe, probe->right[i], inquiry->value[i], digit);
    for (int poison = 0; poison < 2; poison++) {
        if (!kernel->run(kernel->user, (const void *const *)probe->data.inputs, poison,
                         probe->data.outputs[poison]))
            return false;
    }
    for (size_t i = 0; i < out->count; i++) {
        const struct dtype_info *info = dtype_info(out->dtype);
        uint64_t first = dtype_load_bits(out->dtype, probe->data.outputs[0][output], i);
        uint64_t second = dtype_load_bits(out->dtype, probe->data.outputs[1][output], i);
        probe->read[i] =
            add_digit(probe, probe->read[i],
                      dtype_load(out->dtype, probe->data.outputs[0][output], i), digit);
        if (first == info->poison[0] && second == info->poison[1])
            probe->read[i] = -2;
    }
    return true;
}

static bool is_telling(const struct probe *probe)
{
    size_t codes = 0, count = probe->inquiry->view->count;
    for (size_t i = 0; i < count; i++)
        codes += probe->right[i] >= 0 && probe->right[i] < (int64_t)probe->view.count;
    return codes > 0 && codes >= count / 2;
}

// Whether the kernel used another element than the right one, or none.
enum use { USE_RIGHT, USE_OTHER, USE_NONE, USE_UNWRITTEN };

static enum use use_of(const struct probe *probe, size_t i)
{
    if (probe->right[i] < 0 || probe->read[i] == probe->right[i])
        return USE_RIGHT;
    if (probe->read[i] == -2)
        return USE_UNWRITTEN;
    return probe->read[i] >= 0 && probe->read[i] < (int64_t)probe->view.count ? USE_OTHER
                                                                              : USE_NONE;
}

static void append_line(const struct probe *probe, size_t i, struct text *text)
{
    text_append(text, "%sprobe: ", text->length > 0 ? "\n" : "");
    tensor_view_append_place(probe->inquiry->view, i, text);
    if (use_of(probe, i) == USE_OTHER) {
        text_append(text, " used ");
        tensor_view_append_place(&probe->view, (size_t)probe->read[i], text);
        text_append(text, " in place of ");
        tensor_view_append_place(&probe->view, (size_t)probe->right[i], text);
    } else {
        text_append(text, " is no single element of '%s', where ", probe->view.name);
        tensor_view_append_place(&probe->view, (size_t)probe->right[i], text);
        text_append(text, " belongs");
    }
}

static void append_lines(const struct probe *probe, enum use use, int lines, struct text *text)
{
    const size_t count = probe->inquiry->view->count;
    size_t all = 0;
    int shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (use_of(probe, i) != use)
            continue;
        all++;
        if (shown < lines) {
            append_line(probe, i, text);
            shown++;
        }
    }
    if (all > (size_t)shown)
        text_append(text, " (and %zu more)", all - (size_t)shown);
}

static void describe(const struct probe *probe, struct text *text)
{
    size_t uses[4] = {0};
    for (size_t i = 0; i < probe->inquiry->view->count; i++)
        uses[use_of(probe, i)]++;
    if (uses[USE_OTHER] > 0)
        append_lines(probe, USE_OTHER, LINES, text);
    else if (uses[USE_NONE] > 0)
        append_lines(probe, USE_NONE, 1, text);
    else if (uses[USE_UNWRITTEN] == 0)
        text_append(text, "%sprobe: the right elements of '%s' are used, one by one",
                    text->length > 0 ? "\n" : "", probe->view.name);
}

// With ones in place of codes, what is made of one element is 1. Other elements tell nothing.
static bool find_single(struct probe *probe)
{
    struct error error;
    struct inquiry *inquiry = probe->inquiry;
    const int64_t base = probe->base;
    probe->base = 1;
    fill_codes(probe, 0);
    probe->base = base;
    if (!case_data_compute_reference(&probe->data, &error))
        return false;
    evidence_read_reference(&probe->data, inquiry->output, inquiry->view, inquiry->value,
                            inquiry->tolerance);
    for (size_t i = 0; i < inquiry->view->count; i++)
        probe->right[i] = fabs(inquiry->value[i] - 1) <= 1e-6 ? 0 : -1;
    return true;
}

static bool run_probe(struct probe *probe)
{
    fill_others(probe);
    if (!find_single(probe) || !is_telling(probe))
        return false;
    for (int digit = 0; digit < probe->digits; digit++) {
        if (!read_digit(probe, digit) || !is_telling(probe))
            return false;
    }
    return read_digit(probe, SCATTERED) && is_telling(probe);
}

static void probe_tensor(struct inquiry *inquiry, size_t tensor, struct text *text)
{
    const struct plan *plan = inquiry->request->plan;
    const size_t count = inquiry->view->count;
    struct probe probe = {.inquiry = inquiry, .tensor = tensor};
    probe.view = tensor_view_of(&plan->tensors[tensor], plan->reference->bitwise);
    enum dtype narrow = dtype_info(inquiry->view->dtype)->size < dtype_info(probe.view.dtype)->size
                            ? inquiry->view->dtype
                            : probe.view.dtype;
    probe.base = base_of(narrow);
    while (power(probe.base, probe.digits) < (int64_t)probe.view.count)
        probe.digits++;
    probe.digits += probe.digits == 0;
    probe.read = calloc(count + 1, sizeof *probe.read);
    probe.right = calloc(count + 1, sizeof *probe.right);
    if (probe.digits <= MOST_DIGITS && probe.read != NULL && probe.right != NULL &&
        case_data_allocate(&probe.data, plan)) {
        case_data_fill(&probe.data, inquiry->request->seed, PASS_EXACT);
        if (run_probe(&probe))
            describe(&probe, text);
    }
    if (probe.data.plan != NULL)
        case_data_free(&probe.data);
    free(probe.read);
    free(probe.right);
}

char *probe_kernel(struct inquiry *inquiry)
{
    const struct plan *plan = inquiry->request->plan;
    struct text text = {0};
    if (plan->reference->draws)
        return NULL;
    for (size_t i = 0; i < plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &plan->tensors[i];
        bool input = inquiry->evidence[0].data.inputs[i] != NULL;
        bool moved = dtype_info(tensor->dtype)->is_float || plan->reference->bitwise;
        if (input && moved && i != inquiry->output && tensor->count > 1 &&
            tensor->count <= LARGEST && inquiry->view->count <= LARGEST)
            probe_tensor(inquiry, i, &text);
    }
    return text.data;
}
