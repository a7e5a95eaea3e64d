// links: scratch_folder
//
// One description of each command, many readers: help, the manual page, completion and the
// documents agree with what the program parses.
#include "scratch_folder.h"

#include "harness/commands.h"
#include "harness/manual.h"
#include "harness/subprocess.h"
#include "harness/value_kind.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct outcome run_words(const char *format, const char *a, const char *b)
{
    char words[512];
    snprintf(words, sizeof words, format, a, b);
    struct outcome outcome = run_wavegauge(words);
    cr_assert_eq(outcome.status, 0, "%s: %s", words, text_get(&outcome.errors));
    return outcome;
}

static struct text run_shell(const char *script, int *status)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    struct text output = {0};
    struct error error;
    cr_assert(subprocess_run(arguments, &output, status, &error), "%s", error.text);
    return output;
}

static bool has_option(const struct command *command, const char *name, size_t length)
{
    for (size_t i = 0; i < command->table_count; i++) {
        if (strlen(command->table[i].name) == length &&
            strncmp(command->table[i].name, name, length) == 0)
            return true;
    }
    return length == strlen("--help") && strncmp(name, "--help", length) == 0;
}

// Every "--word" of a text is an option of the command.
static void expect_known_options(const struct command *command, const char *text)
{
    for (const char *at = text; at != NULL && (at = strstr(at, "--")) != NULL;) {
        size_t length = 2 + strspn(at + 2, "abcdefghijklmnopqrstuvwxyz-");
        if (length > 2)
            cr_expect(has_option(command, at, length), "%s: %.*s", command->name, (int)length, at);
        at += length;
    }
}

// The manual page has the options with their hyphens escaped.
static void escape_hyphens(const char *name, char *escaped)
{
    for (; *name != '\0'; name++) {
        if (*name == '-')
            *escaped++ = '\\';
        *escaped++ = *name;
    }
    *escaped = '\0';
}

Test(help, has_every_option_wherever_options_are_listed)
{
    struct outcome manual = run_wavegauge("manual");
    for (size_t i = 0; commands[i] != NULL; i++) {
        const struct command *command = commands[i];
        struct outcome help = run_words("%s --help%s", command->name, "");
        struct outcome offered = run_words("complete -- %s --%s", command->name, "");
        for (size_t j = 0; j < command->table_count; j++) {
            const struct option_entry *option = &command->table[j];
            char line[128], page[256], name[128];
            snprintf(line, sizeof line, "\n  %s%s%s ", option->name, option->value ? " " : "",
                     option->value ? option->value : "");
            cr_expect(strstr(text_get(&help.out), line) != NULL, "%s:%s", command->name, line);
            escape_hyphens(option->name, name);
            snprintf(page, sizeof page, "\\fB%s\\fR", name);
            cr_expect(strstr(text_get(&manual.out), page) != NULL, "%s: %s", command->name, page);
            snprintf(line, sizeof line, "%s\t", option->name);
            cr_expect(option->name[1] != '-' || strstr(text_get(&offered.out), line) != NULL,
                      "%s: %s", command->name, line);
        }
        expect_known_options(command, command->exit_status);
        outcome_free(&help);
        outcome_free(&offered);
    }
    outcome_free(&manual);
}

Test(help, lists_every_command_with_its_own_words)
{
    struct outcome help = run_wavegauge("--help"), manual = run_wavegauge("manual");
    for (size_t i = 0; commands[i] != NULL; i++) {
        cr_expect(strstr(text_get(&help.out), commands[i]->brief) != NULL, "%s", commands[i]->name);
        char section[64];
        snprintf(section, sizeof section, ".SS %s\n", commands[i]->name);
        cr_expect(strstr(text_get(&manual.out), section) != NULL, "%s", section);
        cr_expect_eq(strncmp(commands[i]->usage, commands[i]->name, strlen(commands[i]->name)), 0);
        cr_expect(commands[i]->examples != NULL && commands[i]->exit_status != NULL, "%s",
                  commands[i]->name);
    }
    outcome_free(&help);
    outcome_free(&manual);
}

Test(help, fits_a_terminal)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        struct outcome help = run_words("%s --help%s", commands[i]->name, "");
        char *rest;
        for (char *line = strtok_r(help.out.data, "\n", &rest); line != NULL;
             line = strtok_r(NULL, "\n", &rest))
            cr_expect(strlen(line) <= 80 || strncmp(line, "  wavegauge ", 12) == 0, "%s", line);
        outcome_free(&help);
    }
}

Test(help, says_what_every_value_is)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        for (size_t j = 0; j < commands[i]->table_count; j++) {
            const char *value = commands[i]->table[j].value;
            cr_expect(value == NULL || value_kind_find(value) != NULL, "%s %s", commands[i]->name,
                      commands[i]->table[j].name);
        }
    }
}

// Splits a line as a shell does that knows quotes and comments and nothing more.
static int split(char *line, char **words, int capacity)
{
    int count = 0;
    while (count < capacity) {
        line += strspn(line, " ");
        if (*line == '\0' || *line == '#' || *line == '|' || *line == '>')
            break;
        bool quoted = *line == '\'';
        words[count++] = line += quoted;
        line += strcspn(line, quoted ? "'" : " ");
        if (*line != '\0')
            *line++ = '\0';
    }
    return count;
}

// A command line that some text shows is one that the program takes. False: it has no command.
static bool expect_parses(const char *text, const char *where)
{
    char line[1024], *words[64];
    snprintf(line, sizeof line, "%s", text);
    int count = split(line, words, 64), first = 0;
    while (first < count && (strlen(words[first]) < 9 ||
                             strcmp(words[first] + strlen(words[first]) - 9, "wavegauge") != 0))
        first++;
    if (first + 1 >= count || words[first + 1][0] == '-' ||
        strcmp(words[first + 1], "COMMAND") == 0)
        return false;
    int used = 0;
    const struct command *command = command_find(words + first + 1, count - first - 1, &used);
    cr_assert_not_null(command, "%s: %s", where, text);
    struct option_values values;
    struct error error;
    bool good = options_parse(count - first - used, words + first + used, command->table,
                              command->table_count, &values, &error);
    cr_expect(good, "%s: %s: %s", where, text, error.text);
    if (good)
        options_free(&values);
    return true;
}

Test(help, has_examples_that_parse)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        for (const struct command_example *example = commands[i]->examples; example->line != NULL;
             example++) {
            cr_expect(expect_parses(example->line, commands[i]->name), "%s", example->line);
            cr_expect(strstr(example->line, commands[i]->name) != NULL, "%s", example->line);
        }
    }
}

Test(help, the_documents_show_commands_that_parse)
{
    int status, count = 0;
    char script[512], *rest;
    // Of what is set as code, the lines that begin with the program.
    snprintf(script, sizeof script,
             "cd '%s' && sed -n '/^```/,/^```/s/^\\([^ ]*\\/\\)\\{0,1\\}wavegauge /wavegauge /p' "
             "README.md docs/*.md",
             TEST_SOURCE_FOLDER);
    struct text lines = run_shell(script, &status);
    cr_assert_eq(status, 0);
    for (char *line = strtok_r(lines.data, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        count += expect_parses(line, "README.md or docs");
    cr_expect_geq(count, 15, "%d", count);
    text_free(&lines);
}

Test(help, the_manual_page_is_one_that_readers_of_manual_pages_take)
{
    static const char *const readers[] = {"mandoc -T lint -W warning", "man --warnings -l"};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        char script[512];
        int status;
        snprintf(script, sizeof script,
                 "'%s' manual >page.1 && LC_ALL=C.UTF-8 %s page.1 2>&1 >/dev/null", TEST_WAVEGAUGE,
                 readers[i]);
        struct scratch scratch = scratch_create();
        char moved[1024];
        snprintf(moved, sizeof moved, "cd '%s' && %s", scratch.folder, script);
        struct text said = run_shell(moved, &status);
        cr_expect(status == 0 && said.length == 0, "%s: %s", readers[i], text_get(&said));
        text_free(&said);
        scratch_remove(&scratch);
    }
}

static bool is_described(const char *name)
{
    for (const struct environment_variable *variable = environment_variables;
         variable->name != NULL; variable++) {
        if (strcmp(variable->name, name) == 0)
            return true;
    }
    return false;
}

Test(help, the_manual_page_has_every_variable_of_the_environment)
{
    int status, count = 0;
    char *rest;
    struct text names = run_shell("cd '" TEST_SOURCE_FOLDER
                                  "' && grep -rhoE '\"WAVEGAUGE_[A-Z_]+\"' harness emulator "
                                  "cuda --include=*.c | tr -d '\"' | sort -u",
                                  &status);
    for (char *name = strtok_r(names.data, "\n", &rest); name != NULL;
         name = strtok_r(NULL, "\n", &rest), count++)
        cr_expect(is_described(name), "%s", name);
    cr_expect_geq(count, 10);
    text_free(&names);
}

struct completion {
    const char *line, *offered, *not_offered;
};

static const struct completion completions[] = {
    {"wavegauge ru", "run", "list"},
    {"wavegauge run --dev", "--device", "--arch"},
    {"wavegauge run --device ", "nvidia", "--arch"},
    {"wavegauge run --device=n", "nvidia", "emu"},
    {"wavegauge run --device nvidia --ar", "--arch", "--device"},
    {"wavegauge run --arch gfx1100:", "wave64", "gfx1030"},
    {"wavegauge run --check memcheck,r", "memcheck,racecheck", "memcheck"},
    {"wavegauge run top", "topp", "fused"},
    {"wavegauge run topk/f32/batch=3,vocab=101,edge=1,", "1,repeat=1", "topk"},
    {"wavegauge merge ca", "cases", "topk"},
    {"wavegauge bisect -o doc", "docs", "--device"},
    {"wavegauge exec --check all -- READ", "README.md", "--arch"},
    {"wavegauge exec -- ./program --ch", "", "--check"},
    {"wavegauge no_command ", "", "run"},
    {"wavegauge hist", "history", "run"},
    {"wavegauge history ", "gate", "run"},
    {"wavegauge history gate --l", "--last", "--jumps"},
};

// What bash itself offers: the script is loaded, and its function called as bash calls it.
Test(help, bash_completes_what_the_program_knows)
{
    for (size_t i = 0; i < sizeof completions / sizeof *completions; i++) {
        const struct completion *expected = &completions[i];
        char script[2048], offered[64], not_offered[64];
        int status;
        snprintf(
            script, sizeof script,
            "cd '%s' && PATH=$(dirname '%s'):$PATH bash -c '. packaging/completion.bash\n"
            "COMP_LINE=$1 COMP_POINT=${#1}; _wavegauge; printf \"<%%s>\\n\" \"${COMPREPLY[@]}\"' "
            "bash '%s' 2>/dev/null",
            TEST_SOURCE_FOLDER, TEST_WAVEGAUGE, expected->line);
        struct text said = run_shell(script, &status);
        snprintf(offered, sizeof offered, "<%s>\n", expected->offered);
        snprintf(not_offered, sizeof not_offered, "<%s>\n", expected->not_offered);
        cr_expect(strstr(text_get(&said), offered) != NULL, "%s: %s", expected->line,
                  text_get(&said));
        cr_expect(strstr(text_get(&said), not_offered) == NULL, "%s: %s", expected->line,
                  text_get(&said));
        text_free(&said);
    }
}
