#include "race_lanes.h"

#include "isa/element.h"

#include <string.h>

unsigned race_runs(const struct access *access, uint64_t mask, const uint64_t *address,
                   struct race_run *runs)
{
    uint32_t bytes = access->bytes;
    unsigned count = 0;
    uint64_t last = 0, next = 0;
    struct race_run *run = runs - 1;
    FOR_EACH_LANE(access->lanes & mask, lane)
    {
        uint64_t at = address[lane];
        if (count && at == next && (run->spread || run->lanes == 1) &&
            lane == (unsigned)run->lane + run->lanes) {
            run->spread = true;
            run->bytes += bytes;
            run->lanes++;
        } else if (count && at == last && !run->spread) {
            run->lanes++;
        } else {
            run = &runs[count++];
            *run =
                (struct race_run){.begin = at, .bytes = bytes, .lane = (uint8_t)lane, .lanes = 1};
        }
        last = at;
        next = at + bytes;
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
