// Runs gnuplot, which draws all pictures of this program from scripts that people can change and
// run.
#ifndef WAVEGAUGE_HARNESS_GNUPLOT_H
#define WAVEGAUGE_HARNESS_GNUPLOT_H

#include "error.h"
#include "text.h"

bool gnuplot_is_there(void);

// Appends what stands for raw within double quotes of a script; control characters become spaces.
void gnuplot_append_quoted(struct text *text, const char *raw);

// Runs the script with its variable `folder` set. False, with EXIT_MISSING and what gnuplot said,
// when it is not installed or did not draw; error may be NULL.
bool gnuplot_run(const char *folder, const char *script, struct error *error);

#endif
