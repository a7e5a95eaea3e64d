// An inspection as JSON, the schema "wavegauge/inspect-1".
#include "inspection.h"

#include "inspection_lines.h"

#include <string.h>

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

// Kinds that there are none of are left out.
static json_t *kinds_to_json(const uint64_t counts[WAVEGAUGE_KIND_COUNT])
{
    json_t *object = json_object();
    for (size_t i = 0; i < WAVEGAUGE_KIND_COUNT; i++)
        if (counts[i] > 0)
            json_object_set_new(object, kind_name(i), number(counts[i]));
    return object;
}

static json_t *counters_to_json(const struct wavegauge_counters *counters)
{
    const struct {
        const char *name;
        uint64_t value;
    } members[] = {
        {"executed", counters->executed},
        {"active_lanes", counters->active_lanes},
        {"lanes", counters->lanes},
        {"bytes", counters->bytes},
        {"cache_lines", counters->lines},
        {"lds_bytes", counters->lds_bytes},
        {"lds_passes", counters->lds_passes},
        {"lds_conflicts", counters->lds_conflicts},
        {"scratch_bytes", counters->scratch_bytes},
        {"scalar_bytes", counters->scalar_bytes},
    };
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set_new(object, members[i].name, number(members[i].value));
    return object;
}

static json_t *occupancy_to_json(const struct inspected_kernel *kernel)
{
    const struct wavegauge_occupancy *from = &kernel->occupancy;
    double waves = from->simds > 0 ? (double)from->waves / from->simds : 0;
    return json_pack("{s:I, s:I, s:b, s:f, s:I, s:I, s:I, s:I, s:s, s:I, s:I, s:I, s:b}", "threads",
                     (json_int_t)kernel->threads, "dynamic_lds_bytes",
                     (json_int_t)kernel->dynamic_lds, "assumed", kernel->assumed, "waves_per_simd",
                     waves, "most_waves_per_simd", (json_int_t)from->simd_waves, "simds",
                     (json_int_t)from->simds, "workgroups", (json_int_t)from->workgroups,
                     "workgroup_waves", (json_int_t)from->workgroup_waves, "limited_by",
                     limits_text(from), "allocated_vgprs", (json_int_t)from->allocated_vgprs,
                     "allocated_sgprs", (json_int_t)from->allocated_sgprs, "allocated_lds_bytes",
                     (json_int_t)from->allocated_lds, "wgp_mode", from->wgp_mode);
}

static json_t *instruction_to_json(const struct inspected_instruction *from, bool counted)
{
    json_t *object =
        json_pack("{s:I, s:I, s:s%, s:s, s:s%, s:s%, s:i}", "address", (json_int_t)from->address,
                  "bytes", (json_int_t)from->bytes, "text", from->text, strlen(from->text), "kind",
                  kind_name(from->kind), "file", from->file, strlen(from->file), "function",
                  from->function, strlen(from->function), "line", from->line);
    if (object != NULL && counted)
        json_object_set_new(object, "counters", counters_to_json(&from->counters));
    return object;
}

static json_t *instructions_to_json(const struct inspected_kernel *kernel, bool counted)
{
    json_t *list = json_array();
    for (size_t i = 0; i < kernel->count; i++)
        json_array_append_new(list, instruction_to_json(&kernel->instructions[i], counted));
    return list;
}

static json_t *lines_to_json(const struct inspected_kernel *kernel)
{
    struct inspected_lines lines;
    json_t *list = json_array();
    if (!inspected_lines_create(&lines, kernel))
        return list;
    for (size_t i = 0; i < lines.count; i++)
        json_array_append_new(list, json_pack("{s:s, s:i, s:o}", "file", lines.lines[i].file,
                                              "line", lines.lines[i].line, "counters",
                                              counters_to_json(&lines.lines[i].counters)));
    inspected_lines_free(&lines);
    return list;
}

static json_t *kernel_to_json(const struct inspected_kernel *kernel, bool counted)
{
    const struct wavegauge_kernel *facts = &kernel->facts;
    uint64_t counts[WAVEGAUGE_KIND_COUNT];
    json_t *object = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:I, s:I, s:o}", "name", facts->name,
        "wave", (json_int_t)facts->lanes, "vgprs", (json_int_t)facts->vgprs, "agprs",
        (json_int_t)facts->agprs, "sgprs", (json_int_t)facts->sgprs, "vgpr_spills",
        (json_int_t)facts->vgpr_spills, "sgpr_spills", (json_int_t)facts->sgpr_spills, "lds_bytes",
        (json_int_t)facts->lds_bytes, "scratch_bytes", (json_int_t)facts->scratch_bytes,
        "dynamic_stack", facts->dynamic_stack, "max_threads", (json_int_t)facts->max_threads,
        "code_bytes", (json_int_t)facts->code_bytes, "occupancy", occupancy_to_json(kernel));
    if (object == NULL)
        return NULL;
    inspected_kernel_mix(kernel, counts);
    json_object_set_new(object, "mix", kinds_to_json(counts));
    if (counted) {
        struct wavegauge_counters sum = inspected_kernel_sum(kernel, counts);
        json_object_set_new(object, "executed", kinds_to_json(counts));
        json_object_set_new(object, "counters", counters_to_json(&sum));
        json_object_set_new(object, "lines", lines_to_json(kernel));
    }
    json_object_set_new(object, "instructions", instructions_to_json(kernel, counted));
    return object;
}

static json_t *target_to_json(const struct inspected_target *target, bool counted)
{
    json_t *kernels = json_array();
    for (size_t i = 0; i < target->kernel_count; i++)
        json_array_append_new(kernels, kernel_to_json(&target->kernels[i], counted));
    return json_pack("{s:s, s:I, s:I, s:o}", "target", target->name, "cache_line_bytes",
                     (json_int_t)target->rules.line_bytes, "lds_banks",
                     (json_int_t)target->rules.lds_banks, "kernels", kernels);
}

json_t *inspection_to_json(const struct inspection *inspection)
{
    json_t *targets = json_array();
    for (size_t i = 0; i < inspection->target_count; i++)
        json_array_append_new(targets,
                              target_to_json(&inspection->targets[i], inspection->case_id != NULL));
    return json_pack("{s:s, s:s, s:s?, s:I, s:o}", "schema", "wavegauge/inspect-1", "subject",
                     inspection->subject, "case", inspection->case_id, "seed",
                     (json_int_t)inspection->seed, "targets", targets);
}
