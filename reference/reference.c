#include "reference.h"

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
