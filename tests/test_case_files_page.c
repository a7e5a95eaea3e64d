// links: scratch_folder wavegauge-emu
//
// docs/case-files.md stays true: every file of its walk-through is written as it stands there,
// every command is run, and what it is said to print is what it prints. The tables have all that
// there is.
#include "scratch_folder.h"

#include "harness/argument_type.h"
#include "reference/reference.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_LINES = 2000 };

static struct text page;
static char *lines[MOST_LINES];
static size_t line_count;

static void read_page(void)
{
    page = scratch_read(TEST_SOURCE_FOLDER "/docs/case-files.md");
    char *rest = page.data;
    while (line_count < MOST_LINES && rest != NULL)
        lines[line_count++] = strsep(&rest, "\n");
}

TestSuite(case_files_page, .init = read_page);

static void trim(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
}

// The last `name.ending` between backquotes in the paragraph above a line.
static bool file_name_above(size_t line, char name[128])
{
    name[0] = '\0';
    size_t first = line;
    while (first > 0 && (lines[first - 1][0] != '\0' || first == line))
        first--;
    for (size_t i = first; i < line; i++) {
        for (char *at = lines[i]; (at = strchr(at, '`')) != NULL;) {
            size_t length = strcspn(++at, "`");
            char *dot = memchr(at, '.', length);
            if (dot != NULL && memchr(at, ' ', length) == NULL && length < 128)
                snprintf(name, 128, "%.*s", (int)length, at);
            at += length + (at[length] == '`');
        }
    }
    return name[0] != '\0';
}

static size_t write_file(const struct scratch *scratch, size_t line)
{
    char name[128];
    struct text contents = {0};
    cr_assert(file_name_above(line, name), "line %zu: no name of a file stands above it", line + 1);
    for (line++; strcmp(lines[line], "```") != 0; line++)
        text_append(&contents, "%s\n", lines[line]);
    scratch_write(scratch, name, text_get(&contents));
    text_free(&contents);
    return line;
}

// What a command says, both streams. bisect gets time enough for any machine.
static struct text run(const char *command)
{
    static const char bisect[] = "wavegauge bisect ";
    struct text output = {0}, whole = {0};
    char buffer[4096];
    bool is_bisect = strncmp(command, bisect, sizeof bisect - 1) == 0;
    text_append(&whole, "( %s%s ) 2>&1", is_bisect ? "wavegauge bisect --budget 400 " : "",
                command + (is_bisect ? sizeof bisect - 1 : 0));
    FILE *stream = popen(text_get(&whole), "r");
    cr_assert_not_null(stream);
    for (size_t count; (count = fread(buffer, 1, sizeof buffer, stream)) > 0;)
        text_append_bytes(&output, buffer, count);
    pclose(stream);
    text_free(&whole);
    return output;
}

// The lines of the page from `line` on follow each other in the output; "..." stands for any.
static size_t expect_output(size_t line, const char *command, const struct text *output)
{
    char *copy = strdup(text_get(output)), *rest = copy;
    bool skipping = false;
    for (; lines[line][0] != '$' && strcmp(lines[line], "```") != 0; line++) {
        if (strcmp(lines[line], "...") == 0) {
            skipping = true;
            continue;
        }
        char *found = NULL;
        do {
            found = strsep(&rest, "\n");
            if (found != NULL)
                trim(found);
        } while (skipping && found != NULL && strcmp(found, lines[line]) != 0);
        cr_assert(found != NULL && strcmp(found, lines[line]) == 0,
                  "docs/case-files.md:%zu: `%s` does not print\n%s\nbut\n%s\n%s", line + 1, command,
                  lines[line], found != NULL ? found : "(nothing more)", text_get(output));
        skipping = false;
    }
    cr_assert(skipping || rest == NULL || *rest == '\0',
              "docs/case-files.md:%zu: `%s` prints more: %s", line + 1, command, rest);
    free(copy);
    return line;
}

static size_t run_commands(size_t line, size_t *commands)
{
    for (line++; strcmp(lines[line], "```") != 0;) {
        cr_assert_eq(lines[line][0], '$', "docs/case-files.md:%zu: no command", line + 1);
        const char *command = lines[line] + 2;
        struct text output = run(command);
        line = expect_output(line + 1, command, &output);
        text_free(&output);
        ++*commands;
    }
    return line;
}

static void enter(const struct scratch *scratch)
{
    char program[] = TEST_WAVEGAUGE, path[8192];
    const char *folders = getenv("PATH");
    snprintf(path, sizeof path, "%s:%s", dirname(program), folders != NULL ? folders : "");
    setenv("PATH", path, 1);
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
    cr_assert_eq(chdir(scratch->folder), 0);
}

Test(case_files_page, walk_through_is_true, .timeout = 600)
{
    struct scratch scratch = scratch_create();
    size_t commands = 0, files = 0;
    enter(&scratch);
    for (size_t i = 0; i < line_count && strcmp(lines[i], "# The format") != 0; i++) {
        if (strcmp(lines[i], "```c") == 0 || strcmp(lines[i], "```yaml") == 0) {
            i = write_file(&scratch, i);
            files++;
        } else if (strcmp(lines[i], "```console") == 0) {
            i = run_commands(i, &commands);
        }
    }
    cr_assert_eq(files, 3);
    cr_assert_eq(commands, 7);
    cr_assert_eq(chdir("/"), 0);
    scratch_remove(&scratch);
}

static bool has_row_of(const char *name)
{
    char start[128];
    snprintf(start, sizeof start, "| `%s`", name);
    for (size_t i = 0; i < line_count; i++) {
        if (strncmp(lines[i], start, strlen(start)) == 0)
            return true;
    }
    return false;
}

// What the reader of case files says is allowed, asked with a key that is not.
static void expect_keys_of(const char *text)
{
    struct error error;
    struct case_file *file =
        case_file_parse(TEST_SOURCE_FOLDER "/docs/x.yaml", text, strlen(text), &error);
    cr_assert_null(file);
    const char *list = strstr(error.text, "expected one of: ");
    cr_assert_not_null(list, "%s", error.text);
    char *copy = strdup(list + strlen("expected one of: ")), *rest = copy;
    for (char *key; (key = strtok_r(rest, ", ", &rest)) != NULL;)
        cr_expect(has_row_of(key), "docs/case-files.md has no row for the key '%s'", key);
    free(copy);
}

Test(case_files_page, tables_have_every_key)
{
    static const char head[] = "source: case-files.md\nreference: topk\nkernel: k\ndims: {n: 1}\n"
                               "dtypes: [f32]\ncases: [{n: 1}]\n";
    char text[1024];
    expect_keys_of("nothing: 1\n");
    snprintf(text, sizeof text, "%slaunches: []\ntensors: {x: {nothing: 1}}\n", head);
    expect_keys_of(text);
    snprintf(text, sizeof text, "%slaunches: [{nothing: 1}]\ntensors: {x: {io: out, shape: [n]}}\n",
             head);
    expect_keys_of(text);
}

static void expect_names(const char *row, const char *const *names)
{
    char quoted[128];
    for (; names != NULL && *names != NULL; names++) {
        snprintf(quoted, sizeof quoted, "`%s`", *names);
        cr_expect_not_null(strstr(row, quoted), "no %s in: %s", quoted, row);
    }
}

Test(case_files_page, lists_every_reference)
{
    char names[512], start[128];
    reference_names(names, sizeof names);
    char *rest = names;
    for (char *name; (name = strtok_r(rest, ", ", &rest)) != NULL;) {
        const struct reference *reference = reference_find(name);
        const char *row = NULL;
        snprintf(start, sizeof start, "| `%s` | `", name);
        for (size_t i = 0; i < line_count; i++)
            row = strncmp(lines[i], start, strlen(start)) == 0 ? lines[i] : row;
        cr_assert_not_null(row, "docs/case-files.md has no row for the reference %s", name);
        expect_names(row, reference->tensors);
        expect_names(row, reference->dimensions);
    }
}

static void expect_types(const char *list)
{
    char *copy = strdup(list), *rest = copy, quoted[64];
    struct text again = scratch_read(TEST_SOURCE_FOLDER "/docs/case-files.md");
    for (char *name; (name = strtok_r(rest, ", ", &rest)) != NULL;) {
        snprintf(quoted, sizeof quoted, "`%s`", name);
        cr_expect_not_null(strstr(text_get(&again), quoted), "%s is not mentioned", quoted);
    }
    text_free(&again);
    free(copy);
}

Test(case_files_page, names_every_type)
{
    expect_types(dtype_names());
    expect_types(argument_type_names());
}
