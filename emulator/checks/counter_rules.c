// How many cache lines and LDS passes an access takes.
#include "counters.h"

#include <string.h>

enum { MOST_LINES = 64 * 3, BANK_DWORDS = 32 * 4, SERVED_BYTES = COUNTERS_LDS_BANKS * 4 };

// Neighbouring lanes mostly share lines: the newest is looked at first.
static bool is_known(const uint64_t *known, unsigned count, uint64_t line)
{
    while (count-- > 0)
        if (known[count] == line)
            return true;
    return false;
}

uint64_t counters_lines(const uint64_t *address, const struct access *access, uint32_t line_bytes)
{
    uint64_t known[MOST_LINES];
    unsigned count = 0;
    FOR_EACH_LANE(access->lanes, lane)
    {
        uint64_t last = (address[lane] + access->bytes - 1) / line_bytes;
        for (uint64_t line = address[lane] / line_bytes; line <= last; line++)
            if (!is_known(known, count, line) && count < MOST_LINES)
                known[count++] = line;
    }
    return count;
}

// The dwords that each bank is asked for by lanes that are served together.
struct banks {
    uint32_t dwords[COUNTERS_LDS_BANKS][BANK_DWORDS];
    unsigned counts[COUNTERS_LDS_BANKS];
};

static void ask(struct banks *banks, uint32_t dword, bool each)
{
    unsigned bank = dword % COUNTERS_LDS_BANKS, count = banks->counts[bank];
    for (unsigned i = 0; !each && i < count; i++)
        if (banks->dwords[bank][i] == dword)
            return;
    if (count < BANK_DWORDS)
        banks->dwords[bank][banks->counts[bank]++] = dword;
}

static unsigned busiest(const struct banks *banks)
{
    unsigned most = 0;
    for (unsigned i = 0; i < COUNTERS_LDS_BANKS; i++)
        most = banks->counts[i] > most ? banks->counts[i] : most;
    return most;
}

// How many lanes 128 bytes are enough for.
static unsigned lanes_together(uint32_t bytes)
{
    return bytes <= 4 ? 32 : bytes <= 8 ? 16 : 8;
}

uint64_t counters_lds_passes(const uint32_t *address, uint32_t offset, const struct access *access,
                             unsigned lanes, uint64_t *conflicts)
{
    unsigned together = lanes_together(access->bytes);
    uint64_t passes = 0;
    *conflicts = 0;
    for (unsigned first = 0; first < lanes; first += together) {
        uint64_t part = access->lanes >> first & ((UINT64_C(1) << together) - 1);
        if (!part)
            continue;
        struct banks banks;
        memset(banks.counts, 0, sizeof banks.counts);
        FOR_EACH_LANE(part, lane)
        {
            uint32_t begin = address[first + lane] + offset;
            uint32_t last = (begin + access->bytes - 1) / 4;
            for (uint32_t dword = begin / 4; dword <= last; dword++)
                ask(&banks, dword, access->atomic);
        }
        passes += busiest(&banks);
        *conflicts += busiest(&banks) - 1;
    }
    return passes;
}
