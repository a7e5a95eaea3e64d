#include "instruction_kind.h"

#include "opcode_name.h"

struct prefix {
    const char *text;
    enum wavegauge_kind kind;
};

// The first that fits counts.
static const struct prefix prefixes[] = {
    {"v_mfma_", WAVEGAUGE_KIND_MATRIX},
    {"v_wmma_", WAVEGAUGE_KIND_MATRIX},
    {"v_exp_", WAVEGAUGE_KIND_TRANSCENDENTAL},
    {"v_log_", WAVEGAUGE_KIND_TRANSCENDENTAL},
    {"v_rcp_", WAVEGAUGE_KIND_TRANSCENDENTAL},
    {"v_rsq_", WAVEGAUGE_KIND_TRANSCENDENTAL},
    {"v_sqrt_", WAVEGAUGE_KIND_TRANSCENDENTAL},
    {"v_sin_", WAVEGAUGE_KIND_TRANSCENDENTAL},
    {"v_cos_", WAVEGAUGE_KIND_TRANSCENDENTAL},
    {"v_", WAVEGAUGE_KIND_VECTOR},
    {"ds_bpermute", WAVEGAUGE_KIND_EXCHANGE},
    {"ds_permute", WAVEGAUGE_KIND_EXCHANGE},
    {"ds_swizzle", WAVEGAUGE_KIND_EXCHANGE},
    {"ds_", WAVEGAUGE_KIND_LDS},
    {"scratch_", WAVEGAUGE_KIND_SCRATCH},
    {"s_load_", WAVEGAUGE_KIND_SCALAR_LOAD},
    {"s_buffer_load_", WAVEGAUGE_KIND_SCALAR_LOAD},
    {"s_scratch_load_", WAVEGAUGE_KIND_SCALAR_LOAD},
    {"s_mem", WAVEGAUGE_KIND_SCALAR_LOAD},
    {"s_branch", WAVEGAUGE_KIND_BRANCH},
    {"s_cbranch_", WAVEGAUGE_KIND_BRANCH},
    {"s_setpc_", WAVEGAUGE_KIND_BRANCH},
    {"s_swappc_", WAVEGAUGE_KIND_BRANCH},
    {"s_call_", WAVEGAUGE_KIND_BRANCH},
    {"s_subvector_loop", WAVEGAUGE_KIND_BRANCH},
    {"s_endpgm", WAVEGAUGE_KIND_BRANCH},
    {"s_barrier", WAVEGAUGE_KIND_BARRIER},
    {"s_wait", WAVEGAUGE_KIND_WAIT},
    {"s_nop", WAVEGAUGE_KIND_WAIT},
    {"s_sleep", WAVEGAUGE_KIND_WAIT},
    {"s_delay_alu", WAVEGAUGE_KIND_WAIT},
    {"s_clause", WAVEGAUGE_KIND_WAIT},
    {"s_inst_prefetch", WAVEGAUGE_KIND_WAIT},
    {"s_set_inst_prefetch", WAVEGAUGE_KIND_WAIT},
    {"s_setprio", WAVEGAUGE_KIND_WAIT},
    {"s_dcache_", WAVEGAUGE_KIND_OTHER},
    {"s_gl1_", WAVEGAUGE_KIND_OTHER},
    {"s_icache_", WAVEGAUGE_KIND_OTHER},
    {"s_sendmsg", WAVEGAUGE_KIND_OTHER},
    {"s_trap", WAVEGAUGE_KIND_OTHER},
    {"s_", WAVEGAUGE_KIND_SCALAR},
};

static bool name_holds(const char *text, const char *part)
{
    const char *found = strstr(text, part);
    return found && found < text + strcspn(text, " ");
}

static enum wavegauge_kind memory_kind(const char *text)
{
    if (name_holds(text, "_atomic_"))
        return WAVEGAUGE_KIND_ATOMIC;
    if (name_holds(text, "_load_"))
        return WAVEGAUGE_KIND_LOAD;
    return name_holds(text, "_store_") ? WAVEGAUGE_KIND_STORE : WAVEGAUGE_KIND_OTHER;
}

enum wavegauge_kind instruction_kind(const char *text, bool uses_scratch)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (starts_with(text, prefixes[i].text))
            return prefixes[i].kind;
    if (!starts_with(text, "global_") && !starts_with(text, "flat_") &&
        !starts_with(text, "buffer_") && !starts_with(text, "tbuffer_"))
        return WAVEGAUGE_KIND_OTHER;
    enum wavegauge_kind kind = memory_kind(text);
    bool moves = kind == WAVEGAUGE_KIND_LOAD || kind == WAVEGAUGE_KIND_STORE;
    return moves && uses_scratch && starts_with(text, "buffer_") ? WAVEGAUGE_KIND_SCRATCH : kind;
}
