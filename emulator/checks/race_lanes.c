#include "race_lanes.h"

#include "isa/element.h"

#include <string.h>

// How many lanes after this one go on in the same way.
static unsigned followers(uint64_t bits, unsigned lane)
{
    return lane == 63 ? 0 : (unsigned)__builtin_ctzll(~(bits >> (lane + 1)));
}

unsigned race_runs(const struct access *access, uint64_t mask, const uint64_t *address,
                   struct race_run *runs)
{
    uint64_t lanes = access->lanes & mask, next = 0, same = 0;
    uint32_t bytes = access->bytes;
    unsigned count = 0;
    if (!lanes)
        return 0;
    unsigned first = (unsigned)__builtin_ctzll(lanes), end = 64 - (unsigned)__builtin_clzll(lanes);
    for (unsigned i = first + 1; i < end; i++) {
        uint64_t distance = address[i] - address[i - 1];
        next |= (uint64_t)(distance == bytes) << i;
        same |= (uint64_t)(distance == 0) << i;
    }
    next &= lanes & lanes << 1;
    same &= lanes & lanes << 1;
    while (lanes) {
        unsigned lane = (unsigned)__builtin_ctzll(lanes), spread = followers(next, lane);
        unsigned more = spread ? spread : followers(same, lane);
        if (count && !spread && !runs[count - 1].spread && runs[count - 1].begin == address[lane])
            runs[count - 1].lanes += (uint8_t)(more + 1); // lanes between them are not active
        else
            runs[count++] = (struct race_run){.begin = address[lane],
                                              .bytes = bytes * (spread + 1),
                                              .lane = (uint8_t)lane,
                                              .lanes = (uint8_t)(more + 1),
                                              .spread = spread > 0};
        lanes &= ~(((UINT64_C(2) << more) - 1) << lane);
    }
    return count;
}

uint8_t race_stored_byte(const struct wave *wave, const struct access *access, unsigned lane,
                         unsigned k)
{
    uint8_t bytes[16];
    element_store(access->element, bytes, access->data + lane, wave->lanes);
    return bytes[k & 15];
}

static bool equal_values(const struct wave *wave, const struct access *access, unsigned a,
                         unsigned b)
{
    uint8_t first[16] = {0}, second[16] = {0};
    element_store(access->element, first, access->data + a, wave->lanes);
    element_store(access->element, second, access->data + b, wave->lanes);
    return memcmp(first, second, access->bytes) == 0;
}

// Lanes that store to the very same address, whatever their order.
#define SLOTS 256 // more than lanes, so that there is always a free one

static bool same_address(const struct wave *wave, const struct access *access,
                         const uint64_t *address, struct race_clash *clash)
{
    uint8_t slots[SLOTS]; // 1 + lane
    memset(slots, 0, sizeof slots);
    FOR_EACH_LANE(access->lanes, lane)
    {
        unsigned slot = (unsigned)(address[lane] * UINT64_C(0x9e3779b97f4a7c15) >> 56);
        while (slots[slot] && address[slots[slot] - 1u] != address[lane])
            slot = (slot + 1) % SLOTS;
        if (slots[slot] && !equal_values(wave, access, slots[slot] - 1u, lane)) {
            *clash = (struct race_clash){lane, slots[slot] - 1u, address[lane]};
            return true;
        }
        slots[slot] = (uint8_t)(lane + 1);
    }
    return false;
}

bool race_lanes_clash(const struct wave *wave, const struct access *access, const uint64_t *address,
                      const struct race_run *runs, unsigned count, struct race_clash *clash)
{
    if (!access->data || (count == 1 && runs[0].spread))
        return false;
    bool apart = true; // runs that are spread and do not touch cannot clash
    for (unsigned i = 0; i < count && apart && count <= 8; i++) {
        apart = runs[i].spread || runs[i].lanes == 1;
        for (unsigned j = 0; j < i && apart; j++)
            apart = runs[i].begin >= runs[j].begin + runs[j].bytes ||
                    runs[j].begin >= runs[i].begin + runs[i].bytes;
    }
    return !(apart && count <= 8) && same_address(wave, access, address, clash);
}
