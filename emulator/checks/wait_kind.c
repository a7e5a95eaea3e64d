#include "wait_kind.h"

#include "opcode_name.h"

static bool is_wait(const char *name, enum wait_kind *kind)
{
    static const struct {
        const char *name;
        enum wait_kind kind;
    } waits[] = {
        {"s_waitcnt", WAIT_INSTRUCTION},
        {"s_waitcnt_vmcnt", WAIT_VMCNT},
        {"s_waitcnt_lgkmcnt", WAIT_LGKMCNT},
        {"s_wait_idle", WAIT_FOR_EVERYTHING},
    };
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        if (strcmp(name, waits[i].name) == 0) {
            *kind = waits[i].kind;
            return true;
        }
    }
    return false;
}

// Stores, and atomics that give nothing back.
static bool is_store(const struct instruction *instruction)
{
    const char *name = instruction->opcode->name;
    return strstr(name, "_store_") ||
           (strstr(name, "_atomic_") && !(instruction->flags & FLAG_GLC));
}

static enum wait_kind vector_memory_kind(const struct instruction *instruction)
{
    bool store = is_store(instruction), counted = instruction->target_family == GFX9 || !store;
    if (starts_with(instruction->opcode->name, "flat_"))
        return counted ? WAIT_ON_FLAT : WAIT_ON_FLAT_STORE;
    return counted ? WAIT_ON_VMEM : WAIT_UNCONCERNED;
}

static bool is_vector_memory(const char *name)
{
    return starts_with(name, "global_") || starts_with(name, "flat_") ||
           starts_with(name, "scratch_") || starts_with(name, "buffer_") ||
           starts_with(name, "tbuffer_") || starts_with(name, "image_");
}

enum wait_kind wait_kind_of(const struct instruction *instruction)
{
    const char *name = instruction->opcode->name;
    enum wait_kind kind = WAIT_UNCONCERNED;
    if (is_wait(name, &kind))
        return kind;
    // Invalidating a cache counts nowhere.
    if (strstr(name, "_inv") || starts_with(name, "buffer_wbinv"))
        return WAIT_UNCONCERNED;
    if (starts_with(name, "s_load_") || starts_with(name, "s_buffer_load_") ||
        starts_with(name, "s_scratch_load_") || starts_with(name, "s_mem") ||
        starts_with(name, "s_sendmsg_rtn"))
        return WAIT_ON_SCALAR;
    if (starts_with(name, "ds_"))
        return WAIT_ON_LDS;
    return is_vector_memory(name) ? vector_memory_kind(instruction) : WAIT_UNCONCERNED;
}

// All bits of a field: no wait.
static uint32_t field(uint32_t value, uint32_t all)
{
    return value == all ? NO_WAIT : value;
}

static struct wait_counts waitcnt(const struct instruction *instruction)
{
    uint32_t bits = instruction->immediate;
    if (instruction->target_family == GFX11)
        return (struct wait_counts){field(bits >> 10 & 63, 63), field(bits >> 4 & 63, 63)};
    uint32_t vmcnt = (bits & 15) | (bits >> 14 & 3) << 4;
    uint32_t lgkmcnt_bits = instruction->target_family == GFX9 ? 15 : 63;
    return (struct wait_counts){field(vmcnt, 63), field(bits >> 8 & lgkmcnt_bits, lgkmcnt_bits)};
}

struct wait_counts wait_counts_of(const struct instruction *instruction, enum wait_kind kind)
{
    switch (kind) {
    case WAIT_INSTRUCTION:
        return waitcnt(instruction);
    case WAIT_VMCNT:
        return (struct wait_counts){field(instruction->immediate & 63, 63), NO_WAIT};
    case WAIT_LGKMCNT:
        return (struct wait_counts){NO_WAIT, field(instruction->immediate & 63, 63)};
    case WAIT_FOR_EVERYTHING:
        return (struct wait_counts){0, 0};
    default:
        return (struct wait_counts){NO_WAIT, NO_WAIT};
    }
}
