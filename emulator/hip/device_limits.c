#include "device_limits.h"

#include "program.h"

#include <stddef.h>
#include <string.h>

static const struct device_limits all_limits[] = {
    {.target = "gfx1030",
     .features = "",
     .major = 10,
     .minor = 3,
     .gcn_arch = 1030,
     .wave_lanes = 32,
     .multiprocessors = 40,
     .simds = 4,
     .waves_per_simd = 16,
     .vgprs_per_simd = 1024,
     .vgpr_granule = 16,
     .sgpr_granule = 128,
     .lds_bytes = 131072,
     .lds_granule = 512,
     .line_bytes = 128,
     .clock_khz = 2250000,
     .memory_clock_khz = 1000000,
     .memory_bus_bits = 256,
     .l2_bytes = 4 << 20},
    {.target = "gfx1100",
     .features = "",
     .major = 11,
     .minor = 0,
     .gcn_arch = 1100,
     .wave_lanes = 32,
     .multiprocessors = 48,
     .simds = 4,
     .waves_per_simd = 16,
     .vgprs_per_simd = 1536,
     .vgpr_granule = 24,
     .sgpr_granule = 128,
     .lds_bytes = 131072,
     .lds_granule = 512,
     .line_bytes = 128,
     .clock_khz = 2304000,
     .memory_clock_khz = 1249000,
     .memory_bus_bits = 384,
     .l2_bytes = 6 << 20},
    {.target = "gfx90a",
     .features = ":sramecc+:xnack-",
     .major = 9,
     .minor = 0,
     .gcn_arch = 910,
     .wave_lanes = 64,
     .multiprocessors = 104,
     .simds = 4,
     .waves_per_simd = 8,
     .vgprs_per_simd = 512,
     .vgpr_granule = 8,
     .sgprs_per_simd = 800,
     .sgpr_granule = 16,
     .lds_bytes = 65536,
     .lds_granule = 512,
     .line_bytes = 64,
     .clock_khz = 1700000,
     .memory_clock_khz = 1600000,
     .memory_bus_bits = 4096,
     .l2_bytes = 8 << 20},
};

const struct device_limits *device_limits(const struct target *target)
{
    for (size_t i = 0; target && i < sizeof all_limits / sizeof *all_limits; i++)
        if (!strcmp(all_limits[i].target, target->name))
            return &all_limits[i];
    return &all_limits[1];
}
