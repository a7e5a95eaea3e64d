// The sections of a case file, one reader each; used by case_file.c only. `target` is the
// case_file.
#ifndef WAVEGAUGE_CASE_FILE_SECTIONS_H
#define WAVEGAUGE_CASE_FILE_SECTIONS_H

#include "yaml_reader.h"

bool read_dims(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target);
bool read_dtypes(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target);
bool read_check(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target);

bool read_suppressions(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target);

// These look up what the ones above have read.
bool read_tensors(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target);
bool read_launches(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target);
bool read_sweeps(struct reader *reader, struct fy_node *key, struct fy_node *value,
                 struct sweep **sweeps, size_t *count);

#endif
