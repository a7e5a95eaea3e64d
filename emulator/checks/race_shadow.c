#include "race_shadow.h"

#include "memory.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define KEPT_BYTES (UINT64_C(128) << 20) // of cells, from one launch to the next

static struct {
    pthread_mutex_t mutex;
    struct race_cell *cells;
    size_t bytes;
    uint32_t tag;
} shared = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void *reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    madvise(memory, bytes, MADV_DONTDUMP);
    return memory;
}

static bool reserve_cells(void)
{
    if (shared.cells)
        return true;
    shared.bytes = device_memory.size / RACE_LINE * sizeof *shared.cells;
    shared.cells = reserve(shared.bytes);
    if (shared.cells)
        madvise(shared.cells, shared.bytes, MADV_HUGEPAGE);
    return shared.cells != NULL;
}

bool race_shadow_begin(struct race_shadow *shadow)
{
    pthread_mutex_lock(&shared.mutex);
    bool good = reserve_cells();
    shared.tag += 2;
    if (good && !shared.tag) {
        madvise(shared.cells, shared.bytes, MADV_DONTNEED);
        shared.tag = 2;
    }
    shadow->tag = shared.tag;
    shadow->cells = shared.cells;
    pthread_mutex_unlock(&shared.mutex);
    if (!good)
        return false;
    uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    shadow->most_fresh = memory / 8 / sizeof *shadow->cells;
    shadow->blocks = reserve(RACE_MOST_BLOCKS * sizeof *shadow->blocks);
    shadow->fine = reserve(RACE_MOST_FINE * 4 * sizeof *shadow->fine);
    return shadow->blocks && shadow->fine;
}

void race_shadow_end(struct race_shadow *shadow)
{
    if (shadow->blocks)
        munmap(shadow->blocks, RACE_MOST_BLOCKS * sizeof *shadow->blocks);
    if (shadow->fine)
        munmap(shadow->fine, RACE_MOST_FINE * 4 * sizeof *shadow->fine);
    if (shadow->cells && atomic_load(&shadow->fresh) * sizeof *shadow->cells > KEPT_BYTES)
        madvise(shadow->cells, shared.bytes, MADV_DONTNEED);
}
