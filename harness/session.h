// What the cases that run in one process have in common: the device, and the kernel's module.
#ifndef WAVEGAUGE_SESSION_H
#define WAVEGAUGE_SESSION_H

#include "device.h"
#include "kernel_build.h"
#include "result.h"
#include "trial_options.h"

// Zero-initialise, fill what comes before `target` (and on_build), then session_open.
struct session {
    const char *device_kind;
    const char *arch;            // --arch as given, or NULL
    const char *checks;          // --check as given, or NULL
    const char *heat_map_folder; // --heat-map as given, or NULL
    uint64_t seed;
    bool keeps_going;  // a device error does not taint the session
    bool no_diagnosis; // of cases that fail
    struct trial_options trial;
    struct target target;
    struct device device;
    // Told "building" before a compilation may start and "built" after it, unless NULL.
    void (*on_build)(const char *what, void *user);
    // Told a verdict that stands before the kernel is looked at more closely, which it may not
    // survive; unless NULL.
    void (*on_verdict)(const struct result *result, void *user);
    void *user;
    bool open;
    struct result *collecting; // findings go there; NULL: nowhere
    bool tainted; // the device reported an error: what it says from now on cannot be trusted
    // The module of the last case, since cases come kernel by kernel.
    const struct case_file *module_file;
    hipModule_t module;
    // A source that does not compile is tried once, not once per case.
    const struct case_file *failed_file;
    struct error failed_error;
    // The same of plain_build.h, and which cases of the file it looks at. plain_module NULL: it has
    // not been tried, or cannot be had.
    const struct case_file *plain_file;
    hipModule_t plain_module;
    unsigned plain_failed;
    bool plain_tried, plain_chosen[DTYPE_COUNT];
    int64_t plain_dims[DTYPE_COUNT][MAX_DIMENSIONS];
    struct kept_data *kept_data; // of case_trial.h, or NULL
    // How many failing cases of a kernel were looked at closely.
    const struct case_file *diagnosed_file;
    size_t diagnosed;
};

bool session_open(struct session *session, struct error *error);
void session_close(struct session *session);

// Builds and loads the kernel of a case file into session->module, unless it is there already. What
// the compiler took goes into the result.
bool session_load_kernel(struct session *session, const struct case_file *file,
                         struct result *result, struct error *error);

// Builds the kernel of a case file for the session's device, or takes it from the cache. Free the
// object with code_object_free.
bool session_build_kernel(struct session *session, const struct case_file *file,
                          struct code_object *object, struct result *result, struct error *error);

// Mistakes that the device itself sees become findings of this result, from now on; NULL: of none.
void session_collect_findings(struct session *session, struct result *result);

// Seconds on a clock that only goes forward.
double seconds_now(void);

#endif
