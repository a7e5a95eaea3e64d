// The four device configurations that every device test runs on.
#ifndef KERNEL_TARGET_H
#define KERNEL_TARGET_H

enum kernel_target {
    KERNEL_TARGET_GFX1030,        // wave32
    KERNEL_TARGET_GFX1030_WAVE64, // the same processor, compiled with -mwavefrontsize64
    KERNEL_TARGET_GFX1100,        // wave32
    KERNEL_TARGET_GFX90A,         // wave64
    KERNEL_TARGET_COUNT,
};

// For messages: "gfx1030", "gfx1030 wave64", "gfx1100", "gfx90a".
const char *kernel_target_name(enum kernel_target target);

// For WAVEGAUGE_ARCH and --offload-arch: "gfx1030", "gfx1100", "gfx90a".
const char *kernel_target_processor(enum kernel_target target);

// 32 or 64.
unsigned kernel_target_wave_size(enum kernel_target target);

#endif
