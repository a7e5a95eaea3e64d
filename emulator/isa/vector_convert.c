// Conversions between number formats.
#include "convert.h"
#include "float_handlers.h"
#include "float_parts.h"
#include "half.h"
#include "isa_tables.h"

// From f32, i32 or a byte of it: one register to one register.
#define CONVERT_32(name, from, to, expression)                                                     \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer0);                                                                      \
        LANE_BUFFER(buffer);                                                                       \
        const from *as = (const from *)source32(wave, instruction, 0, buffer0);                    \
        to *d = (to *)result32(wave, instruction, buffer);                                         \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            const from a = as[i];                                                                  \
            d[i] = (to)(expression);                                                               \
        }                                                                                          \
        commit32(wave, instruction, (const uint32_t *)d);                                          \
    }

CONVERT_32(v_cvt_f32_i32, int_lane, float_lane, a)
CONVERT_32(v_cvt_f32_u32, uint32_t, float_lane, a)
CONVERT_32(v_cvt_i32_f32, float_lane, int_lane, float_to_int32(a))
CONVERT_32(v_cvt_u32_f32, float_lane, uint32_t, float_to_uint32(a))
CONVERT_32(v_cvt_rpi_i32_f32, float_lane, int_lane,
           double_to_int32(__builtin_floor((double)a + 0.5)))
CONVERT_32(v_cvt_flr_i32_f32, float_lane, int_lane, float_to_int32(__builtin_floorf(a)))
CONVERT_32(v_cvt_off_f32_i4, uint32_t, float_lane, (float)((int32_t)(a << 28) >> 28) * 0.0625f)
CONVERT_32(v_cvt_f32_ubyte0, uint32_t, float_lane, (int32_t)(a & 0xff))
CONVERT_32(v_cvt_f32_ubyte1, uint32_t, float_lane, (int32_t)(a >> 8 & 0xff))
CONVERT_32(v_cvt_f32_ubyte2, uint32_t, float_lane, (int32_t)(a >> 16 & 0xff))
CONVERT_32(v_cvt_f32_ubyte3, uint32_t, float_lane, (int32_t)(a >> 24))
CONVERT_32(v_cvt_i32_i16, uint32_t, int_lane, (int16_t)a)
CONVERT_32(v_cvt_u32_u16, uint32_t, uint32_t, a & 0xffff)

// To and from f64.
#define CONVERT_TO_64(name, from, expression)                                                      \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer0);                                                                      \
        LANE_BUFFER(low);                                                                          \
        LANE_BUFFER(high);                                                                         \
        const from *as = (const from *)source32(wave, instruction, 0, buffer0);                    \
        struct result64 d = result64(wave, instruction, low, high);                                \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            const from a = as[i];                                                                  \
            set_lane_f64(d, i, (expression));                                                      \
        }                                                                                          \
        commit64(wave, instruction, d);                                                            \
    }

#define CONVERT_FROM_64(name, to, expression)                                                      \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer);                                                                       \
        F64_SOURCE_(0, as)                                                                         \
        to *d = (to *)result32(wave, instruction, buffer);                                         \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            const double a = lane_f64(as, i);                                                      \
            d[i] = (to)(expression);                                                               \
        }                                                                                          \
        commit32(wave, instruction, (const uint32_t *)d);                                          \
    }

CONVERT_TO_64(v_cvt_f64_f32, float_lane, (double)a)
CONVERT_TO_64(v_cvt_f64_i32, int_lane, (double)a)
CONVERT_TO_64(v_cvt_f64_u32, uint32_t, (double)a)

// The host's flush of denormals is that of f32 here, which a denormal f64 must not meet: any tiny
// number rounds the same way.
static inline double above_denormals(double a, bool keep)
{
    uint64_t bits = double_bits(a), sign = bits & F64_SIGN;
    bool denormal = (bits & F64_INFINITY) == 0 && bits != sign;
    uint64_t tiny = sign | (keep ? F64_MIN_NORMAL : 0);
    return bits_double(denormal ? tiny : bits);
}

CONVERT_FROM_64(v_cvt_f32_f64, float_lane,
                (float)above_denormals(a, MODE_DENORM_F64(wave->mode) & 1))
CONVERT_FROM_64(v_cvt_i32_f64, int_lane, double_to_int32(a))
CONVERT_FROM_64(v_cvt_u32_f64, uint32_t, double_to_uint32(a))

// To and from f16.
static void v_cvt_f32_f16(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    float_lane *d = (float_lane *)result32(wave, instruction, buffer);
    half_source(wave, instruction, 0, d);
    commit32(wave, instruction, (const uint32_t *)d);
}

static void v_cvt_f16_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer0);
    half_commit(wave, instruction, source_f32(wave, instruction, 0, buffer0));
}

#define CONVERT_TO_F16(name, expression)                                                           \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer0);                                                                      \
        FLOAT_BUFFER(d);                                                                           \
        const uint32_t *as = source32(wave, instruction, 0, buffer0);                              \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            const uint32_t a = as[i];                                                              \
            d[i] = (float)(expression);                                                            \
        }                                                                                          \
        half_commit(wave, instruction, d);                                                         \
    }

#define CONVERT_FROM_F16(name, expression)                                                         \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        FLOAT_BUFFER(as);                                                                          \
        LANE_BUFFER(d);                                                                            \
        half_source(wave, instruction, 0, as);                                                     \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            const float a = as[i];                                                                 \
            d[i] = (uint32_t)(expression);                                                         \
        }                                                                                          \
        commit16(wave, instruction, d);                                                            \
    }

CONVERT_TO_F16(v_cvt_f16_u16, (int32_t)(a & 0xffff))
CONVERT_TO_F16(v_cvt_f16_i16, (int16_t)a)
CONVERT_FROM_F16(v_cvt_u16_f16, clamp_int(float_to_int32(a), 0, 0xffff))
CONVERT_FROM_F16(v_cvt_i16_f16, clamp_int(float_to_int32(a), -0x8000, 0x7fff))
CONVERT_FROM_F16(v_cvt_norm_i16_f16, normalise_signed(a))
CONVERT_FROM_F16(v_cvt_norm_u16_f16, normalise_unsigned(a))

// Two values into the halves of a register.
#define PACK_F32(name, convert)                                                                    \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer);                                                                       \
        F32_SOURCE_(0, as)                                                                         \
        F32_SOURCE_(1, bs)                                                                         \
        uint32_t *d = result32(wave, instruction, buffer);                                         \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            d[i] = ((uint32_t)convert(as[i]) & 0xffff) | (uint32_t)convert(bs[i]) << 16;           \
        }                                                                                          \
        commit32(wave, instruction, d);                                                            \
    }

#define CLAMP_I16(a) clamp_int(float_to_int32(a), -0x8000, 0x7fff)
#define CLAMP_U16(a) clamp_int(float_to_int32(a), 0, 0xffff)

PACK_F32(v_cvt_pknorm_i16_f32, normalise_signed)
PACK_F32(v_cvt_pknorm_u16_f32, normalise_unsigned)
PACK_F32(v_cvt_pk_i16_f32, CLAMP_I16)
PACK_F32(v_cvt_pk_u16_f32, CLAMP_U16)

#define PACK_F16(name, convert)                                                                    \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        FLOAT_BUFFER(as);                                                                          \
        FLOAT_BUFFER(bs);                                                                          \
        LANE_BUFFER(buffer);                                                                       \
        half_source(wave, instruction, 0, as);                                                     \
        half_source(wave, instruction, 1, bs);                                                     \
        uint32_t *d = result32(wave, instruction, buffer);                                         \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            d[i] = ((uint32_t)convert(as[i]) & 0xffff) | (uint32_t)convert(bs[i]) << 16;           \
        }                                                                                          \
        commit32(wave, instruction, d);                                                            \
    }

PACK_F16(v_cvt_pknorm_i16_f16, normalise_signed)
PACK_F16(v_cvt_pknorm_u16_f16, normalise_unsigned)

#define PACK_INTEGERS(name, type, low, high)                                                       \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer0);                                                                      \
        LANE_BUFFER(buffer1);                                                                      \
        LANE_BUFFER(buffer);                                                                       \
        const type *a = (const type *)source32(wave, instruction, 0, buffer0);                     \
        const type *b = (const type *)source32(wave, instruction, 1, buffer1);                     \
        uint32_t *d = result32(wave, instruction, buffer);                                         \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            type x = a[i], y = b[i];                                                               \
            x = x < (low) ? (low) : x > (high) ? (high) : x;                                       \
            y = y < (low) ? (low) : y > (high) ? (high) : y;                                       \
            d[i] = ((uint32_t)x & 0xffff) | (uint32_t)y << 16;                                     \
        }                                                                                          \
        commit32(wave, instruction, d);                                                            \
    }

PACK_INTEGERS(v_cvt_pk_i16_i32, int_lane, -0x8000, 0x7fff)

static void v_cvt_pk_u16_u32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer0);
    LANE_BUFFER(buffer1);
    LANE_BUFFER(buffer);
    const uint32_t *a = source32(wave, instruction, 0, buffer0);
    const uint32_t *b = source32(wave, instruction, 1, buffer1);
    uint32_t *d = result32(wave, instruction, buffer);
    FOR_LANES(wave, i)
    {
        uint32_t x = a[i] < 0xffff ? a[i] : 0xffff, y = b[i] < 0xffff ? b[i] : 0xffff;
        d[i] = x | y << 16;
    }
    commit32(wave, instruction, d);
}

static void v_cvt_pkrtz_f16_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    F32_SOURCE_(0, as)
    F32_SOURCE_(1, bs)
    uint32_t *d = result32(wave, instruction, buffer);
    bool flush = !(MODE_DENORM_F64(wave->mode) & 2);
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint32_t x = float_to_half(as[i], ROUND_ZERO), y = float_to_half(bs[i], ROUND_ZERO);
        d[i] = flush ? half_flush(x) | half_flush(y) << 16 : x | y << 16;
    }
    commit32(wave, instruction, d);
}

// As a byte, rounded as the f32 mode says.
static inline uint32_t place_byte(float value, uint32_t place, uint32_t others)
{
    uint32_t shift = (place & 3) * 8;
    uint32_t byte = (uint32_t)clamp_int(float_to_int32(__builtin_rintf(value)), 0, 255);
    return (others & ~(0xffu << shift)) | byte << shift;
}

// Source 0 as a byte into byte source 1 of source 2.
static void v_cvt_pk_u8_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    LANE_BUFFER(buffer1);
    LANE_BUFFER(buffer2);
    F32_SOURCE_(0, a)
    const uint32_t *b = source32(wave, instruction, 1, buffer1);
    const uint32_t *c = source32(wave, instruction, 2, buffer2);
    uint32_t *d = result32(wave, instruction, buffer);
    FOR_LANES(wave, i)
    {
        d[i] = place_byte(a[i], b[i], c[i]);
    }
    commit32(wave, instruction, d);
}

// The same into the destination's old value.
static void v_cvt_pkaccum_u8_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    LANE_BUFFER(buffer1);
    F32_SOURCE_(0, a)
    const uint32_t *b = source32(wave, instruction, 1, buffer1);
    const uint32_t *c = destination_lanes(wave, instruction);
    uint32_t *d = result32(wave, instruction, buffer);
    FOR_LANES(wave, i)
    {
        d[i] = place_byte(a[i], b[i], c[i]);
    }
    commit32(wave, instruction, d);
}

static void saturate_bytes(const struct wave *wave, const uint32_t *a, uint32_t *d)
{
    FOR_LANES(wave, i)
    {
        int32_t low = clamp_int((int16_t)a[i], 0, 255);
        int32_t high = clamp_int((int16_t)(a[i] >> 16), 0, 255);
        d[i] = (uint32_t)(low | high << 8);
    }
}

static void v_sat_pk_u8_i16(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer0);
    LANE_BUFFER(buffer);
    uint32_t *d = result32(wave, instruction, buffer);
    saturate_bytes(wave, source32(wave, instruction, 0, buffer0), d);
    commit32(wave, instruction, d);
}

// gfx11 leaves the upper half of the destination as it is.
static void v_sat_pk_u8_i16_half(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer0);
    LANE_BUFFER(d);
    saturate_bytes(wave, source32(wave, instruction, 0, buffer0), d);
    commit16(wave, instruction, d);
}

#define ROW(name, targets, flags, to, from)  OPCODE(#name, name, targets, 1, flags, to, from)
#define PAIR(name, targets, flags, to, from) OPCODE(#name, name, targets, 1, flags, to, from, from)

const struct opcode ISA_TABLE(vector_convert_opcodes)[] = {
    ROW(v_cvt_f32_i32, ALL_TARGETS, ROUND_F32, F32, B32),
    ROW(v_cvt_f32_u32, ALL_TARGETS, ROUND_F32, F32, B32),
    ROW(v_cvt_i32_f32, ALL_TARGETS, ROUND_F32, B32, F32),
    ROW(v_cvt_u32_f32, ALL_TARGETS, ROUND_F32, B32, F32),
    ROW(v_cvt_rpi_i32_f32, GFX9 | GFX10, ROUND_F32, B32, F32),
    OPCODE("v_cvt_nearest_i32_f32", v_cvt_rpi_i32_f32, GFX11, 1, ROUND_F32, B32, F32),
    ROW(v_cvt_flr_i32_f32, GFX9 | GFX10, ROUND_F32, B32, F32),
    OPCODE("v_cvt_floor_i32_f32", v_cvt_flr_i32_f32, GFX11, 1, ROUND_F32, B32, F32),
    ROW(v_cvt_off_f32_i4, ALL_TARGETS, 0, F32, B32),
    ROW(v_cvt_f32_ubyte0, ALL_TARGETS, 0, F32, B32),
    ROW(v_cvt_f32_ubyte1, ALL_TARGETS, 0, F32, B32),
    ROW(v_cvt_f32_ubyte2, ALL_TARGETS, 0, F32, B32),
    ROW(v_cvt_f32_ubyte3, ALL_TARGETS, 0, F32, B32),
    ROW(v_cvt_i32_i16, GFX11, 0, B32, B16),
    ROW(v_cvt_u32_u16, GFX11, 0, B32, B16),
    ROW(v_cvt_f64_f32, ALL_TARGETS, ROUND_F32, F64, F32),
    ROW(v_cvt_f64_i32, ALL_TARGETS, ROUND_F64, F64, B32),
    ROW(v_cvt_f64_u32, ALL_TARGETS, ROUND_F64, F64, B32),
    ROW(v_cvt_f32_f64, ALL_TARGETS, ROUND_F32, F32, F64),
    ROW(v_cvt_i32_f64, ALL_TARGETS, 0, B32, F64),
    ROW(v_cvt_u32_f64, ALL_TARGETS, 0, B32, F64),
    ROW(v_cvt_f32_f16, ALL_TARGETS, ROUND_F64, F32, F16),
    ROW(v_cvt_f16_f32, ALL_TARGETS, ROUND_F64, F16, F32),
    ROW(v_cvt_f16_u16, ALL_TARGETS, ROUND_F64, F16, B16),
    ROW(v_cvt_f16_i16, ALL_TARGETS, ROUND_F64, F16, B16),
    ROW(v_cvt_u16_f16, ALL_TARGETS, ROUND_F64, B16, F16),
    ROW(v_cvt_i16_f16, ALL_TARGETS, ROUND_F64, B16, F16),
    ROW(v_cvt_norm_i16_f16, ALL_TARGETS, 0, B16, F16),
    ROW(v_cvt_norm_u16_f16, ALL_TARGETS, 0, B16, F16),
    PAIR(v_cvt_pknorm_i16_f32, ALL_TARGETS, ROUND_F32, B32, F32),
    PAIR(v_cvt_pknorm_u16_f32, ALL_TARGETS, ROUND_F32, B32, F32),
    OPCODE("v_cvt_pk_norm_i16_f32", v_cvt_pknorm_i16_f32, GFX11, 1, 0, B32, F32, F32),
    OPCODE("v_cvt_pk_norm_u16_f32", v_cvt_pknorm_u16_f32, GFX11, 1, 0, B32, F32, F32),
    PAIR(v_cvt_pknorm_i16_f16, GFX9 | GFX10, 0, B32, F16),
    PAIR(v_cvt_pknorm_u16_f16, GFX9 | GFX10, 0, B32, F16),
    OPCODE("v_cvt_pk_norm_i16_f16", v_cvt_pknorm_i16_f16, GFX11, 1, 0, B32, F16, F16),
    OPCODE("v_cvt_pk_norm_u16_f16", v_cvt_pknorm_u16_f16, GFX11, 1, 0, B32, F16, F16),
    PAIR(v_cvt_pk_i16_f32, GFX11, 0, B32, F32),
    PAIR(v_cvt_pk_u16_f32, GFX11, 0, B32, F32),
    PAIR(v_cvt_pk_i16_i32, ALL_TARGETS, 0, B32, B32),
    PAIR(v_cvt_pk_u16_u32, ALL_TARGETS, 0, B32, B32),
    PAIR(v_cvt_pkrtz_f16_f32, GFX9 | GFX10, ROUND_F32, B32, F32),
    OPCODE("v_cvt_pk_rtz_f16_f32", v_cvt_pkrtz_f16_f32, GFX11, 1, 0, B32, F32, F32),
    OPCODE("v_cvt_pk_u8_f32", v_cvt_pk_u8_f32, ALL_TARGETS, 1, ROUND_F32, B32, F32, B32, B32),
    OPCODE("v_cvt_pkaccum_u8_f32", v_cvt_pkaccum_u8_f32, GFX9, 1, ROUND_F32 | READS_RESULT, B32,
           F32, B32),
    ROW(v_sat_pk_u8_i16, GFX9 | GFX10, 0, B32, B32),
    OPCODE("v_sat_pk_u8_i16", v_sat_pk_u8_i16_half, GFX11, 1, 0, B16, B32),
    OPCODE_END,
};
