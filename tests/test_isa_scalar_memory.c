// links: isa_fixture wavegauge_emu_static
//
// Scalar loads: addressing, sizes, what lies past the end, buffers.
#include "isa_fixture.h"
#include "kernel_fixture.h"
#include "memory.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define POISON       0xababababu

static struct allocation *numbers(unsigned count)
{
    cr_assert(memory_initialise());
    struct allocation *allocation = memory_allocate(4 * count, 64, ALLOCATION_DEVICE);
    cr_assert_not_null(allocation);
    uint32_t *values = (uint32_t *)(uintptr_t)allocation->base;
    for (unsigned i = 0; i < count; i++)
        values[i] = 1000 + i;
    return allocation;
}

static void set64(struct isa_fixture *fixture, unsigned index, uint64_t value)
{
    wave_write_sgpr64(fixture->wave, index, value);
}

KernelTest(isa_scalar_memory, sizes_and_offsets)
{
    enum { OLD, GFX11_NAMES };
    static const struct {
        const char *text[2];
        unsigned first, count;
    } rows[] = {
        {{"s_load_dword s8, s[4:5], 0x8", "s_load_b32 s8, s[4:5], 0x8"}, 2, 1},
        {{"s_load_dwordx2 s[8:9], s[4:5], 0xc", "s_load_b64 s[8:9], s[4:5], 0xc"}, 3, 2},
        {{"s_load_dwordx4 s[8:11], s[4:5], s6", "s_load_b128 s[8:11], s[4:5], s6"}, 5, 4},
        {{"s_load_dwordx8 s[8:15], s[4:5], s6 offset:0x10",
          "s_load_b256 s[8:15], s[4:5], s6 offset:0x10"},
         9,
         8},
        {{"s_load_dwordx16 s[8:23], s[4:5], 0x0", "s_load_b512 s[8:23], s[4:5], 0x0"}, 0, 16},
        {{"s_load_dword s8, s[2:3], -0x8", "s_load_b32 s8, s[2:3], -0x8"}, 6, 1},
    };
    const char *lines[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++)
        lines[i] = rows[i].text[isa_family(*target) == GFX11 ? GFX11_NAMES : OLD];
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    uint64_t base = numbers(64)->base;
    for (size_t i = 0; i < COUNT(rows); i++) {
        isa_reset(fixture);
        set64(fixture, 2, base + 32);
        set64(fixture, 4, base + 3); // the low two bits do not count
        fixture->wave->sgpr[6] = 20;
        fixture->wave->sgpr[8 + rows[i].count] = 7;
        cr_assert(isa_execute(fixture, i), "%s", lines[i]);
        for (unsigned k = 0; k < rows[i].count; k++)
            cr_assert_eq(fixture->wave->sgpr[8 + k], 1000 + rows[i].first + k, "%s: s%u is %u",
                         lines[i], 8 + k, fixture->wave->sgpr[8 + k]);
        cr_assert_eq(fixture->wave->sgpr[8 + rows[i].count], 7);
    }
    isa_fixture_destroy(fixture);
}

// The base may be part of the destination.
KernelTest(isa_scalar_memory, destination_over_base)
{
    const char *lines[] = {isa_family(*target) == GFX11 ? "s_load_b128 s[4:7], s[4:5], 0x10"
                                                        : "s_load_dwordx4 s[4:7], s[4:5], 0x10"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, 1);
    set64(fixture, 4, numbers(16)->base);
    cr_assert(isa_execute(fixture, 0));
    for (unsigned k = 0; k < 4; k++)
        cr_assert_eq(fixture->wave->sgpr[4 + k], 1004 + k);
    isa_fixture_destroy(fixture);
}

// Compilers widen loads: the rest of the cache line reads as poison, what is beyond it faults.
KernelTest(isa_scalar_memory, past_the_end)
{
    bool gfx11 = isa_family(*target) == GFX11;
    const char *lines[] = {gfx11 ? "s_load_b128 s[8:11], s[4:5], 0x0"
                                 : "s_load_dwordx4 s[8:11], s[4:5], 0x0"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, 1);
    struct allocation *allocation = numbers(19); // three dwords into the second line
    set64(fixture, 4, allocation->base + 4 * 17);
    cr_assert(isa_execute(fixture, 0));
    cr_assert_eq(fixture->wave->sgpr[8], 1017);
    cr_assert_eq(fixture->wave->sgpr[9], 1018);
    cr_assert_eq(fixture->wave->sgpr[10], POISON);
    cr_assert_eq(fixture->wave->sgpr[11], POISON);
    set64(fixture, 4, allocation->base + 4 * 19);
    cr_assert_not(isa_execute(fixture, 0), "begins past the end");
    set64(fixture, 4, 0x1000);
    cr_assert_not(isa_execute(fixture, 0), "no allocation");
    set64(fixture, 4, UINT64_MAX - 7);
    cr_assert_not(isa_execute(fixture, 0), "wraps around");

    struct allocation *whole = numbers(16);
    set64(fixture, 4, whole->base + 4 * 15);
    cr_assert_not(isa_execute(fixture, 0), "runs over the end into the next line");

    set64(fixture, 4, whole->base);
    cr_assert(isa_execute(fixture, 0));
    cr_assert(memory_free(whole->base));
    cr_assert_not(isa_execute(fixture, 0), "freed");
    isa_fixture_destroy(fixture);
}

// What lies beyond the range of a buffer reads as zero.
KernelTest(isa_scalar_memory, buffers)
{
    bool gfx11 = isa_family(*target) == GFX11;
    const char *lines[] = {gfx11 ? "s_buffer_load_b128 s[8:11], s[4:7], 0x10"
                                 : "s_buffer_load_dwordx4 s[8:11], s[4:7], 0x10",
                           gfx11 ? "s_buffer_load_b32 s8, s[4:7], s12"
                                 : "s_buffer_load_dword s8, s[4:7], s12"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    set64(fixture, 4, numbers(64)->base);
    fixture->wave->sgpr[6] = 24; // bytes
    cr_assert(isa_execute(fixture, 0));
    const uint32_t expected[] = {1004, 1005, 0, 0};
    cr_assert_arr_eq(&fixture->wave->sgpr[8], expected, sizeof expected);
    fixture->wave->sgpr[5] |= 8 << 16; // records of 8 bytes
    cr_assert(isa_execute(fixture, 0));
    cr_assert_eq(fixture->wave->sgpr[11], 1007);
    fixture->wave->sgpr[12] = 4 * 40;
    cr_assert(isa_execute(fixture, 1));
    cr_assert_eq(fixture->wave->sgpr[8], 1040);
    fixture->wave->sgpr[12] = 4 * 48;
    cr_assert(isa_execute(fixture, 1));
    cr_assert_eq(fixture->wave->sgpr[8], 0);
    isa_fixture_destroy(fixture);
}
