// The limits of each target's compute unit that launches, occupancy and the device's properties go
// by.
//
// Sources: LLVM's AMDGPUUsage and the ISA documents (register files, granules, LDS); the numbers of
// compute units and the clocks are those of a common product with that processor and mean nothing
// for the emulator's speed.
#ifndef WAVEGAUGE_DEVICE_LIMITS_H
#define WAVEGAUGE_DEVICE_LIMITS_H

#include <stdint.h>

struct target;

#define MAX_BLOCK_THREADS 1024u
#define MAX_LDS_BYTES     65536u

struct device_limits {
    const char *target;
    const char *features; // as ROCm appends them to the name
    int major, minor, gcn_arch;
    unsigned wave_lanes;      // the default
    unsigned multiprocessors; // compute units, or workgroup processors where a workgroup spans two
    unsigned simds;           // of a multiprocessor
    unsigned waves_per_simd;
    unsigned vgprs_per_simd; // of 32 lanes on RDNA, of 64 on CDNA
    unsigned vgpr_granule;   // for the default wave size
    unsigned sgprs_per_simd; // 0: every wave has the granule, however many it uses
    unsigned sgpr_granule;
    unsigned lds_bytes;   // of a multiprocessor
    unsigned lds_granule; // bytes
    unsigned line_bytes;  // of the first vector cache
    unsigned clock_khz, memory_clock_khz, memory_bus_bits, l2_bytes;
};

const struct device_limits *device_limits(const struct target *target);

#endif
