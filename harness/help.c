#include "help.h"

#include "commands.h"

#include <string.h>

// Columns of text, as far as a terminal has them wherever it is.
enum { WIDTH = 79, OPTION_COLUMN = 20, EXAMPLE_COLUMN = 6 };

// Prints words from `column` on and breaks lines where WIDTH ends, further ones indented. Returns
// when the paragraph ends: what comes behind it, or NULL.
static const char *print_paragraph(const char *text, int column, int indent)
{
    bool first = true;
    while (*text != '\0' && strncmp(text, "\n\n", 2) != 0) {
        int length = (int)strcspn(text, " \n");
        if (length > 0) {
            if (!first && column + 1 + length > WIDTH) {
                printf("\n%*s", indent, "");
                column = indent;
                first = true;
            }
            printf("%s%.*s", first ? "" : " ", length, text);
            column += length + !first;
            first = false;
        }
        text += length;
        if (*text == ' ' || (*text == '\n' && text[1] != '\n'))
            text++;
    }
    printf("\n");
    return *text != '\0' ? text + 2 : NULL;
}

static void print_text(const char *text)
{
    while ((text = print_paragraph(text, 0, 0)) != NULL)
        printf("\n");
}

static void print_option(const char *name, const char *value, const char *about)
{
    int length = printf("  %s%s%s  ", name, value != NULL ? " " : "", value != NULL ? value : "");
    if (length > OPTION_COLUMN) {
        printf("\n");
        length = 0;
    }
    printf("%*s", OPTION_COLUMN - length, "");
    print_paragraph(about, OPTION_COLUMN, OPTION_COLUMN);
}

void help_print_command(const struct command *command)
{
    printf("usage: %s%s\n\n", command->name != NULL ? "wavegauge " : "", command->usage);
    print_text(command->about);
    printf("\noptions:\n");
    for (size_t i = 0; i < command->table_count; i++)
        print_option(command->table[i].name, command->table[i].value, command->table[i].help);
    print_option("-h, --help", NULL, "this text");
    if (command->examples != NULL)
        printf("\nexamples:\n");
    for (const struct command_example *example = command->examples;
         example != NULL && example->line != NULL; example++)
        printf("  %s\n%*s%s\n", example->line, EXAMPLE_COLUMN, "", example->about);
    if (command->exit_status != NULL) {
        int column = printf("\nexit status: ");
        print_paragraph(command->exit_status, column - 1, 0);
    }
}

void help_print_program(FILE *stream)
{
    fprintf(stream,
            "usage: wavegauge COMMAND ...\n\n"
            "Tests AMD HIP kernels against references, on an emulated GPU or a real one.\n\n"
            "commands:\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        fprintf(stream, "  %-13s %s\n", commands[i]->name, commands[i]->brief);
    fprintf(stream, "\noptions:\n"
                    "  --help     this text; `wavegauge COMMAND --help` says more, with examples\n"
                    "  --version  the version of this program\n");
}

void help_print_group(FILE *stream, const char *group)
{
    fprintf(stream, "usage: wavegauge %s COMMAND ...\n\ncommands:\n", group);
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (command_is_of(commands[i], group))
            fprintf(stream, "  %-13s %s\n", commands[i]->name, commands[i]->brief);
    }
    fprintf(stream, "\n`wavegauge COMMAND --help` says more, with examples.\n");
}
