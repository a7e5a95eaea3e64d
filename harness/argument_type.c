#include "argument_type.h"

#include <ctype.h>
#include <string.h>

static const int64_t exact = (int64_t)1 << 53;

static const struct argument_type types[] = {
    [ARGUMENT_BOOL] = {"bool", 1, false, 0, 1},
    [ARGUMENT_I8] = {"i8", 1, false, INT8_MIN, INT8_MAX},
    [ARGUMENT_U8] = {"u8", 1, false, 0, UINT8_MAX},
    [ARGUMENT_I16] = {"i16", 2, false, INT16_MIN, INT16_MAX},
    [ARGUMENT_U16] = {"u16", 2, false, 0, UINT16_MAX},
    [ARGUMENT_I32] = {"i32", 4, false, INT32_MIN, INT32_MAX},
    [ARGUMENT_U32] = {"u32", 4, false, 0, UINT32_MAX},
    [ARGUMENT_I64] = {"i64", 8, false, -exact, exact},
    [ARGUMENT_U64] = {"u64", 8, false, 0, exact},
    [ARGUMENT_F16] = {"f16", 2, true, 0, 0},
    [ARGUMENT_BF16] = {"bf16", 2, true, 0, 0},
    [ARGUMENT_F32] = {"f32", 4, true, 0, 0},
    [ARGUMENT_F64] = {"f64", 8, true, 0, 0},
};

enum { TYPE_COUNT = sizeof types / sizeof *types };

const struct argument_type *argument_type(enum argument_kind kind)
{
    return &types[kind];
}

enum argument_kind argument_type_find(const char *text)
{
    for (int kind = ARGUMENT_BOOL; kind < TYPE_COUNT; kind++) {
        size_t length = strlen(types[kind].name);
        if (strncmp(text, types[kind].name, length) == 0 && isspace((unsigned char)text[length]))
            return (enum argument_kind)kind;
    }
    return ARGUMENT_TENSOR;
}

const char *argument_type_names(void)
{
    return "i32, u32, i64, u64, f32, f64, i16, u16, i8, u8, bool, f16, bf16";
}
