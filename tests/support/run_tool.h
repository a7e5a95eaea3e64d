// Runs another program.
#ifndef RUN_TOOL_H
#define RUN_TOOL_H

#include <stdbool.h>

// Runs words[0] with the words as its arguments (ended by NULL), its output and errors into the
// file log, its temporary files into the folder temporary: clang leaves some behind when it builds
// for a device. True when it ran and exited with 0.
bool support_run_tool(char *const *words, const char *temporary, const char *log);

#endif
