#include "../hostcall.h"

#include "device_heap.h"
#include "hostcall_message.h"
#include "runtime.h"
#include "wave.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

// One for each wave that can be resident at once, and then some.
#define PACKETS 8192u
#define LANES   64u
#define WORDS   8u

#define CONTROL_READY 1u // set by the wave, cleared by the host

enum service {
    SERVICE_FUNCTION_CALL = 1,
    SERVICE_PRINTF = 2,
    SERVICE_DEVICE_MEMORY = 3,
};

struct header {
    uint64_t next; // packet below in the stack
    uint64_t active_lanes;
    uint32_t service;
    _Atomic uint32_t control;
};

struct payload {
    uint64_t words[LANES][WORDS];
};

// The head of an HSA signal as the device library uses it.
struct signal {
    int64_t kind;
    int64_t value;
    uint64_t mailbox; // not 0, so that the wave sends the interrupt
    uint32_t event_id, padding;
    uint64_t unused[4];
};

// Packets are named by index + a tag above the index bits, which changes with every use.
struct buffer {
    uint64_t headers, payloads; // device addresses
    uint64_t signal;
    _Atomic uint64_t free_stack, ready_stack;
    uint64_t index_mask;
};

// Everything that kernels can write; they may spoil it, so that nothing read from it is trusted.
struct region {
    struct buffer buffer;
    struct signal signal;
    uint64_t mailbox;
    struct header headers[PACKETS];
    struct payload payloads[PACKETS];
};

static struct {
    pthread_mutex_t mutex;
    struct region *region;
    uint64_t free_stack; // as the launch found it
    bool complained;     // of an unknown service, once a launch
} hostcall = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void fill_stacks(struct region *region)
{
    // 0 ends a stack, so the first packet's name has its tag at 1.
    for (uint64_t i = 0; i < PACKETS; i++) {
        region->headers[i].next = i ? PACKETS + i - 1 : 0;
        atomic_store_explicit(&region->headers[i].control, 0, memory_order_relaxed);
    }
    region->buffer.headers = (uint64_t)region->headers;
    region->buffer.payloads = (uint64_t)region->payloads;
    region->buffer.index_mask = PACKETS - 1;
    region->buffer.signal = (uint64_t)&region->signal;
    region->signal = (struct signal){.kind = 1, .mailbox = (uint64_t)&region->mailbox};
    atomic_store(&region->buffer.ready_stack, 0);
    atomic_store(&region->buffer.free_stack, PACKETS + PACKETS - 1);
}

static bool stacks_are_whole(const struct region *region)
{
    return region->buffer.headers == (uint64_t)region->headers &&
           region->buffer.payloads == (uint64_t)region->payloads &&
           region->buffer.index_mask == PACKETS - 1 &&
           region->buffer.signal == (uint64_t)&region->signal;
}

static void serve_interrupt(struct wave *wave)
{
    (void)wave;
    hostcall_service();
}

uint64_t hostcall_begin(void)
{
    wave_interrupt_hook = serve_interrupt;
    hostcall.complained = false;
    if (!hostcall.region) {
        struct allocation *memory =
            memory_allocate(sizeof(struct region), 4096, ALLOCATION_INTERNAL);
        if (!memory)
            return 0;
        strncpy(memory->name, "hostcall buffer", sizeof memory->name - 1);
        hostcall.region = (struct region *)memory->base;
        fill_stacks(hostcall.region);
    }
    hostcall.free_stack = atomic_load(&hostcall.region->buffer.free_stack);
    return (uint64_t)&hostcall.region->buffer;
}

static void serve_unknown(uint32_t service, uint64_t *words)
{
    if (!hostcall.complained) {
        hostcall.complained = true;
        runtime_complain(hipErrorNotSupported, "hostcall",
                         "a kernel asked for service %u (%s), which the emulator does not have",
                         service,
                         service == SERVICE_FUNCTION_CALL ? "call of a host function" : "unknown");
    }
    words[0] = words[1] = 0;
}

static void serve_lane(uint32_t service, uint64_t *words)
{
    switch (service) {
    case SERVICE_PRINTF:
        hostcall_message(words);
        break;
    case SERVICE_DEVICE_MEMORY:
        device_heap_request(words);
        break;
    default:
        serve_unknown(service, words);
    }
}

static void serve_packet(struct region *region, uint32_t index)
{
    struct header *header = &region->headers[index];
    uint64_t active = header->active_lanes;
    uint32_t service = header->service;
    for (; active; active &= active - 1)
        serve_lane(service, region->payloads[index].words[__builtin_ctzll(active)]);
    atomic_fetch_and_explicit(&header->control, ~CONTROL_READY, memory_order_release);
}

// The stack has the latest packet on top; they are served in the order in which they came.
static void serve_stack(struct region *region, uint64_t top)
{
    static uint32_t order[PACKETS];
    unsigned count = 0;
    for (uint64_t packet = top; packet && count < PACKETS;
         packet = region->headers[packet & (PACKETS - 1)].next)
        order[count++] = (uint32_t)(packet & (PACKETS - 1));
    while (count)
        serve_packet(region, order[--count]);
}

void hostcall_service(void)
{
    struct region *region = hostcall.region;
    if (!region || !atomic_load_explicit(&region->buffer.ready_stack, memory_order_relaxed))
        return;
    pthread_mutex_lock(&hostcall.mutex);
    serve_stack(region,
                atomic_exchange_explicit(&region->buffer.ready_stack, 0, memory_order_acq_rel));
    pthread_mutex_unlock(&hostcall.mutex);
}

// A packet of every wave is back on the free stack, unless a wave faulted in between.
static bool all_packets_free(const struct region *region)
{
    unsigned count = 0;
    for (uint64_t packet = atomic_load(&region->buffer.free_stack); packet && count <= PACKETS;
         packet = region->headers[packet & (PACKETS - 1)].next)
        count++;
    return count == PACKETS;
}

void hostcall_end(void)
{
    struct region *region = hostcall.region;
    if (!region)
        return;
    hostcall_service();
    pthread_mutex_lock(&hostcall.mutex);
    hostcall_message_drop_all();
    if (!stacks_are_whole(region) ||
        (atomic_load(&region->buffer.free_stack) != hostcall.free_stack &&
         !all_packets_free(region)))
        fill_stacks(region);
    pthread_mutex_unlock(&hostcall.mutex);
}
