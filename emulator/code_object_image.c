#include "code_object.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { SMALLEST_IMAGE = 24 };

struct code_object *code_object_from_image(const void *image, size_t bytes, const char *target,
                                           char *message, size_t message_size)
{
    const void *elf = NULL;
    size_t elf_bytes = 0;
    void *owned = NULL;
    if (!memory_initialise()) {
        snprintf(message, message_size, "out of memory");
        return NULL;
    }
    if (bytes < SMALLEST_IMAGE) {
        snprintf(message, message_size, "%zu bytes are no code object", bytes);
        return NULL;
    }
    if (!bundle_select(image, bytes, target, &elf, &elf_bytes, &owned, message, message_size))
        return NULL;
    struct code_object *object = code_object_load(elf, elf_bytes, message, message_size);
    free(owned);
    return object;
}
