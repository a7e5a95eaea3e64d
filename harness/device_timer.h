// How long launches take on the device, by its own events.
//
// A sample: the cache is flushed (when asked for), a spinning kernel holds the device while the
// host queues what comes next, then an event, the launches, an event. So neither the host's speed
// nor the flush is in the sample. The sample is the time between the events over the number of
// launches. An event costs a little itself; the overhead of a pair with nothing between is measured
// and told, and launches that are too short against it are timed in batches (timer_batch_size).
#ifndef WAVEGAUGE_DEVICE_TIMER_H
#define WAVEGAUGE_DEVICE_TIMER_H

#include "clock_watch.h"
#include "timing_api.h"

struct device_timer {
    const struct device *device;
    struct timing_api api;
    struct clock_watch clock;
    hipEvent_t start, stop;
    hipModule_t module; // kernels/fma_rate.hip
    hipFunction_t spin;
    void *word;          // on the device, for kernels of the timer itself
    double ticks_per_us; // of `spin`
    double overhead_us;  // of a pair of events
    size_t cache_bytes;  // of the last cache that a flush has to empty
    void *flush_buffer;  // of flush_bytes on the device
    size_t flush_bytes;  // twice the cache
    bool flushes;        // before every sample; false: the cache is as the last launch left it
    double queue_us;     // what the host takes to queue one launch, at most seen
};

// TIMING_CALL(timer, error, hipEventRecord(event, NULL)), as HIP_CALL.
#define TIMING_CALL(timer, error, call)                                                            \
    device_check((timer)->device, (timer)->api.call, #call, error)

// Queues one launch, or a sequence that counts as one; `number` counts up over all samples, so that
// launches can take turns with buffers.
typedef bool (*launch_function)(void *user, size_t number, struct error *error);

struct timed_work {
    launch_function launch;
    void *user;
    size_t number; // of the next launch
};

// `module` has the kernels of kernels/fma_rate.hip; it stays the caller's. Calibrates the spinning
// kernel and the overhead. Free with device_timer_close.
bool device_timer_open(struct device_timer *timer, const struct device *device, hipModule_t module,
                       struct error *error);
void device_timer_close(struct device_timer *timer);

// One sample: microseconds per launch of `batch` launches.
bool timer_sample(struct device_timer *timer, struct timed_work *work, size_t batch,
                  double *microseconds, struct error *error);

// Launches until `seconds` have gone by, 3 at least, and gives a first idea of the time of one.
bool timer_warm_up(struct device_timer *timer, struct timed_work *work, double seconds,
                   double *microseconds, struct error *error);

// How many launches a sample needs: 1 for those of 100 us and more, else as many as take 200 us or
// 100 times the overhead of the events, whichever is more; 1000 at most.
size_t timer_batch_size(const struct device_timer *timer, double microseconds);

// Queues the spinning kernel for this long.
bool timer_spin(struct device_timer *timer, double microseconds, struct error *error);

#endif
