#include "bench_document.h"

#include "compiler.h"
#include "environment.h"
#include "result_json.h"
#include "subprocess.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

static void add_text(json_t *object, const char *key, const char *text)
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
        add_text(environment, "host", host.nodename);
        add_text(environment, "kernel", host.release);
    }
    if (gmtime_r(&now, &parts) != NULL &&
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0)
        add_text(environment, "date", date);
    FILE *stream = fopen("/proc/cpuinfo", "r");
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || colon == NULL)
            continue;
        line[strcspn(line, "\n")] = '\0';
        add_text(environment, "processor", colon[1] == ' ' ? colon + 2 : colon + 1);
        break;
    }
    if (stream != NULL)
        fclose(stream);
}

// The last line of what a program says, or the first.
static void add_output(json_t *environment, const char *key, const char *const *words, bool last)
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
        add_text(environment, key, line != NULL ? line + 1 : text);
    }
    text_free(&output);
}

static void add_compiler(json_t *environment, const char *arch)
{
    struct compiler compiler;
    if (!compiler_find(arch, &compiler, NULL))
        return;
    const char *const words[] = {compiler.path, "--version", NULL};
    add_text(environment, "compiler", compiler.name);
    add_output(environment, "compiler_version", words, compiler_is_nvcc(arch));
}

static void add_device(json_t *environment, const struct bench *bench)
{
    const struct device_timer *timer = &bench->timer;
    struct clock_reading clock = clock_read(&timer->clock);
    int version = 0;
    if (timer->api.hipDriverGetVersion(&version) == 0)
        json_object_set_new(environment, "driver_version", json_integer(version));
    add_text(environment, "driver", timer->clock.driver);
    json_object_set_new(environment, "clock_known", json_boolean(clock.known));
    if (clock.known) {
        json_object_set_new(environment, "clock_mhz", json_integer(clock.mhz));
        json_object_set_new(environment, "highest_clock_mhz",
                            json_integer(timer->clock.highest_mhz));
        json_object_set_new(environment, "celsius", json_integer(clock_temperature(&timer->clock)));
    }
    json_object_set_new(environment, "event_overhead_us", json_real(timer->overhead_us));
    json_object_set_new(environment, "cache_bytes", json_integer((json_int_t)timer->cache_bytes));
    json_object_set_new(environment, "flush_bytes", json_integer((json_int_t)timer->flush_bytes));
}

static json_t *ceilings_to_json(const struct ceilings *ceilings)
{
    return json_pack("{s:f, s:I, s:f, s:f}", "copy_bytes_per_second",
                     ceilings->copy_bytes_per_second, "copy_bytes",
                     (json_int_t)ceilings->copy_bytes, "fma_f32_flops_per_second",
                     ceilings->fma_f32, "fma_f16_flops_per_second", ceilings->fma_f16);
}

static json_t *make_environment(const struct bench *bench)
{
    static const char *const commit[] = {"git", "rev-parse", "HEAD", NULL};
    json_t *environment = environment_to_json(&bench->session);
    if (environment == NULL)
        return NULL;
    add_host(environment);
    add_compiler(environment, bench->session.device.arch);
    add_device(environment, bench);
    add_output(environment, "commit", commit, false);
    json_object_set_new(environment, "noise_target", json_real(bench->options.noise));
    json_object_set_new(environment, "most_seconds", json_real(bench->options.most_seconds));
    json_object_set_new(environment, "ceilings", ceilings_to_json(&bench->ceilings));
    return environment;
}

json_t *bench_document_create(const struct bench *bench, const struct summary *summary,
                              const struct bench_record *records, size_t count)
{
    json_t *cases = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(cases, bench_record_to_json(&records[i]));
    return json_pack("{s:s, s:o, s:o, s:o}", "schema", "wavegauge/1", "environment",
                     make_environment(bench), "summary", summary_to_json(summary), "cases", cases);
}
