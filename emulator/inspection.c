// Looking into a code object without running it.
#include "instruction_facts.h"
#include "occupancy.h"
#include "symbol_table.h"

#include "checks/counters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

struct wavegauge_inspection {
    struct code_object *object;
    uint64_t *code_bytes; // of each kernel
};

// The size of the function at an address, by the symbols; 0: they do not say.
static uint64_t symbol_bytes(const struct symbol_table *symbols, uint64_t address)
{
    for (uint64_t i = 0; i < symbols->count; i++)
        if (symbols->symbols[i].type == STT_FUNC && symbols->symbols[i].address == address)
            return symbols->symbols[i].bytes;
    return 0;
}

// To the next kernel or the end of the code.
static uint64_t bytes_to_next(const struct code_object *object, const struct kernel *kernel)
{
    uint64_t end = object->code + object->code_bytes;
    for (uint32_t i = 0; i < object->kernel_count; i++) {
        uint64_t entry = object->kernels[i].entry;
        if (entry > kernel->entry && entry < end)
            end = entry;
    }
    return end - kernel->entry;
}

static bool measure_kernels(struct wavegauge_inspection *inspection)
{
    const struct code_object *object = inspection->object;
    char message[256];
    struct load_error error = {.message = message, .size = sizeof message};
    struct elf_file file;
    struct symbol_table symbols = {0};
    inspection->code_bytes = calloc((size_t)object->kernel_count + 1, sizeof(uint64_t));
    if (!inspection->code_bytes || !elf_file_open(&file, object->elf, object->elf_bytes, &error) ||
        !symbol_table_read(&symbols, &file, &error))
        return false;
    for (uint32_t i = 0; i < object->kernel_count; i++) {
        const struct kernel *kernel = &object->kernels[i];
        uint64_t left = object->code + object->code_bytes - kernel->entry;
        uint64_t bytes = symbol_bytes(&symbols, kernel->entry - object->load_offset);
        inspection->code_bytes[i] =
            bytes == 0 || bytes > left ? bytes_to_next(object, kernel) : bytes;
    }
    symbol_table_free(&symbols);
    return true;
}

static struct code_object *load(const void *image, size_t bytes, const char *target, char *message,
                                size_t message_size)
{
    struct code_object *object =
        code_object_from_image(image, bytes, target, message, message_size);
    if (object && strcmp(object->target->name, target) != 0) {
        snprintf(message, message_size, "the code object is for %s, not %s", object->target->name,
                 target);
        code_object_unload(object);
        return NULL;
    }
    return object;
}

EXPORT struct wavegauge_inspection *wavegaugeInspect(const void *image, size_t bytes,
                                                     const char *target, char *message,
                                                     size_t message_size)
{
    struct wavegauge_inspection *inspection = calloc(1, sizeof *inspection);
    if (!inspection) {
        snprintf(message, message_size, "out of memory");
        return NULL;
    }
    inspection->object = load(image, bytes, target, message, message_size);
    if (inspection->object && measure_kernels(inspection))
        return inspection;
    if (inspection->object)
        snprintf(message, message_size, "out of memory");
    wavegaugeInspectEnd(inspection);
    return NULL;
}

EXPORT void wavegaugeInspectEnd(struct wavegauge_inspection *inspection)
{
    if (!inspection)
        return;
    code_object_unload(inspection->object);
    free(inspection->code_bytes);
    free(inspection);
}

EXPORT size_t wavegaugeInspectKernelCount(const struct wavegauge_inspection *inspection)
{
    return inspection->object->kernel_count;
}

EXPORT void wavegaugeInspectKernel(const struct wavegauge_inspection *inspection, size_t number,
                                   struct wavegauge_kernel *facts)
{
    const struct kernel *kernel = &inspection->object->kernels[number];
    *facts = (struct wavegauge_kernel){
        .name = kernel->name,
        .lanes = kernel->lanes,
        .vgprs = kernel->vgprs,
        .agprs = kernel->agprs,
        .sgprs = kernel->sgprs,
        .vgpr_spills = kernel->vgpr_spills,
        .sgpr_spills = kernel->sgpr_spills,
        .lds_bytes = kernel->lds_bytes,
        .scratch_bytes = kernel->scratch_bytes,
        .dynamic_stack = kernel->dynamic_stack,
        .max_threads = kernel->max_workgroup_size,
        .code_bytes = inspection->code_bytes[number],
    };
}

EXPORT void wavegaugeInspectOccupancy(const struct wavegauge_inspection *inspection, size_t kernel,
                                      uint32_t threads, uint32_t dynamic_lds,
                                      struct wavegauge_occupancy *occupancy)
{
    occupancy_compute(&inspection->object->kernels[kernel], threads, dynamic_lds, occupancy);
}

EXPORT int wavegaugeInspectInstructions(struct wavegauge_inspection *inspection, size_t number,
                                        wavegauge_instruction_handler handler, void *user)
{
    const struct kernel *kernel = &inspection->object->kernels[number];
    uint64_t end = kernel->entry + inspection->code_bytes[number];
    struct instruction_facts facts;
    for (uint64_t address = kernel->entry; address + 4 <= end;) {
        const struct instruction *instruction = program_at(kernel->program, address);
        if (!instruction)
            return 1;
        instruction_facts_fill(&facts, kernel, instruction);
        handler(&facts.instruction, user);
        address += instruction->size;
    }
    return 0;
}

EXPORT void wavegaugeInspectRules(const struct wavegauge_inspection *inspection,
                                  struct wavegauge_counter_rules *rules)
{
    rules->line_bytes = counters_line_bytes(inspection->object->target);
    rules->lds_banks = COUNTERS_LDS_BANKS;
}
