// `wavegauge manual`: the manual page as man reads it, made of the commands' tables by the build.
#ifndef WAVEGAUGE_MANUAL_H
#define WAVEGAUGE_MANUAL_H

int manual_print(int argument_count, char **arguments);

// The variables of the environment that the page describes; the last has no name.
struct environment_variable {
    const char *name;
    const char *about;
};
extern const struct environment_variable environment_variables[];

#endif
