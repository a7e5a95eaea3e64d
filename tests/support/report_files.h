// Result files made for a test, and `wavegauge report` run on them.
#ifndef WAVEGAUGE_REPORT_FILES_H
#define WAVEGAUGE_REPORT_FILES_H

#include "scratch_folder.h"

#define SAMPLES  TEST_SOURCE_FOLDER "/reports/samples/h100/"
#define EMULATOR "\"device\": \"emu\", \"arch\": \"gfx1100\""

// Runs `report` with these words, in which '@' stands for the scratch folder's path.
struct outcome run_report(const struct scratch *scratch, const char *words);

// Writes a document of the schema wavegauge/1; `environment` and `cases` are what stands between
// the braces and the brackets.
void report_document(const struct scratch *scratch, const char *name, const char *environment,
                     const char *cases);

// Appends the case "k/f32/ID", with 20 samples around `time` microseconds if that is above 0.
void report_add_case(struct text *cases, const char *id, const char *status, double time);

// Two cases, of which n=1 failed, as r.json; k.hip, in which line 2 races with line 4; and what
// bisect found, as b.json, with a heat map in the file `picture` of the folder unless that is "".
void report_write_failure(const struct scratch *scratch, const char *picture);

// A case whose texts would be markup if they were taken as they are: odd.json.
void report_write_odd(const struct scratch *scratch);

#endif
