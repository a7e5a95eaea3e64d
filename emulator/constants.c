#include "constants.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static bool is_64_bits(enum operand_type type)
{
    return type == B64 || type == I64 || type == F64;
}

static bool is_16_bits(enum operand_type type)
{
    return type == B16 || type == F16 || type == PK_B16 || type == PK_F16;
}

// The inline floating-point constants are +-0.5, 1, 2, 4 and 1 / (2 pi).
static uint64_t half_bits(double value)
{
    static const struct {
        double value;
        uint16_t bits;
    } table[] = {{0.5, 0x3800}, {1, 0x3c00}, {2, 0x4000}, {4, 0x4400}};
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (value == table[i].value)
            return table[i].bits;
        if (value == -table[i].value)
            return table[i].bits | 0x8000u;
    }
    return 0x3118; // 1 / (2 pi)
}

static uint64_t float_bits(const char *text, enum operand_type type)
{
    bool inverse_two_pi = !strncmp(text, "0.1591", 6);
    double value = strtod(text, NULL);
    if (is_16_bits(type))
        return half_bits(value);
    if (is_64_bits(type)) {
        uint64_t bits = UINT64_C(0x3fc45f306dc9c882);
        if (!inverse_two_pi)
            memcpy(&bits, &value, 8);
        return bits;
    }
    float narrow = (float)value;
    uint32_t bits = 0x3e22f983;
    if (!inverse_two_pi)
        memcpy(&bits, &narrow, 4);
    return bits;
}

static uint64_t literal_bits(uint64_t value, enum operand_type type)
{
    if (type == F64 && value <= UINT32_MAX)
        return value << 32;
    if (type == I64)
        return (uint64_t)(int64_t)(int32_t)value;
    return value;
}

bool constant_parse(const char *text, enum operand_type type, uint64_t *value)
{
    char *end;
    if (!strncmp(text, "0x", 2)) {
        *value = literal_bits(strtoull(text, &end, 16), type);
    } else if (!strncmp(text, "-0x", 3)) {
        *value = -strtoull(text + 1, &end, 16);
    } else if (strchr(text, '.')) {
        strtod(text, &end);
        *value = float_bits(text, type);
    } else {
        *value = (uint64_t)strtoll(text, &end, 10);
        if (!is_64_bits(type))
            *value = (uint32_t)*value;
    }
    if (type == PK_F32 || type == PK_B32)
        *value = (uint32_t)*value | *value << 32;
    return end != text && !*end;
}

struct entry {
    uint64_t value;
    uint32_t *lanes;
};

static struct {
    pthread_mutex_t mutex;
    struct entry *entries; // open addressing
    size_t count, room;
} table = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static struct entry *slot_of(struct entry *entries, size_t room, uint64_t value)
{
    size_t i = (size_t)((value * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (room - 1);
    while (entries[i].lanes && entries[i].value != value)
        i = (i + 1) & (room - 1);
    return &entries[i];
}

static bool make_room(void)
{
    if (table.count * 2 < table.room)
        return true;
    size_t room = table.room ? table.room * 2 : 256;
    struct entry *entries = calloc(room, sizeof *entries);
    if (!entries)
        return false;
    for (size_t i = 0; i < table.room; i++)
        if (table.entries[i].lanes)
            *slot_of(entries, room, table.entries[i].value) = table.entries[i];
    free(table.entries);
    table.entries = entries;
    table.room = room;
    return true;
}

static const uint32_t *intern(uint64_t value)
{
    if (!make_room())
        return NULL;
    struct entry *slot = slot_of(table.entries, table.room, value);
    if (slot->lanes)
        return slot->lanes;
    uint32_t *lanes = aligned_alloc(64, 128 * sizeof *lanes);
    if (!lanes)
        return NULL;
    for (unsigned i = 0; i < 64; i++) {
        lanes[i] = (uint32_t)value;
        lanes[64 + i] = (uint32_t)(value >> 32);
    }
    slot->value = value;
    slot->lanes = lanes;
    table.count++;
    return lanes;
}

const uint32_t *constant_lanes(uint64_t value)
{
    pthread_mutex_lock(&table.mutex);
    const uint32_t *lanes = intern(value);
    pthread_mutex_unlock(&table.mutex);
    return lanes;
}
