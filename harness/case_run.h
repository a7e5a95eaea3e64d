// One case from its plan to its result: build, data, reference, device, comparison.
#ifndef WAVEGAUGE_CASE_RUN_H
#define WAVEGAUGE_CASE_RUN_H

#include "device.h"
#include "result.h"

// What the cases of one process have in common. Zero-initialise, fill the options, then
// session_open.
struct session {
    const char *device_kind;
    const char *arch; // --arch as given, or NULL
    uint64_t seed;
    struct target target;
    struct device device;
    bool open;
    bool tainted; // the device reported an error: what it says from now on cannot be trusted
    // The module of the last case, since cases come kernel by kernel.
    const struct case_file *module_file;
    hipModule_t module;
    // A source that does not compile is tried once, not once per case.
    const struct case_file *failed_file;
    struct error failed_error;
};

bool session_open(struct session *session, struct error *error);
void session_close(struct session *session);

// A command that runs this case alone, in memory of its own; NULL when there is none.
char *case_repro(const char *device_kind, const char *arch, uint64_t seed,
                 const struct test_case *test);

// *result is what became of the case; NULL only when there is no memory at all. False only when the
// compiler or another part of the installation is missing (error): then no other case can run
// either.
bool case_run(struct session *session, const struct test_case *test, struct result **result,
              struct error *error);

#endif
