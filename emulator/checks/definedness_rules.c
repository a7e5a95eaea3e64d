#include "definedness_rules.h"

static uint64_t all_if(uint64_t undefined)
{
    return undefined ? UINT64_MAX : 0;
}

// All bits from the lowest undefined one upwards: what carries reach.
static uint64_t upwards(uint64_t undefined)
{
    return undefined | (0 - undefined);
}

static uint64_t mask_of(unsigned width)
{
    return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

static struct bits not(struct bits a)
{
    return (struct bits){~a.value, a.undefined};
}

static struct bits and (struct bits a, struct bits b)
{
    uint64_t zero = (~a.value & ~a.undefined) | (~b.value & ~b.undefined);
    return (struct bits){a.value & b.value, (a.undefined | b.undefined) & ~zero};
}

static struct bits or (struct bits a, struct bits b)
{
    return not(and(not(a), not(b)));
}

static struct bits xor
    (struct bits a, struct bits b) {
        return (struct bits){a.value ^ b.value, a.undefined | b.undefined};
    }

    static struct bits sum(struct bits a, struct bits b)
{
    return (struct bits){a.value + b.value, upwards(a.undefined | b.undefined)};
}

static struct bits unknown(void)
{
    return (struct bits){0, UINT64_MAX};
}

static uint64_t sign_extended(uint64_t value, unsigned width)
{
    return width >= 64 ? value : (uint64_t)((int64_t)(value << (64 - width)) >> (64 - width));
}

// Extends both the value and what is undefined of it.
static struct bits sign_extend(struct bits a, unsigned width)
{
    if (!width)
        return (struct bits){0, 0};
    return (struct bits){sign_extended(a.value, width), sign_extended(a.undefined, width)};
}

static struct bits shift_left(struct bits a, struct bits amount, unsigned width)
{
    if (amount.undefined & (width - 1))
        return a.undefined || a.value ? unknown() : a;
    unsigned by = amount.value & (width - 1);
    return (struct bits){a.value << by, a.undefined << by};
}

static struct bits shift_right(struct bits a, struct bits amount, unsigned width, bool is_signed)
{
    if (amount.undefined & (width - 1))
        return a.undefined || a.value ? unknown() : a;
    unsigned by = amount.value & (width - 1);
    if (is_signed)
        a = sign_extend(a, width);
    if (!is_signed)
        return (struct bits){a.value >> by, a.undefined >> by};
    return (struct bits){(uint64_t)((int64_t)a.value >> by),
                         (uint64_t)((int64_t)a.undefined >> by)};
}

static struct bits extract(struct bits a, unsigned first, unsigned field, unsigned width,
                           bool is_signed)
{
    struct bits shifted = shift_right(a, (struct bits){first, 0}, width, is_signed);
    if (is_signed)
        return sign_extend(shifted, field > width ? width : field);
    return (struct bits){shifted.value & mask_of(field), shifted.undefined & mask_of(field)};
}

static struct bits vector_extract(const struct bits *s, unsigned width, bool is_signed)
{
    if ((s[1].undefined | s[2].undefined) & 31)
        return s[0].undefined || s[0].value ? unknown() : s[0];
    return extract(s[0], s[1].value & 31, s[2].value & 31, width, is_signed);
}

static struct bits scalar_extract(const struct bits *s, unsigned width, bool is_signed)
{
    if (s[1].undefined & (0x7f0000u | (width - 1)))
        return s[0].undefined || s[0].value ? unknown() : s[0];
    return extract(s[0], s[1].value & (width - 1), s[1].value >> 16 & 127, width, is_signed);
}

static struct bits align(const struct bits *s, unsigned mask, unsigned unit)
{
    if (s[2].undefined & mask)
        return unknown();
    unsigned by = unit * (s[2].value & mask);
    return (struct bits){(s[0].value << 32 | (s[1].value & 0xffffffff)) >> by,
                         (s[0].undefined << 32 | (s[1].undefined & 0xffffffff)) >> by};
}

static struct bits permuted_byte(const struct bits *s, unsigned selector)
{
    struct bits both = {s[0].value << 32 | (s[1].value & 0xffffffff),
                        s[0].undefined << 32 | (s[1].undefined & 0xffffffff)};
    if (selector >= 12)
        return (struct bits){selector == 12 ? 0 : 0xff, 0};
    if (selector < 8)
        return (struct bits){both.value >> 8 * selector & 0xff,
                             both.undefined >> 8 * selector & 0xff};
    unsigned sign = 16 * (selector - 8) + 15;
    return (struct bits){both.value >> sign & 1 ? 0xff : 0, both.undefined >> sign & 1 ? 0xff : 0};
}

static struct bits permute(const struct bits *s)
{
    struct bits result = {0, 0};
    for (unsigned k = 0; k < 4; k++) {
        struct bits byte = permuted_byte(s, s[2].value >> 8 * k & 0xff);
        if (s[2].undefined >> 8 * k & 0xff)
            byte.undefined = 0xff;
        result.value |= byte.value << 8 * k;
        result.undefined |= byte.undefined << 8 * k;
    }
    return result;
}

static uint64_t reversed(uint64_t value, unsigned width)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < width; i++)
        result |= (value >> i & 1) << (width - 1 - i);
    return result;
}

static bool is_zero(struct bits a)
{
    return !a.undefined && !a.value;
}

static struct bits multiply(struct bits a, struct bits b)
{
    if (is_zero(a) || is_zero(b))
        return (struct bits){0, 0};
    return (struct bits){a.value * b.value, upwards(a.undefined | b.undefined)};
}

static struct bits low_bits(struct bits a, unsigned width)
{
    return (struct bits){a.value & mask_of(width), a.undefined & mask_of(width)};
}

static struct bits select(struct bits condition, struct bits yes, struct bits no)
{
    if (!(condition.undefined & 1))
        return condition.value & 1 ? yes : no;
    return (struct bits){yes.value, yes.undefined | no.undefined | (yes.value ^ no.value)};
}

static struct bits byte_decides(struct bits a, unsigned byte)
{
    return (struct bits){0, all_if(a.undefined >> 8 * byte & 0xff)};
}

static struct bits pack(struct bits low, struct bits high)
{
    return (struct bits){(low.value & 0xffff) | high.value << 16,
                         (low.undefined & 0xffff) | high.undefined << 16};
}

static struct bits upper(struct bits a)
{
    return (struct bits){a.value >> 16, a.undefined >> 16};
}

// Equal whatever the undefined bits are? Different whatever they are?
static struct bits equal(struct bits a, struct bits b)
{
    uint64_t undefined = a.undefined | b.undefined;
    if ((a.value ^ b.value) & ~undefined)
        return (struct bits){0, 0};
    return (struct bits){1, undefined ? 1 : 0};
}

struct interval {
    uint64_t least, greatest;
};

// All values that undefined bits allow; signed ones moved so that they compare as unsigned.
static struct interval interval(struct bits a, unsigned width, bool is_signed)
{
    uint64_t sign = UINT64_C(1) << (width - 1);
    if (is_signed)
        a.value ^= sign;
    return (struct interval){a.value & ~a.undefined, a.value | a.undefined};
}

static struct bits less(struct bits a, struct bits b, unsigned width, bool is_signed)
{
    struct interval x = interval(a, width, is_signed), y = interval(b, width, is_signed);
    if (x.greatest < y.least)
        return (struct bits){1, 0};
    if (x.least >= y.greatest)
        return (struct bits){0, 0};
    return (struct bits){0, 1};
}

static struct bits opposite(struct bits a)
{
    a.value ^= 1;
    return a;
}

static struct bits bit_of(struct bits a, struct bits number, unsigned width)
{
    if (number.undefined & (width - 1))
        return (struct bits){0, 1};
    unsigned by = number.value & (width - 1);
    return (struct bits){a.value >> by & 1, a.undefined >> by & 1};
}

// Settled when the lowest set bit stands below all undefined ones.
static struct bits first_set(struct bits a)
{
    uint64_t ones = a.value & ~a.undefined;
    if (!a.undefined || (ones && (ones & (0 - ones)) < (a.undefined & (0 - a.undefined))))
        return (struct bits){0, 0};
    return unknown();
}

static struct bits apply(enum definedness_rule rule, unsigned width, const struct bits *s)
{
    const struct bits a = s[0], b = s[1], c = s[2];
    switch (rule) {
    case RULE_DEFINED:
        return (struct bits){0, 0};
    case RULE_COPY:
        return a;
    case RULE_NOT:
        return not(a);
    case RULE_AND:
        return and(a, b);
    case RULE_OR:
        return or (a, b);
    case RULE_XOR:
        return xor(a, b);
    case RULE_XNOR:
        return not(xor(a, b));
    case RULE_AND_NOT:
        return and(a, not(b));
    case RULE_OR_NOT:
        return or (a, not(b));
    case RULE_NAND:
        return not(and(a, b));
    case RULE_NOR:
        return not(or (a, b));
    case RULE_NOT_AND:
        return and(not(a), b);
    case RULE_NOT_OR:
        return or (not(a), b);
    case RULE_AND_OR:
        return or (and(a, b), c);
    case RULE_OR3:
        return or (or (a, b), c);
    case RULE_XOR3:
        return xor(xor(a, b), c);
    case RULE_BITFIELD_INSERT:
        // Where the selecting bit is undefined, b and c may still agree.
        return (struct bits){(a.value & b.value) | (~a.value & c.value),
                             (~a.undefined & ((a.value & b.undefined) | (~a.value & c.undefined))) |
                                 (a.undefined & (b.undefined | c.undefined | (b.value ^ c.value)))};
    case RULE_SHIFT_LEFT:
        return shift_left(a, b, width);
    case RULE_SHIFT_LEFT_REVERSED:
        return shift_left(b, a, width);
    case RULE_SHIFT_RIGHT:
        return shift_right(a, b, width, false);
    case RULE_SHIFT_RIGHT_REVERSED:
        return shift_right(b, a, width, false);
    case RULE_SHIFT_SIGNED:
        return shift_right(a, b, width, true);
    case RULE_SHIFT_SIGNED_REVERSED:
        return shift_right(b, a, width, true);
    case RULE_SHIFT_OR:
        return or (shift_left(a, b, width), c);
    case RULE_SHIFT_ADD:
        return sum(shift_left(a, b, width), c);
    case RULE_ADD_SHIFT:
        return shift_left(low_bits(sum(a, b), width), c, width);
    case RULE_XOR_ADD:
        return sum(xor(a, b), c);
    case RULE_EXTRACT:
        return vector_extract(s, width, false);
    case RULE_EXTRACT_SIGNED:
        return vector_extract(s, width, true);
    case RULE_SCALAR_EXTRACT:
        return scalar_extract(s, width, false);
    case RULE_SCALAR_EXTRACT_SIGNED:
        return scalar_extract(s, width, true);
    case RULE_ALIGN_BITS:
        return align(s, 31, 1);
    case RULE_ALIGN_BYTES:
        return align(s, 3, 8);
    case RULE_PERMUTE_BYTES:
        return permute(s);
    case RULE_REVERSE:
        return (struct bits){reversed(a.value, width), reversed(a.undefined, width)};
    case RULE_ADD:
        return (struct bits){0, upwards(a.undefined | b.undefined | c.undefined)};
    case RULE_MULTIPLY:
        return sum(multiply(a, b), c);
    case RULE_MULTIPLY24:
        return multiply(low_bits(a, 24), low_bits(b, 24));
    case RULE_MULTIPLY_ADD24:
        return sum(multiply(low_bits(a, 24), low_bits(b, 24)), c);
    case RULE_COUNT_ADD:
        return (struct bits){0, all_if(a.undefined) | upwards(b.undefined)};
    case RULE_SELECT:
        return select(c, b, a);
    case RULE_SELECT_REVERSED:
        return select(c, a, b);
    case RULE_SIGN_EXTEND8:
        return sign_extend(a, 8);
    case RULE_SIGN_EXTEND16:
        return sign_extend(a, 16);
    case RULE_BYTE0:
        return byte_decides(a, 0);
    case RULE_BYTE1:
        return byte_decides(a, 1);
    case RULE_BYTE2:
        return byte_decides(a, 2);
    case RULE_BYTE3:
        return byte_decides(a, 3);
    case RULE_PACK_LOW_LOW:
        return pack(a, b);
    case RULE_PACK_LOW_HIGH:
        return pack(a, upper(b));
    case RULE_PACK_HIGH_HIGH:
        return pack(upper(a), upper(b));
    case RULE_PACK_HIGH_LOW:
        return pack(upper(a), b);
    case RULE_PACK_CONVERTED:
        return pack((struct bits){0, all_if(a.undefined)}, (struct bits){0, all_if(b.undefined)});
    case RULE_EQUAL:
        return equal(a, b);
    case RULE_DIFFERENT:
        return opposite(equal(a, b));
    case RULE_LESS:
        return less(a, b, width, false);
    case RULE_LESS_EQUAL:
        return opposite(less(b, a, width, false));
    case RULE_GREATER:
        return less(b, a, width, false);
    case RULE_GREATER_EQUAL:
        return opposite(less(a, b, width, false));
    case RULE_SIGNED_LESS:
        return less(a, b, width, true);
    case RULE_SIGNED_LESS_EQUAL:
        return opposite(less(b, a, width, true));
    case RULE_SIGNED_GREATER:
        return less(b, a, width, true);
    case RULE_SIGNED_GREATER_EQUAL:
        return opposite(less(a, b, width, true));
    case RULE_BIT_IS_CLEAR:
        return opposite(bit_of(a, b, width));
    case RULE_BIT_IS_SET:
        return bit_of(a, b, width);
    case RULE_FIRST_SET:
        return first_set(a);
    case RULE_ALL:
        break;
    }
    return (struct bits){0, all_if(a.undefined | b.undefined | c.undefined)};
}

struct bits rule_apply(enum definedness_rule rule, unsigned width, const struct bits sources[3])
{
    return low_bits(apply(rule, width, sources), width);
}

bool rule_moves(enum definedness_rule rule)
{
    return (rule >= RULE_COPY && rule <= RULE_SHIFT_OR) ||
           (rule >= RULE_EXTRACT && rule <= RULE_REVERSE) ||
           (rule >= RULE_SELECT && rule <= RULE_SIGN_EXTEND16) ||
           (rule >= RULE_PACK_LOW_LOW && rule <= RULE_PACK_HIGH_LOW);
}
