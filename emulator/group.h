// One workgroup on one host thread: its waves' first state, and running them in turn.
#ifndef WAVEGAUGE_GROUP_H
#define WAVEGAUGE_GROUP_H

#include "launch.h"

enum group_status {
    GROUP_DONE,
    GROUP_UNFINISHED, // its time is up, or all of its waves wait for something outside
    GROUP_STOPPED,    // a fault here, or the launch was stopped
};

// Memory for workgroups of a launch's shape. NULL: out of memory.
struct workgroup *group_create(struct launch *launch);
void group_destroy(struct workgroup *group);

// Make it workgroup number `index` of the launch, in x-fastest order, before its first instruction.
void group_start(struct workgroup *group, uint64_t index);

// Run its waves in turn for a while.
enum group_status group_run(struct workgroup *group);

#endif
