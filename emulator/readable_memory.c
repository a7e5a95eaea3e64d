#include "readable_memory.h"

#include <inttypes.h>
#include <stdio.h>

uint64_t readable_memory(const void *pointer)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    if (!maps)
        return UINT64_MAX;
    uint64_t address = (uint64_t)(uintptr_t)pointer, end = address;
    char line[512];
    while (fgets(line, sizeof line, maps)) {
        uint64_t from, to;
        char readable;
        // Long paths spill into lines of their own, which are none.
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %c", &from, &to, &readable) != 3)
            continue;
        if (from <= end && end < to && readable == 'r')
            end = to;
    }
    fclose(maps);
    return end - address;
}
