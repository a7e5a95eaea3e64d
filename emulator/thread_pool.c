#include "thread_pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_THREADS 256
#define STACK_BYTES (1u << 20)

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t begin, done;
    pid_t process;    // that made the threads; a fork has none
    unsigned threads; // besides the caller
    unsigned wanted;  // threads that shall still join the current work
    unsigned busy;
    void (*work)(void *);
    void *argument;
} pool = {.mutex = PTHREAD_MUTEX_INITIALIZER,
          .begin = PTHREAD_COND_INITIALIZER,
          .done = PTHREAD_COND_INITIALIZER};

unsigned thread_pool_size(void)
{
    const char *text = getenv("WAVEGAUGE_THREADS");
    long wanted = text ? strtol(text, NULL, 10) : 0;
    if (wanted < 1) {
        cpu_set_t set;
        wanted = sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
    }
    return wanted < 1 ? 1 : wanted > MAX_THREADS ? MAX_THREADS : (unsigned)wanted;
}

static void *thread_main(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&pool.mutex);
    for (;;) {
        while (!pool.wanted)
            pthread_cond_wait(&pool.begin, &pool.mutex);
        pool.wanted--;
        pool.busy++;
        pthread_mutex_unlock(&pool.mutex);
        pool.work(pool.argument);
        pthread_mutex_lock(&pool.mutex);
        if (--pool.busy == 0)
            pthread_cond_signal(&pool.done);
    }
    return NULL;
}

static void start_threads(unsigned count)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    for (pthread_t thread; pool.threads < count; pool.threads++)
        if (pthread_create(&thread, &attributes, thread_main, NULL))
            break; // fewer threads do the same work
    pthread_attr_destroy(&attributes);
}

static void forget_parent(void)
{
    pid_t process = getpid();
    if (pool.process == process)
        return;
    pthread_mutex_init(&pool.mutex, NULL);
    pthread_cond_init(&pool.begin, NULL);
    pthread_cond_init(&pool.done, NULL);
    pool.threads = pool.wanted = pool.busy = 0;
    pool.process = process;
}

void thread_pool_run(void (*work)(void *), void *argument, uint64_t tasks)
{
    unsigned helpers = thread_pool_size() - 1;
    if (tasks <= helpers)
        helpers = tasks ? (unsigned)tasks - 1 : 0;
    if (!helpers) {
        work(argument);
        return;
    }
    forget_parent();
    pthread_mutex_lock(&pool.mutex);
    start_threads(helpers);
    pool.work = work;
    pool.argument = argument;
    pool.wanted = helpers < pool.threads ? helpers : pool.threads;
    pthread_cond_broadcast(&pool.begin);
    pthread_mutex_unlock(&pool.mutex);
    work(argument);
    pthread_mutex_lock(&pool.mutex);
    pool.wanted = 0; // who has not begun yet need not
    while (pool.busy)
        pthread_cond_wait(&pool.done, &pool.mutex);
    pthread_mutex_unlock(&pool.mutex);
}
