// links: wavegauge_emu_static
//
// MUBUF through resources other than the one for private memory: which byte a lane gets, and which
// lanes are out of range and get 0 or store nothing.
#include "wave_bench.h"

#define RECORD_BYTES 20
#define BASE         1024 // of the resource, within the bench's global memory

static uint64_t random_state = 5;
static struct wave_bench *bench;

static uint32_t any(uint32_t below)
{
    return bench_random(&random_state) % below;
}

static uint8_t *global(void)
{
    return (uint8_t *)(uintptr_t)bench->global->begin;
}

// The V# in s[8:11]; range_check is OOB_SELECT of gfx10 and later.
static void put_resource(uint32_t stride, bool swizzle, uint32_t records, bool add_thread,
                         uint32_t range_check)
{
    uint64_t base = bench->global->begin + BASE;
    uint32_t enable = bench->target->family == GFX11 ? 1u << 30 : 1u << 31;
    uint32_t index_stride = 1; // 16 records
    wave_write_sgpr(&bench->wave, 8, (uint32_t)base);
    wave_write_sgpr(&bench->wave, 9,
                    (uint32_t)(base >> 32) | stride << 16 | (swizzle ? enable : 0));
    wave_write_sgpr(&bench->wave, 10, records);
    wave_write_sgpr(&bench->wave, 11,
                    range_check << 28 | index_stride << 21 | (uint32_t)add_thread << 23);
}

static void begin(enum kernel_target target)
{
    bench = wave_bench_create(target);
    for (unsigned i = 0; i < WAVE_BENCH_GLOBAL; i++)
        global()[i] = (uint8_t)any(256);
    for (unsigned i = 0; i < 40 * bench->lanes; i++)
        bench->vgpr[i] = bench_random(&random_state);
}

static uint32_t dword_at(uint64_t offset)
{
    uint32_t value;
    memcpy(&value, global() + BASE + offset, 4);
    return value;
}

static void expect(unsigned reg, unsigned lane, uint32_t wanted)
{
    cr_assert_eq(wave_bench_register(bench, reg)[lane], wanted,
                 "%s on %s: v%u lane %u is %x, not %x", bench->text,
                 kernel_target_name(bench->kind), reg, lane, wave_bench_register(bench, reg)[lane],
                 wanted);
}

static const char *load(void)
{
    return bench->target->family == GFX11 ? "buffer_load_b32" : "buffer_load_dword";
}

static const char *store(void)
{
    return bench->target->family == GFX11 ? "buffer_store_b32" : "buffer_store_dword";
}

// Raw: bytes from the base; everything from the end of the records on is out of range.
WaveTest(isa_buffer, raw_loads)
{
    begin(*target);
    put_resource(0, false, 512, false, 3);
    wave_write_sgpr(&bench->wave, 5, 16);
    uint32_t offset[64];
    for (unsigned lane = 0; lane < bench->lanes; lane++)
        wave_bench_register(bench, 2)[lane] = offset[lane] = lane == 3   ? 512 - 16 - 8 - 4
                                                             : lane == 4 ? 512 - 16 - 8
                                                             : lane == 5 ? UINT32_MAX - 3
                                                                         : any(600) / 4 * 4;
    char text[96];
    sprintf(text, "%s v7, v2, s[8:11], s5 offen offset:8", load());
    wave_bench_run(bench, text);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        uint64_t at = (uint64_t)offset[lane] + 24;
        expect(7, lane, at < 512 ? dword_at(at) : 0);
    }
}

WaveTest(isa_buffer, raw_stores)
{
    begin(*target);
    put_resource(0, false, 64, false, 3);
    wave_write_sgpr(&bench->wave, 5, 0);
    static uint8_t before[WAVE_BENCH_GLOBAL];
    memcpy(before, global(), sizeof before);
    for (unsigned lane = 0; lane < bench->lanes; lane++)
        wave_bench_register(bench, 2)[lane] = lane * 4;
    wave_set_exec(&bench->wave, UINT64_C(0xfffffffffffffffd));
    char text[96];
    sprintf(text, "%s v7, v2, s[8:11], s5 offen", store());
    wave_bench_run(bench, text);
    for (unsigned lane = 0; lane < 16; lane++)
        if (lane != 1)
            memcpy(before + BASE + lane * 4, &wave_bench_register(bench, 7)[lane], 4);
    cr_assert_eq(memcmp(before, global(), sizeof before), 0, "%s", text);
}

// Half registers of lanes out of range become 0 in that half only.
WaveTest(isa_buffer, half_registers_out_of_range)
{
    begin(*target);
    put_resource(0, false, 4, false, 3);
    wave_write_sgpr(&bench->wave, 5, 0);
    uint32_t old[64];
    memcpy(old, wave_bench_register(bench, 7), sizeof old);
    for (unsigned lane = 0; lane < bench->lanes; lane++)
        wave_bench_register(bench, 2)[lane] = lane * 2;
    char text[96];
    sprintf(text, "%s v7, v2, s[8:11], s5 offen",
            bench->target->family == GFX11 ? "buffer_load_d16_hi_b16" : "buffer_load_short_d16_hi");
    wave_bench_run(bench, text);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        uint32_t half = lane < 2 ? dword_at(lane * 2) << 16 : 0;
        expect(7, lane, (old[lane] & 0xffff) | half);
    }
}

// Records of a stride, by an index, an offset in the record, or both.
WaveTest(isa_buffer, records)
{
    begin(*target);
    put_resource(RECORD_BYTES, false, 40, false, 1);
    wave_write_sgpr(&bench->wave, 5, 0);
    char text[96];
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        wave_bench_register(bench, 2)[lane] = lane == 9 ? 40 : lane == 8 ? 39 : any(50);
        wave_bench_register(bench, 3)[lane] = any(3) * 4;
    }
    sprintf(text, "%s v7, v2, s[8:11], s5 idxen offset:4", load());
    wave_bench_run(bench, text);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        uint32_t index = wave_bench_register(bench, 2)[lane];
        expect(7, lane, index < 40 ? dword_at(index * RECORD_BYTES + 4) : 0);
    }
    sprintf(text, "%s v7, v[2:3], s[8:11], s5 idxen offen offset:4", load());
    wave_bench_run(bench, text);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        uint32_t index = wave_bench_register(bench, 2)[lane];
        uint32_t offset = wave_bench_register(bench, 3)[lane] + 4;
        expect(7, lane, index < 40 ? dword_at(index * RECORD_BYTES + offset) : 0);
    }
}

// The lane number counts as an index too.
WaveTest(isa_buffer, lane_as_index)
{
    begin(*target);
    put_resource(RECORD_BYTES, false, 1 << 16, true, 1);
    wave_write_sgpr(&bench->wave, 5, 8);
    char text[96];
    sprintf(text, "%s v7, off, s[8:11], s5 offset:4", load());
    wave_bench_run(bench, text);
    for (unsigned lane = 0; lane < bench->lanes; lane++)
        expect(7, lane, dword_at(lane * RECORD_BYTES + 12));
}

// Swizzled: 16 records lie together, dword by dword.
WaveTest(isa_buffer, swizzled_records)
{
    begin(*target);
    put_resource(RECORD_BYTES, true, 48, false, 1);
    wave_write_sgpr(&bench->wave, 5, 4);
    char text[96];
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        wave_bench_register(bench, 2)[lane] = any(48);
        wave_bench_register(bench, 3)[lane] = any(4) * 4;
    }
    sprintf(text, "%s v7, v[2:3], s[8:11], s5 idxen offen offset:4", load());
    wave_bench_run(bench, text);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        uint32_t index = wave_bench_register(bench, 2)[lane];
        uint32_t dword = wave_bench_register(bench, 3)[lane] / 4 + 1;
        uint32_t at = index / 16 * 16 * RECORD_BYTES + dword * 16 * 4 + index % 16 * 4;
        // On gfx11 this enable bit alone means elements of 4 bytes as well.
        expect(7, lane, dword_at(4 + at));
    }
}

// OOB_SELECT of gfx10 and later.
WaveTest(isa_buffer, range_checks)
{
    if (*target == KERNEL_TARGET_GFX90A)
        return;
    begin(*target);
    char text[96];
    sprintf(text, "%s v7, v[2:3], s[8:11], s5 idxen offen", load());
    for (uint32_t check = 0; check < 4; check++) {
        uint32_t records = check == 3 ? 100 : 10;
        put_resource(RECORD_BYTES, false, records, false, check);
        wave_write_sgpr(&bench->wave, 5, 0);
        for (unsigned lane = 0; lane < bench->lanes; lane++) {
            wave_bench_register(bench, 2)[lane] = lane % 16;
            wave_bench_register(bench, 3)[lane] = (lane / 2 % 2 ? 20 : 16) + (lane > 24 ? 80 : 0);
        }
        wave_bench_run(bench, text);
        for (unsigned lane = 0; lane < bench->lanes; lane++) {
            uint32_t index = wave_bench_register(bench, 2)[lane];
            uint32_t offset = wave_bench_register(bench, 3)[lane];
            bool in_range = check == 0   ? index < 10 && offset + 4 <= RECORD_BYTES
                            : check == 1 ? index < 10
                            : check == 2 ? true
                                         : offset + 4 <= 100;
            expect(7, lane, in_range ? dword_at(index * RECORD_BYTES + offset) : 0);
        }
    }
    put_resource(RECORD_BYTES, false, 0, false, 2);
    wave_bench_run(bench, text);
    for (unsigned lane = 0; lane < bench->lanes; lane++)
        expect(7, lane, 0);
}

// In range by the resource but in no allocation: a fault, with the lane.
WaveTest(isa_buffer, outside_the_allocation)
{
    begin(*target);
    put_resource(0, false, UINT32_MAX, false, 3);
    wave_write_sgpr(&bench->wave, 5, 0);
    for (unsigned lane = 0; lane < bench->lanes; lane++)
        wave_bench_register(bench, 2)[lane] = lane == 21 ? WAVE_BENCH_GLOBAL - BASE : lane * 4;
    char text[96];
    sprintf(text, "%s v7, v2, s[8:11], s5 offen", load());
    cr_assert_not(wave_bench_try(bench, text));
    const struct fault *fault = &bench->launch.fault;
    cr_assert_eq(fault->kind, FAULT_OUT_OF_BOUNDS);
    cr_assert_eq(fault->space, SPACE_GLOBAL);
    cr_assert_eq(fault->lane, 21);
    cr_assert_eq(fault->address, bench->global->begin + WAVE_BENCH_GLOBAL);
}

WaveTest(isa_buffer, modifiers_that_are_not_supported)
{
    begin(*target);
    put_resource(0, false, 512, false, 3);
    cr_assert_not(wave_bench_try(bench, *target == KERNEL_TARGET_GFX1100
                                            ? "buffer_load_b32 v[7:8], off, s[8:11], s5 tfe"
                                            : "buffer_load_dword v7, s[8:11], s5 offen lds"));
    cr_assert_eq(bench->launch.fault.kind, FAULT_UNSUPPORTED);
    cr_assert_not(wave_bench_try(bench, "ds_add_u32 v1, v2 gds"));
    cr_assert_eq(bench->launch.fault.kind, FAULT_UNSUPPORTED);
    cr_assert_not_null(strstr(bench->launch.fault.text, "gds"));
}

WaveTest(isa_buffer, caches_are_left_alone)
{
    begin(*target);
    if (*target == KERNEL_TARGET_GFX90A) {
        wave_bench_run(bench, "buffer_wbinvl1_vol");
        wave_bench_run(bench, "buffer_wbl2");
        wave_bench_run(bench, "buffer_invl2");
    } else {
        wave_bench_run(bench, "buffer_gl0_inv");
        wave_bench_run(bench, "buffer_gl1_inv");
    }
    wave_bench_run(bench, "buffer_wbinvl1");
}
