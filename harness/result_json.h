// Results as JSON, the schema "wavegauge/1".
//
// Numbers that are not finite (a tolerance_ratio where NaN stood for a number) are null.
#ifndef WAVEGAUGE_RESULT_JSON_H
#define WAVEGAUGE_RESULT_JSON_H

#include "result.h"
#include "shard.h"

#include <jansson.h>

// A new reference, or NULL when there is no memory.
json_t *result_to_json(const struct result *result);

json_t *pattern_to_json(const struct pattern *pattern);
json_t *finding_to_json(const struct finding *finding);

// Adds the finding that an object of "findings" describes.
bool result_add_finding_from_json(struct result *result, const json_t *item);

// NULL with an error when the object is not what result_to_json makes.
struct result *result_from_json(const json_t *object, struct error *error);

json_t *summary_to_json(const struct summary *summary);

// The whole document: {"schema", "environment", "summary", "cases"}. `environment` is borrowed.
// results[i] may be NULL for a case that did not run. Of a shard, also {"shard": {"index", "count",
// "of", "numbers"}}: the number of each case among the "of" cases of all shards. shard may be NULL.
json_t *document_to_json(json_t *environment, const struct summary *summary,
                         struct result *const *results, size_t count, const struct shard *shard);

// Writes a document so that a reader sees the old file or the whole new one.
bool json_write_file(const char *path, const json_t *document, struct error *error);

#endif
