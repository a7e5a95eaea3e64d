// links: scratch_folder
//
// JUnit XML: against a schema of what CI systems read, with each kind of result and with texts that
// XML cannot hold as they are.
#include "scratch_folder.h"

#include "harness/junit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_CASES");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(junit, .init = set_up, .fini = tear_down);

// What xmllint says of the file; its status is 0 when it is as the schema wants it.
static struct text xmllint(const char *options, const char *name, int *status)
{
    char command[2048], buffer[4096];
    struct text said = {0};
    snprintf(command, sizeof command, "xmllint %s %s 2>&1", options, scratch_path(&scratch, name));
    FILE *stream = popen(command, "r");
    cr_assert_not_null(stream);
    for (size_t count; (count = fread(buffer, 1, sizeof buffer, stream)) > 0;)
        text_append_bytes(&said, buffer, count);
    *status = WEXITSTATUS(pclose(stream));
    return said;
}

static void expect_valid(const char *name)
{
    int status;
    struct text said =
        xmllint("--noout --schema " TEST_SOURCE_FOLDER "/tests/support/junit.xsd", name, &status);
    cr_expect_eq(status, 0, "%s", text_get(&said));
    text_free(&said);
}

static void expect_xpath(const char *name, const char *path, const char *expected)
{
    int status;
    char options[512];
    snprintf(options, sizeof options, "--xpath 'string(%s)'", path);
    struct text said = xmllint(options, name, &status);
    while (said.length > 0 && said.data[said.length - 1] == '\n')
        said.data[--said.length] = '\0';
    cr_expect_str_eq(text_get(&said), expected, "%s", path);
    text_free(&said);
}

static struct result made(char *id, char *kernel, enum status status, char *message)
{
    return (struct result){.id = id,
                           .kernel = kernel,
                           .status = status,
                           .message = message,
                           .repro = "wavegauge run 'a<b>&\"c\"'",
                           .wall_seconds = 0.25};
}

Test(junit, every_status_and_odd_text)
{
    struct finding finding = {.text = "line one\nline <two>"};
    struct finding warning = {.text = "<small>", .severity = SEVERITY_WARNING};
    struct result passed = made("k/f32/n=1", "k", STATUS_PASS, "");
    struct result warned = made("k/f32/n=3", "k", STATUS_PASS, "");
    struct result failed = made("k/f32/n=2", "k", STATUS_FAIL, "a<b & \"c\"\n\ttail \x01\x1b\xff");
    struct result crashed =
        made("j/f32/n=1", "j", STATUS_CRASH, "\xc3\xa9 \xed\xa0\x80 \xef\xbf\xbf]]>");
    struct result late = made("j/f32/n=2", "j", STATUS_TIMEOUT, "late");
    struct result error = made("j/f32/n=3", "j", STATUS_ERROR, "error");
    struct result skipped = made("j/f32/n=4", "j", STATUS_SKIP, "no memory");
    failed.findings = &finding;
    failed.finding_count = 1;
    warned.findings = &warning;
    warned.finding_count = 1;
    struct result *results[] = {&passed, NULL, &crashed, &failed, &late, &error, &skipped, &warned};
    struct error wrong;
    json_t *environment = json_pack("{s:s, s:i, s:b}", "arch", "<gfx>", "seed", 7, "wave64", 1);
    cr_assert(junit_write(scratch_path(&scratch, "j.xml"), environment, results, 8, &wrong));
    json_decref(environment);
    expect_valid("j.xml");
    expect_xpath("j.xml", "/testsuites/@tests", "7");
    expect_xpath("j.xml", "/testsuites/@failures", "1");
    expect_xpath("j.xml", "/testsuites/@errors", "3");
    expect_xpath("j.xml", "count(//testsuite)", "2");
    expect_xpath("j.xml", "//testsuite[@name=\"j\"]/@skipped", "1");
    expect_xpath("j.xml", "//testsuite[@name=\"j\"]/@time", "1.000");
    expect_xpath("j.xml", "//property[@name=\"arch\"]/@value", "<gfx>");
    expect_xpath("j.xml", "//property[@name=\"seed\"]/@value", "7");
    expect_xpath("j.xml", "//failure/@message", "a<b & \"c\"\n\ttail ???");
    expect_xpath("j.xml", "//failure/@type", "fail");
    expect_xpath("j.xml", "//failure",
                 "a<b & \"c\"\n\ttail ???\nline one\nline <two>\nagain: wavegauge run "
                 "'a<b>&\"c\"'");
    expect_xpath("j.xml", "//testcase[error/@type=\"crash\"]/error/@message",
                 "\xc3\xa9 ??? ???]]>");
    expect_xpath("j.xml", "//testcase[system-out]/@name", "f32/n=3");
    expect_xpath("j.xml", "//system-out", "\nwarning: <small>");
    expect_xpath("j.xml", "//skipped/@message", "no memory");
    expect_xpath("j.xml", "count(//testcase[not(*)])", "1");
    expect_xpath("j.xml", "//testcase[failure]/@name", "f32/n=2");
}

Test(junit, of_runs, .timeout = 60)
{
    char words[512];
    snprintf(words, sizeof words, "run --junit %s buffer_copy weighted_matmul/f32",
             scratch_path(&scratch, "r.xml"));
    struct outcome outcome = run_with_fake(&scratch, "finding", words);
    cr_assert_eq(outcome.status, 1);
    outcome_free(&outcome);
    expect_valid("r.xml");
    expect_xpath("r.xml", "/testsuites/@failures", "15");
    expect_xpath("r.xml", "count(//testsuite)", "2");
    expect_xpath("r.xml", "count(//failure[contains(., \"second line\")])", "15");
    expect_xpath("r.xml", "count(//failure[contains(., \"again: wavegauge run\")])", "15");
}

// The schema can fail: what is no JUnit file is told apart.
Test(junit, schema_refuses_what_is_wrong)
{
    int status;
    scratch_write(&scratch, "w.xml",
                  "<testsuites><testsuite name='a' tests='1' failures='0' errors='0' time='0'>"
                  "<testcase name='b' time='0'/></testsuite></testsuites>");
    struct text said = xmllint("--noout --schema " TEST_SOURCE_FOLDER "/tests/support/junit.xsd",
                               "w.xml", &status);
    cr_assert_neq(status, 0);
    text_free(&said);
}
