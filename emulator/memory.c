#include "memory.h"
#include "checks/definedness_memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE           (UINT64_C(1) << MEMORY_PAGE_BITS)
#define LARGEST_RANGE  (UINT64_C(1) << 40)
#define SMALLEST_RANGE (UINT64_C(1) << 30)
#define MOST_RECORDS   (UINT32_C(1) << 26)

struct memory device_memory;

// Spans of pages that no allocation uses, besides [fresh, end of the range).
struct span {
    uint64_t begin, pages;
};

static struct {
    uint64_t fresh;      // first address never handed out
    uint64_t used_bytes; // by live allocations
    uint64_t capacity;
    uint64_t serial;
    struct allocation
        *newest; // and from there all, for leak checkers, which do not look into the reserved array
    uint32_t count;     // of device_memory.allocations
    struct span *spans; // freed, oldest first
    size_t span_count, span_room;
} heap;

static void *reserve(uint64_t bytes)
{
    void *range = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return range == MAP_FAILED ? NULL : range;
}

static bool reserve_range(uint64_t bytes)
{
    uint8_t *range = reserve(bytes);
    if (!range)
        return false;
    uint32_t *owner = reserve((bytes >> MEMORY_PAGE_BITS) * sizeof *owner);
    if (!owner) {
        munmap(range, bytes);
        return false;
    }
    madvise(range, bytes, MADV_DONTDUMP);
    device_memory.base = (uint64_t)range;
    device_memory.size = bytes;
    device_memory.page_owner = owner;
    heap.fresh = device_memory.base + PAGE;
    return true;
}

bool memory_initialise(void)
{
    if (device_memory.base)
        return true;
    heap.capacity = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    for (uint64_t bytes = LARGEST_RANGE; bytes >= SMALLEST_RANGE; bytes /= 2)
        if (reserve_range(bytes))
            return true;
    return false;
}

// A new record with its index, or NULL.
static struct allocation *new_record(void)
{
    // The array is reserved whole: kernels that run look records up while device-side malloc adds
    // some.
    if (!device_memory.allocations)
        device_memory.allocations = reserve(MOST_RECORDS * sizeof *device_memory.allocations);
    if (!device_memory.allocations || heap.count == MOST_RECORDS)
        return NULL;
    struct allocation *record = calloc(1, sizeof *record);
    if (!record)
        return NULL;
    record->serial = ++heap.serial;
    record->previous = heap.newest;
    heap.newest = record;
    device_memory.allocations[heap.count++] = record;
    return record;
}

static void set_owner(uint64_t base, uint64_t pages, uint32_t owner)
{
    uint32_t *slot = device_memory.page_owner + ((base - device_memory.base) >> MEMORY_PAGE_BITS);
    for (uint64_t i = 0; i < pages; i++)
        slot[i] = owner;
}

static uint64_t align_up(uint64_t value, uint64_t alignment)
{
    return (value + alignment - 1) & ~(alignment - 1);
}

// Fresh pages with one unowned page behind them; 0 when the range is used up.
static uint64_t take_fresh(uint64_t pages, uint64_t alignment)
{
    uint64_t base = align_up(heap.fresh, alignment);
    uint64_t end = device_memory.base + device_memory.size;
    if (base > end || (end - base) >> MEMORY_PAGE_BITS < pages + 1)
        return 0;
    heap.fresh = base + (pages + 1) * PAGE;
    return base;
}

// Pages freed longest ago that are enough, or 0.
static uint64_t take_freed(uint64_t pages, uint64_t alignment)
{
    for (size_t i = 0; i < heap.span_count; i++) {
        struct span *span = &heap.spans[i];
        uint64_t base = align_up(span->begin, alignment);
        uint64_t skipped = (base - span->begin) >> MEMORY_PAGE_BITS;
        if (span->pages < skipped + pages)
            continue;
        set_owner(span->begin, skipped + pages, 0);
        uint64_t taken = skipped + pages + 1; // one unowned page stays between neighbours
        if (span->pages > taken) {
            set_owner(base + pages * PAGE, 1, 0);
            span->begin += taken * PAGE;
            span->pages -= taken;
        } else {
            set_owner(span->begin, span->pages, 0);
            memmove(span, span + 1, (heap.span_count - i - 1) * sizeof *span);
            heap.span_count--;
        }
        return base;
    }
    return 0;
}

static bool remember_freed(struct allocation *record)
{
    if (heap.span_count == heap.span_room) {
        size_t room = heap.span_room ? heap.span_room * 2 : 256;
        struct span *grown = realloc(heap.spans, room * sizeof *grown);
        if (!grown)
            return false;
        heap.spans = grown;
        heap.span_room = room;
    }
    heap.spans[heap.span_count++] = (struct span){record->base, record->pages};
    return true;
}

struct allocation *memory_allocate(uint64_t bytes, uint64_t alignment, enum allocation_kind kind)
{
    if (!memory_initialise() || bytes > device_memory.size ||
        (kind != ALLOCATION_INTERNAL && bytes > heap.capacity - heap.used_bytes))
        return NULL;
    uint64_t pages = align_up(bytes ? bytes : 1, PAGE) >> MEMORY_PAGE_BITS;
    alignment = alignment < PAGE ? PAGE : alignment;
    uint64_t base = take_fresh(pages, alignment);
    if (!base)
        base = take_freed(pages, alignment);
    if (!base)
        return NULL;
    struct allocation *record = new_record();
    if (!record)
        return NULL;
    record->base = record->begin = base;
    record->size = bytes;
    record->end = base + bytes;
    record->pages = pages;
    record->kind = (uint8_t)kind;
    record->always_defined = kind != ALLOCATION_DEVICE;
    set_owner(base, pages, heap.count);
    heap.used_bytes += pages * PAGE;
    return record;
}

static struct allocation *live_at_base(uint64_t base)
{
    struct allocation *owner = (struct allocation *)memory_owner(base);
    return owner && owner->base == base && !owner->freed ? owner : NULL;
}

bool memory_free(uint64_t base)
{
    struct allocation *record = live_at_base(base);
    if (!record || record->kind == ALLOCATION_REGISTERED)
        return false;
    record->freed = true;
    heap.used_bytes -= record->pages * PAGE;
    madvise((void *)record->base, record->pages * PAGE, MADV_DONTNEED);
    global_forget(record->base, record->pages * PAGE);
    remember_freed(record); // out of memory: the pages are never used again
    return true;
}

struct allocation *memory_register(void *host, uint64_t bytes, uint32_t flags)
{
    if (!host || !bytes || !memory_initialise() || memory_owner((uint64_t)host))
        return NULL;
    struct allocation *record = new_record();
    if (!record)
        return NULL;
    record->base = record->begin = (uint64_t)host;
    record->size = bytes;
    record->end = record->base + bytes;
    record->kind = ALLOCATION_REGISTERED;
    record->always_defined = true;
    record->flags = flags;
    device_memory.registered++;
    return record;
}

bool memory_unregister(void *host)
{
    struct allocation *record = live_at_base((uint64_t)host);
    if (!record || record->kind != ALLOCATION_REGISTERED)
        return false;
    record->freed = true;
    device_memory.registered--;
    return true;
}

uint64_t memory_newest_serial(void)
{
    return heap.serial;
}

void memory_information(uint64_t *free_bytes, uint64_t *total_bytes)
{
    memory_initialise();
    *total_bytes = heap.capacity;
    *free_bytes = heap.capacity - heap.used_bytes;
}

const struct allocation *memory_owner_slow(uint64_t address)
{
    for (uint32_t i = 0; i < heap.count; i++) {
        const struct allocation *record = device_memory.allocations[i];
        if (record->kind == ALLOCATION_REGISTERED && !record->freed && address >= record->begin &&
            address < record->end)
            return record;
    }
    return NULL;
}

static uint64_t distance(const struct allocation *record, uint64_t address)
{
    if (address < record->begin)
        return record->begin - address;
    return address < record->end ? 0 : address - record->end;
}

const struct allocation *memory_nearest(uint64_t address)
{
    const struct allocation *owner = memory_owner(address), *nearest = NULL;
    if (owner)
        return owner;
    for (uint32_t i = 0; i < heap.count; i++) {
        const struct allocation *record = device_memory.allocations[i];
        if (record->kind == ALLOCATION_INTERNAL || record->freed)
            continue;
        if (!nearest || distance(record, address) < distance(nearest, address))
            nearest = record;
    }
    return nearest;
}
