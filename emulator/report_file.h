// Reports as lines of JSON in the file that WAVEGAUGE_REPORT_FILE names, for whoever started this
// program: all processes of one run append to the same file.
#ifndef WAVEGAUGE_REPORT_FILE_H
#define WAVEGAUGE_REPORT_FILE_H

#include "wavegauge_emu.h"

// Does nothing when the variable is not set or the file cannot be written.
void report_file_append(const struct wavegauge_report *report);

#endif
