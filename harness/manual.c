#include "manual.h"

#include "commands.h"
#include "value_kind.h"

#include <stdio.h>
#include <string.h>

// Text for roff. A hyphen that is to be copied must be said to be one; a line must not begin with a
// full stop or an apostrophe; what stands between ` and ` is bold.
static void print_text(const char *text)
{
    bool bold = false, line_start = true;
    for (; *text != '\0'; text++) {
        if (strncmp(text, "\n\n", 2) == 0) {
            printf("\n.PP\n");
            text++;
            line_start = true;
            continue;
        }
        if (line_start && (*text == '.' || *text == '\''))
            printf("\\&");
        if (*text == '`') {
            bold = !bold;
            printf("\\f%c", bold ? 'B' : 'R');
        } else if (*text == '-') {
            printf("\\-");
        } else if (*text == '\\') {
            printf("\\e");
        } else {
            putchar(*text);
        }
        line_start = *text == '\n';
    }
}

static void print_line(const char *macro, const char *text)
{
    printf("%s\n", macro);
    print_text(text);
    printf("\n");
}

static void print_item(const char *name, const char *value, const char *about)
{
    printf(".TP\n\\fB");
    print_text(name);
    printf("\\fR");
    if (value != NULL) {
        printf(" \\fI");
        print_text(value);
        printf("\\fR");
    }
    printf("\n");
    print_text(about);
    printf("\n");
}

static void print_command(const struct command *command)
{
    printf(".SS ");
    print_text(command->name);
    printf("\n\\fBwavegauge\\fR ");
    print_text(command->usage);
    printf("\n");
    print_line(".PP", command->about);
    for (size_t i = 0; i < command->table_count; i++)
        print_item(command->table[i].name, command->table[i].value, command->table[i].help);
    for (const struct command_example *example = command->examples;
         example != NULL && example->line != NULL; example++) {
        print_line(".PP", example->about);
        print_line(".RS 4\n.nf", example->line);
        printf(".fi\n.RE\n");
    }
    if (command->exit_status != NULL) {
        printf(".PP\nExit status: ");
        print_text(command->exit_status);
        printf("\n");
    }
}

int manual_print(int argument_count, char **arguments)
{
    (void)argument_count, (void)arguments;
    printf(".TH WAVEGAUGE 1 " WAVEGAUGE_DATE " \"wavegauge " WAVEGAUGE_VERSION
           "\" \"User Commands\"\n"
           ".SH NAME\nwavegauge \\- test and benchmark AMD HIP kernels\n"
           ".SH SYNOPSIS\n\\fBwavegauge\\fR \\fICOMMAND\\fR ...\n"
           ".SH DESCRIPTION\n");
    print_text("Tests HIP kernels against references in double precision, on an AMD GPU in "
               "software, on a real AMD "
               "GPU or on an NVIDIA GPU, and says of each case whether the kernel is right, what "
               "kind of mistake it "
               "has and on which source line, and on real GPUs how fast it is.\n");
    printf(".SH COMMANDS\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        print_command(commands[i]);
    print_line(".SH VALUES", "What the values of options stand for:");
    for (const struct value_kind *kind = value_kinds; kind->name != NULL; kind++) {
        print_item(kind->name, NULL, kind->about);
        if (kind->choices != NULL) {
            printf("(");
            print_text(kind->choices);
            printf(")\n");
        }
    }
    printf(".SH ENVIRONMENT\n");
    for (const struct environment_variable *variable = environment_variables;
         variable->name != NULL; variable++)
        print_item(variable->name, NULL, variable->about);
    printf(".SH SEE ALSO\n.BR hipcc (1)\n");
    return EXIT_PASSED;
}
