// links: wavegauge_emu_static
//
// Loading of code objects: what is loaded, and what is said of broken ones.
#include "code_object_bytes.h"

#include "emulator/kernel_descriptor.h"
#include "emulator/memory.h"

#include <criterion/parameterized.h>
#include <stddef.h>
#include <stdio.h>

static const char source[] =
    "#include <hip/hip_runtime.h>\n"
    "struct triple { int a, b, c; };\n"
    "extern \"C\" {\n"
    "__device__ int counter = 5;\n"
    "__device__ int *pointer = &counter + 1;\n"
    "__constant__ float table[4] = {1, 2, 3, 4};\n"
    "__device__ long zeros[1000];\n"
    "__device__ __attribute__((noinline)) int twice(int x) { return 2 * x + counter; }\n"
    "__device__ int (*function)(int) = twice;\n"
    "__global__ void __launch_bounds__(256) first(float *x, char c, double d, triple t)\n"
    "{\n"
    "    __shared__ float tile[64];\n"
    "    tile[threadIdx.x] = x[threadIdx.x] * table[c & 3] + zeros[c];\n"
    "    __syncthreads();\n"
    "    x[threadIdx.x] = tile[63 - threadIdx.x] + d + t.c + function(t.b) + *pointer;\n"
    "}\n"
    "__global__ void second() {}\n"
    "}\n"
    "template <class T> __global__ void third(T *x) { x[threadIdx.x] += 1; }\n"
    "template __global__ void third<int>(int *);\n";

// Small, so that every byte of it can be broken in a short time.
static const char small_source[] = "#include <hip/hip_runtime.h>\n"
                                   "extern \"C\" __device__ int counter = 5;\n"
                                   "extern \"C\" __device__ int *pointer = &counter;\n"
                                   "extern \"C\" __global__ void k(float *x, int n)\n"
                                   "{\n"
                                   "    __shared__ float tile[64];\n"
                                   "    tile[threadIdx.x] = n + *pointer;\n"
                                   "    __syncthreads();\n"
                                   "    *x = tile[n];\n"
                                   "}\n";

static struct code_object *load(const void *elf, size_t size)
{
    char message[512] = "";
    struct code_object *object = code_object_load(elf, size, message, sizeof message);
    cr_assert_not_null(object, "%s", message);
    return object;
}

static struct kernel *kernel_of(struct code_object *object, const char *name)
{
    struct kernel *kernel = code_object_kernel(object, name);
    cr_assert_not_null(kernel, "%s", name);
    cr_assert_eq(kernel->object, object);
    return kernel;
}

static void check_argument(const struct kernel *kernel, unsigned index, enum argument_kind kind,
                           unsigned offset, unsigned size)
{
    const struct kernel_argument *argument = &kernel->arguments[index];
    cr_assert_eq(argument->kind, kind, "argument %u", index);
    cr_assert_eq(argument->offset, offset, "argument %u", index);
    cr_assert_eq(argument->size, size, "argument %u", index);
}

static void check_first_kernel(struct code_object *object, enum kernel_target target)
{
    struct kernel *kernel = kernel_of(object, "first");
    cr_assert_eq(kernel->lanes, kernel_target_wave_size(target));
    cr_assert_geq(kernel->lds_bytes, 256);
    cr_assert_eq(kernel->max_workgroup_size, 256);
    cr_assert_geq(kernel->kernarg_bytes, 36);
    cr_assert_eq(kernel->explicit_arguments, 4);
    check_argument(kernel, 0, ARGUMENT_GLOBAL_BUFFER, 0, 8);
    check_argument(kernel, 1, ARGUMENT_BY_VALUE, 8, 1);
    check_argument(kernel, 2, ARGUMENT_BY_VALUE, 16, 8);
    check_argument(kernel, 3, ARGUMENT_BY_VALUE, 24, 12);
    for (uint32_t i = 4; i < kernel->argument_count; i++)
        cr_assert_geq(kernel->arguments[i].kind, ARGUMENT_HIDDEN_NONE);
    cr_assert_gt(kernel->vgprs, 0);
    cr_assert_gt(kernel->sgprs, 0);
    cr_assert_neq(kernel->rsrc1, 0);
    cr_assert(kernel->properties & 1 << 3, "the kernarg segment pointer is asked for");
}

static void check_program(const struct kernel *kernel)
{
    const struct code_object *object = kernel->object;
    cr_assert_not_null(kernel->program);
    cr_assert_eq(kernel->program, object->programs[kernel->lanes == 64]);
    cr_assert_geq(kernel->entry, object->code);
    cr_assert_lt(kernel->entry, object->code + object->code_bytes);
    cr_assert_eq(kernel->entry % 256, 0);
}

static void check_object(const char *flags, enum kernel_target target, uint32_t version)
{
    size_t size;
    uint8_t *elf = build_elf(source, flags, target, &size);
    struct code_object *object = load(elf, size);
    cr_assert_str_eq(object->target->name, kernel_target_processor(target));
    cr_assert_eq(object->abi_version, version);
    cr_assert_eq(object->kernel_count, 3);
    check_first_kernel(object, target);
    cr_assert_eq(kernel_of(object, "second")->explicit_arguments, 0);
    cr_assert_eq(kernel_of(object, "_Z5thirdIiEvPT_")->explicit_arguments, 1);
    for (uint32_t i = 0; i < object->kernel_count; i++)
        check_program(&object->kernels[i]);
    cr_assert_null(code_object_kernel(object, "twice"));
    // The code in memory is the code in the file.
    const struct kernel *kernel = kernel_of(object, "first");
    cr_assert_eq(memcmp((void *)kernel->entry, elf + symbol_file_offset(elf, "first"), 64), 0);
    code_object_unload(object);
    free(elf);
}

ParameterizedTestParameters(code_object, loads_what_hipcc_builds_for)
{
    static enum kernel_target targets[] = {KERNEL_TARGET_GFX1030, KERNEL_TARGET_GFX1030_WAVE64,
                                           KERNEL_TARGET_GFX1100, KERNEL_TARGET_GFX90A};
    return cr_make_param_array(enum kernel_target, targets, KERNEL_TARGET_COUNT);
}

ParameterizedTest(enum kernel_target *target, code_object, loads_what_hipcc_builds_for)
{
    check_object("-O0", *target, 4);
    check_object("-O3 -g", *target, 4);
    check_object("-O2 -mcode-object-version=5 -B" WAVEGAUGE_TEST_LLVM "/bin", *target, 5);
}

Test(code_object, loads_version_6)
{
    size_t size;
    uint8_t *elf =
        build_elf(small_source, "-O2 -mcode-object-version=5 -B" WAVEGAUGE_TEST_LLVM "/bin",
                  KERNEL_TARGET_GFX1100, &size);
    elf[EI_ABIVERSION] = 4; // differs from version 5 in what generic processors need
    struct code_object *object = load(elf, size);
    cr_assert_eq(object->abi_version, 6);
    cr_assert_eq(object->kernel_count, 1);
    code_object_unload(object);
    free(elf);
}

static uint64_t device_word(uint64_t address)
{
    uint64_t word;
    cr_assert(memory_accessible(address, sizeof word, false));
    memcpy(&word, (void *)address, sizeof word);
    return word;
}

static const struct variable *variable_of(struct code_object *object, const char *name,
                                          uint64_t bytes)
{
    const struct variable *variable = code_object_variable(object, name);
    cr_assert_not_null(variable, "%s", name);
    cr_assert_eq(variable->bytes, bytes, "%s", name);
    cr_assert(memory_accessible(variable->address, bytes, false), "%s", name);
    return variable;
}

Test(code_object, has_variables_with_their_values)
{
    size_t size;
    uint8_t *elf = build_elf(source, "-O2", KERNEL_TARGET_GFX1030, &size);
    struct code_object *object = load(elf, size);
    const struct variable *counter = variable_of(object, "counter", 4);
    cr_assert_eq(*(int *)counter->address, 5);
    const struct variable *table = variable_of(object, "table", 16);
    cr_assert_eq(((float *)table->address)[3], 4.0f);
    const struct variable *zeros = variable_of(object, "zeros", 8000); // .bss, not in the file
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(((long *)zeros->address)[i], 0);
    cr_assert_null(code_object_variable(object, "first.kd"), "a descriptor is no variable");
    cr_assert_null(code_object_variable(object, "first"), "a kernel is no variable");
    code_object_unload(object);
    free(elf);
}

Test(code_object, relocates_addresses_in_variables)
{
    size_t size;
    uint8_t *elf = build_elf(source, "-O2", KERNEL_TARGET_GFX90A, &size);
    // Twice: two loads of one object have addresses of their own.
    struct code_object *objects[] = {load(elf, size), load(elf, size)};
    cr_assert_neq(objects[0]->load_offset, objects[1]->load_offset);
    for (int i = 0; i < 2; i++) {
        uint64_t counter = variable_of(objects[i], "counter", 4)->address;
        cr_assert_eq(device_word(variable_of(objects[i], "pointer", 8)->address), counter + 4);
        uint64_t twice = device_word(variable_of(objects[i], "function", 8)->address);
        cr_assert_eq(code_object_at(twice), objects[i], "the function is in the object's code");
    }
    code_object_unload(objects[0]);
    code_object_unload(objects[1]);
    free(elf);
}

Test(code_object, lets_kernels_write_only_variables)
{
    size_t size;
    uint8_t *elf = build_elf(source, "-O2", KERNEL_TARGET_GFX1100, &size);
    struct code_object *object = load(elf, size);
    static const struct {
        const char *name;
        uint64_t bytes;
    } variables[] = {{"counter", 4}, {"pointer", 8}, {"zeros", 8000}};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        uint64_t address = variable_of(object, variables[i].name, variables[i].bytes)->address;
        cr_assert(memory_accessible(address, variables[i].bytes, true), "%s", variables[i].name);
    }
    const struct kernel *kernel = kernel_of(object, "first");
    cr_assert(memory_accessible(kernel->entry, 4, false), "code can be read");
    cr_assert_not(memory_accessible(kernel->entry, 4, true), "but not written");
    cr_assert(memory_accessible(kernel->descriptor, 64, false));
    cr_assert_not(memory_accessible(kernel->descriptor, 64, true));
    code_object_unload(object);
    free(elf);
}

Test(code_object, is_found_by_address_until_unloaded)
{
    size_t size;
    uint8_t *elf = build_elf(small_source, "-O2", KERNEL_TARGET_GFX1030, &size);
    struct code_object *object = load(elf, size), *other = load(elf, size);
    uint64_t code = object->code, end = code + object->code_bytes;
    cr_assert_eq(code_object_at(code), object);
    cr_assert_eq(code_object_at(end - 4), object);
    cr_assert_null(code_object_at(end));
    cr_assert_null(code_object_at(0));
    cr_assert_eq(code_object_at(other->code), other);
    code_object_unload(object);
    cr_assert_null(code_object_at(code));
    cr_assert_not(memory_accessible(code, 4, false));
    cr_assert_eq(code_object_at(other->code), other, "the others stay");
    code_object_unload(other);
    free(elf);
}

Test(code_object, reads_debug_information_once)
{
    size_t size;
    uint8_t *elf = build_elf(small_source, "-O2 -g", KERNEL_TARGET_GFX1030, &size);
    struct code_object *object = load(elf, size);
    struct source_lines *lines = code_object_lines(object);
    cr_assert_not_null(lines);
    cr_assert_eq(code_object_lines(object), lines);
    code_object_unload(object);
    free(elf);
    elf = build_elf(small_source, "-O2", KERNEL_TARGET_GFX1030, &size);
    object = load(elf, size);
    cr_assert_null(code_object_lines(object));
    code_object_unload(object);
    free(elf);
}

// Broken files.

// A load of anything either works, and then all that others rely on holds, or says why not.
static bool load_anything(const void *elf, size_t size)
{
    char message[512] = "";
    struct code_object *object = code_object_load(elf, size, message, sizeof message);
    if (!object) {
        cr_assert_neq(message[0], 0, "refused without a reason");
        return false;
    }
    cr_assert_str_empty(message);
    cr_assert_eq(object->code % 4, 0);
    for (uint32_t i = 0; i < object->kernel_count; i++) {
        const struct kernel *kernel = &object->kernels[i];
        check_program(kernel);
        cr_assert_leq(kernel->lds_bytes, 65536);
        cr_assert_leq(kernel->scratch_bytes, 262144);
        cr_assert_leq(kernel->explicit_arguments, kernel->argument_count);
        for (uint32_t k = 0; k < kernel->argument_count; k++)
            cr_assert_leq((uint64_t)kernel->arguments[k].offset + kernel->arguments[k].size,
                          kernel->kernarg_bytes);
    }
    for (uint32_t i = 0; i < object->variable_count; i++)
        cr_assert(
            object->variables[i].bytes == 0 ||
            memory_accessible(object->variables[i].address, object->variables[i].bytes, false));
    code_object_unload(object);
    return true;
}

static uint8_t *small_elf(size_t *size)
{
    return build_elf(small_source, "-O2", KERNEL_TARGET_GFX1030, size);
}

Test(code_object, refuses_every_truncation)
{
    size_t size;
    uint8_t *elf = small_elf(&size);
    struct guarded guarded = guarded_make(size);
    cr_assert(load_anything(guarded_copy(&guarded, elf, size), size));
    for (size_t length = 0; length < size; length++)
        cr_assert_not(load_anything(guarded_copy(&guarded, elf, length), length), "%zu of %zu",
                      length, size);
    free(elf);
}

Test(code_object, survives_every_broken_byte)
{
    size_t size;
    uint8_t *elf = small_elf(&size);
    struct guarded guarded = guarded_make(size);
    static const uint8_t flips[] = {0xff, 0x80, 0x01};
    unsigned refused = 0;
    for (size_t i = 0; i < size; i++) {
        for (size_t k = 0; k < sizeof flips; k++) {
            uint8_t *copy = guarded_copy(&guarded, elf, size);
            copy[i] ^= flips[k];
            refused += !load_anything(copy, size);
        }
    }
    cr_assert_gt(refused, 500, "only %u were refused", refused);
    free(elf);
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

Test(code_object, survives_random_damage)
{
    size_t size;
    uint8_t *elf = small_elf(&size);
    struct guarded guarded = guarded_make(size);
    static const uint64_t values[] = {0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff, UINT64_MAX};
    uint64_t state = 1;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t *copy = guarded_copy(&guarded, elf, size);
        for (unsigned damage = 1 + next_random(&state) % 4; damage > 0; damage--) {
            unsigned width = 1u << next_random(&state) % 4;
            uint64_t value = next_random(&state) & 1 ? values[next_random(&state) & 7]
                                                     : next_random(&state) % (2 * size);
            memcpy(copy + next_random(&state) % (size - width + 1), &value, width);
        }
        load_anything(copy, size);
    }
    free(elf);
}

static void check_refusal(const uint8_t *elf, size_t size, const char *expected)
{
    char message[512] = "";
    cr_assert_null(code_object_load(elf, size, message, sizeof message), "loaded, expected: %s",
                   expected);
    cr_assert_not_null(strstr(message, expected), "\"%s\" does not say \"%s\"", message, expected);
}

// Found by random damage: content in the file for a segment that has no room in memory.
Test(code_object, refuses_content_without_memory)
{
    size_t size;
    uint8_t *elf = small_elf(&size);
    uint64_t zero = 0;
    Elf64_Ehdr header;
    memcpy(&header, elf, sizeof header);
    // The second program header is the first PT_LOAD.
    memcpy(elf + header.e_phoff + sizeof(Elf64_Phdr) + offsetof(Elf64_Phdr, p_memsz), &zero, 8);
    check_refusal(elf, size, "segment 1 has");
    free(elf);
}

Test(code_object, refuses_content_outside_the_file)
{
    size_t size;
    uint8_t *elf = small_elf(&size);
    Elf64_Ehdr header;
    memcpy(&header, elf, sizeof header);
    uint64_t offsets[] = {size - 16, size + 1, UINT64_MAX - 8};
    for (int i = 0; i < 3; i++) {
        memcpy(elf + header.e_phoff + sizeof(Elf64_Phdr) + offsetof(Elf64_Phdr, p_offset),
               &offsets[i], 8);
        check_refusal(elf, size, "is outside the file");
    }
    free(elf);
}

Test(code_object, refuses_broken_notes)
{
    size_t size;
    uint8_t *elf = small_elf(&size);
    Elf64_Shdr note = find_section(elf, ".note");
    static const uint32_t values[] = {0x10000, 0x7fffffff, 0xfffffffc, 0xffffffff};
    for (int field = 0; field < 2; field++) { // n_namesz, n_descsz
        for (int i = 0; i < 4; i++) {
            uint8_t *place = elf + note.sh_offset + 4 * field;
            uint32_t before;
            memcpy(&before, place, 4);
            memcpy(place, &values[i], 4);
            check_refusal(elf, size, "runs past the notes' end");
            memcpy(place, &before, 4);
        }
    }
    free(elf);
}

Test(code_object, refuses_names_that_do_not_end)
{
    size_t size;
    uint8_t *elf = small_elf(&size);
    Elf64_Ehdr header;
    memcpy(&header, elf, sizeof header);
    for (unsigned i = 0; i < header.e_shnum; i++) {
        Elf64_Shdr section;
        uint8_t *place = elf + header.e_shoff + i * sizeof section;
        memcpy(&section, place, sizeof section);
        if (section.sh_type != SHT_STRTAB)
            continue;
        section.sh_size--; // without the last zero
        memcpy(place, &section, sizeof section);
    }
    check_refusal(elf, size, "is outside its string table");
    free(elf);
}

// A descriptor of 64 bytes for gfx1030 with these sizes, by itself.
static void check_sizes(uint32_t lds, uint32_t scratch, bool wave32, const char *expected)
{
    uint8_t bytes[64] = {0};
    uint64_t entry = 256;
    uint16_t properties = wave32 ? 1 << 10 : 0;
    memcpy(bytes, &lds, 4);
    memcpy(bytes + 4, &scratch, 4);
    memcpy(bytes + 16, &entry, 8);
    memcpy(bytes + 56, &properties, 2);
    char message[256] = "";
    struct load_error error = {.message = message, .size = sizeof message};
    struct kernel kernel = {.name = "k"};
    struct kernel_metadata metadata = {.lds_bytes = lds, .scratch_bytes = scratch};
    bool good = kernel_descriptor_read(&kernel, bytes, &metadata, target_by_name("gfx1030"), 256,
                                       256, &error);
    cr_assert_eq(good, !expected, "%u %u: %s", lds, scratch, message);
    if (expected)
        cr_assert_not_null(strstr(message, expected), "%s", message);
}

Test(code_object, limits_lds_and_scratch)
{
    check_sizes(65536, 262144, true, NULL);
    check_sizes(65536, 131072, false, NULL);
    check_sizes(65537, 0, true, "needs 65537 bytes of LDS, a workgroup has 65536");
    check_sizes(0, 262145, true, "needs 262145 bytes of scratch, a work-item has 262144");
    check_sizes(0, 131073, false, "needs 131073 bytes of scratch, a work-item has 131072");
}

// Messages.

enum place { IN_FILE, IN_DESCRIPTOR, IN_RELOCATION };

struct damage {
    const char *message; // what the user must be told
    enum place place;
    size_t offset;
    unsigned width;
    uint64_t value;
};

static const struct damage damages[] = {
    {"not an ELF file", IN_FILE, 0, 1, 'M'},
    {"not a 64-bit little-endian ELF file", IN_FILE, EI_CLASS, 1, ELFCLASS32},
    {"not a 64-bit little-endian ELF file", IN_FILE, EI_DATA, 1, ELFDATA2MSB},
    {"OS ABI 0 at offset 7", IN_FILE, EI_OSABI, 1, 0},
    {"code object version 3", IN_FILE, EI_ABIVERSION, 1, 1},
    {"code object version 7", IN_FILE, EI_ABIVERSION, 1, 5},
    {"ELF type 1 at offset 16", IN_FILE, 16, 2, ET_REL},
    {"ELF machine 62 at offset 18", IN_FILE, 18, 2, EM_X86_64},
    {"machine 0x2f", IN_FILE, 48, 1, 0x2f},
    {"metadata is for amdgcn-amd-amdhsa--gfx1030 but the ELF header for gfx1100", IN_FILE, 48, 1,
     0x41},
    {"program headers", IN_FILE, 32, 8, 1 << 30},
    {"at most 128", IN_FILE, 56, 2, 0xffff},
    {"section headers", IN_FILE, 40, 8, UINT64_MAX},
    {"260 bytes of LDS by its descriptor, 256 by the metadata", IN_DESCRIPTOR, 0, 4, 260},
    {"16 bytes of scratch by its descriptor, 0 by the metadata", IN_DESCRIPTOR, 4, 4, 16},
    {"99 bytes of arguments by its descriptor", IN_DESCRIPTOR, 8, 4, 99},
    {"reserved bytes are not 0", IN_DESCRIPTOR, 12, 4, 1},
    {"its entry is", IN_DESCRIPTOR, 16, 8, 1 << 20},
    {"its entry is", IN_DESCRIPTOR, 16, 8, (uint64_t)-65536},
    {"reserved bytes are not 0", IN_DESCRIPTOR, 24, 4, 1},
    {"reserved bits set", IN_DESCRIPTOR, 48, 4, 1 << 20},
    {"user SGPRs enabled but room for 0", IN_DESCRIPTOR, 52, 4, 0},
    {"work-item id mode 3", IN_DESCRIPTOR, 52, 4, 31 << 1 | 3 << 11},
    {"wave64 by its descriptor, wave32 by the metadata", IN_DESCRIPTOR, 56, 2, 1 << 3},
    {"kernarg preload", IN_DESCRIPTOR, 58, 2, 1},
    {"reserved bytes are not 0", IN_DESCRIPTOR, 60, 4, 1},
    {"relocation at 0x7fffffff is outside", IN_RELOCATION, 0, 8, 0x7fffffff},
    {"type 99, which is not supported", IN_RELOCATION, 8, 4, 99},
    {"names symbol 4096 of", IN_RELOCATION, 8, 8, 4096ull << 32 | 3},
    {"does not fit in 32 bits", IN_RELOCATION, 8, 8, 4},
};

static size_t place_offset(const uint8_t *elf, const struct damage *damage)
{
    if (damage->place == IN_DESCRIPTOR)
        return symbol_file_offset(elf, "k.kd") + damage->offset;
    if (damage->place == IN_RELOCATION)
        return find_section(elf, ".rela.dyn").sh_offset + damage->offset;
    return damage->offset;
}

Test(code_object, says_what_is_wrong)
{
    size_t size;
    uint8_t *elf = small_elf(&size), *copy = malloc(size);
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        memcpy(copy, elf, size);
        memcpy(copy + place_offset(elf, &damages[i]), &damages[i].value, damages[i].width);
        check_refusal(copy, size, damages[i].message);
    }
    check_refusal((const uint8_t *)"hello, world", 12, "not an ELF file");
    check_refusal(elf, 0, "not an ELF file");
    check_refusal(elf, 63, "shorter than its header");
    free(elf);
    free(copy);
}

Test(code_object, refuses_wave32_on_gfx90a)
{
    size_t size;
    uint8_t *elf = build_elf(small_source, "-O2", KERNEL_TARGET_GFX90A, &size);
    elf[symbol_file_offset(elf, "k.kd") + 57] |= 1 << 2;
    check_refusal(elf, size, "wave32 on gfx90a");
    free(elf);
}

// A symbol that is bound when the object is loaded, broken so that nothing defines it.

#define METADATA                                                                                   \
    ".amdgpu_metadata\n"                                                                           \
    "amdhsa.version: [1, 1]\n"                                                                     \
    "amdhsa.kernels: []\n"                                                                         \
    ".end_amdgpu_metadata\n"

static struct device_code assemble(const char *text)
{
    struct device_code_source build = {
        .language = KERNEL_ASSEMBLY, .text = text, .target = KERNEL_TARGET_GFX1030};
    struct device_code image;
    struct device_code_error failure = {{0}};
    cr_assert(device_code_build(&build, &image, &failure), "%s", failure.text);
    return image;
}

static void undefine(uint8_t *elf, const char *name, unsigned binding)
{
    Elf64_Shdr table = find_section(elf, ".dynsym"), names = find_section(elf, ".dynstr");
    for (uint64_t at = 0; at < table.sh_size; at += sizeof(Elf64_Sym)) {
        Elf64_Sym symbol;
        memcpy(&symbol, elf + table.sh_offset + at, sizeof symbol);
        if (strcmp((const char *)elf + names.sh_offset + symbol.st_name, name) != 0)
            continue;
        symbol.st_shndx = SHN_UNDEF;
        symbol.st_info = ELF64_ST_INFO(binding, STT_NOTYPE);
        memcpy(elf + table.sh_offset + at, &symbol, sizeof symbol);
        return;
    }
    cr_assert_fail("no symbol %s", name);
}

Test(code_object, binds_symbols_or_names_the_undefined)
{
    struct device_code image =
        assemble(".data\n.p2align 3\n.globl place\n.type place,@object\n.size place, 8\n"
                 "place: .quad other + 2\n"
                 ".globl other\n.type other,@object\n.size other, 8\n"
                 "other: .quad 7\n"
                 ".text\ns_endpgm\n" METADATA);
    struct code_object *object = load(image.data, image.size);
    uint64_t other = variable_of(object, "other", 8)->address;
    cr_assert_eq(device_word(variable_of(object, "place", 8)->address), other + 2);
    code_object_unload(object);

    undefine(image.data, "other", STB_GLOBAL);
    check_refusal(image.data, image.size, "undefined symbol \"other\"");
    undefine(image.data, "other", STB_WEAK);
    object = load(image.data, image.size);
    cr_assert_eq(device_word(variable_of(object, "place", 8)->address), 2);
    code_object_unload(object);
    device_code_free(&image);
}

Test(code_object, needs_metadata)
{
    struct device_code image = assemble("s_endpgm\n");
    check_refusal(image.data, image.size, "no AMDGPU metadata note");
    device_code_free(&image);
}
