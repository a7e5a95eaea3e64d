// The commands, one file each: command_run.c and so on. Each has its options in one table, from
// which help, the manual page and completion are made.
#ifndef WAVEGAUGE_COMMANDS_H
#define WAVEGAUGE_COMMANDS_H

#include "options.h"

extern const struct command command_run;
extern const struct command command_list;
extern const struct command command_merge;
extern const struct command command_bisect;
extern const struct command command_bench;
extern const struct command command_compare;
extern const struct command command_report;
extern const struct command command_history_add;
extern const struct command command_history_show;
extern const struct command command_history_gate;
extern const struct command command_inspect;
extern const struct command command_new;
extern const struct command command_exec;
extern const struct command command_devices;

// All of them, in the order in which help shows them; the last is NULL.
extern const struct command *const commands[];

// The command that these words begin with, of one word or of two ("history add"), or NULL. *used:
// how many of them name it.
const struct command *command_find(char *const *words, int count, int *used);

// Whether the command is one of several that begin with this word.
bool command_is_of(const struct command *command, const char *group);

// Looks the command up and runs it; all of the program but main.
int wavegauge(int argument_count, char **arguments);

#endif
