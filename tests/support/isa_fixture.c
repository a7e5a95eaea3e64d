#include "isa_fixture.h"

#include "device_code.h"
#include "interpreter.h"
#include "launch.h"

#include <criterion/criterion.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct isa_fixture_private {
    struct device_code code;
    struct program *program;
    struct launch launch;
    struct launch_request request;
    struct workgroup group;
    struct kernel kernel;
    struct wave wave;
    uint32_t *vgpr;
    uint8_t lds[1024];
};

enum target_family isa_family(enum kernel_target target)
{
    return target_by_name(kernel_target_processor(target))->family;
}

// One line with the placeholders replaced.
static void write_line(FILE *out, const char *line, unsigned lanes)
{
    for (; *line; line++) {
        if (*line != '{') {
            fputc(*line, out);
            continue;
        }
        const char *end = strchr(line, '}');
        cr_assert_not_null(end, "%s", line);
        int length = (int)(end - line - 1);
        unsigned index;
        if (sscanf(line, "{s%u}", &index) == 1 && lanes == 64)
            fprintf(out, "s[%u:%u]", index, index + 1);
        else if (line[1] == 's')
            fprintf(out, "s%u", index);
        else
            fprintf(out, "%.*s%s", length, line + 1, lanes == 32 ? "_lo" : "");
        line = end;
    }
    fputc('\n', out);
}

static char *assembly_of(const struct isa_fixture *fixture, const char *const *lines)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    cr_assert_not_null(out);
    fputs(".text\n", out);
    for (size_t i = 0; i < fixture->count; i++)
        if (lines[i])
            write_line(out, lines[i], fixture->lanes);
    fputs("s_endpgm\n", out);
    cr_assert_eq(fclose(out), 0);
    return text;
}

// The .text section of an ELF file that LLVM made.
static void find_code(const struct device_code *code, uint64_t *address, uint64_t *bytes)
{
    const char *data = code->data;
    const Elf64_Ehdr *header = code->data;
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(data + header->e_shoff);
    const char *names = data + sections[header->e_shstrndx].sh_offset;
    for (unsigned i = 0; i < header->e_shnum; i++) {
        if (strcmp(names + sections[i].sh_name, ".text"))
            continue;
        *address = (uint64_t)(uintptr_t)(data + sections[i].sh_offset);
        *bytes = sections[i].sh_size;
        return;
    }
    cr_assert_fail("no .text in the assembled lines");
}

static void find_instructions(struct isa_fixture *fixture, const char *const *lines,
                              uint64_t address)
{
    for (size_t i = 0; i < fixture->count; i++) {
        if (!lines[i])
            continue;
        const struct instruction *instruction = program_at(fixture->private->program, address);
        cr_assert_not_null(instruction, "%s", lines[i]);
        char text[256];
        cr_assert_not_null(instruction->opcode, "%s: cannot decode '%s' (from '%s')",
                           kernel_target_name(fixture->target),
                           program_text(fixture->private->program, instruction, text, sizeof text),
                           lines[i]);
        fixture->instructions[i] = instruction;
        address += instruction->size;
    }
}

struct isa_fixture *isa_fixture_create(enum kernel_target target, const char *const *lines,
                                       size_t count)
{
    struct isa_fixture *fixture = calloc(1, sizeof *fixture);
    struct isa_fixture_private *private = aligned_alloc(64, (sizeof *private + 63) & ~(size_t)63);
    cr_assert(fixture && private);
    memset(private, 0, sizeof *private);
    *fixture = (struct isa_fixture){
        .target = target,
        .family = isa_family(target),
        .lanes = kernel_target_wave_size(target),
        .wave = &private->wave,
        .instructions = calloc(count + 1, sizeof(void *)),
        .count = count,
        .private = private,
    };
    fixture->full = fixture->lanes == 64 ? UINT64_MAX : UINT32_MAX;
    private->vgpr = aligned_alloc(64, (VGPRS + 1) * fixture->lanes * sizeof(uint32_t));
    cr_assert(fixture->instructions && private->vgpr);

    char *text = assembly_of(fixture, lines);
    struct device_code_source source = {
        .language = KERNEL_ASSEMBLY, .text = text, .target = target};
    struct device_code_error error = {{0}};
    cr_assert(device_code_build(&source, &private->code, &error), "%s", error.text);
    free(text);

    uint64_t address, bytes;
    find_code(&private->code, &address, &bytes);
    private->program = program_create(target_by_name(kernel_target_processor(target)), address,
                                      bytes, fixture->lanes);
    cr_assert_not_null(private->program);
    find_instructions(fixture, lines, address);
    isa_reset(fixture);
    return fixture;
}

void isa_fixture_destroy(struct isa_fixture *fixture)
{
    program_destroy(fixture->private->program);
    device_code_free(&fixture->private->code);
    free(fixture->private->vgpr);
    free(fixture->private);
    free(fixture->instructions);
    free(fixture);
}

static void reset_launch(struct isa_fixture_private *private)
{
    private->request.block[0] = private->request.block[1] = private->request.block[2] = 1;
    private->launch = (struct launch){
        .request = &private->request,
        .program = private->program,
        .kernel = &private->kernel,
        .fault_mutex = PTHREAD_MUTEX_INITIALIZER,
    };
    private->group = (struct workgroup){
        .wave_count = 1,
        .lds = private->lds,
        .lds_size = sizeof private->lds,
        .waves = &private->wave,
        .launch = &private->launch,
    };
    memset(private->lds, 0, sizeof private->lds);
}

void isa_reset(struct isa_fixture *fixture)
{
    struct isa_fixture_private *private = fixture->private;
    reset_launch(private);
    memset(private->vgpr, 0, (VGPRS + 1) * fixture->lanes * sizeof(uint32_t));
    private->wave = (struct wave){
        .state = WAVE_RUNNING,
        .lanes = fixture->lanes,
        .full = fixture->full,
        .vgpr = private->vgpr,
        .group = &private->group,
        .launch = &private->launch,
    };
    wave_set_exec(&private->wave, fixture->full);
    wave_set_mode(&private->wave, MODE_DX10_CLAMP | MODE_IEEE | 0xf0);
}

bool isa_execute(struct isa_fixture *fixture, size_t line)
{
    struct wave *wave = fixture->wave;
    cr_assert(line < fixture->count && fixture->instructions[line]);
    wave->state = WAVE_RUNNING;
    wave->next = fixture->instructions[line];
    wave_run(wave, 1);
    return wave->state != WAVE_FAULTED;
}

const char *isa_fault_text(const struct isa_fixture *fixture)
{
    return fixture->private->launch.fault.text;
}

uint32_t *isa_vgpr(const struct isa_fixture *fixture, unsigned index)
{
    return fixture->private->vgpr + index * fixture->lanes;
}

uint64_t isa_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint64_t isa_random_integer(uint64_t *state, unsigned bits)
{
    uint64_t choice = isa_random(state), number = isa_random(state);
    uint64_t mask = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    uint64_t near = (choice >> 8) % 3 - 1; // -1, 0 or 1
    switch (choice & 7) {
    case 0:
        return near & mask;
    case 1:
        return ((UINT64_C(1) << (bits - 1)) + near) & mask;
    case 2:
        return ((UINT64_C(1) << number % bits) + near) & mask;
    case 3:
        return number % (bits + 3);
    default:
        return number & mask;
    }
}
