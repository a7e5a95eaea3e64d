// links: isa_fixture wavegauge_emu_static
//
// Bit fields, bit counts, byte permutations, absolute differences and integer dot products against
// C.
#include "isa_operations.h"
#include "kernel_fixture.h"

#define OPERATION(name, expression)                                                                \
    static uint64_t name(uint64_t a, uint64_t b, uint64_t c)                                       \
    {                                                                                              \
        (void)a, (void)b, (void)c;                                                                 \
        return (uint64_t)(expression);                                                             \
    }

static uint64_t bits_from(uint64_t value, unsigned first, unsigned count)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < count && first + i < 64; i++)
        result |= (value >> (first + i) & 1) << i;
    return result;
}

static int64_t as_signed(uint64_t value, unsigned bits)
{
    return bits && value >> (bits - 1) & 1 ? (int64_t)(value - (UINT64_C(1) << bits))
                                           : (int64_t)value;
}

// The field of a 32-bit value that is first extended by its sign.
static int64_t signed_field(uint64_t value, unsigned first, unsigned count)
{
    uint64_t extended = (uint64_t)as_signed(value, 32);
    return as_signed(bits_from(extended, first, count), count);
}

static uint64_t reversed(uint64_t value)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < 32; i++)
        result |= (value >> i & 1) << (31 - i);
    return result;
}

static unsigned ones(uint64_t value)
{
    unsigned count = 0;
    for (; value; value >>= 1)
        count += value & 1;
    return count;
}

static int64_t first_from_top(uint64_t value)
{
    for (int i = 0; i < 32; i++)
        if (value >> (31 - i) & 1)
            return i;
    return -1;
}

static int64_t first_from_bottom(uint64_t value)
{
    for (int i = 0; i < 32; i++)
        if (value >> i & 1)
            return i;
    return -1;
}

static int64_t first_other_than_sign(uint64_t value)
{
    return first_from_top(value >> 31 ? ~value & UINT32_MAX : value);
}

OPERATION(field_unsigned, bits_from(a, b % 32, c % 32))
OPERATION(field_signed, signed_field(a, b % 32, c % 32))
OPERATION(insert, (a & b) | (~a & c))
OPERATION(mask, ((UINT64_C(1) << a % 32) - 1) << b % 32)
OPERATION(reverse, reversed(a))
OPERATION(count, ones(a) + b)
OPERATION(leading, first_from_top(a))
OPERATION(trailing, first_from_bottom(a))
OPERATION(sign_run, first_other_than_sign(a))
OPERATION(align_bit, (a << 32 | b) >> c % 32)
OPERATION(align_byte, (a << 32 | b) >> 8 * (c % 4))

static uint64_t byte(uint64_t value, unsigned k)
{
    return value >> 8 * k & 0xff;
}

static uint64_t permute(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t bytes = a << 32 | b, result = 0;
    for (unsigned k = 0; k < 4; k++) {
        unsigned selector = (unsigned)byte(c, k);
        uint64_t chosen = selector == 12 ? 0 : 0xff;
        if (selector < 8)
            chosen = byte(bytes, selector);
        else if (selector < 12)
            chosen = byte(bytes, 2 * (selector - 8) + 1) & 0x80 ? 0xff : 0;
        result |= chosen << 8 * k;
    }
    return result;
}

static uint64_t average(uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t result = 0;
    for (unsigned k = 0; k < 4; k++)
        result |= (byte(a, k) + byte(b, k) + (byte(c, k) & 1)) / 2 << 8 * k;
    return result;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static uint64_t byte_distances(uint64_t a, uint64_t b, bool masked)
{
    uint64_t sum = 0;
    for (unsigned k = 0; k < 4; k++)
        if (!masked || byte(b, k))
            sum += distance(byte(a, k), byte(b, k));
    return sum;
}

OPERATION(sad8, byte_distances(a, b, false) + c)
OPERATION(sad8_clamp, sad8(a, b, c) > UINT32_MAX ? UINT32_MAX : sad8(a, b, c))
OPERATION(sad8_high, (byte_distances(a, b, false) << 16) + c)
OPERATION(sad16, distance(a & 0xffff, b & 0xffff) + distance(a >> 16, b >> 16) + c)
OPERATION(sad32, distance(a, b) + c)
OPERATION(msad8, byte_distances(a, b, true) + c)

static uint64_t window_sums(uint64_t a, uint64_t b, uint64_t c, bool masked)
{
    uint64_t result = 0;
    for (unsigned k = 0; k < 4; k++) {
        uint64_t sum = byte_distances(a >> 8 * k & UINT32_MAX, b, masked) + (c >> 16 * k & 0xffff);
        result |= (sum & 0xffff) << 16 * k;
    }
    return result;
}

OPERATION(quad_sad, window_sums(a, b, c, false))
OPERATION(quad_msad, window_sums(a, b, c, true))

static uint64_t to_byte(uint64_t half)
{
    int64_t value = as_signed(half & 0xffff, 16);
    return (uint64_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

OPERATION(saturate_bytes, to_byte(a) | to_byte(a >> 16) << 8)

static int64_t products(uint64_t a, uint64_t b, unsigned bits, bool a_signed, bool b_signed)
{
    int64_t sum = 0;
    for (unsigned i = 0; i < 32; i += bits) {
        uint64_t x = bits_from(a, i, bits), y = bits_from(b, i, bits);
        sum += (a_signed ? as_signed(x, bits) : (int64_t)x) *
               (b_signed ? as_signed(y, bits) : (int64_t)y);
    }
    return sum;
}

static int64_t limit_signed(int64_t value)
{
    return value < INT32_MIN ? INT32_MIN : value > INT32_MAX ? INT32_MAX : value;
}

static int64_t limit_unsigned(int64_t value)
{
    return value > UINT32_MAX ? UINT32_MAX : value;
}

static uint64_t halves_swapped(uint64_t value)
{
    return (value >> 16 & 0xffff) | (value & 0xffff) << 16;
}

#define DOT(bits)                                                                                  \
    OPERATION(dot_i##bits, products(a, b, bits, true, true) + as_signed(c, 32))                    \
    OPERATION(dot_u##bits, products(a, b, bits, false, false) + (int64_t)c)                        \
    OPERATION(dot_i##bits##_clamp, limit_signed((int64_t)dot_i##bits(a, b, c)))                    \
    OPERATION(dot_u##bits##_clamp, limit_unsigned((int64_t)dot_u##bits(a, b, c)))
DOT(16)
DOT(8)
DOT(4)
OPERATION(dot_iu8, products(a, b, 8, true, false) + as_signed(c, 32))
OPERATION(dot_ui8, products(a, b, 8, false, true) + as_signed(c, 32))
OPERATION(dot_iu4, products(a, b, 4, true, false) + as_signed(c, 32))
OPERATION(dot_ui4, products(a, b, 4, false, true) + as_signed(c, 32))
OPERATION(dot_i16_swapped, products(halves_swapped(a), b, 16, true, true) + as_signed(c, 32))

#define UNARY(text, targets, name)                                                                 \
    {                                                                                              \
        text " v6, v0", targets, 32, 32, 0, 0, name, NULL, false                                   \
    }
#define BINARY(text, name)                                                                         \
    {                                                                                              \
        text " v6, v0, v2", ALL_TARGETS, 32, 32, 32, 0, name, NULL, false                          \
    }
#define TERNARY_ON(text, targets, name, modifiers)                                                 \
    {                                                                                              \
        text " v6, v0, v2, v4" modifiers, targets, 32, 32, 32, 32, name, NULL, false               \
    }
#define TERNARY(text, name) TERNARY_ON(text, ALL_TARGETS, name, "")
#define BEFORE_GFX11        (GFX9 | GFX10)

static const struct isa_operation bit_operations[] = {
    TERNARY("v_bfe_u32", field_unsigned),
    TERNARY("v_bfe_i32", field_signed),
    TERNARY("v_bfi_b32", insert),
    BINARY("v_bfm_b32", mask),
    UNARY("v_bfrev_b32", ALL_TARGETS, reverse),
    BINARY("v_bcnt_u32_b32", count),
    UNARY("v_ffbh_u32", BEFORE_GFX11, leading),
    UNARY("v_clz_i32_u32", GFX11, leading),
    UNARY("v_ffbl_b32", BEFORE_GFX11, trailing),
    UNARY("v_ctz_i32_b32", GFX11, trailing),
    UNARY("v_ffbh_i32", BEFORE_GFX11, sign_run),
    UNARY("v_cls_i32", GFX11, sign_run),
    TERNARY("v_alignbit_b32", align_bit),
    TERNARY("v_alignbyte_b32", align_byte),
};

static const struct isa_operation byte_operations[] = {
    TERNARY("v_perm_b32", permute),
    TERNARY("v_lerp_u8", average),
    TERNARY("v_sad_u8", sad8),
    TERNARY_ON("v_sad_u8", ALL_TARGETS, sad8_clamp, " clamp"),
    TERNARY("v_sad_hi_u8", sad8_high),
    TERNARY("v_sad_u16", sad16),
    TERNARY("v_sad_u32", sad32),
    TERNARY("v_msad_u8", msad8),
    UNARY("v_sat_pk_u8_i16", BEFORE_GFX11, saturate_bytes),
    {"v_sat_pk_u8_i16 v6, v0", GFX11, 16, 32, 0, 0, saturate_bytes, NULL, false},
    {"v_qsad_pk_u16_u8 v[6:7], v[0:1], v2, v[4:5]", ALL_TARGETS, 64, 64, 32, 64, quad_sad, NULL,
     false},
    {"v_mqsad_pk_u16_u8 v[6:7], v[0:1], v2, v[4:5]", ALL_TARGETS, 64, 64, 32, 64, quad_msad, NULL,
     false},
};

static const struct isa_operation dot_operations[] = {
    TERNARY_ON("v_dot2_i32_i16", BEFORE_GFX11, dot_i16, ""),
    TERNARY_ON("v_dot2_i32_i16", BEFORE_GFX11, dot_i16_clamp, " clamp"),
    TERNARY_ON("v_dot2_i32_i16", BEFORE_GFX11, dot_i16_swapped,
               " op_sel:[1,0,0] op_sel_hi:[0,1,1]"),
    TERNARY_ON("v_dot2_u32_u16", BEFORE_GFX11, dot_u16, ""),
    TERNARY_ON("v_dot2_u32_u16", BEFORE_GFX11, dot_u16_clamp, " clamp"),
    TERNARY_ON("v_dot4_i32_i8", BEFORE_GFX11, dot_i8, ""),
    TERNARY_ON("v_dot4_i32_i8", BEFORE_GFX11, dot_i8_clamp, " clamp"),
    TERNARY_ON("v_dot4_u32_u8", ALL_TARGETS, dot_u8, ""),
    TERNARY_ON("v_dot4_u32_u8", ALL_TARGETS, dot_u8_clamp, " clamp"),
    TERNARY_ON("v_dot8_i32_i4", BEFORE_GFX11, dot_i4, ""),
    TERNARY_ON("v_dot8_i32_i4", BEFORE_GFX11, dot_i4_clamp, " clamp"),
    TERNARY_ON("v_dot8_u32_u4", ALL_TARGETS, dot_u4, ""),
    TERNARY_ON("v_dot8_u32_u4", ALL_TARGETS, dot_u4_clamp, " clamp"),
    TERNARY_ON("v_dot4_i32_iu8", GFX11, dot_u8, ""),
    TERNARY_ON("v_dot4_i32_iu8", GFX11, dot_iu8, " neg_lo:[1,0,0]"),
    TERNARY_ON("v_dot4_i32_iu8", GFX11, dot_ui8, " neg_lo:[0,1,0]"),
    TERNARY_ON("v_dot4_i32_iu8", GFX11, dot_i8_clamp, " neg_lo:[1,1,0] clamp"),
    TERNARY_ON("v_dot8_i32_iu4", GFX11, dot_iu4, " neg_lo:[1,0,0]"),
    TERNARY_ON("v_dot8_i32_iu4", GFX11, dot_ui4, " neg_lo:[0,1,0]"),
    TERNARY_ON("v_dot8_i32_iu4", GFX11, dot_i4_clamp, " neg_lo:[1,1,0] clamp"),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

KernelTest(isa_bits, fields_and_counts)
{
    isa_check_operations(*target, bit_operations, COUNT(bit_operations));
}

KernelTest(isa_bits, bytes)
{
    isa_check_operations(*target, byte_operations, COUNT(byte_operations));
}

KernelTest(isa_bits, dot_products)
{
    isa_check_operations(*target, dot_operations, COUNT(dot_operations));
}

// v_dot*c adds to its destination, which the tables cannot say.
KernelTest(isa_bits, accumulating_dot_products)
{
    static const struct {
        const char *text;
        unsigned targets;
        isa_expected *expected;
    } rows[] = {
        {"v_dot2c_i32_i16 v6, v0, v2", GFX9, dot_i16},
        {"v_dot4c_i32_i8 v6, v0, v2", BEFORE_GFX11, dot_i8},
        {"v_dot8c_i32_i4 v6, v0, v2", GFX9, dot_i4},
    };
    const char *lines[COUNT(rows)] = {0};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].targets & isa_family(*target))
            lines[i] = rows[i].text;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(rows));
    uint64_t seed = 1;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (!lines[i])
            continue;
        uint32_t a[64], b[64], old[64];
        for (unsigned lane = 0; lane < fixture->lanes; lane++) {
            a[lane] = isa_vgpr(fixture, 0)[lane] = (uint32_t)isa_random(&seed);
            b[lane] = isa_vgpr(fixture, 2)[lane] = (uint32_t)isa_random(&seed);
            old[lane] = isa_vgpr(fixture, 6)[lane] = (uint32_t)isa_random(&seed);
        }
        cr_assert(isa_execute(fixture, i));
        for (unsigned lane = 0; lane < fixture->lanes; lane++)
            cr_assert_eq(isa_vgpr(fixture, 6)[lane],
                         (uint32_t)rows[i].expected(a[lane], b[lane], old[lane]), "%s",
                         rows[i].text);
    }
    isa_fixture_destroy(fixture);
}

// Lanes below one's own: what __lane_id() and ballots are made of.
KernelTest(isa_bits, mask_bit_counts)
{
    static const char *const lines[] = {"v_mbcnt_lo_u32_b32 v6, v0, v2",
                                        "v_mbcnt_hi_u32_b32 v6, v0, v2",
                                        "v_mbcnt_lo_u32_b32 v6, -1, 0"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    uint64_t seed = 1;
    for (size_t line = 0; line < COUNT(lines); line++) {
        uint32_t a[64], b[64];
        for (unsigned lane = 0; lane < fixture->lanes; lane++) {
            a[lane] = isa_vgpr(fixture, 0)[lane] = (uint32_t)isa_random(&seed);
            b[lane] = isa_vgpr(fixture, 2)[lane] = (uint32_t)isa_random(&seed);
        }
        cr_assert(isa_execute(fixture, line));
        for (unsigned lane = 0; lane < fixture->lanes; lane++) {
            uint64_t below = (UINT64_C(1) << lane) - 1;
            uint64_t counted = line == 1 ? below >> 32 : below & UINT32_MAX;
            uint32_t expected = line == 2 ? ones(counted) : ones(a[lane] & counted) + b[lane];
            cr_assert_eq(isa_vgpr(fixture, 6)[lane], expected, "%s, lane %u", lines[line], lane);
        }
    }
    isa_fixture_destroy(fixture);
}

KernelTest(isa_bits, four_masked_sums_of_32_bits)
{
    static const char *const lines[] = {"v_mqsad_u32_u8 v[12:15], v[0:1], v2, v[4:7]"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, 1);
    uint64_t seed = 1;
    for (unsigned index = 0; index < 8; index++)
        for (unsigned lane = 0; lane < fixture->lanes; lane++)
            isa_vgpr(fixture, index)[lane] = (uint32_t)isa_random(&seed) & 0xff00ffff;
    cr_assert(isa_execute(fixture, 0));
    for (unsigned lane = 0; lane < fixture->lanes; lane++) {
        uint64_t a = isa_vgpr(fixture, 0)[lane] | (uint64_t)isa_vgpr(fixture, 1)[lane] << 32;
        for (unsigned k = 0; k < 4; k++) {
            uint64_t sum =
                byte_distances(a >> 8 * k & UINT32_MAX, isa_vgpr(fixture, 2)[lane], true);
            cr_assert_eq(isa_vgpr(fixture, 12 + k)[lane],
                         (uint32_t)(sum + isa_vgpr(fixture, 4 + k)[lane]), "lane %u, part %u", lane,
                         k);
        }
    }
    isa_fixture_destroy(fixture);
}
