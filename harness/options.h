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

// What a user may type, and what it does.
struct command_example {
    const char *line;
    const char *about;
};

// One command of the program: the only description of it there is. Help, the manual page and what a
// shell completes are made of it.
struct command {
    const char *name;  // NULL: the program has no other
    const char *brief; // in the list of commands; no capital, no full stop
    const char *usage; // from the name on
    const char *about; // paragraphs, with an empty line between two
    const struct option_entry *table;
    size_t table_count;
    const struct command_example *examples;         // the last has no line; or NULL
    const char *exit_status;                        // or NULL
    int (*run)(const struct option_values *values); // returns an exit status
};

// Reads the arguments, then shows the help on stdout or runs the command. Returns the exit status.
int command_start(const struct command *command, int argument_count, char **arguments);

// Prints an error to stderr, as every command does, and returns its status.
int report_error(const struct error *error);

#endif
