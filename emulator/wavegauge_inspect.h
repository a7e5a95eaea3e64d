// What libwavegauge-emu.so knows of a kernel's code without running it, and what it counts while
// code runs. Everything here is a fact about code: nothing is a time.
//
// Look the functions up with dlsym, as those of wavegauge_emu.h.
#ifndef WAVEGAUGE_INSPECT_H
#define WAVEGAUGE_INSPECT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Instructions by what they do, told by their names: constant, name.
#define WAVEGAUGE_KINDS(X)                                                                         \
    X(VECTOR, "vector")                                                                            \
    X(TRANSCENDENTAL, "transcendental")                                                            \
    X(MATRIX, "matrix")                                                                            \
    X(LOAD, "global load")                                                                         \
    X(STORE, "global store")                                                                       \
    X(ATOMIC, "global atomic")                                                                     \
    X(LDS, "LDS")                                                                                  \
    X(EXCHANGE, "lane exchange") /* through the LDS unit, no memory */                             \
    X(SCRATCH, "scratch")                                                                          \
    X(SCALAR, "scalar")                                                                            \
    X(SCALAR_LOAD, "scalar load")                                                                  \
    X(BRANCH, "branch")                                                                            \
    X(BARRIER, "barrier")                                                                          \
    X(WAIT, "wait or hint")                                                                        \
    X(OTHER, "other")

enum wavegauge_kind {
#define WAVEGAUGE_KIND(constant, name) WAVEGAUGE_KIND_##constant,
    WAVEGAUGE_KINDS(WAVEGAUGE_KIND)
#undef WAVEGAUGE_KIND
        WAVEGAUGE_KIND_COUNT
};

// What a code object says of one kernel. Texts live as long as the inspection.
struct wavegauge_kernel {
    const char *name;
    uint32_t lanes; // of a wave: 32 or 64
    uint32_t vgprs; // of a wave, AGPRs included
    uint32_t agprs;
    uint32_t sgprs;                    // VCC and the like included
    uint32_t vgpr_spills, sgpr_spills; // registers, not instructions
    uint32_t lds_bytes;                // of a workgroup, without what a launch adds
    uint32_t scratch_bytes;            // of a work-item
    int dynamic_stack;                 // more scratch than that, as much as calls take
    uint32_t max_threads;              // of a workgroup; 0: the code object does not say
    uint64_t code_bytes;
};

// What keeps more waves from being resident; several may in equal measure.
enum wavegauge_limit {
    WAVEGAUGE_LIMIT_VGPRS = 1,
    WAVEGAUGE_LIMIT_SGPRS = 2,
    WAVEGAUGE_LIMIT_LDS = 4,
    WAVEGAUGE_LIMIT_WORKGROUP = 8, // whole workgroups leave places free, or are too many
    WAVEGAUGE_LIMIT_HARDWARE = 16, // every place for a wave is taken
};

// How many waves are resident at once, where all workgroups are of one kernel. emulator/occupancy.h
// has the rules and where they come from. "unit": what a workgroup shares, a compute unit or, in
// WGP mode, two of them.
struct wavegauge_occupancy {
    uint32_t simds;           // of the unit
    uint32_t simd_waves;      // that one SIMD has places for
    uint32_t waves;           // resident on the unit
    uint32_t workgroups;      // resident on the unit; 0: this workgroup fits nowhere
    uint32_t limits;          // enum wavegauge_limit
    uint32_t workgroup_waves; // of one workgroup
    // What each resource alone would allow, in workgroups of the unit.
    uint32_t by_vgprs, by_sgprs, by_lds, by_places;
    uint32_t allocated_vgprs; // of a wave, in whole granules
    uint32_t allocated_sgprs;
    uint32_t allocated_lds; // bytes of a workgroup
    int wgp_mode;
};

struct wavegauge_source {
    const char *file; // never NULL
    const char *function;
    int line; // 0: unknown
};

struct wavegauge_instruction {
    const char *kernel;
    uint64_t address; // in the code object's file
    uint32_t bytes;
    uint32_t kind;    // enum wavegauge_kind
    const char *text; // as LLVM writes it
    // By the line table, the innermost inlined function first.
    const struct wavegauge_source *sources;
    size_t source_count;
};

// What an instruction did in one launch, summed over the waves that executed it.
struct wavegauge_counters {
    uint64_t executed;     // by a wave
    uint64_t active_lanes; // that EXEC had on
    uint64_t lanes;        // that the waves have: executed times 32 or 64
    // Global memory by vector instructions.
    uint64_t bytes; // that lanes ask for, each lane's counted
    uint64_t lines; // cache lines that one instruction of a wave touches, each once
    // LDS.
    uint64_t lds_bytes;
    uint64_t lds_passes;    // turns that the banks take
    uint64_t lds_conflicts; // of these, those that no conflict would save
    uint64_t scratch_bytes;
    uint64_t scalar_bytes; // by scalar loads, once for a wave
};

// The rules, by target. Sources: emulator/checks/counters.h.
struct wavegauge_counter_rules {
    uint32_t line_bytes; // of the first vector cache
    uint32_t lds_banks;  // of 4 bytes
};

struct wavegauge_inspection;

// Looks into a code object: an ELF file or an offload bundle, any bytes are safe. target: "gfx1030"
// and so on. NULL, with a message that says what is wrong and, of a bundle, what is in it.
struct wavegauge_inspection *wavegaugeInspect(const void *image, size_t bytes, const char *target,
                                              char *message, size_t message_size);
void wavegaugeInspectEnd(struct wavegauge_inspection *inspection);
size_t wavegaugeInspectKernelCount(const struct wavegauge_inspection *inspection);

// Of the kernel with this number, below the count.
void wavegaugeInspectKernel(const struct wavegauge_inspection *inspection, size_t kernel,
                            struct wavegauge_kernel *facts);
void wavegaugeInspectOccupancy(const struct wavegauge_inspection *inspection, size_t kernel,
                               uint32_t threads, uint32_t dynamic_lds,
                               struct wavegauge_occupancy *occupancy);

typedef void (*wavegauge_instruction_handler)(const struct wavegauge_instruction *instruction,
                                              void *user);

// Calls the handler for each instruction of the kernel's own function, in order of addresses.
// Returns 0, or 1 when there is no memory.
int wavegaugeInspectInstructions(struct wavegauge_inspection *inspection, size_t kernel,
                                 wavegauge_instruction_handler handler, void *user);

void wavegaugeInspectRules(const struct wavegauge_inspection *inspection,
                           struct wavegauge_counter_rules *rules);

typedef void (*wavegauge_counter_handler)(const struct wavegauge_instruction *instruction,
                                          const struct wavegauge_counters *counters, void *user);

// Counts in later launches. The handler is called at the end of each, on the thread that made the
// HIP call and before that call returns, once for each instruction that was executed, in order of
// addresses. NULL, as at first: nothing is counted, which costs nothing.
void wavegaugeSetCounterHandler(wavegauge_counter_handler handler, void *user);

#ifdef __cplusplus
}
#endif
#endif
