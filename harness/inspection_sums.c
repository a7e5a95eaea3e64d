// Sums and words over an inspection.
#include "inspection.h"

#include <stdio.h>
#include <string.h>

const char *kind_name(size_t kind)
{
    static const char *const names[] = {
#define KIND_NAME(constant, name) name,
        WAVEGAUGE_KINDS(KIND_NAME)
#undef KIND_NAME
    };
    return kind < WAVEGAUGE_KIND_COUNT ? names[kind] : "";
}

void counters_add(struct wavegauge_counters *sum, const struct wavegauge_counters *counters)
{
    sum->executed += counters->executed;
    sum->active_lanes += counters->active_lanes;
    sum->lanes += counters->lanes;
    sum->bytes += counters->bytes;
    sum->lines += counters->lines;
    sum->lds_bytes += counters->lds_bytes;
    sum->lds_passes += counters->lds_passes;
    sum->lds_conflicts += counters->lds_conflicts;
    sum->scratch_bytes += counters->scratch_bytes;
    sum->scalar_bytes += counters->scalar_bytes;
}

struct wavegauge_counters inspected_kernel_sum(const struct inspected_kernel *kernel,
                                               uint64_t executed[WAVEGAUGE_KIND_COUNT])
{
    struct wavegauge_counters sum = {0};
    if (executed != NULL)
        memset(executed, 0, WAVEGAUGE_KIND_COUNT * sizeof *executed);
    for (size_t i = 0; i < kernel->count; i++) {
        counters_add(&sum, &kernel->instructions[i].counters);
        if (executed != NULL)
            executed[kernel->instructions[i].kind] += kernel->instructions[i].counters.executed;
    }
    return sum;
}

void inspected_kernel_mix(const struct inspected_kernel *kernel,
                          uint64_t instructions[WAVEGAUGE_KIND_COUNT])
{
    memset(instructions, 0, WAVEGAUGE_KIND_COUNT * sizeof *instructions);
    for (size_t i = 0; i < kernel->count; i++)
        instructions[kernel->instructions[i].kind]++;
}

const char *limits_text(const struct wavegauge_occupancy *occupancy)
{
    static char text[128];
    static const struct {
        enum wavegauge_limit limit;
        const char *name;
    } names[] = {
        {WAVEGAUGE_LIMIT_VGPRS, "VGPRs"},
        {WAVEGAUGE_LIMIT_SGPRS, "SGPRs"},
        {WAVEGAUGE_LIMIT_LDS, "LDS"},
        {WAVEGAUGE_LIMIT_WORKGROUP, "workgroup size"},
        {WAVEGAUGE_LIMIT_HARDWARE, "hardware maximum"},
    };
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (occupancy->limits & names[i].limit)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                       length > 0 ? " and " : "", names[i].name);
    return text;
}
