#include "race_graph.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#define MOST_NODES (UINT32_C(1) << 20)
#define NOBODY     UINT32_MAX

// A release, or with NOBODY what a workgroup has acquired: nodes are in order after before[].
struct node {
    uint32_t wave, clock;
    uint32_t before[2]; // 0: none
};

struct race_graph {
    pthread_mutex_t mutex;
    uint32_t waves_per_group;
    struct node *nodes; // from 1; they do not change any more
    uint32_t count;
    struct race_table locations; // the last release at an address
    struct race_table joins;     // what a workgroup has acquired
    _Atomic bool lost;           // too much to remember: everything counts as ordered
};

struct race_graph *race_graph_create(uint32_t waves_per_group)
{
    struct race_graph *graph = calloc(1, sizeof *graph);
    if (!graph)
        return NULL;
    graph->waves_per_group = waves_per_group;
    pthread_mutex_init(&graph->mutex, NULL);
    return graph;
}

void race_graph_destroy(struct race_graph *graph)
{
    if (!graph)
        return;
    if (graph->nodes)
        munmap(graph->nodes, MOST_NODES * sizeof *graph->nodes);
    race_table_free(&graph->locations);
    race_table_free(&graph->joins);
    pthread_mutex_destroy(&graph->mutex);
    free(graph);
}

void race_knowledge_free(struct race_knowledge *knowledge)
{
    race_table_free(&knowledge->waves);
    race_table_free(&knowledge->groups);
    race_table_free(&knowledge->seen);
    free(knowledge->waiting);
}

void race_knowledge_clear(struct race_knowledge *knowledge)
{
    race_table_clear(&knowledge->waves);
    race_table_clear(&knowledge->groups);
    race_table_clear(&knowledge->seen);
    knowledge->waiting_count = 0;
    knowledge->join = 0;
}

static void lose(struct race_graph *graph)
{
    atomic_store_explicit(&graph->lost, true, memory_order_relaxed);
}

static uint32_t add_node(struct race_graph *graph, struct node node)
{
    if (!graph->nodes) {
        void *memory = mmap(NULL, MOST_NODES * sizeof *graph->nodes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        graph->nodes = memory == MAP_FAILED ? NULL : memory;
    }
    if (!graph->nodes || graph->count == MOST_NODES - 1) {
        lose(graph);
        return 0;
    }
    graph->nodes[++graph->count] = node;
    return graph->count;
}

static void release_at(struct race_graph *graph, const struct race_knowledge *knowledge,
                       uint32_t wave, uint32_t clock, uint64_t address)
{
    uint32_t *last = race_table_at(&graph->locations, address);
    if (!last) {
        lose(graph);
        return;
    }
    if (*last) {
        const struct node *node = &graph->nodes[*last];
        if (node->wave == wave && node->clock == clock && node->before[1] == knowledge->join)
            return;
    }
    uint32_t node = add_node(graph, (struct node){wave, clock, {*last, knowledge->join}});
    if (node)
        *last = node;
}

void race_graph_release(struct race_graph *graph, const struct race_knowledge *knowledge,
                        uint32_t wave, uint32_t clock, const uint64_t *addresses, unsigned count)
{
    pthread_mutex_lock(&graph->mutex);
    for (unsigned i = 0; i < count; i++)
        release_at(graph, knowledge, wave, clock, addresses[i]);
    pthread_mutex_unlock(&graph->mutex);
}

// Look at a node later, unless that was or will be done anyway. False: nothing new.
static bool wait_for(struct race_graph *graph, struct race_knowledge *knowledge, uint32_t node)
{
    uint32_t *seen = node ? race_table_at(&knowledge->seen, node) : NULL;
    if (!node || (seen && *seen))
        return false;
    if (knowledge->waiting_count == knowledge->waiting_room) {
        size_t room = knowledge->waiting_room ? knowledge->waiting_room * 2 : 64;
        uint32_t *grown = realloc(knowledge->waiting, room * sizeof *grown);
        if (!grown) {
            lose(graph);
            return false;
        }
        knowledge->waiting = grown;
        knowledge->waiting_room = room;
    }
    if (!seen) {
        lose(graph);
        return false;
    }
    *seen = 1;
    knowledge->waiting[knowledge->waiting_count++] = node;
    return true;
}

static void learn(struct race_graph *graph, struct race_knowledge *knowledge, uint32_t group,
                  uint32_t node)
{
    if (!wait_for(graph, knowledge, node))
        return;
    uint32_t join = add_node(graph, (struct node){NOBODY, 0, {knowledge->join, node}});
    uint32_t *known = race_table_at(&graph->joins, group);
    if (!known)
        lose(graph);
    if (!join || !known)
        return;
    *known = knowledge->join = join;
    uint32_t *seen = race_table_at(&knowledge->seen, join); // its parts are known
    if (seen)
        *seen = 1;
}

void race_graph_acquire(struct race_graph *graph, struct race_knowledge *knowledge, uint32_t group,
                        const uint64_t *addresses, unsigned count)
{
    pthread_mutex_lock(&graph->mutex);
    for (unsigned i = 0; i < count; i++)
        learn(graph, knowledge, group, race_table_get(&graph->locations, addresses[i]));
    pthread_mutex_unlock(&graph->mutex);
}

static void raise(uint32_t *value, uint32_t to)
{
    if (value && *value < to)
        *value = to;
}

void race_graph_acquire_store(struct race_graph *graph, struct race_knowledge *knowledge,
                              uint32_t group, uint32_t wave, uint32_t clock)
{
    if (race_table_get(&knowledge->waves, wave) > clock)
        return;
    pthread_mutex_lock(&graph->mutex);
    uint32_t join = race_table_get(&graph->joins, wave / graph->waves_per_group);
    learn(graph, knowledge, group, add_node(graph, (struct node){wave, clock, {0, join}}));
    pthread_mutex_unlock(&graph->mutex);
    raise(race_table_at(&knowledge->waves, wave), clock + 1); // once is enough
}

static bool covered(const struct race_graph *graph, const struct race_knowledge *knowledge,
                    uint32_t wave, uint32_t clock, bool is_read)
{
    uint32_t released = race_table_get(&knowledge->waves, wave);
    if (released && (clock < released - 1 || (is_read && clock == released - 1)))
        return true;
    return RACE_INTERVAL(clock) < race_table_get(&knowledge->groups, wave / graph->waves_per_group);
}

static void look_at(struct race_graph *graph, struct race_knowledge *knowledge,
                    const struct node *node)
{
    if (node->wave != NOBODY) {
        raise(race_table_at(&knowledge->waves, node->wave), node->clock + 1);
        raise(race_table_at(&knowledge->groups, node->wave / graph->waves_per_group),
              RACE_INTERVAL(node->clock));
    }
    wait_for(graph, knowledge, node->before[0]);
    wait_for(graph, knowledge, node->before[1]);
}

bool race_graph_knows(struct race_graph *graph, struct race_knowledge *knowledge, uint32_t wave,
                      uint32_t clock, bool is_read)
{
    if (!knowledge->join)
        return atomic_load_explicit(&graph->lost, memory_order_relaxed);
    while (!covered(graph, knowledge, wave, clock, is_read)) {
        // Threads that spin at a lock add nodes faster than its holder can look at them.
        bool lost = atomic_load_explicit(&graph->lost, memory_order_relaxed);
        if (lost || !knowledge->waiting_count)
            return lost;
        uint32_t node = knowledge->waiting[--knowledge->waiting_count];
        look_at(graph, knowledge, &graph->nodes[node]);
    }
    return true;
}
