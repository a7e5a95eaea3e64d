// links: wavegauge_emu_static
// Device memory: what belongs to whom, and what stays known after it was freed.
#include "memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct allocation *allocate(uint64_t bytes)
{
    struct allocation *made = memory_allocate(bytes, 256, ALLOCATION_DEVICE);
    cr_assert_not_null(made);
    return made;
}

Test(memory, an_allocation_is_accessible_to_its_last_byte_and_no_further)
{
    struct allocation *a = allocate(1000);
    cr_assert(memory_accessible(a->base, 1000, true));
    cr_assert(memory_accessible(a->base + 999, 1, false));
    cr_assert_not(memory_accessible(a->base, 1001, false));
    cr_assert_not(memory_accessible(a->base + 1000, 1, false));
    cr_assert_not(memory_accessible(a->base - 1, 1, false));
    cr_assert_not(memory_accessible(a->base + 999, 2, false));
    cr_assert_not(memory_accessible(a->base, UINT64_MAX, false));
}

Test(memory, neighbours_are_apart_and_zeroed)
{
    struct allocation *a = allocate(4096), *b = allocate(4096);
    cr_assert_geq(b->base - a->base, 8192);
    for (unsigned i = 0; i < 4096; i++)
        cr_assert_eq(((uint8_t *)a->base)[i], 0);
    cr_assert_null(memory_owner(a->base + 4096));
    cr_assert_eq(memory_owner(a->base + 4095), a);
    cr_assert_eq(memory_owner(b->base), b);
}

Test(memory, alignment_is_kept)
{
    allocate(1);
    struct allocation *a = memory_allocate(10, 1 << 21, ALLOCATION_DEVICE);
    cr_assert_not_null(a);
    cr_assert_eq(a->base % (1 << 21), 0);
}

Test(memory, freed_memory_is_remembered_and_refused)
{
    struct allocation *a = allocate(100);
    uint64_t base = a->base;
    cr_assert(memory_free(base));
    cr_assert_not(memory_accessible(base, 1, false));
    cr_assert(memory_owner(base)->freed);
    cr_assert_not(memory_free(base), "a second free must fail");
    struct allocation *b = allocate(100);
    cr_assert_neq(b->base, base, "freed pages must not be used again at once");
}

Test(memory, only_a_base_can_be_freed)
{
    struct allocation *a = allocate(100);
    cr_assert_not(memory_free(a->base + 4));
    cr_assert_not(memory_free(0));
    cr_assert_not(memory_free(UINT64_MAX));
    int host;
    cr_assert_not(memory_free((uint64_t)&host));
    cr_assert(memory_free(a->base));
}

Test(memory, narrowed_ranges_count_for_kernels)
{
    struct allocation *a = allocate(300);
    a->begin += 100;
    a->end -= 100;
    cr_assert_not(memory_accessible(a->base + 99, 1, false));
    cr_assert(memory_accessible(a->base + 100, 100, false));
    cr_assert_not(memory_accessible(a->base + 100, 101, false));
}

Test(memory, read_only_memory_refuses_writes)
{
    struct allocation *a = allocate(16);
    a->read_only = true;
    cr_assert(memory_accessible(a->base, 16, false));
    cr_assert_not(memory_accessible(a->base, 16, true));
}

Test(memory, registered_host_memory_is_seen_until_unregistered)
{
    char *host = malloc(5000);
    cr_assert_not_null(memory_register(host, 5000, 0));
    cr_assert(memory_accessible((uint64_t)host + 4999, 1, true));
    cr_assert_not(memory_accessible((uint64_t)host + 4999, 2, true));
    cr_assert_null(memory_register(host, 10, 0), "registered twice");
    cr_assert_not(memory_unregister(host + 1));
    cr_assert(memory_unregister(host));
    cr_assert_not(memory_accessible((uint64_t)host, 1, false));
    free(host);
}

Test(memory, more_than_there_is_is_refused)
{
    uint64_t free_bytes, total;
    memory_information(&free_bytes, &total);
    cr_assert_null(memory_allocate(total + 1, 256, ALLOCATION_DEVICE));
    cr_assert_null(memory_allocate(UINT64_MAX, 256, ALLOCATION_DEVICE));
    allocate(1 << 20);
    uint64_t left;
    memory_information(&left, &total);
    cr_assert_eq(free_bytes - left, 1 << 20);
}

// More allocations than the range has room for, if it were never used again.
Test(memory, the_range_is_used_again, .timeout = 60)
{
    uint64_t free_bytes, total;
    memory_information(&free_bytes, &total);
    uint64_t bytes = total / 2;
    uint64_t rounds = device_memory.size / bytes + 3;
    for (uint64_t i = 0; i < rounds; i++) {
        struct allocation *a = memory_allocate(bytes, 256, ALLOCATION_DEVICE);
        cr_assert_not_null(a, "round %llu", (unsigned long long)i);
        *(volatile char *)a->base = 1;
        cr_assert(memory_accessible(a->base, bytes, true));
        cr_assert(memory_free(a->base));
    }
}

Test(memory, the_nearest_allocation_is_found)
{
    struct allocation *a = allocate(100);
    struct allocation *b = allocate(100);
    cr_assert_eq(memory_nearest(a->base + 120), a);
    cr_assert_eq(memory_nearest(b->base - 8), b);
    cr_assert_not_null(memory_nearest(0));
}
