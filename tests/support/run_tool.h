// Runs another program.
#ifndef RUN_TOOL_H
#define RUN_TOOL_H

#include <stdbool.h>

// Runs words[0] with the words as its arguments (ended by NULL), its output and errors into the
// file log. True when it ran and exited with 0.
bool run_tool(char *const *words, const char *log);

#endif
