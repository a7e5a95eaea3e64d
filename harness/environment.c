#include "environment.h"

#include "file_bytes.h"
#include "program_path.h"
#include "subprocess.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

json_t *environment_to_json(const struct session *session)
{
    const struct device *device = &session->device;
    struct utsname host = {0};
    uname(&host);
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:i, s:i, s:I, s:I, s:s, s:s}", "version",
                     WAVEGAUGE_VERSION, "device", session->device_kind, "device_name", device->name,
                     "arch", device->arch, "wave64", session->target.wave64, "library",
                     device->library_path, "runtime_version", device->runtime_version,
                     "device_count", device->count, "device_memory_bytes",
                     (json_int_t)device->memory_bytes, "seed", (json_int_t)session->seed, "system",
                     host.sysname, "machine", host.machine);
}

void environment_add_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0')
        json_object_set_new(object, key, json_string(text));
}

static void add_host(json_t *environment)
{
    struct utsname host;
    char line[512], date[32];
    time_t now = time(NULL);
    struct tm parts;
    if (uname(&host) == 0) {
        environment_add_text(environment, "host", host.nodename);
        environment_add_text(environment, "kernel", host.release);
    }
    if (gmtime_r(&now, &parts) != NULL &&
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0)
        environment_add_text(environment, "date", date);
    FILE *stream = fopen("/proc/cpuinfo", "r");
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || colon == NULL)
            continue;
        line[strcspn(line, "\n")] = '\0';
        environment_add_text(environment, "processor", colon[1] == ' ' ? colon + 2 : colon + 1);
        break;
    }
    if (stream != NULL)
        fclose(stream);
}

void environment_add_output(json_t *environment, const char *key, const char *const *words,
                            bool last)
{
    struct text output = {0};
    int status = 0;
    if (!subprocess_run(words, &output, &status, NULL) || status != 0) {
        text_free(&output);
        return;
    }
    char *text = output.data;
    size_t length = output.length;
    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    if (length > 0) {
        char *line = last ? strrchr(text, '\n') : NULL;
        if (!last)
            text[strcspn(text, "\n")] = '\0';
        environment_add_text(environment, key, line != NULL ? line + 1 : text);
    }
    text_free(&output);
}

// In a bundle, the kernels are those of the commit it was made from, whatever the folder is.
static void add_commit(json_t *environment)
{
    static const char *const words[] = {"git", "rev-parse", "HEAD", NULL};
    char path[4200];
    if (!program_bundle_commit(path, sizeof path)) {
        environment_add_output(environment, "commit", words, false);
        return;
    }
    struct text commit = {0};
    if (file_read(path, &commit, NULL) && commit.length > 0) {
        char *text = commit.data;
        text[strcspn(text, "\n")] = '\0';
        environment_add_text(environment, "commit", text);
    }
    text_free(&commit);
}

void environment_add_origin(json_t *environment)
{
    add_host(environment);
    add_commit(environment);
}
