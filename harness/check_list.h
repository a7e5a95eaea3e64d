// The checks of the emulated GPU, as --check names them.
#ifndef WAVEGAUGE_CHECK_LIST_H
#define WAVEGAUGE_CHECK_LIST_H

#include "error.h"

// For --help.
#define CHECK_LIST_HELP                                                                            \
    "what the emulator watches for: a list of memcheck, initcheck, racecheck, synccheck and "      \
    "waitcheck with commas, all (default) or none"

// Whether text is a list that --check takes; else an error that says what was expected.
bool check_list_is_valid(const char *text, struct error *error);

// Whether there is a check of this name.
bool check_name_is_known(const char *name);

// Whether a list that --check takes has the check of this name in it.
bool check_list_has(const char *text, const char *name);

// "memcheck, initcheck, ..."
const char *check_names(void);

// What --check decided goes to the emulator, which reads its environment. NULL leaves what the user
// has set there, and is all when nothing is.
bool check_list_apply(const char *text, struct error *error);

#endif
