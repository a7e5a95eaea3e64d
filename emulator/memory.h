// Device memory: one reserved range of host address space, so that a device address is a host
// address and checking is a table look-up.
//
// Each allocation owns whole 4 KiB pages with at least one unowned page between neighbours;
// page_owner maps a page to its allocation. A freed allocation keeps its record until its pages are
// used again, which is put off as long as the range lasts, so that use after free is told from out
// of bounds.
#ifndef WAVEGAUGE_MEMORY_H
#define WAVEGAUGE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum allocation_kind {
    ALLOCATION_DEVICE,     // hipMalloc, hipMallocManaged
    ALLOCATION_HOST,       // hipHostMalloc
    ALLOCATION_REGISTERED, // hipHostRegister: memory outside the range
    ALLOCATION_CODE, // a loaded code object: kernels read it, stores only to its writable segments
    ALLOCATION_INTERNAL, // kernarg segments, hostcall buffers
};

struct allocation {
    uint64_t begin, end; // what kernels may touch
    uint64_t base, size; // as allocated
    uint64_t pages;      // owned, from base
    uint8_t kind;        // enum allocation_kind
    bool freed;
    bool always_defined; // initcheck does not ask who wrote it: it is not only kernels' and copies'
    bool all_defined;    // every byte of it has been written; see checks/definedness_memory.h
    bool read_only;      // but for [writable_begin, writable_end)
    uint64_t writable_begin,
        writable_end; // the writable segments of code; 0, 0: none. Unused unless read_only
    uint32_t flags;   // as given to hipHostMalloc and friends
    struct allocation *previous;
    uint64_t serial; // 1, 2, ... in order of allocation
    char name[64];   // "kernel arguments", a symbol; "" for ordinary ones
};

#define MEMORY_PAGE_BITS 12

struct memory {
    uint64_t base, size;             // the reserved range
    uint32_t *page_owner;            // index into allocations + 1; 0: never owned
    struct allocation **allocations; // stable addresses
    uint32_t registered;             // how many registered host ranges there are
};

extern struct memory device_memory;

// Reserve the range on first use. False when the host refuses even a small one.
bool memory_initialise(void);

// Get bytes of zeroed device memory aligned to alignment (a power of two, at most 2 MiB). NULL: out
// of memory.
struct allocation *memory_allocate(uint64_t bytes, uint64_t alignment, enum allocation_kind kind);
// Release; returns false for an address that is no allocation's base or is free already.
bool memory_free(uint64_t base);
// Make a range of host memory outside the device range visible to kernels; and undo that.
struct allocation *memory_register(void *host, uint64_t bytes, uint32_t flags);
bool memory_unregister(void *host);
void memory_information(uint64_t *free_bytes, uint64_t *total_bytes);

// The allocation that owns the page of address, freed ones too, or NULL.
const struct allocation *memory_owner_slow(uint64_t address);

static inline const struct allocation *memory_owner(uint64_t address)
{
    uint64_t offset = address - device_memory.base;
    if (__builtin_expect(offset < device_memory.size, 1)) {
        uint32_t owner = device_memory.page_owner[offset >> MEMORY_PAGE_BITS];
        return owner ? device_memory.allocations[owner - 1] : NULL;
    }
    return device_memory.registered ? memory_owner_slow(address) : NULL;
}

// May kernels store to [address, address + bytes), which lies inside this allocation?
static inline bool memory_writable(const struct allocation *owner, uint64_t address, uint64_t bytes)
{
    return !owner->read_only ||
           (address >= owner->writable_begin && address + bytes <= owner->writable_end);
}

// The memory that belongs to a device address.
static inline uint8_t *device_pointer(uint64_t address)
{
    return (uint8_t *)(uintptr_t)address;
}

// May kernels read (or write) all of [address, address + bytes)?
static inline bool memory_accessible(uint64_t address, uint64_t bytes, bool write)
{
    const struct allocation *owner = memory_owner(address);
    return owner && address >= owner->begin && bytes <= owner->end - owner->begin &&
           address - owner->begin <= owner->end - owner->begin - bytes && !owner->freed &&
           (!write || memory_writable(owner, address, bytes));
}

// The serial number of the newest allocation.
uint64_t memory_newest_serial(void);

// The allocation nearest to address, for reports; NULL when there is none.
const struct allocation *memory_nearest(uint64_t address);

#endif
