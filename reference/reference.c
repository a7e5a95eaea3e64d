#include "reference.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct reference *const table[] = {
    &reference_buffer_copy, &reference_weighted_matmul, &reference_flash_nocausal, &reference_topk,
    &reference_topp,        &reference_fused,
};

const struct reference *reference_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    }
    return NULL;
}

void reference_names(char *text, size_t capacity)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof table / sizeof *table && used < capacity; i++)
        used += (size_t)snprintf(text + used, capacity - used, "%s%s", i > 0 ? ", " : "",
                                 table[i]->name);
}

struct reference_tensor *reference_tensor(struct reference_call *call, const char *name)
{
    for (size_t i = 0; i < call->tensor_count; i++) {
        if (strcmp(call->tensors[i].name, name) == 0)
            return &call->tensors[i];
    }
    return NULL;
}

int64_t reference_dimension(const struct reference_call *call, const char *name)
{
    for (size_t i = 0; i < call->dimension_count; i++) {
        if (strcmp(call->dimensions[i].name, name) == 0)
            return call->dimensions[i].value;
    }
    return 0;
}

int64_t reference_product(const int64_t *factors, size_t count)
{
    int64_t product = 1;
    for (size_t i = 0; i < count; i++) {
        if (factors[i] < 0 || __builtin_mul_overflow(product, factors[i], &product))
            return -1;
    }
    return product;
}

bool reference_tensor_fits(struct reference_call *call, const char *reference, const char *name,
                           bool input, int64_t count, struct error *error)
{
    const struct reference_tensor *tensor = call->unfit = reference_tensor(call, name);
    if (tensor == NULL)
        return error_set(error, EXIT_USAGE, "the reference %s needs a tensor called '%s'",
                         reference, name);
    if (input ? tensor->values == NULL : tensor->expected == NULL && tensor->legal == NULL)
        return error_set(error, EXIT_USAGE, "the reference %s expects '%s' with io: %s", reference,
                         name, input ? "in" : "out");
    if (count < 0)
        return error_set(error, EXIT_USAGE,
                         "the reference %s expects dims >= 0 with a product below 2^63 for '%s'",
                         reference, name);
    if ((int64_t)tensor->count != count)
        return error_set(error, EXIT_USAGE,
                         "the reference %s needs %" PRId64 " elements in '%s', which has %zu",
                         reference, count, name, tensor->count);
    call->unfit = NULL;
    return true;
}
