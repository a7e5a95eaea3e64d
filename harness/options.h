// Command lines: options with one table per command, in any order with the other words.
#ifndef WAVEGAUGE_OPTIONS_H
#define WAVEGAUGE_OPTIONS_H

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct option_entry {
    const char *name;  // "--seed"; or "-j"
    const char *value; // what --help calls its value; NULL: it has none
    const char *help;
};

struct option_values {
    const char *
        *values; // by entry of the table: the value, "" for options without one, NULL: not given
    const char **words; // the other arguments, in order
    size_t word_count;
    bool help; // --help or -h was given
};

// `--name value`, `--name=value`, `-jN`, `-j N`; after `--` everything is a word. The error names
// the option and what was expected. Free with options_free.
bool options_parse(int argument_count, char **arguments, const struct option_entry *table,
                   size_t table_count, struct option_values *values, struct error *error);
void options_free(struct option_values *values);

// The value of an option as a number within [lowest, highest]; `otherwise` when it was not given.
bool option_integer(const struct option_values *values, const struct option_entry *table,
                    size_t index, uint64_t lowest, uint64_t highest, uint64_t otherwise,
                    uint64_t *number, struct error *error);

// Usage line, a sentence, the options: on stdout.
void options_print_help(const char *usage, const char *about, const struct option_entry *table,
                        size_t table_count);

// Prints an error to stderr, as every command does, and returns its status.
int report_error(const struct error *error);

#endif
