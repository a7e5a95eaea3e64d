#include "bench_document.h"

#include "compiler.h"
#include "environment.h"
#include "result_json.h"

static void add_compiler(json_t *environment, const char *arch)
{
    struct compiler compiler;
    if (!compiler_find(arch, &compiler, NULL))
        return;
    const char *const words[] = {compiler.path, "--version", NULL};
    environment_add_text(environment, "compiler", compiler.name);
    environment_add_output(environment, "compiler_version", words, compiler_is_nvcc(arch));
}

static void add_device(json_t *environment, const struct bench *bench)
{
    const struct device_timer *timer = &bench->timer;
    struct clock_reading clock = clock_read(&timer->clock);
    int version = 0;
    if (timer->api.hipDriverGetVersion(&version) == 0)
        json_object_set_new(environment, "driver_version", json_integer(version));
    environment_add_text(environment, "driver", timer->clock.driver);
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
    json_t *environment = environment_to_json(&bench->session);
    if (environment == NULL)
        return NULL;
    environment_add_origin(environment);
    add_compiler(environment, bench->session.device.arch);
    add_device(environment, bench);
    if (bench->peers.cublas.version > 0)
        json_object_set_new(environment, "cublas_version",
                            json_integer(bench->peers.cublas.version));
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
