// links: wavegauge_emu_static
//
// Loads and stores of every space and width, instruction by instruction, against a model that moves
// single bytes. What could be wrong: an address (offset, sign, scalar part, swizzle), a width or
// extension, the half of a register that must stay, an inactive lane, a destination that overlaps
// the address, the choice of the fast path.
#include "wave_bench.h"

#define REGISTERS 40
#define TRIALS    40

struct form {
    const char *old_name, *new_name; // gfx9 and gfx10; gfx11
    unsigned bytes;
    bool sign, low, high; // sign-extended; into the low or high half
};

static const struct form loads[] = {
    {"ubyte", "u8", 1, false, false, false},
    {"sbyte", "i8", 1, true, false, false},
    {"ushort", "u16", 2, false, false, false},
    {"sshort", "i16", 2, true, false, false},
    {"ubyte_d16", "d16_u8", 1, false, true, false},
    {"ubyte_d16_hi", "d16_hi_u8", 1, false, false, true},
    {"sbyte_d16", "d16_i8", 1, true, true, false},
    {"sbyte_d16_hi", "d16_hi_i8", 1, true, false, true},
    {"short_d16", "d16_b16", 2, false, true, false},
    {"short_d16_hi", "d16_hi_b16", 2, false, false, true},
    {"dword", "b32", 4, false, false, false},
    {"dwordx2", "b64", 8, false, false, false},
    {"dwordx3", "b96", 12, false, false, false},
    {"dwordx4", "b128", 16, false, false, false},
};

static const struct form stores[] = {
    {"byte", "b8", 1, false, false, false},
    {"byte_d16_hi", "d16_hi_b8", 1, false, false, true},
    {"short", "b16", 2, false, false, false},
    {"short_d16_hi", "d16_hi_b16", 2, false, false, true},
    {"dword", "b32", 4, false, false, false},
    {"dwordx2", "b64", 8, false, false, false},
    {"dwordx3", "b96", 12, false, false, false},
    {"dwordx4", "b128", 16, false, false, false},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// What a test run works on: the bench, and the model's copy of everything the instruction may
// change.
struct model {
    struct wave_bench *bench;
    uint64_t random;
    uint32_t vgpr[REGISTERS][64];
    uint8_t global[WAVE_BENCH_GLOBAL], lds[WAVE_BENCH_LDS];
    uint8_t scratch[64][WAVE_BENCH_SCRATCH];
};

static struct model *model_create(enum kernel_target target)
{
    struct model *model = calloc(1, sizeof *model);
    cr_assert_not_null(model);
    model->bench = wave_bench_create(target);
    model->random = 1;
    return model;
}

static uint32_t any(struct model *model, uint32_t below)
{
    return bench_random(&model->random) % below;
}

// Fresh contents everywhere, the same in the bench and the model.
static void model_fill(struct model *model)
{
    struct wave_bench *bench = model->bench;
    uint8_t *global = (uint8_t *)(uintptr_t)bench->global->begin;
    for (size_t i = 0; i < WAVE_BENCH_GLOBAL; i++)
        global[i] = (uint8_t)bench_random(&model->random);
    for (size_t i = 0; i < WAVE_BENCH_LDS; i++)
        bench->lds[i] = (uint8_t)bench_random(&model->random);
    for (size_t i = 0; i < WAVE_BENCH_SCRATCH * bench->lanes; i++)
        bench->scratch[i] = (uint8_t)bench_random(&model->random);
    for (size_t i = 0; i < (size_t)REGISTERS * bench->lanes; i++)
        bench->vgpr[i] = bench_random(&model->random);
}

static void model_copy(struct model *model)
{
    struct wave_bench *bench = model->bench;
    unsigned lanes = bench->lanes;
    memcpy(model->global, (void *)(uintptr_t)bench->global->begin, WAVE_BENCH_GLOBAL);
    memcpy(model->lds, bench->lds, WAVE_BENCH_LDS);
    for (unsigned lane = 0; lane < lanes; lane++)
        for (unsigned a = 0; a < WAVE_BENCH_SCRATCH; a++)
            model->scratch[lane][a] = bench->scratch[(a / 4 * lanes + lane) * 4 + a % 4];
    for (unsigned k = 0; k < REGISTERS; k++)
        memcpy(model->vgpr[k], wave_bench_register(bench, k), lanes * 4);
}

static void model_compare(struct model *model)
{
    struct wave_bench *bench = model->bench;
    unsigned lanes = bench->lanes;
    const char *target = kernel_target_name(bench->kind);
    for (unsigned k = 0; k < REGISTERS; k++)
        for (unsigned lane = 0; lane < lanes; lane++)
            cr_assert_eq(wave_bench_register(bench, k)[lane], model->vgpr[k][lane],
                         "%s on %s: v%u lane %u is %08x, not %08x, exec %llx", bench->text, target,
                         k, lane, wave_bench_register(bench, k)[lane], model->vgpr[k][lane],
                         (unsigned long long)bench->wave.exec);
    const uint8_t *global = (const uint8_t *)(uintptr_t)bench->global->begin;
    cr_assert_eq(memcmp(global, model->global, WAVE_BENCH_GLOBAL), 0, "%s on %s: global memory",
                 bench->text, target);
    cr_assert_eq(memcmp(bench->lds, model->lds, WAVE_BENCH_LDS), 0, "%s on %s: LDS", bench->text,
                 target);
    for (unsigned lane = 0; lane < lanes; lane++)
        for (unsigned a = 0; a < WAVE_BENCH_SCRATCH; a++)
            cr_assert_eq(bench->scratch[(a / 4 * lanes + lane) * 4 + a % 4],
                         model->scratch[lane][a], "%s on %s: scratch of lane %u at %u", bench->text,
                         target, lane, a);
}

// Bytes of a lane at an address as FLAT has them; global addresses begin at the allocation.
static uint8_t *model_byte(struct model *model, unsigned lane, uint64_t address)
{
    if (address >> 32 == SHARED_APERTURE >> 32)
        return &model->lds[(uint32_t)address];
    if (address >> 32 == PRIVATE_APERTURE >> 32)
        return &model->scratch[lane][(uint32_t)address];
    return &model->global[address - model->bench->global->begin];
}

static void model_load(struct model *model, const struct form *form, unsigned destination,
                       const uint64_t *address)
{
    uint32_t result[4][64];
    for (unsigned lane = 0; lane < model->bench->lanes; lane++) {
        uint32_t words[4] = {0};
        if (!(model->bench->wave.exec >> lane & 1))
            continue;
        for (unsigned k = 0; k < form->bytes; k++)
            words[k / 4] |= (uint32_t)*model_byte(model, lane, address[lane] + k) << (k % 4 * 8);
        unsigned unused = form->bytes < 4 ? 32 - 8 * form->bytes : 0;
        if (form->sign)
            words[0] = (uint32_t)((int32_t)(words[0] << unused) >> unused);
        uint32_t old = model->vgpr[destination][lane];
        if (form->low)
            words[0] = (old & 0xffff0000) | (words[0] & 0xffff);
        if (form->high)
            words[0] = (old & 0xffff) | words[0] << 16;
        for (unsigned k = 0; k < 4; k++)
            result[k][lane] = words[k];
    }
    for (unsigned k = 0; k < (form->bytes + 3) / 4; k++)
        for (unsigned lane = 0; lane < model->bench->lanes; lane++)
            if (model->bench->wave.exec >> lane & 1)
                model->vgpr[destination + k][lane] = result[k][lane];
}

static void model_store(struct model *model, const struct form *form, unsigned source,
                        const uint64_t *address)
{
    for (unsigned lane = 0; lane < model->bench->lanes; lane++) {
        if (!(model->bench->wave.exec >> lane & 1))
            continue;
        for (unsigned k = 0; k < form->bytes; k++) {
            uint32_t word = model->vgpr[source + k / 4][lane] >> (form->high ? 16 : 0);
            *model_byte(model, lane, address[lane] + k) = (uint8_t)(word >> (k % 4 * 8));
        }
    }
}

// Masks that separate the paths: all lanes, none, one, the lower half, scattered.
static uint64_t any_mask(struct model *model)
{
    uint64_t full = model->bench->wave.full;
    switch (any(model, 6)) {
    case 0:
        return UINT64_C(1) << any(model, model->bench->lanes);
    case 1:
        return full >> (model->bench->lanes / 2);
    case 2:
        return ((uint64_t)bench_random(&model->random) << 32 | bench_random(&model->random)) & full;
    case 3:
        return any(model, 8) ? full >> 1 : 0;
    default:
        return full;
    }
}

// Places for the lanes in [0, room): consecutive, reversed, all the same, with gaps, random.
// Overlapping stores would depend on the order of lanes, so those patterns are for loads only.
static void any_places(struct model *model, unsigned bytes, uint32_t room, bool overlap,
                       uint32_t *place)
{
    unsigned lanes = model->bench->lanes, align = bytes < 4 ? bytes : 4;
    uint32_t slots = room / bytes, first = any(model, slots - lanes + 1);
    uint32_t shift = bytes == align ? 0 : any(model, bytes / align) * align;
    uint32_t kind = any(model, overlap ? 5 : 3), permute = any(model, lanes) | 1;
    for (unsigned lane = 0; lane < lanes; lane++) {
        uint32_t slot = first + lane;
        if (kind == 1)
            slot = first + lanes - 1 - lane;
        if (kind == 2)
            slot = first + lane * permute % lanes;
        if (kind == 3)
            slot = first;
        place[lane] = slot * bytes + shift;
        if (place[lane] + bytes > room)
            place[lane] -= bytes;
        if (kind == 4)
            place[lane] = any(model, (room - bytes) / align + 1) * align;
    }
}

static const char *registers(char *text, unsigned first, unsigned count)
{
    if (count == 1)
        sprintf(text, "v%u", first);
    else
        sprintf(text, "v[%u:%u]", first, first + count - 1);
    return text;
}

static const char *name_of(const struct model *model, const struct form *form)
{
    return model->bench->kind == KERNEL_TARGET_GFX1100 ? form->new_name : form->old_name;
}

static void set_register64(struct model *model, unsigned first, unsigned lane, uint64_t value)
{
    wave_bench_register(model->bench, first)[lane] = (uint32_t)value;
    wave_bench_register(model->bench, first + 1)[lane] = (uint32_t)(value >> 32);
}

static uint32_t at_offset(char *text, int offset)
{
    if (offset)
        sprintf(text, " offset:%d", offset);
    else
        *text = 0;
    return (uint32_t)offset;
}

// The range of immediate offsets of GLOBAL and SCRATCH.
static int any_offset(struct model *model)
{
    int limit = model->bench->target->family == GFX10 ? 2048 : 4096;
    switch (any(model, 4)) {
    case 0:
        return 0;
    case 1:
        return -limit;
    case 2:
        return limit - 1;
    default:
        return (int)any(model, 2 * (uint32_t)limit) - limit;
    }
}

static void run(struct model *model, const char *text)
{
    wave_bench_run(model->bench, text);
    model_compare(model);
}

// One load or store through registers a.. and data registers d..; fills text.
static void memory_text(const struct model *model, char *text, const char *kind,
                        const struct form *form, bool store, const char *address, unsigned data,
                        const char *tail)
{
    char data_text[24];
    registers(data_text, data, (form->bytes + 3) / 4);
    if (store)
        sprintf(text, "%s_store_%s %s, %s%s", kind, name_of(model, form), address, data_text, tail);
    else
        sprintf(text, "%s_load_%s %s, %s%s", kind, name_of(model, form), data_text, address, tail);
}

static void apply(struct model *model, const struct form *form, bool store, unsigned data,
                  const uint64_t *address)
{
    if (store)
        model_store(model, form, data, address);
    else
        model_load(model, form, data, address);
}

// Data registers: for loads now and then over the address in v2, v3; stores may not change it.
static unsigned any_data(struct model *model, bool store)
{
    return store || any(model, 3) ? 8 + any(model, 20) : 1 + any(model, 2);
}

static void check_global(struct model *model, const struct form *form, bool store)
{
    uint32_t place[64];
    uint64_t address[64], base = model->bench->global->begin;
    char text[128], tail[64], offset_text[32];
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        model_fill(model);
        wave_set_exec(&model->bench->wave, any_mask(model));
        bool scalar = trial & 1;
        unsigned data = any_data(model, store);
        int offset = any_offset(model);
        any_places(model, form->bytes, WAVE_BENCH_GLOBAL, !store, place);
        at_offset(offset_text, offset);
        for (unsigned lane = 0; lane < model->bench->lanes; lane++) {
            address[lane] = base + place[lane];
            if (scalar)
                wave_bench_register(model->bench, 2)[lane] = place[lane] + 70000;
            else
                set_register64(model, 2, lane, address[lane] - (uint64_t)(int64_t)offset);
        }
        wave_write_sgpr64(&model->bench->wave, 4, base - 70000 - (uint64_t)(int64_t)offset);
        sprintf(tail, scalar ? ", s[4:5]%s" : ", off%s", offset_text);
        memory_text(model, text, "global", form, store, scalar ? "v2" : "v[2:3]", data, tail);
        model_copy(model);
        apply(model, form, store, data, address);
        run(model, text);
    }
}

WaveTest(isa_memory, global_loads_and_stores)
{
    struct model *model = model_create(*target);
    for (size_t k = 0; k < COUNT(loads); k++)
        check_global(model, &loads[k], false);
    for (size_t k = 0; k < COUNT(stores); k++)
        check_global(model, &stores[k], true);
}

// Each lane in a space of its own choice, or all in one.
static void check_flat(struct model *model, const struct form *form, bool store)
{
    uint32_t place[64];
    uint64_t address[64];
    char text[128], tail[32];
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        model_fill(model);
        wave_set_exec(&model->bench->wave, any_mask(model));
        unsigned data = any_data(model, store), space = any(model, 5);
        int offset = model->bench->target->family == GFX10 ? 0 : (int)any(model, 4096);
        any_places(model, form->bytes, space == 1 ? WAVE_BENCH_LDS : 4096, !store, place);
        for (unsigned lane = 0; lane < model->bench->lanes; lane++) {
            unsigned here = space < 3 ? space : any(model, 3);
            address[lane] = model->bench->global->begin + place[lane];
            if (here == 1)
                address[lane] = SHARED_APERTURE + place[lane];
            if (here == 2)
                address[lane] = PRIVATE_APERTURE + place[lane] % (WAVE_BENCH_SCRATCH - 16);
            set_register64(model, 2, lane, address[lane] - (uint64_t)(int64_t)offset);
        }
        at_offset(tail, offset);
        memory_text(model, text, "flat", form, store, "v[2:3]", data, tail);
        model_copy(model);
        apply(model, form, store, data, address);
        run(model, text);
    }
}

WaveTest(isa_memory, flat_loads_and_stores)
{
    struct model *model = model_create(*target);
    for (size_t k = 0; k < COUNT(loads); k++)
        check_flat(model, &loads[k], false);
    for (size_t k = 0; k < COUNT(stores); k++)
        check_flat(model, &stores[k], true);
}

// The forms of the address: VGPR, SGPR, both (gfx11) or neither (gfx10 and gfx11).
static void check_scratch(struct model *model, const struct form *form, bool store)
{
    uint32_t place[64];
    uint64_t address[64];
    char text[128], tail[64], offset_text[32];
    enum target_family family = model->bench->target->family;
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        model_fill(model);
        wave_set_exec(&model->bench->wave, any_mask(model));
        unsigned forms = family == GFX9 ? 2 : family == GFX10 ? 3 : 4, kind = trial % forms;
        bool vector = kind == 0 || kind == 3, scalar = kind == 1 || kind == 3;
        unsigned data = any_data(model, store), align = form->bytes < 4 ? form->bytes : 4;
        int offset = any_offset(model);
        any_places(model, form->bytes, 64 * form->bytes, !store, place);
        uint32_t fixed = any(model, (WAVE_BENCH_SCRATCH - 16) / align) * align;
        if (!vector && !scalar)
            offset = (int)fixed;
        uint32_t part = scalar ? bench_random(&model->random) : 0;
        for (unsigned lane = 0; lane < model->bench->lanes; lane++) {
            uint32_t at = vector ? place[lane] % (WAVE_BENCH_SCRATCH - 16) : fixed;
            address[lane] = PRIVATE_APERTURE + at;
            if (vector)
                wave_bench_register(model->bench, 2)[lane] = at - part - (uint32_t)offset;
        }
        wave_write_sgpr(&model->bench->wave, 5, vector ? part : fixed - (uint32_t)offset);
        at_offset(offset_text, offset);
        sprintf(tail, ", %s%s", scalar ? "s5" : "off", offset_text);
        memory_text(model, text, "scratch", form, store, vector ? "v2" : "off", data, tail);
        model_copy(model);
        apply(model, form, store, data, address);
        run(model, text);
    }
}

WaveTest(isa_memory, scratch_loads_and_stores)
{
    struct model *model = model_create(*target);
    for (size_t k = 0; k < COUNT(loads); k++)
        check_scratch(model, &loads[k], false);
    for (size_t k = 0; k < COUNT(stores); k++)
        check_scratch(model, &stores[k], true);
}

// Private memory through the buffer resource that kernels of gfx9 and gfx10 are given.
static void check_private_buffer(struct model *model, const struct form *form, bool store)
{
    uint32_t place[64];
    uint64_t address[64];
    char text[128], tail[64], offset_text[32];
    struct wave *wave = &model->bench->wave;
    wave_write_sgpr64(wave, 8, SCRATCH_WINDOW | UINT64_C(1) << 63);
    wave_write_sgpr64(wave, 10, UINT64_C(0x00e00000) << 32 | UINT32_MAX);
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        model_fill(model);
        wave_set_exec(wave, any_mask(model));
        bool vector = trial & 1;
        unsigned data = any_data(model, store), align = form->bytes < 4 ? form->bytes : 4;
        any_places(model, form->bytes, 64 * form->bytes, !store, place);
        uint32_t fixed = any(model, (WAVE_BENCH_SCRATCH - 16) / align) * align;
        uint32_t frame = any(model, 4) * 16; // bytes of a lane
        for (unsigned lane = 0; lane < wave->lanes; lane++) {
            uint32_t at = vector ? place[lane] % (WAVE_BENCH_SCRATCH - 16) : fixed;
            if (at < frame)
                at += 64;
            address[lane] = PRIVATE_APERTURE + at;
        }
        int offset = (int)((uint32_t)address[0] - frame);
        if (vector)
            offset = any(model, 2) ? 4095 : (int)any(model, 4096);
        for (unsigned lane = 0; lane < wave->lanes && vector; lane++)
            wave_bench_register(model->bench, 2)[lane] =
                (uint32_t)address[lane] - frame - (uint32_t)offset;
        wave_write_sgpr(wave, 5, frame * wave->lanes);
        at_offset(offset_text, offset);
        sprintf(tail, ", %s, s[8:11], s5%s%s", vector ? "v2" : "off", vector ? " offen" : "",
                offset_text);
        char data_text[24];
        registers(data_text, data, (form->bytes + 3) / 4);
        sprintf(text, "buffer_%s_%s %s%s", store ? "store" : "load", name_of(model, form),
                data_text, tail);
        model_copy(model);
        apply(model, form, store, data, address);
        run(model, text);
    }
}

WaveTest(isa_memory, private_buffers)
{
    struct model *model = model_create(*target);
    for (size_t k = 0; k < COUNT(loads); k++)
        check_private_buffer(model, &loads[k], false);
    for (size_t k = 0; k < COUNT(stores); k++)
        check_private_buffer(model, &stores[k], true);
}

WaveTest(isa_memory, lanes_at_a_scalar_address)
{
    if (*target == KERNEL_TARGET_GFX90A)
        return;
    struct model *model = model_create(*target);
    bool new_names = *target == KERNEL_TARGET_GFX1100;
    struct form dword = {"", "", 4, false, false, false};
    uint64_t address[64];
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        model_fill(model);
        wave_set_exec(&model->bench->wave, any_mask(model));
        uint32_t first = any(model, 1000) * 4;
        for (unsigned lane = 0; lane < model->bench->lanes; lane++)
            address[lane] = model->bench->global->begin + first + 4 * lane;
        wave_write_sgpr64(&model->bench->wave, 4, address[0] - 16);
        model_copy(model);
        apply(model, &dword, trial & 1, 7, address);
        if (trial & 1)
            run(model, new_names ? "global_store_addtid_b32 v7, s[4:5] offset:16"
                                 : "global_store_dword_addtid v7, s[4:5] offset:16");
        else
            run(model, new_names ? "global_load_addtid_b32 v7, s[4:5] offset:16"
                                 : "global_load_dword_addtid v7, s[4:5] offset:16");
    }
}

static void expect_fault(struct model *model, const char *text, enum memory_space space,
                         unsigned lane, uint64_t address)
{
    cr_assert_not(wave_bench_try(model->bench, text), "%s must fault", text);
    const struct fault *fault = &model->bench->launch.fault;
    cr_assert_eq(fault->kind, FAULT_OUT_OF_BOUNDS, "%s: kind %d", text, fault->kind);
    cr_assert_eq(fault->space, space, "%s: space %d", text, fault->space);
    cr_assert_eq(fault->lane, lane, "%s: lane %u, not %u", text, fault->lane, lane);
    cr_assert_eq(fault->address, address, "%s: 0x%llx, not 0x%llx", text,
                 (unsigned long long)fault->address, (unsigned long long)address);
}

// Lanes whose low halves are side by side, but not the whole addresses.
WaveTest(isa_memory, rows_that_only_look_like_rows)
{
    struct model *model = model_create(*target);
    bool new_names = *target == KERNEL_TARGET_GFX1100;
    uint64_t base = model->bench->global->begin;
    for (unsigned lane = 0; lane < model->bench->lanes; lane++)
        set_register64(model, 2, lane, base + 4 * lane + (lane == 5 ? UINT64_C(1) << 32 : 0));
    expect_fault(
        model, new_names ? "global_load_b32 v8, v[2:3], off" : "global_load_dword v8, v[2:3], off",
        SPACE_GLOBAL, 5, base + 20 + (UINT64_C(1) << 32));
    // The vector part has 32 bits and starts again at 0.
    wave_write_sgpr64(&model->bench->wave, 4, base - 0xfffffff8);
    for (unsigned lane = 0; lane < model->bench->lanes; lane++)
        wave_bench_register(model->bench, 2)[lane] = 0xfffffff8 + 4 * lane;
    expect_fault(model,
                 new_names ? "global_load_b32 v8, v2, s[4:5]" : "global_load_dword v8, v2, s[4:5]",
                 SPACE_GLOBAL, 2, base - 0xfffffff8);
}

// Bounds at both ends, to the byte, for every width and the last lane.
WaveTest(isa_memory, bounds_to_the_byte)
{
    struct model *model = model_create(*target);
    bool new_names = *target == KERNEL_TARGET_GFX1100;
    uint64_t base = model->bench->global->begin;
    unsigned last = model->bench->lanes - 1;
    for (size_t k = 0; k < COUNT(loads); k++) {
        unsigned bytes = loads[k].bytes, align = bytes < 4 ? bytes : 4;
        char text[96], data[24];
        registers(data, 8, (bytes + 3) / 4);
        for (unsigned lane = 0; lane <= last; lane++)
            set_register64(model, 2, lane, base + WAVE_BENCH_GLOBAL - bytes * (last - lane + 1));
        sprintf(text, "global_load_%s %s, v[2:3], off", name_of(model, &loads[k]), data);
        wave_bench_run(model->bench, text);
        for (unsigned lane = 0; lane <= last; lane++)
            wave_bench_register(model->bench, 2)[lane] += align;
        expect_fault(model, text, SPACE_GLOBAL, last, base + WAVE_BENCH_GLOBAL - bytes + align);
        for (unsigned lane = 0; lane <= last; lane++)
            set_register64(model, 2, lane, base + bytes * lane - align);
        expect_fault(model, text, SPACE_GLOBAL, 0, base - align);
        // LDS addresses are 32-bit sums.
        if (strstr(loads[k].old_name, "d16"))
            continue;
        static const char *const names[] = {"u8", "i8", "u16", "i16"};
        sprintf(text, "ds_%s_%s", new_names ? "load" : "read",
                bytes < 4 ? names[k] : loads[k].new_name);
        sprintf(text + strlen(text), " %s, v2 offset:%u", data, 16);
        for (unsigned lane = 0; lane <= last; lane++)
            wave_bench_register(model->bench, 2)[lane] = WAVE_BENCH_LDS - 16 - bytes;
        wave_bench_run(model->bench, text);
        wave_bench_register(model->bench, 2)[9] += align;
        expect_fault(model, text, SPACE_LDS, 9, WAVE_BENCH_LDS - bytes + align);
        wave_bench_register(model->bench, 2)[9] = UINT32_MAX - 31;
        expect_fault(model, text, SPACE_LDS, 9, (uint64_t)UINT32_MAX - 15);
        wave_bench_register(model->bench, 2)[9] = UINT32_MAX - 15;
        wave_bench_run(model->bench, text);
    }
}

// All lanes at place + step * lane; true when the instruction ran, false when it was reported as
// misaligned.
static bool runs_at(struct model *model, const char *text, uint64_t place, uint32_t step)
{
    for (unsigned lane = 0; lane < model->bench->lanes; lane++)
        set_register64(model, 2, lane, place + (uint64_t)step * lane);
    if (wave_bench_try(model->bench, text))
        return true;
    const struct fault *fault = &model->bench->launch.fault;
    cr_assert_eq(fault->kind, FAULT_MISALIGNED, "%s: kind %d", text, fault->kind);
    cr_assert_eq(fault->lane, 0, "%s: lane %u", text, fault->lane);
    cr_assert_eq(fault->address & UINT32_MAX, place & UINT32_MAX, "%s", text);
    return false;
}

// Arrays of packed structs are read as they are; the same misalignment in every lane is a wrong
// pointer cast.
WaveTest(isa_memory, packed_structs_and_wrong_casts)
{
    struct model *model = model_create(*target);
    model_fill(model);
    uint64_t base = model->bench->global->begin;
    bool new_names = *target == KERNEL_TARGET_GFX1100;
    struct form dword = {"dword", "b32", 4, false, false, false};
    const char *load =
        new_names ? "global_load_b32 v8, v[2:3], off" : "global_load_dword v8, v[2:3], off";
    uint64_t address[64];
    for (unsigned lane = 0; lane < model->bench->lanes; lane++) {
        address[lane] = base + 1 + 5 * lane;
        set_register64(model, 2, lane, address[lane]);
    }
    model_copy(model);
    model_load(model, &dword, 8, address);
    run(model, load);

    cr_assert(runs_at(model, load, base + 8, 4));
    cr_assert_not(runs_at(model, load, base + 1, 4));
    cr_assert_not(runs_at(model, load, base + 2, 8));
    cr_assert_not(runs_at(model, load, base + 3, 0));
    const char *store = new_names ? "global_store_b128 v[2:3], v[8:11], off"
                                  : "global_store_dwordx4 v[2:3], v[8:11], off";
    cr_assert(runs_at(model, store, base + 4, 16), "dwords that the compiler has joined");
    cr_assert(runs_at(model, store, base + 1, 17));
    cr_assert_not(runs_at(model, store, base + 1, 16));
    const char *lds = new_names ? "ds_load_b64 v[8:9], v2" : "ds_read_b64 v[8:9], v2";
    cr_assert(runs_at(model, lds, 4, 8));
    cr_assert(runs_at(model, lds, 1, 9));
    cr_assert_not(runs_at(model, lds, 2, 8));
    const char *half =
        new_names ? "global_load_u16 v8, v[2:3], off" : "global_load_ushort v8, v[2:3], off";
    cr_assert(runs_at(model, half, base + 1, 2), "structs of bytes are copied so");
}

// One misaligned lane is enough for atomics and for swizzled scratch.
WaveTest(isa_memory, alignment_that_hardware_needs)
{
    struct model *model = model_create(*target);
    uint64_t base = model->bench->global->begin;
    bool new_names = *target == KERNEL_TARGET_GFX1100;
    cr_assert(runs_at(model, "ds_add_u64 v2, v[8:9]", 8, 8));
    cr_assert_not(runs_at(model, "ds_add_u64 v2, v[8:9]", 4, 8));
    cr_assert_not(runs_at(model, "ds_add_u32 v2, v8", 1, 5));
    const char *atomic =
        new_names ? "global_atomic_add_u32 v[2:3], v8, off" : "global_atomic_add v[2:3], v8, off";
    cr_assert_not(runs_at(model, atomic, base + 2, 5));
    cr_assert(runs_at(model, atomic, base + 4, 0));
    if (new_names)
        return;
    wave_write_sgpr64(&model->bench->wave, 8, SCRATCH_WINDOW | UINT64_C(1) << 63);
    wave_write_sgpr(&model->bench->wave, 5, 0);
    const char *scratch = "buffer_load_dword v8, v2, s[8:11], s5 offen";
    cr_assert(runs_at(model, scratch, 4, 4));
    cr_assert_not(runs_at(model, scratch, 1, 5));
}
