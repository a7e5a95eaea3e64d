#include "described_type.h"

bool described_dtype(enum wavegauge_type type, enum dtype *dtype)
{
    static const struct {
        enum wavegauge_type type;
        enum dtype dtype;
    } known[] = {
        {WAVEGAUGE_TYPE_BOOL, DTYPE_U8},   {WAVEGAUGE_TYPE_I8, DTYPE_I8},
        {WAVEGAUGE_TYPE_U8, DTYPE_U8},     {WAVEGAUGE_TYPE_I16, DTYPE_I16},
        {WAVEGAUGE_TYPE_U16, DTYPE_U16},   {WAVEGAUGE_TYPE_I32, DTYPE_I32},
        {WAVEGAUGE_TYPE_U32, DTYPE_U32},   {WAVEGAUGE_TYPE_I64, DTYPE_I64},
        {WAVEGAUGE_TYPE_U64, DTYPE_U64},   {WAVEGAUGE_TYPE_F16, DTYPE_F16},
        {WAVEGAUGE_TYPE_BF16, DTYPE_BF16}, {WAVEGAUGE_TYPE_F32, DTYPE_F32},
        {WAVEGAUGE_TYPE_F64, DTYPE_F64},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].type == type) {
            *dtype = known[i].dtype;
            return true;
        }
    }
    return false;
}

const char *described_argument(enum wavegauge_type type)
{
    static const char *const names[] = {
        [WAVEGAUGE_TYPE_BOOL] = "bool", [WAVEGAUGE_TYPE_I8] = "i8",
        [WAVEGAUGE_TYPE_U8] = "u8",     [WAVEGAUGE_TYPE_I16] = "i16",
        [WAVEGAUGE_TYPE_U16] = "u16",   [WAVEGAUGE_TYPE_I32] = "i32",
        [WAVEGAUGE_TYPE_U32] = "u32",   [WAVEGAUGE_TYPE_I64] = "i64",
        [WAVEGAUGE_TYPE_U64] = "u64",   [WAVEGAUGE_TYPE_F16] = "f16",
        [WAVEGAUGE_TYPE_BF16] = "bf16", [WAVEGAUGE_TYPE_F32] = "f32",
        [WAVEGAUGE_TYPE_F64] = "f64"};
    return names[type];
}

bool described_may_be_size(enum wavegauge_type type)
{
    return type == WAVEGAUGE_TYPE_I32 || type == WAVEGAUGE_TYPE_U32 || type == WAVEGAUGE_TYPE_I64 ||
           type == WAVEGAUGE_TYPE_U64;
}

bool described_is_float(enum wavegauge_type type)
{
    return type == WAVEGAUGE_TYPE_F16 || type == WAVEGAUGE_TYPE_BF16 ||
           type == WAVEGAUGE_TYPE_F32 || type == WAVEGAUGE_TYPE_F64;
}
