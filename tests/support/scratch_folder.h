// A folder of its own for a test, files in it, and the wavegauge program run from it. Failures end
// the test.
#ifndef WAVEGAUGE_SCRATCH_FOLDER_H
#define WAVEGAUGE_SCRATCH_FOLDER_H

#include "harness/text.h"

struct scratch {
    char folder[256];
};

struct scratch scratch_create(void);
void scratch_remove(const struct scratch *scratch);

// The path of a file in the folder, in one of a few static buffers.
const char *scratch_path(const struct scratch *scratch, const char *name);

// Writes a file into the folder and returns its path.
const char *scratch_write(const struct scratch *scratch, const char *name, const char *contents);

// The contents of any file. Free the text.
struct text scratch_read(const char *path);

// How a program ended and what it said.
struct outcome {
    int status;
    struct text out, errors;
};

// Runs `wavegauge` with these words (split at spaces; none may contain one).
struct outcome run_wavegauge(const char *words);

// The same with the fake runtime and the fake compiler, `mistake` being FAKE_HIP_MISTAKE (or NULL),
// and a cache in the scratch folder.
struct outcome run_with_fake(const struct scratch *scratch, const char *mistake, const char *words);

void outcome_free(struct outcome *outcome);

// The last line of a text, without its newline, in a static buffer.
const char *last_line(const struct text *text);

#endif
