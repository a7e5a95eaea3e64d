// links: wavegauge_emu_static
//
// DS instructions against a model: loads and stores of every width, two addresses, permutes and
// swizzles, counters.
#include "wave_bench.h"

#define REGISTERS 40
#define TRIALS    40

static uint64_t random_state = 7;

static uint32_t any(uint32_t below)
{
    return bench_random(&random_state) % below;
}

// The state before the instruction; the model works on it.
static uint32_t before[REGISTERS][64];
static uint8_t lds[WAVE_BENCH_LDS];
static struct wave_bench *bench;

static bool is_active(unsigned lane)
{
    return bench->wave.exec >> lane & 1;
}

static void begin(void)
{
    for (size_t i = 0; i < WAVE_BENCH_LDS; i++)
        bench->lds[i] = (uint8_t)bench_random(&random_state);
    for (size_t i = 0; i < (size_t)REGISTERS * bench->lanes; i++)
        bench->vgpr[i] = bench_random(&random_state);
    uint64_t mask = (uint64_t)bench_random(&random_state) << 32 | bench_random(&random_state);
    uint32_t kind = any(4);
    wave_set_exec(&bench->wave, kind == 0   ? mask
                                : kind == 1 ? UINT64_C(1) << any(bench->lanes)
                                            : UINT64_MAX);
}

static void snapshot(void)
{
    memcpy(lds, bench->lds, sizeof lds);
    for (unsigned k = 0; k < REGISTERS; k++)
        memcpy(before[k], wave_bench_register(bench, k), bench->lanes * 4);
}

static void compare(void)
{
    for (unsigned k = 0; k < REGISTERS; k++)
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            cr_assert_eq(wave_bench_register(bench, k)[lane], before[k][lane],
                         "%s on %s: v%u lane %u is %08x, not %08x, exec %llx", bench->text,
                         kernel_target_name(bench->kind), k, lane,
                         wave_bench_register(bench, k)[lane], before[k][lane],
                         (unsigned long long)bench->wave.exec);
    cr_assert_eq(memcmp(lds, bench->lds, sizeof lds), 0, "%s on %s: LDS", bench->text,
                 kernel_target_name(bench->kind));
}

static bool new_names(void)
{
    return bench->target->family == GFX11;
}

// Addresses of a lane pattern: consecutive, broadcast, two rows of 16 the same, reversed, random.
static void any_addresses(unsigned bytes, uint32_t room, bool overlap, uint32_t *address)
{
    unsigned align = bytes < 4 ? bytes : 4, kind = any(overlap ? 6 : 2);
    uint32_t first = any((room - bench->lanes * bytes) / align) * align;
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        address[lane] = first + lane * bytes;
        if (kind == 1)
            address[lane] = first + (bench->lanes - 1 - lane) * bytes;
        if (kind == 2)
            address[lane] = first;
        if (kind == 3)
            address[lane] = first + lane % 16 * bytes;
        if (kind == 4)
            address[lane] = first + lane / 16 * bytes;
        if (kind == 5)
            address[lane] = any((room - bytes) / align + 1) * align;
    }
}

static uint32_t bytes_at(uint32_t address, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned k = 0; k < bytes; k++)
        value |= (uint32_t)lds[address + k] << (8 * k);
    return value;
}

static const struct load {
    const char *name;
    unsigned bytes;
    bool sign, low, high;
} loads[] = {
    {"u8", 1, false, false, false},     {"i8", 1, true, false, false},
    {"u16", 2, false, false, false},    {"i16", 2, true, false, false},
    {"u8_d16", 1, false, true, false},  {"u8_d16_hi", 1, false, false, true},
    {"i8_d16", 1, true, true, false},   {"i8_d16_hi", 1, true, false, true},
    {"u16_d16", 2, false, true, false}, {"u16_d16_hi", 2, false, false, true},
    {"b32", 4, false, false, false},    {"b64", 8, false, false, false},
    {"b96", 12, false, false, false},   {"b128", 16, false, false, false},
};

static uint32_t extended(const struct load *load, uint32_t value, uint32_t old)
{
    unsigned unused = load->bytes < 4 ? 32 - 8 * load->bytes : 0;
    if (load->sign)
        value = (uint32_t)((int32_t)(value << unused) >> unused);
    if (load->low)
        return (old & 0xffff0000) | (value & 0xffff);
    return load->high ? (old & 0xffff) | value << 16 : value;
}

static const char *span(char *text, unsigned first, unsigned count)
{
    sprintf(text, count == 1 ? "v%u" : "v[%u:%u]", first, first + count - 1);
    return text;
}

// An offset, at times the largest; subtracted from the address register, which may become negative.
static uint32_t any_offset(const uint32_t *address, uint32_t unit, uint32_t limit)
{
    if (!any(4))
        return any(limit + 1);
    uint32_t least = UINT32_MAX;
    for (unsigned lane = 0; lane < bench->lanes; lane++)
        least = address[lane] < least ? address[lane] : least;
    uint32_t most = least / unit < limit ? least / unit : limit;
    return any(3) ? any(most + 1) : most;
}

static void check_load(const struct load *load)
{
    char text[96], registers[24];
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        begin();
        uint32_t address[64];
        any_addresses(load->bytes, WAVE_BENCH_LDS, true, address);
        uint32_t offset = any_offset(address, 1, 65535);
        unsigned to = any(2) ? 1 + any(2) : 10, count = (load->bytes + 3) / 4;
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            wave_bench_register(bench, 2)[lane] = address[lane] - offset;
        snapshot();
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            for (unsigned k = 0; k < count && is_active(lane); k++) {
                unsigned bytes = load->bytes < 4 ? load->bytes : 4;
                uint32_t value = bytes_at(address[lane] + 4 * k, bytes);
                before[to + k][lane] = extended(load, value, before[to + k][lane]);
            }
        sprintf(text, "ds_%s_%s %s, v2 offset:%u", new_names() ? "load" : "read", load->name,
                span(registers, to, count), offset);
        wave_bench_run(bench, text);
        compare();
    }
}

WaveTest(isa_lds, loads)
{
    bench = wave_bench_create(*target);
    for (size_t k = 0; k < sizeof loads / sizeof loads[0]; k++)
        check_load(&loads[k]);
}

static void check_store(const char *name, unsigned bytes, bool high)
{
    char text[96], registers[24];
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        begin();
        uint32_t address[64];
        any_addresses(bytes, WAVE_BENCH_LDS, false, address);
        uint32_t offset = any_offset(address, 1, 65535);
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            wave_bench_register(bench, 2)[lane] = address[lane] - offset;
        snapshot();
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            for (unsigned k = 0; k < bytes && is_active(lane); k++)
                lds[address[lane] + k] =
                    (uint8_t)(before[10 + k / 4][lane] >> (k % 4 * 8 + (high ? 16 : 0)));
        sprintf(text, "ds_%s_%s v2, %s offset:%u", new_names() ? "store" : "write", name,
                span(registers, 10, (bytes + 3) / 4), offset);
        wave_bench_run(bench, text);
        compare();
    }
}

WaveTest(isa_lds, stores)
{
    bench = wave_bench_create(*target);
    check_store("b8", 1, false);
    check_store("b8_d16_hi", 1, true);
    check_store("b16", 2, false);
    check_store("b16_d16_hi", 2, true);
    check_store("b32", 4, false);
    check_store("b64", 8, false);
    check_store("b96", 12, false);
    check_store("b128", 16, false);
}

// Two elements, whose offsets count elements or 64 of them.
static void check_load2(unsigned bytes, bool stride64)
{
    char text[96], registers[24];
    uint32_t unit = bytes * (stride64 ? 64 : 1);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        begin();
        uint32_t address[64];
        any_addresses(bytes, stride64 ? 2048 : 4096, true, address);
        uint32_t limit = (WAVE_BENCH_LDS - (stride64 ? 2048 : 4096)) / unit;
        uint32_t offset0 = any(limit < 256 ? limit : 256), offset1 = any(limit < 256 ? limit : 256);
        unsigned to = any(2) ? 1 + any(2) : 10, count = bytes / 4;
        memcpy(wave_bench_register(bench, 2), address, bench->lanes * 4);
        snapshot();
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            for (unsigned k = 0; k < 2 * count && is_active(lane); k++) {
                uint32_t offset = (k < count ? offset0 : offset1) * unit + k % count * 4;
                before[to + k][lane] = bytes_at(address[lane] + offset, 4);
            }
        const char *name = new_names() ? stride64 ? "load_2addr_stride64" : "load_2addr"
                           : stride64  ? "read2st64"
                                       : "read2";
        sprintf(text, "ds_%s_b%u %s, v2 offset0:%u offset1:%u", name, bytes * 8,
                span(registers, to, 2 * count), offset0, offset1);
        wave_bench_run(bench, text);
        compare();
    }
}

static void check_store2(unsigned bytes, bool stride64)
{
    char text[192], registers[2][24];
    uint32_t unit = bytes * (stride64 ? 64 : 1);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        begin();
        uint32_t address[64];
        any_addresses(bytes, bytes * bench->lanes + 4, false, address);
        // Apart from each other by at least the room of all lanes.
        uint32_t offset0 = any(2), offset1 = offset0 + (stride64 ? 2 : bench->lanes + 2);
        if (trial & 1) {
            uint32_t swap = offset0;
            offset0 = offset1;
            offset1 = swap;
        }
        memcpy(wave_bench_register(bench, 2), address, bench->lanes * 4);
        snapshot();
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            for (unsigned k = 0; k < bytes && is_active(lane); k++) {
                lds[address[lane] + offset0 * unit + k] =
                    (uint8_t)(before[10 + k / 4][lane] >> (k % 4 * 8));
                lds[address[lane] + offset1 * unit + k] =
                    (uint8_t)(before[20 + k / 4][lane] >> (k % 4 * 8));
            }
        const char *name = new_names() ? stride64 ? "store_2addr_stride64" : "store_2addr"
                           : stride64  ? "write2st64"
                                       : "write2";
        sprintf(text, "ds_%s_b%u v2, %s, %s offset0:%u offset1:%u", name, bytes * 8,
                span(registers[0], 10, bytes / 4), span(registers[1], 20, bytes / 4), offset0,
                offset1);
        wave_bench_run(bench, text);
        compare();
    }
}

WaveTest(isa_lds, two_addresses)
{
    bench = wave_bench_create(*target);
    for (unsigned k = 0; k < 4; k++) {
        check_load2(k & 1 ? 8 : 4, k & 2);
        check_store2(k & 1 ? 8 : 4, k & 2);
    }
}

// The offset without its text is 0, offset0 and offset1 each on their own too.
WaveTest(isa_lds, offsets_left_out)
{
    bench = wave_bench_create(*target);
    const char *names[] = {new_names() ? "ds_load_2addr_b32 v[4:5], v2 offset1:3"
                                       : "ds_read2_b32 v[4:5], v2 offset1:3",
                           new_names() ? "ds_load_2addr_b32 v[4:5], v2 offset0:5"
                                       : "ds_read2_b32 v[4:5], v2 offset0:5"};
    for (unsigned k = 0; k < 2; k++) {
        begin();
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            wave_bench_register(bench, 2)[lane] = lane * 4;
        snapshot();
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            if (is_active(lane)) {
                before[4][lane] = bytes_at(lane * 4 + (k ? 20 : 0), 4);
                before[5][lane] = bytes_at(lane * 4 + (k ? 0 : 12), 4);
            }
        wave_bench_run(bench, names[k]);
        compare();
    }
}

// Permutes stay within 32 lanes on gfx10 and later, within the wave on gfx9.
static unsigned permute_group(void)
{
    return bench->target->family == GFX9 ? bench->lanes : 32;
}

WaveTest(isa_lds, backward_permute)
{
    bench = wave_bench_create(*target);
    unsigned group = permute_group();
    for (unsigned trial = 0; trial < 200; trial++) {
        begin();
        uint32_t offset = any(2) ? 0 : any(300) * 4;
        snapshot();
        uint32_t result[64];
        for (unsigned lane = 0; lane < bench->lanes; lane++) {
            unsigned from = (before[2][lane] + offset) / 4 % group + lane / group * group;
            result[lane] = is_active(from) ? before[3][from] : 0;
        }
        unsigned to = 1 + any(4);
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            if (is_active(lane))
                before[to][lane] = result[lane];
        char text[96];
        sprintf(text, "ds_bpermute_b32 v%u, v2, v3 offset:%u", to, offset);
        wave_bench_run(bench, text);
        compare();
    }
}

WaveTest(isa_lds, forward_permute)
{
    bench = wave_bench_create(*target);
    unsigned group = permute_group();
    for (unsigned trial = 0; trial < 200; trial++) {
        begin();
        snapshot();
        uint32_t result[64] = {0};
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            if (is_active(lane))
                result[before[2][lane] / 4 % group + lane / group * group] = before[3][lane];
        unsigned to = 1 + any(4);
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            if (is_active(lane))
                before[to][lane] = result[lane];
        char text[96];
        sprintf(text, "ds_permute_b32 v%u, v2, v3", to);
        wave_bench_run(bench, text);
        compare();
    }
}

// The pattern is the instruction's first 16 bits, not its text.
static void check_swizzle(unsigned pattern, unsigned (*source)(unsigned pattern, unsigned lane))
{
    begin();
    snapshot();
    uint32_t result[64];
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        unsigned from = source(pattern, lane % 32) + lane / 32 * 32;
        result[lane] = is_active(from) ? before[3][from] : 0;
    }
    for (unsigned lane = 0; lane < bench->lanes; lane++)
        if (is_active(lane))
            before[3][lane] = result[lane];
    bench->immediate = (uint16_t)pattern;
    wave_bench_run(bench, "ds_swizzle_b32 v3, v3");
    compare();
}

static unsigned quad_source(unsigned pattern, unsigned lane)
{
    return lane / 4 * 4 + (pattern >> lane % 4 * 2 & 3);
}

static unsigned mask_source(unsigned pattern, unsigned lane)
{
    return ((lane & pattern) | pattern >> 5) % 32 ^ (pattern >> 10);
}

// Turned up or down by an amount within groups that the mask does not cover.
static unsigned rotate_source(unsigned pattern, unsigned lane)
{
    unsigned mask = pattern & 31, amount = pattern >> 5 & 31;
    unsigned turned = (pattern & 0x400 ? lane + 32 - amount : lane + amount) & 31;
    return (lane & mask) | (turned & ~mask & 31);
}

static unsigned identity_source(unsigned pattern, unsigned lane)
{
    (void)pattern;
    return lane;
}

static unsigned reversed_source(unsigned pattern, unsigned lane)
{
    (void)pattern;
    return (lane & 1) << 4 | (lane & 2) << 2 | (lane & 4) | (lane & 8) >> 2 | lane >> 4;
}

WaveTest(isa_lds, swizzle)
{
    bench = wave_bench_create(*target);
    for (unsigned pattern = 0x8000; pattern < 0x8100; pattern += 3)
        check_swizzle(pattern, quad_source);
    for (unsigned pattern = 0; pattern < 0x8000; pattern += 61)
        check_swizzle(pattern, mask_source);
    for (unsigned pattern = 0xc000; pattern < 0xc800; pattern += 17)
        check_swizzle(pattern, rotate_source);
    check_swizzle(0xe01f, identity_source);
    check_swizzle(0xe000, reversed_source);
}

WaveTest(isa_lds, append_and_consume)
{
    bench = wave_bench_create(*target);
    for (unsigned trial = 0; trial < 40; trial++) {
        begin();
        wave_write_sgpr(&bench->wave, M0, 0xabc00040);
        snapshot();
        uint32_t old = bytes_at(0x40 + 12, 4);
        uint32_t count = (uint32_t)__builtin_popcountll(bench->wave.exec);
        uint32_t now = trial & 1 ? old - count : old + count;
        if (count)
            memcpy(&lds[0x40 + 12], &now, 4);
        for (unsigned lane = 0; lane < bench->lanes; lane++)
            if (is_active(lane))
                before[5][lane] = old;
        wave_bench_run(bench, trial & 1 ? "ds_consume v5 offset:12" : "ds_append v5 offset:12");
        compare();
    }
}

WaveTest(isa_lds, lanes_after_m0)
{
    bench = wave_bench_create(*target);
    for (unsigned trial = 0; trial < 40; trial++) {
        begin();
        wave_write_sgpr(&bench->wave, M0, 0x40);
        snapshot();
        for (unsigned lane = 0; lane < bench->lanes; lane++) {
            if (is_active(lane) && trial & 1)
                memcpy(&lds[0x40 + 12 + 4 * lane], &before[5][lane], 4);
            else if (is_active(lane))
                before[5][lane] = bytes_at(0x40 + 12 + 4 * lane, 4);
        }
        if (trial & 1)
            wave_bench_run(bench, new_names() ? "ds_store_addtid_b32 v5 offset:12"
                                              : "ds_write_addtid_b32 v5 offset:12");
        else
            wave_bench_run(bench, new_names() ? "ds_load_addtid_b32 v5 offset:12"
                                              : "ds_read_addtid_b32 v5 offset:12");
        compare();
    }
}

WaveTest(isa_lds, nothing)
{
    bench = wave_bench_create(*target);
    begin();
    snapshot();
    wave_bench_run(bench, "ds_nop");
    compare();
}
