#include "kernel_target.h"

static const struct {
    const char *name;
    const char *processor;
    unsigned wave_size;
} targets[KERNEL_TARGET_COUNT] = {
    [KERNEL_TARGET_GFX1030] = {"gfx1030", "gfx1030", 32},
    [KERNEL_TARGET_GFX1030_WAVE64] = {"gfx1030 wave64", "gfx1030", 64},
    [KERNEL_TARGET_GFX1100] = {"gfx1100", "gfx1100", 32},
    [KERNEL_TARGET_GFX90A] = {"gfx90a", "gfx90a", 64},
};

const char *kernel_target_name(enum kernel_target target)
{
    return targets[target].name;
}

const char *kernel_target_processor(enum kernel_target target)
{
    return targets[target].processor;
}

unsigned kernel_target_wave_size(enum kernel_target target)
{
    return targets[target].wave_size;
}
