#include "definedness_memory.h"

#include "memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

static struct {
    uint8_t *defined;         // a bit for each byte
    uint8_t *bits;            // for bytes that are not: which of their bits are defined
    uint32_t *origins;        // of each dword
    _Atomic bool partial;     // bits and origins have been used
    _Atomic uint64_t trusted; // allocations up to this serial number count as defined
} shadow;

static void *reserve(uint64_t bytes)
{
    void *range = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED)
        return NULL;
    madvise(range, bytes, MADV_DONTDUMP);
    return range;
}

static void reserve_all(void)
{
    uint64_t size = device_memory.size;
    uint8_t *bits = reserve(size);
    uint32_t *origins = reserve(size);
    uint8_t *defined = reserve(size / 8);
    if (bits && origins && defined) {
        shadow.bits = bits;
        shadow.origins = origins;
        shadow.defined = defined;
        return;
    }
    if (bits)
        munmap(bits, size);
    if (origins)
        munmap(origins, size);
    if (defined)
        munmap(defined, size / 8);
}

// False: there is no room for the shadow, and all memory counts as defined.
static bool ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!device_memory.base)
        return false;
    pthread_once(&once, reserve_all);
    return shadow.defined != NULL;
}

static bool in_range(uint64_t address, uint64_t bytes)
{
    uint64_t offset = address - device_memory.base;
    return offset < device_memory.size && bytes <= device_memory.size - offset;
}

// Bytes of the bitmap belong to eight bytes of memory, which workgroups on several threads may
// write.
static void set_bits(uint8_t *byte, uint8_t mask)
{
    if ((__atomic_load_n(byte, __ATOMIC_RELAXED) & mask) != mask)
        __atomic_fetch_or(byte, mask, __ATOMIC_RELAXED);
}

static void clear_bits(uint8_t *byte, uint8_t mask)
{
    if (__atomic_load_n(byte, __ATOMIC_RELAXED) & mask)
        __atomic_fetch_and(byte, (uint8_t)~mask, __ATOMIC_RELAXED);
}

// The bits of [offset, end) that fall into the bitmap's byte at offset.
static uint8_t first_mask(uint64_t offset, uint64_t end)
{
    unsigned first = offset % 8;
    uint64_t last = end - offset + first;
    unsigned mask = 0xffu << first;
    if (last < 8)
        mask &= (1u << last) - 1;
    return (uint8_t)mask;
}

static void mark(uint64_t offset, uint64_t bytes, bool defined)
{
    uint64_t end = offset + bytes;
    while (offset < end && (offset % 8 || end - offset < 8)) {
        uint8_t mask = first_mask(offset, end);
        if (defined)
            set_bits(&shadow.defined[offset / 8], mask);
        else
            clear_bits(&shadow.defined[offset / 8], mask);
        offset = (offset / 8 + 1) * 8;
    }
    if (offset >= end)
        return;
    memset(&shadow.defined[offset / 8], defined ? 0xff : 0, (end - offset) / 8);
    offset += (end - offset) / 8 * 8;
    if (offset < end)
        mark(offset, end - offset, defined);
}

static bool marked(uint64_t offset, uint64_t bytes)
{
    uint64_t end = offset + bytes;
    while (offset < end) {
        if (offset % 64 == 0 && end - offset >= 64) {
            uint64_t word;
            memcpy(&word, &shadow.defined[offset / 8], 8);
            if (word != UINT64_MAX)
                return false;
            offset += 64;
            continue;
        }
        uint8_t mask = first_mask(offset, end);
        if ((shadow.defined[offset / 8] & mask) != mask)
            return false;
        offset = (offset / 8 + 1) * 8;
    }
    return true;
}

static bool counts_as_defined(const struct allocation *owner)
{
    return owner->always_defined || owner->serial <= atomic_load(&shadow.trusted);
}

void global_written(const void *address, size_t bytes)
{
    uint64_t first = (uint64_t)address;
    struct allocation *owner = bytes ? (struct allocation *)memory_owner(first) : NULL;
    if (!owner || !in_range(first, bytes) || counts_as_defined(owner) || !ready())
        return;
    mark(first - device_memory.base, bytes, true);
    if (first <= owner->begin && first + bytes >= owner->end)
        owner->all_defined = true;
}

static void copy_partial(uint64_t target, uint64_t source, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        uint64_t from = source + i - device_memory.base, to = target + i - device_memory.base;
        bool defined = shadow.defined[from / 8] >> from % 8 & 1;
        mark(to, 1, defined);
        if (defined)
            continue;
        shadow.bits[to] = shadow.bits[from];
        shadow.origins[to / 4] = shadow.origins[from / 4];
    }
}

// While no undefined value has been stored, undefined bytes are so in all bits, and eight at once
// can be copied.
static void copy_bits(uint64_t target, uint64_t source, size_t bytes)
{
    size_t before = (8 - target % 8) % 8;
    if (atomic_load(&shadow.partial) || target % 8 != source % 8 || bytes < before + 8) {
        copy_partial(target, source, bytes);
        return;
    }
    size_t middle = (bytes - before) / 8 * 8, behind = bytes - before - middle;
    copy_partial(target, source, before);
    memmove(&shadow.defined[(target + before - device_memory.base) / 8],
            &shadow.defined[(source + before - device_memory.base) / 8], middle / 8);
    copy_partial(target + before + middle, source + before + middle, behind);
}

void global_copied(const void *target, const void *source, size_t bytes)
{
    uint64_t to = (uint64_t)target, from = (uint64_t)source;
    struct allocation *owner = bytes ? (struct allocation *)memory_owner(to) : NULL;
    if (!owner || !in_range(to, bytes) || counts_as_defined(owner) || !ready())
        return;
    if (!in_range(from, bytes) || global_defined(from, bytes)) {
        global_written(target, bytes);
        return;
    }
    owner->all_defined = false;
    copy_bits(to, from, bytes);
}

void global_forget(uint64_t base, uint64_t bytes)
{
    if (!shadow.defined || !in_range(base, bytes))
        return;
    uint64_t offset = base - device_memory.base;
    mark(offset, bytes, false);
    if (!atomic_load(&shadow.partial))
        return;
    madvise(shadow.bits + offset, bytes, MADV_DONTNEED);
    madvise((uint8_t *)shadow.origins + offset, bytes, MADV_DONTNEED);
}

void global_trust_all(void)
{
    atomic_store(&shadow.trusted, memory_newest_serial());
}

bool global_defined(uint64_t address, uint64_t bytes)
{
    const struct allocation *owner = memory_owner(address);
    if (!owner || owner->all_defined || counts_as_defined(owner))
        return !owner || address + bytes <= owner->end;
    if (!in_range(address, bytes) || !ready())
        return true;
    return marked(address - device_memory.base, bytes);
}

void global_get(uint64_t address, unsigned bytes, uint8_t *undefined, uint32_t *origin)
{
    *origin = 0;
    memset(undefined, 0, bytes);
    const struct allocation *owner = memory_owner(address);
    if (!owner || owner->all_defined || counts_as_defined(owner) || !in_range(address, bytes) ||
        !ready())
        return;
    bool found = false;
    for (unsigned i = 0; i < bytes; i++) {
        uint64_t offset = address + i - device_memory.base;
        if (shadow.defined[offset / 8] >> offset % 8 & 1)
            continue;
        undefined[i] = (uint8_t)~shadow.bits[offset];
        if (!found && undefined[i])
            *origin = shadow.origins[offset / 4];
        found |= undefined[i] != 0;
    }
}

void global_set_defined(uint64_t address, uint64_t bytes)
{
    const struct allocation *owner = memory_owner(address);
    if (!owner || owner->all_defined || counts_as_defined(owner) || !in_range(address, bytes) ||
        !ready())
        return;
    mark(address - device_memory.base, bytes, true);
}

void global_set(uint64_t address, unsigned bytes, const uint8_t *undefined, uint32_t origin)
{
    struct allocation *owner = (struct allocation *)memory_owner(address);
    if (!owner || counts_as_defined(owner) || !in_range(address, bytes) || !ready())
        return;
    atomic_store(&shadow.partial, true);
    for (unsigned i = 0; i < bytes; i++) {
        uint64_t offset = address + i - device_memory.base;
        mark(offset, 1, !undefined[i]);
        if (!undefined[i])
            continue;
        owner->all_defined = false;
        shadow.bits[offset] = (uint8_t)~undefined[i];
        shadow.origins[offset / 4] = origin;
    }
}
