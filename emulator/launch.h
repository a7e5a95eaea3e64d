// Running a grid of workgroups, and what came of it.
#ifndef WAVEGAUGE_LAUNCH_H
#define WAVEGAUGE_LAUNCH_H

#include "code_object.h"
#include "wave.h"

#include <pthread.h>

struct launch_request {
    struct kernel *kernel;
    uint32_t grid[3];  // workgroups
    uint32_t block[3]; // work-items of a workgroup
    uint32_t dynamic_lds;
    const void *kernarg; // explicit arguments as laid out by the caller; copied
    size_t kernarg_bytes;
    uint64_t hostcall_buffer; // device address or 0
    uint64_t multigrid_sync;  // device address or 0: the structure of cooperative launches
    uint32_t stack_bytes; // more scratch for kernels whose stack is not known (hipLimitStackSize)
};

struct fault {
    enum fault_kind kind;
    enum memory_space space;
    bool is_access, write;
    uint64_t address; // accessed
    uint32_t size;
    uint64_t pc;           // device address of the instruction
    char instruction[160]; // its text
    uint32_t block[3], thread[3];
    uint32_t lane, wave;
    char text[1024];
};

enum launch_status {
    LAUNCH_OK,
    LAUNCH_INVALID, // the request does not fit the kernel or the device; message says why
    LAUNCH_OUT_OF_MEMORY,
    LAUNCH_FAULTED, // fault says what happened
};

struct findings;

struct launch_result {
    enum launch_status status;
    struct fault fault;
    char message[512];
    uint64_t instructions;
    struct findings *findings; // of the checks; the caller frees them; NULL: none
};

struct launch {
    const struct launch_request *request;
    struct kernel *kernel;
    struct program *program;
    uint64_t kernarg, packet, queue; // device addresses
    struct launch_checks *checks;    // NULL: none
    uint32_t lds_bytes, scratch_bytes;
    uint32_t waves_per_group;
    uint64_t end_group; // groups have numbers below it
    _Atomic uint64_t next_group;
    _Atomic uint64_t instructions;
    _Atomic bool stop; // a fault or the time limit
    _Atomic bool out_of_memory;
    uint64_t deadline; // nanoseconds of the monotonic clock; 0: none
    uint64_t limit;    // of instructions; 0: none
    pthread_mutex_t fault_mutex;
    bool has_fault;
    struct fault fault;
};

// Run to the end on all cores (WAVEGAUGE_THREADS limits them). Kernels that do not end stop after
// WAVEGAUGE_TIMEOUT seconds (default 60, 0: never).
void launch_run(const struct launch_request *request, struct launch_result *result);

// Write the full report of a faulted launch (launch_run does not), several lines, with source
// places; and give it to the handler.
void report_fault(const struct launch_request *request, const struct fault *fault);
// Write a report for each source line that findings name.
void report_findings(const struct launch_request *request, const struct findings *findings);
// Report something that is no kernel's fault: check, kind and text; printed or given to the
// handler.
void report_text(const char *check, const char *kind, const char *kernel, const char *text);

// Total over all launches of this process.
extern _Atomic uint64_t launch_instructions;
// Where later launches end; 0: nowhere.
extern _Atomic uint64_t launch_instruction_limit;
// Which workgroups of later launches run; count 0: all.
extern _Atomic uint64_t launch_first_group, launch_group_count;

#endif
