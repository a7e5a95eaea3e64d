// libFuzzer target: any bytes through bundle_select, code_object_load and source_lines.
//
// The decoder is left out, since it reads only what these checks let through.
#include "code_object.h"
#include "memory.h"
#include "source_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef WHOLE_EMULATOR
static const struct target targets[] = {
    {.name = "gfx1030", .machine = 0x36, .family = GFX10},
    {.name = "gfx1100", .machine = 0x41, .family = GFX11},
    {.name = "gfx90a", .machine = 0x3f, .family = GFX9},
};

const struct target *target_by_name(const char *name)
{
    for (unsigned i = 0; i < 3; i++)
        if (strcmp(targets[i].name, name) == 0)
            return &targets[i];
    return NULL;
}

const struct target *target_by_machine(uint32_t machine)
{
    for (unsigned i = 0; i < 3; i++)
        if (targets[i].machine == machine)
            return &targets[i];
    return NULL;
}

// Touches every byte that a decoder may read.
struct program *program_create(const struct target *target, uint64_t code, uint64_t bytes,
                               unsigned lanes)
{
    static char program;
    volatile uint8_t sum = (uint8_t)(target->machine + lanes);
    for (uint64_t i = 0; i < bytes; i++)
        sum += ((const uint8_t *)code)[i];
    return (struct program *)&program;
}

void program_destroy(struct program *program)
{
    (void)program;
}
#endif

static void require(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

static void check_kernel(const struct kernel *kernel)
{
    const struct code_object *object = kernel->object;
    require(kernel->entry - object->code < object->code_bytes, "entry in the code");
    require(kernel->lds_bytes <= 65536, "LDS fits");
    require(memory_accessible(kernel->descriptor, 64, false), "descriptor in memory");
    for (uint32_t i = 0; i < kernel->argument_count; i++)
        require((uint64_t)kernel->arguments[i].offset + kernel->arguments[i].size <=
                    kernel->kernarg_bytes,
                "argument in the segment");
}

static void check_object(struct code_object *object)
{
    for (uint32_t i = 0; i < object->kernel_count; i++)
        check_kernel(&object->kernels[i]);
    for (uint32_t i = 0; i < object->variable_count; i++)
        require(!object->variables[i].bytes || memory_accessible(object->variables[i].address,
                                                                 object->variables[i].bytes, false),
                "variable in memory");
    uint64_t step = object->code_bytes / 64 / 4 * 4 + 4;
    for (uint64_t at = 0; at < object->code_bytes; at += step) {
        struct source_frame frames[SOURCE_FRAMES];
        unsigned count = source_lines_find(code_object_lines(object),
                                           object->code + at - object->load_offset, frames);
        volatile size_t length = 0;
        for (unsigned i = 0; i < count; i++)
            length += strlen(frames[i].file) + strlen(frames[i].function);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const void *elf;
    size_t elf_bytes;
    void *owned;
    char message[512] = "";
    if (size == 0) // would mean a size that is not known
        return 0;
    if (bundle_select(data, size, NULL, &elf, &elf_bytes, &owned, message, sizeof message)) {
        struct code_object *object = code_object_load(elf, elf_bytes, message, sizeof message);
        if (object)
            check_object(object);
        else
            require(message[0] != 0, "a reason for refusal");
        code_object_unload(object);
    } else {
        require(message[0] != 0, "a reason for refusal");
    }
    free(owned);
    return 0;
}
