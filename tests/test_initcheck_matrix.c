// links: isa_fixture wavegauge_emu_static
//
// Which elements of a matrix product are undefined when one bit of A, B or C is.
#include "checks/checks.h"
#include "checks/initcheck.h"
#include "isa_unknown.h"
#include "wave_bench.h"

static struct wave_bench *bench;
static struct wave_checks wave_checks;
static struct launch_checks launch_checks;
static struct definedness *shadow;

static void set_up(enum kernel_target target, unsigned lanes)
{
    bench = wave_bench_create(target);
    bench->lanes = bench->wave.lanes = lanes;
    bench->wave.full = lanes == 64 ? UINT64_MAX : UINT32_MAX;
    wave_set_exec(&bench->wave, bench->wave.full);
    struct group_definedness *created = definedness_create(&bench->group, lanes, 64);
    cr_assert_not_null(created);
    shadow = created->waves[0];
    wave_checks = (struct wave_checks){.mask = CHECK_INIT, .definedness = shadow};
    launch_checks = (struct launch_checks){.mask = CHECK_INIT, .findings = findings_create()};
    bench->launch.checks = &launch_checks;
    bench->wave.checks = &wave_checks;
}

static void all_defined(void)
{
    memset(shadow->vector, 0, sizeof shadow->vector);
    memset(shadow->fresh, 0, sizeof shadow->fresh);
}

static void undefine(unsigned index, unsigned lane, uint32_t bits)
{
    definedness_prepare(shadow, index);
    definedness_row(shadow, index)[lane] |= bits;
    definedness_origins(shadow, index)[lane] = 0;
    definedness_refresh(shadow, index);
}

static void follow(const char *text)
{
    struct instruction instruction;
    char reason[256] = "";
    memset(&instruction, 0, sizeof instruction);
    instruction.target_family = (uint8_t)bench->target->family;
    cr_assert(decode_text(text, bench->target, bench->lanes, &instruction, reason, sizeof reason),
              "%s: %s", text, reason);
    instruction.program = bench->launch.program;
    instruction.address = bench->code->begin;
    initcheck_before(&bench->wave, &instruction);
    decode_release(&instruction);
}

// The lanes of a register in which these bits, and no others, are undefined are these.
static void lanes_are(unsigned index, uint32_t bits, uint64_t lanes)
{
    definedness_prepare(shadow, index);
    for (unsigned lane = 0; lane < bench->lanes; lane++) {
        uint32_t wanted = lanes >> lane & 1 ? bits : 0, got = definedness_row(shadow, index)[lane];
        cr_assert_eq(got, wanted, "v%u lane %u: undefined %08x, not %08x", index, lane, got,
                     wanted);
    }
}

enum { D = 32 };

static void result_lanes(unsigned registers, const uint64_t *lanes)
{
    for (unsigned r = 0; r < registers; r++)
        lanes_are(D + r, 0xffffffff, lanes[r]);
    lanes_are(D + registers, 0, 0);
}

#define LANES(...) ((const uint64_t[16]){__VA_ARGS__})

static const char half_product[] = "v_mfma_f32_16x16x16f16 v[32:35], v[4:5], v[6:7], v[8:11]";
static const uint64_t column5 = 0x0020002000200020;

Test(initcheck_matrix, row_of_a_column_of_b_element_of_c)
{
    set_up(KERNEL_TARGET_GFX90A, 64);
    all_defined();
    undefine(5, 21, 1 << 16); // A[5][7]
    follow(half_product);
    result_lanes(4, LANES(0, 0xffff0000)); // row 5 is in register 1
    all_defined();
    undefine(6, 53, 1); // B[12][5]
    follow(half_product);
    result_lanes(4, LANES(column5, column5, column5, column5));
    all_defined();
    undefine(9, 40, 1u << 31);
    follow(half_product);
    result_lanes(4, LANES(0, UINT64_C(1) << 40));
}

Test(initcheck_matrix, defined_products_define_all_lanes)
{
    set_up(KERNEL_TARGET_GFX90A, 64);
    for (unsigned part = 0; part < 2; part++) {
        all_defined();
        for (unsigned r = 0; r < 4; r++)
            for (unsigned lane = 0; lane < 64; lane++)
                undefine(D + r, lane, 0xffffffff);
        if (part)
            undefine(9, 40, 1);
        wave_set_exec(&bench->wave, 0);
        follow(half_product);
        result_lanes(4, LANES(0, part ? UINT64_C(1) << 40 : 0));
    }
}

Test(initcheck_matrix, blocks_and_patterns)
{
    set_up(KERNEL_TARGET_GFX90A, 64);
    all_defined();
    undefine(4, 16 + 5, 1); // row 5 of block 1 of A
    follow("v_mfma_f32_16x16x4f16 v[32:47], v[4:5], v[6:7], 0");
    result_lanes(16, LANES(0, 0, 0, 0, 0, 0xffff0000));
    follow("v_mfma_f32_16x16x4f16 v[32:47], v[4:5], v[6:7], 0 cbsz:1 abid:1");
    result_lanes(16, LANES(0, 0xffff0000, 0, 0, 0, 0xffff0000));
    all_defined();
    undefine(6, 16 + 5, 1); // column 5 of block 1 of B
    follow("v_mfma_f32_16x16x4f16 v[32:47], v[4:5], v[6:7], 0 blgp:5");
    for (unsigned r = 0; r < 16; r++)
        lanes_are(D + r, 0xffffffff, column5);
    all_defined();
    undefine(6, 3, 1); // of f64: column 3 of block 0
    follow("v_mfma_f64_4x4x4f64 v[32:33], v[4:5], v[6:7], 0");
    result_lanes(2, LANES(0x0008000800080008, 0x0008000800080008));
}

Test(initcheck_matrix, operands_that_overlap)
{
    set_up(KERNEL_TARGET_GFX90A, 64);
    all_defined();
    undefine(32, 7, 1); // C[0][7], which is in the register that D begins in, one row later
    follow("v_mfma_f32_16x16x16f16 v[32:35], v[4:5], v[6:7], v[31:34]");
    result_lanes(4, LANES(0, 0x80));
}

Test(initcheck_matrix, copies_and_halves_of_gfx1100)
{
    static const char low[] = "v_wmma_f16_16x16x16_f16 v[32:39], v[0:7], v[8:15], v[16:23]";
    static const char high[] =
        "v_wmma_f16_16x16x16_f16 v[32:39], v[0:7], v[8:15], v[16:23] op_sel:[0,0,1]";
    set_up(KERNEL_TARGET_GFX1100, 32);
    all_defined();
    undefine(2, 16 + 3, 1); // row 3 of the second copy of A: rows of odd numbers are made from it
    follow("v_wmma_f32_16x16x16_f16 v[32:39], v[0:7], v[8:15], 0");
    result_lanes(8, LANES(0, 0xffff0000));
    all_defined();
    undefine(2, 4, 1);
    follow(low);
    for (unsigned r = 0; r < 8; r++)
        lanes_are(D + r, 0xffff, r == 2 ? 0xffff : 0);
    all_defined();
    undefine(16, 9, 0x10); // the lower half of C
    undefine(32, 1, 0xffffffff);
    follow(high);
    lanes_are(D, 0xffff, 2); // only the upper half is written, from the upper half of C
    follow(low);
    lanes_are(D, 0xffff, 1 << 9);
}
