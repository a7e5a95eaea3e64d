// links: wavegauge_emu_static
//
// From addresses to source lines, in what hipcc -g makes.
#include "code_object_bytes.h"

#include "emulator/source_lines.h"

#include <criterion/parameterized.h>
#include <pthread.h>
#include <stdio.h>

// Instructions that do nothing but can be found: s_nop with a number of its own on a known line.
static const char source[] =
    "#include <hip/hip_runtime.h>\n"                                              // 1
    "namespace shapes {\n"                                                        // 2
    "struct square {\n"                                                           // 3
    "    __device__ inline int area(int x) const {\n"                             // 4
    "        asm volatile(\"s_nop 11\");\n"                                       // 5
    "        return x * x;\n"                                                     // 6
    "    }\n"                                                                     // 7
    "};\n"                                                                        // 8
    "template <class T> __device__ __attribute__((noinline)) T far_away(T x) {\n" // 9
    "    asm volatile(\"s_nop 12\");\n"                                           // 10
    "    return x + 1;\n"                                                         // 11
    "}\n"                                                                         // 12
    "}\n"                                                                         // 13
    "static __device__ __attribute__((always_inline)) int middle(int x) {\n"      // 14
    "    x += 3;\n"                                                               // 15
    "    return shapes::square().area(x);\n"                                      // 16
    "}\n"                                                                         // 17
    "extern \"C\" __global__ void k(int *x) {\n"                                  // 18
    "    int i = threadIdx.x;\n"                                                  // 19
    "    if (x[i] > 5) {\n"                                                       // 20
    "        int y = middle(x[i]);\n"                                             // 21
    "        x[i] = y;\n"                                                         // 22
    "    }\n"                                                                     // 23
    "    x[i + 1] = shapes::far_away<int>(i);\n"                                  // 24
    "    asm volatile(\"s_nop 13\");\n"                                           // 25
    "}\n";

struct object {
    uint8_t *elf;
    size_t size;
    struct source_lines *lines;
};

static struct object open_object(const char *flags, enum kernel_target target)
{
    struct object object = {.elf = NULL};
    object.elf = build_elf(source, flags, target, &object.size);
    object.lines = source_lines_open(object.elf, object.size);
    cr_assert_not_null(object.lines);
    return object;
}

static void close_object(struct object *object)
{
    source_lines_close(object->lines);
    free(object->elf);
}

// The ELF address of s_nop number, which is encoded alike on all targets.
static uint64_t find_nop(const struct object *object, unsigned number)
{
    Elf64_Shdr text = find_section(object->elf, ".text");
    for (uint64_t at = 0; at + 4 <= text.sh_size; at += 4) {
        uint32_t word;
        memcpy(&word, object->elf + text.sh_offset + at, sizeof word);
        if (word == (0xbf800000 | number))
            return text.sh_addr + at;
    }
    cr_assert_fail("no s_nop %u", number);
    return 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), ending = strlen(end);
    return length >= ending && strcmp(text + length - ending, end) == 0;
}

struct expected {
    const char *function;
    int line;
};

static void check_frames(const struct object *object, unsigned nop, unsigned count,
                         const struct expected *expected)
{
    struct source_frame frames[SOURCE_FRAMES];
    uint64_t address = find_nop(object, nop);
    unsigned found = source_lines_find(object->lines, address, frames);
    cr_assert_eq(found, count, "s_nop %u has %u frames", nop, found);
    for (unsigned i = 0; i < count; i++) {
        cr_assert_str_eq(frames[i].function, expected[i].function, "frame %u of s_nop %u", i, nop);
        cr_assert_eq(frames[i].line, expected[i].line, "frame %u of s_nop %u is in line %d", i, nop,
                     frames[i].line);
        cr_assert(ends_with(frames[i].file, "/kernel.hip"), "%s", frames[i].file);
        cr_assert_gt(frames[i].column, 0);
    }
}

ParameterizedTestParameters(source_lines, name_inlined_functions_for)
{
    static enum kernel_target targets[] = {KERNEL_TARGET_GFX1030, KERNEL_TARGET_GFX1030_WAVE64,
                                           KERNEL_TARGET_GFX1100, KERNEL_TARGET_GFX90A};
    return cr_make_param_array(enum kernel_target, targets, KERNEL_TARGET_COUNT);
}

ParameterizedTest(enum kernel_target *target, source_lines, name_inlined_functions_for)
{
    static const char *const flags[] = {"-O1 -g", "-O3 -g", "-O2 -gline-tables-only",
                                        "-O2 -g -gdwarf-4"};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        struct object object = open_object(flags[i], *target);
        check_frames(&object, 11, 3, (struct expected[]){{"area", 5}, {"middle", 16}, {"k", 21}});

        // Line tables alone name only functions that something was inlined into.
        const char *name = strstr(flags[i], "only") ? "" : "far_away<int>";
        check_frames(&object, 12, 1, (struct expected[]){{name, 10}});
        check_frames(&object, 13, 1, (struct expected[]){{"k", 25}});
        close_object(&object);
    }
}

Test(source_lines, work_without_optimization)
{
    struct object object = open_object("-O0 -g", KERNEL_TARGET_GFX90A);
    check_frames(&object, 11, 1, (struct expected[]){{"area", 5}});
    check_frames(&object, 13, 1, (struct expected[]){{"k", 25}});
    close_object(&object);
}

// Every instruction of the kernel has a line, those too that the compiler made of several lines.
Test(source_lines, leave_no_instruction_without_a_line)
{
    struct object object = open_object("-O3 -g", KERNEL_TARGET_GFX1030);
    uint64_t end = find_nop(&object, 13);
    unsigned seen = 0;
    for (uint64_t address = find_nop(&object, 11); address <= end; address += 4, seen++) {
        struct source_frame frames[SOURCE_FRAMES];
        unsigned count = source_lines_find(object.lines, address, frames);
        cr_assert_gt(count, 0);
        for (unsigned i = 0; i < count; i++)
            cr_assert_gt(frames[i].line, 0, "frame %u at +%u", i, seen * 4);
    }
    cr_assert_gt(seen, 8);
    close_object(&object);
}

Test(source_lines, know_nothing_outside_the_code)
{
    struct object object = open_object("-O1 -g", KERNEL_TARGET_GFX1100);
    struct source_frame frames[SOURCE_FRAMES];
    Elf64_Shdr text = find_section(object.elf, ".text");
    cr_assert_eq(source_lines_find(object.lines, text.sh_addr + text.sh_size, frames), 0);
    cr_assert_eq(source_lines_find(object.lines, 0, frames), 0);
    cr_assert_eq(source_lines_find(object.lines, UINT64_MAX, frames), 0);
    cr_assert_eq(source_lines_find(NULL, text.sh_addr, frames), 0);
    close_object(&object);
}

Test(source_lines, are_none_without_debug_information)
{
    size_t size;
    uint8_t *elf = build_elf(source, "-O1", KERNEL_TARGET_GFX1030, &size);
    cr_assert_null(source_lines_open(elf, size));
    cr_assert_null(source_lines_open(elf, 0));
    cr_assert_null(source_lines_open("nothing of the kind", 19));
    source_lines_close(NULL);
    free(elf);
}

enum { THREADS = 4, ROUNDS = 300 };

// Each round has a fresh object, since it is the first look-ups that read and remember.
static struct shared_rounds {
    struct source_lines *lines[ROUNDS];
    uint64_t addresses[3];
    pthread_barrier_t barrier;
} rounds;

static void *look_up(void *unused)
{
    static const unsigned counts[] = {3, 1, 1};
    for (int i = 0; i < ROUNDS; i++) {
        pthread_barrier_wait(&rounds.barrier);
        for (int k = 0; k < 3; k++) {
            struct source_frame frames[SOURCE_FRAMES];
            unsigned count = source_lines_find(rounds.lines[i], rounds.addresses[k], frames);
            cr_assert_eq(count, counts[k]);
        }
    }
    return unused;
}

Test(source_lines, can_be_asked_by_several_threads)
{
    struct object object = open_object("-O1 -g", KERNEL_TARGET_GFX1030);
    for (unsigned i = 0; i < 3; i++)
        rounds.addresses[i] = find_nop(&object, 11 + i);
    for (int i = 0; i < ROUNDS; i++)
        rounds.lines[i] = source_lines_open(object.elf, object.size);
    pthread_barrier_init(&rounds.barrier, NULL, THREADS);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, look_up, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < ROUNDS; i++)
        source_lines_close(rounds.lines[i]);
    close_object(&object);
}

static void ask_everywhere(const uint8_t *elf, size_t size, uint64_t begin, uint64_t end)
{
    struct source_lines *lines = source_lines_open(elf, size);
    if (!lines)
        return;
    for (uint64_t address = begin; address < end; address += 16) {
        struct source_frame frames[SOURCE_FRAMES];
        unsigned count = source_lines_find(lines, address, frames);
        cr_assert_leq(count, SOURCE_FRAMES);
        for (unsigned i = 0; i < count; i++)
            cr_assert(strlen(frames[i].file) + strlen(frames[i].function) < size);
    }
    source_lines_close(lines);
}

static void damage(uint8_t *elf, const Elf64_Shdr *section, uint64_t *state)
{
    static const uint64_t values[] = {0, 1, 0x7f, 0x80, 0xff, 0xffff, UINT32_MAX, UINT64_MAX};
    for (unsigned i = 0; i < 3 && section->sh_size > 8; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        uint64_t at = (*state >> 33) % (section->sh_size - 8);
        memcpy(elf + section->sh_offset + at, &values[*state >> 61], 1u << (*state >> 59 & 3));
    }
}

Test(source_lines, survive_broken_debug_information, .timeout = 300)
{
    static const char *const sections[] = {".debug_line", ".debug_info", ".debug_abbrev",
                                           ".debug_str_offsets", ".debug_addr"};
    size_t size;
    uint8_t *elf = build_elf(source, "-O3 -g", KERNEL_TARGET_GFX1030, &size);
    Elf64_Shdr text = find_section(elf, ".text");
    struct guarded guarded = guarded_make(size);
    uint64_t state = 7;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        Elf64_Shdr section = find_section(elf, sections[i]);
        for (unsigned round = 0; round < 150; round++) {
            uint8_t *copy = guarded_copy(&guarded, elf, size);
            damage(copy, &section, &state);
            ask_everywhere(copy, size, text.sh_addr, text.sh_addr + text.sh_size);
        }
    }
    free(elf);
}
