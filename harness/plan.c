#include "plan.h"

#include "argument_type.h"
#include "expression.h"
#include "own_reference.h"
#include "sampler_data.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TENSOR_BYTES ((int64_t)1 << 40)

// What the expressions of one case are worked out with.
struct scope {
    const struct test_case *test;
    struct variable variables[MAX_DIMENSIONS + 1];
    size_t count;
    struct error *error;
};

static void fill_scope(struct scope *scope, const struct test_case *test, struct error *error)
{
    const struct case_file *file = test->file;
    scope->test = test;
    scope->error = error;
    for (size_t i = 0; i < file->dimension_count; i++)
        scope->variables[scope->count++] =
            (struct variable){file->dimensions[i].name, (double)test->dims[i]};
    scope->variables[scope->count++] =
        (struct variable){"element_size", (double)dtype_info(test->dtype)->size};
}

static bool error_at(const struct scope *scope, struct position position)
{
    char text[sizeof scope->error->text];
    if (scope->error == NULL)
        return false;
    memcpy(text, scope->error->text, sizeof text);
    return case_file_error(scope->test->file, position, scope->error, "%.1500s (in the case %s)",
                           text, scope->test->id);
}

static bool evaluate_integer(const struct scope *scope, const struct formula *formula,
                             int64_t lowest, int64_t highest, int64_t *value)
{
    return expression_evaluate_integer(formula->text, scope->variables, scope->count, lowest,
                                       highest, value, scope->error) ||
           error_at(scope, formula->position);
}

static bool evaluate(const struct scope *scope, const struct formula *formula, double *value)
{
    return expression_evaluate(formula->text, scope->variables, scope->count, value,
                               scope->error) ||
           error_at(scope, formula->position);
}

// What `fill: sampler` makes rows from.
static bool check_sampler(const struct scope *scope, const struct tensor *tensor)
{
    const struct case_file *file = scope->test->file;
    size_t edge = case_file_find_dimension(file, "edge");
    if (case_file_find_dimension(file, "batch") == SIZE_MAX ||
        case_file_find_dimension(file, "vocab") == SIZE_MAX)
        return case_file_error(file, tensor->position, scope->error,
                               "'fill: sampler' needs the dims batch and vocab");
    if (edge != SIZE_MAX && !sampler_row_kind_exists(scope->test->dims[edge]))
        return case_file_error(file, scope->test->position, scope->error,
                               "edge is %lld, expected -1 for a mix or 0 to %d (in the case %s)",
                               (long long)scope->test->dims[edge], SAMPLER_ROW_KINDS - 1,
                               scope->test->id);
    return true;
}

static bool plan_tensor(const struct scope *scope, const struct tensor *tensor,
                        struct plan_tensor *planned)
{
    planned->tensor = tensor;
    if (tensor->fill.kind == FILL_SAMPLER && !check_sampler(scope, tensor))
        return false;
    planned->dtype = tensor_dtype(tensor, scope->test->dtype);
    int64_t bytes = (int64_t)dtype_info(planned->dtype)->size;
    for (size_t i = 0; i < tensor->rank; i++) {
        if (!evaluate_integer(scope, &tensor->shape[i], 0, MAX_TENSOR_BYTES, &planned->shape[i]))
            return false;
        if (planned->shape[i] > 0 && bytes > MAX_TENSOR_BYTES / planned->shape[i]) {
            error_set(scope->error, EXIT_USAGE, "the tensor '%s' is larger than 1 TiB",
                      tensor->name);
            return error_at(scope, tensor->position);
        }
        bytes *= planned->shape[i];
    }
    planned->bytes = (size_t)bytes;
    planned->count = planned->bytes / dtype_info(planned->dtype)->size;
    return true;
}

static void expand_function(const char *pattern, enum dtype dtype, char *name, size_t capacity)
{
    static const char mark[] = "{dtype}";
    const char *found = strstr(pattern, mark);
    if (found == NULL)
        snprintf(name, capacity, "%s", pattern);
    else
        snprintf(name, capacity, "%.*s%s%s", (int)(found - pattern), pattern,
                 dtype_info(dtype)->name, found + sizeof mark - 1);
}

static bool plan_number(const struct scope *scope, const struct argument *argument,
                        unsigned char *place)
{
    const struct argument_type *type = argument_type(argument->kind);
    double real;
    int64_t whole;
    float single;
    if (!type->is_float) {
        if (!evaluate_integer(scope, &argument->value, type->lowest, type->highest, &whole))
            return false;
        // Little-endian hosts: the low bytes come first.
        memcpy(place, &whole, type->size);
        return true;
    }
    if (!evaluate(scope, &argument->value, &real))
        return false;
    single = (float)real;
    if (argument->kind == ARGUMENT_F64)
        memcpy(place, &real, sizeof real);
    else if (argument->kind == ARGUMENT_F32)
        memcpy(place, &single, sizeof single);
    else
        dtype_store(argument->kind == ARGUMENT_F16 ? DTYPE_F16 : DTYPE_BF16, place, 0, real);
    return true;
}

// The argument itself, or a member of it.
static bool plan_argument(const struct scope *scope, const struct argument *argument,
                          struct plan_argument *planned)
{
    switch (argument->kind) {
    case ARGUMENT_TENSOR:
        planned->pointers[planned->pointer_count].offset = argument->offset;
        planned->pointers[planned->pointer_count++].tensor = argument->tensor;
        return true;
    case ARGUMENT_PADDING:
        return true;
    case ARGUMENT_STRUCTURE:
        for (size_t i = 0; i < argument->member_count; i++) {
            if (!plan_argument(scope, &argument->members[i], planned))
                return false;
        }
        return true;
    default:
        return plan_number(scope, argument, planned->value + argument->offset);
    }
}

static bool plan_geometry(const struct scope *scope, const struct launch *launch,
                          struct plan_launch *planned)
{
    int64_t value, threads = 1;
    for (int i = 0; i < 3; i++) {
        if (!evaluate_integer(scope, &launch->grid[i], 1, i == 0 ? INT32_MAX : 65535, &value))
            return false;
        planned->grid[i] = (unsigned)value;
        if (!evaluate_integer(scope, &launch->block[i], 1, 1024, &value))
            return false;
        planned->block[i] = (unsigned)value;
        threads *= value;
    }
    if (threads > 1024) {
        error_set(scope->error, EXIT_USAGE, "a workgroup of %lld threads, expected at most 1024",
                  (long long)threads);
        return error_at(scope, launch->block[0].position);
    }
    if (!evaluate_integer(scope, &launch->lds, 0, 1 << 20, &value))
        return false;
    planned->lds_bytes = (unsigned)value;
    return true;
}

static bool plan_launch(const struct scope *scope, const struct launch *launch,
                        struct plan_launch *planned)
{
    expand_function(launch->function, scope->test->dtype, planned->function,
                    sizeof planned->function);
    if (!plan_geometry(scope, launch, planned))
        return false;
    planned->argument_count = launch->argument_count;
    for (size_t i = 0; i < launch->argument_count; i++) {
        planned->arguments[i].size = launch->arguments[i].size;
        if (!plan_argument(scope, &launch->arguments[i], &planned->arguments[i]))
            return false;
    }
    return true;
}

static bool plan_work(const struct scope *scope, struct plan *plan)
{
    const struct case_file *file = scope->test->file;
    for (size_t i = 0; i < plan->tensor_count; i++) {
        if (plan->tensors[i].tensor->io != IO_SCRATCH)
            plan->bytes += (double)plan->tensors[i].bytes;
    }
    if (file->bytes.text != NULL && !evaluate(scope, &file->bytes, &plan->bytes))
        return false;
    return file->flops.text == NULL || evaluate(scope, &file->flops, &plan->flops);
}

static bool refer_error(const struct scope *scope, const struct reference *reference,
                        const char *what, const char *name)
{
    const struct case_file *file = scope->test->file;
    return case_file_error(
        file, file->reference_position, scope->error,
        "the reference '%s' needs a %s called '%s', which this file does not have", reference->name,
        what, name);
}

// A reference finds its tensors and dimensions by name.
static bool plan_reference(const struct scope *scope, struct plan *plan)
{
    const struct case_file *file = scope->test->file;
    const struct reference *reference =
        file->own_reference != NULL ? own_reference_kind(file) : reference_find(file->reference);
    plan->reference = reference;
    plan->check = file->check;
    if (reference == NULL) {
        char names[512];
        reference_names(names, sizeof names);
        return case_file_error(
            file, file->reference_position, scope->error,
            "there is no reference '%.60s', expected the path of a C file (%.60s.c) "
            "or one of: %s",
            file->reference, file->reference, names);
    }
    for (const char *const *name = reference->tensors; *name != NULL; name++) {
        if (case_file_find_tensor(file, *name) == SIZE_MAX)
            return refer_error(scope, reference, "tensor", *name);
    }
    for (const char *const *name = reference->dimensions; *name != NULL; name++) {
        if (case_file_find_dimension(file, *name) == SIZE_MAX)
            return refer_error(scope, reference, "dimension", *name);
    }
    if (reference->bitwise && !file->has_check)
        plan->check.kind = CHECK_BITS;
    if (reference->draws && !file->has_check)
        plan->check.kind = CHECK_DRAWS;
    if (reference->draws != (plan->check.kind == CHECK_DRAWS))
        return case_file_error(
            file, file->check_position, scope->error,
            reference->draws
                ? "the reference '%s' gives legal sets, expected 'check: draws'"
                : "the reference '%s' gives no legal sets, expected another check than "
                  "draws",
            reference->name);
    if (reference->bitwise != (plan->check.kind == CHECK_BITS))
        return case_file_error(
            file, file->check_position, scope->error,
            reference->bitwise ? "the reference '%s' gives bits, expected 'check: bits'"
                               : "the reference '%s' gives numbers, expected {bound: factor} or "
                                 "{allclose: {atol: a, rtol: r}}",
            reference->name);
    return true;
}

// The sizes of tensors are those that the reference works out from the dimensions.
static bool check_shapes(const struct scope *scope, const struct plan *plan)
{
    static char anything[1];
    const struct case_file *file = scope->test->file;
    const struct reference *reference = plan->reference;
    struct reference_tensor tensors[MAX_TENSORS];
    struct reference_dimension dimensions[MAX_DIMENSIONS];
    for (size_t i = 0; i < plan->tensor_count; i++) {
        const struct plan_tensor *planned = &plan->tensors[i];
        enum tensor_io io = planned->tensor->io;
        void *input = io == IO_IN || io == IO_INOUT ? anything : NULL;
        void *output = io == IO_OUT || io == IO_INOUT ? anything : NULL;
        bool numeric = !reference->bitwise && !reference->draws;
        tensors[i] = (struct reference_tensor){
            .name = planned->tensor->name,
            .dtype = planned->dtype,
            .rank = planned->tensor->rank,
            .shape = planned->shape,
            .count = planned->count,
            .data = input,
            .values = reference->bitwise ? NULL : input,
            .expected = numeric ? output : NULL,
            .magnitude = numeric ? output : NULL,
            .expected_bytes = reference->bitwise ? output : NULL,
            .legal = reference->draws ? output : NULL,
        };
    }
    for (size_t i = 0; i < file->dimension_count; i++)
        dimensions[i] =
            (struct reference_dimension){file->dimensions[i].name, scope->test->dims[i]};
    struct reference_call call = {.tensor_count = plan->tensor_count,
                                  .tensors = tensors,
                                  .dimension_count = file->dimension_count,
                                  .dimensions = dimensions};
    if (reference->fits(&call, scope->error))
        return true;
    // Where no tensor is at fault, the numbers of the case are.
    return error_at(scope, call.unfit != NULL ? plan->tensors[call.unfit - tensors].tensor->position
                                              : scope->test->position);
}

static bool fill_plan(const struct scope *scope, struct plan *plan)
{
    const struct case_file *file = scope->test->file;
    plan->test = scope->test;
    if (!plan_reference(scope, plan))
        return false;
    for (; plan->tensor_count < file->tensor_count; plan->tensor_count++) {
        if (!plan_tensor(scope, &file->tensors[plan->tensor_count],
                         &plan->tensors[plan->tensor_count]))
            return false;
    }
    if (!check_shapes(scope, plan))
        return false;
    for (; plan->launch_count < file->launch_count; plan->launch_count++) {
        if (!plan_launch(scope, &file->launches[plan->launch_count],
                         &plan->launches[plan->launch_count]))
            return false;
    }
    return plan_work(scope, plan);
}

struct plan *plan_create(const struct test_case *test, struct error *error)
{
    struct scope scope = {0};
    fill_scope(&scope, test, error);
    struct plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        error_out_of_memory(error);
        return NULL;
    }
    if (fill_plan(&scope, plan))
        return plan;
    plan_free(plan);
    return NULL;
}

void plan_free(struct plan *plan)
{
    free(plan);
}
