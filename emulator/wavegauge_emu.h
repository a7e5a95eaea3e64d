// What libwavegauge-emu.so offers beyond the HIP runtime API.
//
// Every function here is optional for callers: look it up with dlsym and go without when it is
// absent, as on a real GPU's runtime.
#ifndef WAVEGAUGE_EMU_H
#define WAVEGAUGE_EMU_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// One problem found while a kernel ran. All strings live until the handler returns; none is NULL,
// an unknown one is "".
struct wavegauge_report {
    // "memcheck", "initcheck", "racecheck", "synccheck", "waitcheck", "timeout", "unsupported",
    // "trap", "code object"
    const char *check;
    const char *kind;     // "out of bounds", "misaligned", "use after free", ...
    const char *severity; // "error", "warning" (right here, may break elsewhere) or "note"
    uint64_t count;       // how often it was seen in the launch; at least 1
    const char *kernel;   // name as in the code object
    const char *file;     // source file of the instruction, from the line table
    const char *function; // innermost inlined function
    int line;             // 0: unknown
    uint32_t block[3];    // workgroup id
    uint32_t thread[3];   // work-item id within the workgroup, of the first lane concerned
    uint64_t address;     // the address accessed, where there is one
    uint32_t size;        // bytes accessed by that lane
    const char *object;   // the allocation or LDS variable by name or number
    // The other side of a race: where it is, and who did it. other_file "": there is none.
    const char *other_file;
    const char *other_function;
    int other_line;
    uint32_t other_block[3];
    uint32_t other_thread[3];
    const char *text; // the whole report, several lines, as printed
};

typedef void (*wavegauge_report_handler)(const struct wavegauge_report *report, void *user);

// Deliver reports to handler instead of stderr. NULL restores printing. The handler runs on the
// thread that made the HIP call, before that call returns.
void wavegaugeSetReportHandler(wavegauge_report_handler handler, void *user);

// Which checks the next launches have: "all", "none", or names of checks with commas between them;
// NULL: what the environment says (WAVEGAUGE_CHECK, else memcheck). memcheck cannot be switched
// off: an access outside what is allocated always ends the launch. Returns 0, or 1 for a wrong
// name.
int wavegaugeSetChecks(const char *list);

// Narrow what kernels may touch inside one hipMalloc allocation to [offset, offset + bytes); host
// copies keep the whole of it. Returns a hipError_t: 0, or 1 when the range is not inside an
// allocation.
int wavegaugeMemorySetAccessible(void *allocation, size_t offset, size_t bytes);

// What reports call one hipMalloc allocation, by its address as hipMalloc gave it; a copy is kept,
// cut after 63 bytes. NULL or "": no name again. Returns a hipError_t: 0, or 1 when there is no
// such allocation.
int wavegaugeMemorySetName(void *allocation, const char *name);

// One parameter of a kernel, as its code object describes it.
struct wavegauge_argument {
    uint32_t offset; // in the kernarg segment, bytes
    uint32_t size;   // bytes
    int is_pointer;  // to global memory; 0: a value; or WAVEGAUGE_POINTER_UNKNOWN
};

// Where a driver knows places and sizes of parameters but not what they are.
enum { WAVEGAUGE_POINTER_UNKNOWN = -1 };

// The parameters that a kernel declares, those that the compiler adds left out: the first
// `capacity` go to arguments[], how many there are to *count. function: of hipModuleGetFunction.
// Returns a hipError_t: 0, or 400 when it is no kernel.
int wavegaugeFunctionArguments(void *function, struct wavegauge_argument *arguments,
                               size_t capacity, size_t *count);

// Wave instructions executed by all launches of this process so far.
uint64_t wavegaugeInstructionCount(void);

// Later launches that execute more wave instructions than this (about: it is looked at when a wave
// has had its turn) end as those that take too long do. 0, as at first: no limit. Unlike a time, it
// says the same on every machine.
void wavegaugeSetInstructionLimit(uint64_t instructions);

// Of the workgroups of later launches only `count` run, from number `first` on, counted with x
// fastest. Those that others wait for must be among them. count 0, as at first: all.
void wavegaugeSetWorkgroups(uint64_t first, uint64_t count);

#ifdef __cplusplus
}
#endif
#endif
