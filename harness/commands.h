// The commands, one file each: command_run.c and so on.
#ifndef WAVEGAUGE_COMMANDS_H
#define WAVEGAUGE_COMMANDS_H

#include "error.h"

// Each takes the arguments from the command's own name on, and returns the program's exit status.
int command_run(int argument_count, char **arguments);
int command_list(int argument_count, char **arguments);
int command_merge(int argument_count, char **arguments);
int command_devices(int argument_count, char **arguments);
int command_exec(int argument_count, char **arguments);
int command_bisect(int argument_count, char **arguments);
int command_bench(int argument_count, char **arguments);
int command_compare(int argument_count, char **arguments);

// Looks the command up and runs it; all of the program but main.
int wavegauge(int argument_count, char **arguments);

#endif
