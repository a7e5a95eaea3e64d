// What --help prints, of the program and of each command.
#ifndef WAVEGAUGE_HELP_H
#define WAVEGAUGE_HELP_H

#include "options.h"

#include <stdio.h>

void help_print_program(FILE *stream);

// Of the commands that begin with this word.
void help_print_group(FILE *stream, const char *group);

// On stdout.
void help_print_command(const struct command *command);

#endif
