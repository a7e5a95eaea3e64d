// YAML with positions: the few ways in which the case file reader looks at a document.
#ifndef WAVEGAUGE_YAML_READER_H
#define WAVEGAUGE_YAML_READER_H

#include "case_file.h"

#include <libfyaml.h>

// What is being read, and where the first mistake goes.
struct reader {
    struct case_file *file;
    struct error *error;
};

// A key of a mapping and what to do with its value.
struct key_reader {
    const char *key;
    bool required;
    // `target` is what the mapping describes. `key` is the key's node, for its position.
    bool (*read)(struct reader *reader, struct fy_node *key, struct fy_node *value, void *target);
};

// The start of a node, or of `fallback` when the node is empty.
struct position yaml_position(struct fy_node *node, struct fy_node *fallback);

// Reports a mistake at a node. Returns false.
bool yaml_error(struct reader *reader, struct fy_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Reads a mapping by its table of keys: unknown, repeated and missing keys are mistakes. `what`
// names the mapping in messages; `owner` gives its position when it is empty.
bool yaml_read_mapping(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                       const char *what, const struct key_reader *keys, size_t count, void *target);

// A scalar as text in the file's arena; NULL after a mistake. `expected` says what should stand
// there.
const char *yaml_read_text(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                           const char *expected);

// The formula that a scalar spells.
bool yaml_read_formula(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                       const char *expected, struct formula *formula);

bool yaml_read_number(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                      const char *expected, double *value);

// A whole number, underscores not allowed, within [lowest, highest].
bool yaml_read_integer(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                       int64_t lowest, int64_t highest, int64_t *value);

bool yaml_read_bool(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                    bool *value);

// Calls read(reader, item, index, target) for each item of a sequence; a node that is no sequence
// counts as one item when `single_allowed`. More than `most` items are a mistake. *count is their
// number.
bool yaml_read_items(struct reader *reader, struct fy_node *node, struct fy_node *owner,
                     const char *expected, bool single_allowed, size_t most, size_t *count,
                     bool (*read)(struct reader *reader, struct fy_node *item, size_t index,
                                  void *target),
                     void *target);

// Parses a whole document and hands its root to `read`. `what` names the document in messages: "a
// case file".
bool yaml_read_document(struct reader *reader, const char *contents, size_t length,
                        const char *what,
                        bool (*read)(struct reader *reader, struct fy_node *root, void *target),
                        void *target);

bool yaml_out_of_memory(struct reader *reader);

#endif
