#include "occupancy.h"

#include "hip/device_limits.h"

#include <string.h>

#define WGP_MODE(rsrc1) ((rsrc1) >> 29 & 1)

enum { BARRIERS = 16 }; // of a compute unit

static uint64_t round_up(uint64_t value, uint64_t granule)
{
    return (value + granule - 1) / granule * granule;
}

static uint32_t lesser(uint64_t left, uint64_t right)
{
    uint64_t least = left < right ? left : right;
    return least < UINT32_MAX ? (uint32_t)least : UINT32_MAX;
}

// The waves that share registers give whole workgroups.
static uint32_t groups_by_registers(struct wavegauge_occupancy *occupancy, uint64_t file,
                                    uint64_t allocated)
{
    uint32_t waves = lesser(file / allocated, occupancy->simd_waves);
    return waves * occupancy->simds / occupancy->workgroup_waves;
}

static void compute_vgprs(const struct kernel *kernel, const struct device_limits *limits,
                          struct wavegauge_occupancy *occupancy)
{
    // Twice the lanes on the same file: half the registers, in granules half as large.
    unsigned share = kernel->lanes / limits->wave_lanes;
    uint64_t granule = limits->vgpr_granule / share, file = limits->vgprs_per_simd / share;
    uint64_t allocated = round_up(kernel->vgprs ? kernel->vgprs : 1, granule);
    occupancy->allocated_vgprs = lesser(allocated, UINT32_MAX);
    occupancy->by_vgprs = groups_by_registers(occupancy, file, allocated);
}

static void compute_sgprs(const struct kernel *kernel, const struct device_limits *limits,
                          struct wavegauge_occupancy *occupancy)
{
    occupancy->by_sgprs = UINT32_MAX;
    occupancy->allocated_sgprs = limits->sgpr_granule;
    if (!limits->sgprs_per_simd)
        return;
    uint64_t allocated = round_up(kernel->sgprs ? kernel->sgprs : 1, limits->sgpr_granule);
    occupancy->allocated_sgprs = lesser(allocated, UINT32_MAX);
    occupancy->by_sgprs = groups_by_registers(occupancy, limits->sgprs_per_simd, allocated);
}

static void compute_lds(uint64_t bytes, uint64_t available, const struct device_limits *limits,
                        struct wavegauge_occupancy *occupancy)
{
    uint64_t allocated = round_up(bytes, limits->lds_granule);
    occupancy->allocated_lds = lesser(allocated, UINT32_MAX);
    occupancy->by_lds = bytes > MAX_LDS_BYTES ? 0
                        : allocated           ? lesser(available / allocated, UINT32_MAX)
                                              : UINT32_MAX;
}

static void compute_places(struct wavegauge_occupancy *occupancy)
{
    uint32_t places = occupancy->simds * occupancy->simd_waves;
    uint32_t barriers = occupancy->wgp_mode ? 2 * BARRIERS : BARRIERS;
    occupancy->by_places = places / occupancy->workgroup_waves;
    if (occupancy->workgroup_waves > 1)
        occupancy->by_places = lesser(occupancy->by_places, barriers);
}

static void name_limits(struct wavegauge_occupancy *occupancy)
{
    uint32_t least = occupancy->workgroups;
    if (occupancy->waves == occupancy->simds * occupancy->simd_waves) {
        occupancy->limits = WAVEGAUGE_LIMIT_HARDWARE;
        return;
    }
    occupancy->limits = (occupancy->by_vgprs == least ? WAVEGAUGE_LIMIT_VGPRS : 0u) |
                        (occupancy->by_sgprs == least ? WAVEGAUGE_LIMIT_SGPRS : 0u) |
                        (occupancy->by_lds == least ? WAVEGAUGE_LIMIT_LDS : 0u);
    // The size of the workgroup leaves the same places free whatever else it needs.
    if (occupancy->by_places == least)
        occupancy->limits =
            WAVEGAUGE_LIMIT_WORKGROUP | (occupancy->by_lds == least ? WAVEGAUGE_LIMIT_LDS : 0u);
}

void occupancy_compute(const struct kernel *kernel, uint32_t threads, uint64_t lds_bytes,
                       struct wavegauge_occupancy *occupancy)
{
    const struct target *target = kernel->object->target;
    const struct device_limits *limits = device_limits(target);
    memset(occupancy, 0, sizeof *occupancy);
    bool rdna = target->family != GFX9;
    occupancy->wgp_mode = rdna && WGP_MODE(kernel->rsrc1);
    unsigned parts = rdna && !occupancy->wgp_mode ? 2 : 1;
    occupancy->simds = limits->simds / parts;
    occupancy->simd_waves = limits->waves_per_simd;
    occupancy->workgroup_waves = lesser(round_up(threads, kernel->lanes) / kernel->lanes, 1024);
    if (!occupancy->workgroup_waves)
        occupancy->workgroup_waves = 1;
    compute_vgprs(kernel, limits, occupancy);
    compute_sgprs(kernel, limits, occupancy);
    compute_lds(kernel->lds_bytes + lds_bytes, limits->lds_bytes / parts, limits, occupancy);
    compute_places(occupancy);
    occupancy->workgroups = lesser(lesser(occupancy->by_vgprs, occupancy->by_sgprs),
                                   lesser(occupancy->by_lds, occupancy->by_places));
    occupancy->waves = occupancy->workgroups * occupancy->workgroup_waves;
    name_limits(occupancy);
}
