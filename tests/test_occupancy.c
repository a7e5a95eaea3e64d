// links: wavegauge_emu_static
//
// Occupancy against figures that LLVM and AMD's tables give.
#include "occupancy.h"

#include <criterion/criterion.h>

static struct wavegauge_occupancy occupancy_of(const char *target, unsigned lanes, unsigned vgprs,
                                               unsigned sgprs, unsigned lds, unsigned threads,
                                               bool wgp)
{
    struct code_object object = {.target = target_by_name(target)};
    struct kernel kernel = {.object = &object,
                            .lanes = lanes,
                            .vgprs = vgprs,
                            .sgprs = sgprs,
                            .lds_bytes = lds,
                            .rsrc1 = wgp ? 1u << 29 : 0};
    struct wavegauge_occupancy occupancy;
    occupancy_compute(&kernel, threads, 0, &occupancy);
    return occupancy;
}

// Waves of a SIMD by VGPRs: the rows where one register more costs a wave, of LLVM's and AMD's
// tables.
Test(occupancy, by_vgprs)
{
    static const struct {
        const char *target;
        unsigned lanes, vgprs, waves;
    } rows[] = {
        {"gfx90a", 64, 0, 8},     {"gfx90a", 64, 44, 8},    {"gfx90a", 64, 64, 8},
        {"gfx90a", 64, 65, 7},    {"gfx90a", 64, 72, 7},    {"gfx90a", 64, 73, 6},
        {"gfx90a", 64, 80, 6},    {"gfx90a", 64, 96, 5},    {"gfx90a", 64, 128, 4},
        {"gfx90a", 64, 129, 3},   {"gfx90a", 64, 168, 3},   {"gfx90a", 64, 256, 2},
        {"gfx90a", 64, 257, 1},   {"gfx90a", 64, 512, 1},   {"gfx1030", 32, 64, 16},
        {"gfx1030", 32, 65, 12},  {"gfx1030", 32, 80, 12},  {"gfx1030", 32, 96, 10},
        {"gfx1030", 32, 112, 9},  {"gfx1030", 32, 128, 8},  {"gfx1030", 32, 256, 4},
        {"gfx1030", 64, 32, 16},  {"gfx1030", 64, 33, 12},  {"gfx1030", 64, 64, 8},
        {"gfx1030", 64, 256, 2},  {"gfx1100", 32, 96, 16},  {"gfx1100", 32, 97, 12},
        {"gfx1100", 32, 120, 12}, {"gfx1100", 32, 144, 10}, {"gfx1100", 32, 168, 9},
        {"gfx1100", 32, 192, 8},  {"gfx1100", 32, 240, 6},  {"gfx1100", 32, 256, 5},
        {"gfx1100", 64, 48, 16},  {"gfx1100", 64, 49, 12},  {"gfx1100", 64, 256, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wavegauge_occupancy occupancy =
            occupancy_of(rows[i].target, rows[i].lanes, rows[i].vgprs, 16, 0, rows[i].lanes, true);
        unsigned waves = occupancy.waves / occupancy.simds;
        unsigned limit =
            waves == occupancy.simd_waves ? WAVEGAUGE_LIMIT_HARDWARE : WAVEGAUGE_LIMIT_VGPRS;
        cr_expect_eq(waves, rows[i].waves, "%s %u: %u VGPRs: %u waves, not %u", rows[i].target,
                     rows[i].lanes, rows[i].vgprs, waves, rows[i].waves);
        cr_expect_eq(occupancy.limits, limit, "%s %u VGPRs: %u", rows[i].target, rows[i].vgprs,
                     occupancy.limits);
    }
}

Test(occupancy, by_sgprs)
{
    cr_expect_eq(occupancy_of("gfx90a", 64, 8, 96, 0, 64, false).waves, 32);
    struct wavegauge_occupancy occupancy = occupancy_of("gfx90a", 64, 8, 102, 0, 64, false);
    cr_expect_eq(occupancy.waves, 28);
    cr_expect_eq(occupancy.limits, WAVEGAUGE_LIMIT_SGPRS);
    cr_expect_eq(occupancy_of("gfx1030", 32, 8, 106, 0, 32, true).waves, 64);
}

// Granules of 512 bytes; 64 KiB of a compute unit, twice that in WGP mode.
Test(occupancy, by_lds)
{
    struct wavegauge_occupancy occupancy = occupancy_of("gfx90a", 64, 8, 16, 16384, 256, false);
    cr_expect_eq(occupancy.workgroups, 4);
    cr_expect_eq(occupancy.waves, 16);
    cr_expect_eq(occupancy.limits, WAVEGAUGE_LIMIT_LDS);
    occupancy = occupancy_of("gfx90a", 64, 8, 16, 16385, 256, false);
    cr_expect_eq(occupancy.workgroups, 3);
    cr_expect_eq(occupancy.allocated_lds, 16896);
    cr_expect_eq(occupancy_of("gfx1030", 32, 8, 16, 32768, 256, true).workgroups, 4);
    cr_expect_eq(occupancy_of("gfx1030", 32, 8, 16, 32768, 256, false).workgroups, 2);
    cr_expect_eq(occupancy_of("gfx1100", 32, 8, 16, 65536, 1024, true).waves, 64);
}

Test(occupancy, by_workgroup)
{
    // 20 waves a workgroup: one of 32 places, and 12 stay free.
    struct wavegauge_occupancy occupancy = occupancy_of("gfx90a", 64, 8, 16, 0, 20 * 64, false);
    cr_expect_eq(occupancy.waves, 20);
    cr_expect_eq(occupancy.limits, WAVEGAUGE_LIMIT_WORKGROUP);
    // Two waves a workgroup: 16 barriers are just enough for 32 places of gfx90a, and 32 for the 64
    // of a workgroup processor.
    cr_expect_eq(occupancy_of("gfx90a", 64, 8, 16, 0, 128, false).limits, WAVEGAUGE_LIMIT_HARDWARE);
    cr_expect_eq(occupancy_of("gfx1100", 32, 8, 16, 0, 64, true).waves, 64);
    // A thread less than a wave takes a whole one.
    cr_expect_eq(occupancy_of("gfx90a", 64, 8, 16, 0, 65, false).workgroup_waves, 2);
    // Too large for the registers: nowhere.
    occupancy = occupancy_of("gfx90a", 64, 256, 16, 0, 1024, false);
    cr_expect_eq(occupancy.workgroups, 0);
    cr_expect_eq(occupancy.limits, WAVEGAUGE_LIMIT_VGPRS);
}

// Numbers of a hostile code object.
Test(occupancy, any_numbers)
{
    struct wavegauge_occupancy occupancy =
        occupancy_of("gfx90a", 64, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, false);
    cr_expect_eq(occupancy.waves, 0);
    cr_expect_eq(occupancy_of("gfx1100", 32, 0, 0, 0, 0, true).waves, 64);
}
