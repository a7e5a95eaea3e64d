// links: scratch_folder wavegauge-emu
//
// wavegauge new: what it reads of kernels of every kind, what it refuses, and that what it writes
// is accepted by `run` at once and describes the kernel as it is.
#include "scratch_folder.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_CASES");
    setenv("WAVEGAUGE_CACHE", TEST_KERNEL_CACHE, 1);
    cr_assert_eq(chdir(scratch.folder), 0);
}

static void tear_down(void)
{
    cr_assert_eq(chdir("/"), 0);
    scratch_remove(&scratch);
}

TestSuite(new, .init = set_up, .fini = tear_down, .timeout = 300);

#define HIP "#include <hip/hip_runtime.h>\n#include <hip/hip_fp16.h>\n"

static const char scale[] =
    HIP "extern \"C\" __global__ void scale(float *y, const float *x, int n, float factor)\n"
        "{\n    int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
        "    if (i < n)\n        y[i] = factor * x[i];\n}\n";

static void expect(const char *words, int status, const char *part)
{
    struct outcome outcome = run_wavegauge(words);
    cr_expect_eq(outcome.status, status, "%s: %d: %s%s", words, outcome.status,
                 text_get(&outcome.out), text_get(&outcome.errors));
    cr_expect(strstr(text_get(&outcome.out), part) != NULL ||
                  strstr(text_get(&outcome.errors), part) != NULL,
              "%s: no '%s' in: %s%s", words, part, text_get(&outcome.out),
              text_get(&outcome.errors));
    outcome_free(&outcome);
}

static void expect_lines(const char *file, const char *const *parts)
{
    struct text text = scratch_read(file);
    for (; *parts != NULL; parts++)
        cr_expect_not_null(strstr(text_get(&text), *parts), "no '%s' in %s", *parts,
                           text_get(&text));
    text_free(&text);
}

static unsigned count_files(void)
{
    unsigned count = 0;
    DIR *folder = opendir(scratch.folder);
    cr_assert_not_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

// As it was written, no case passes, and nothing is refused.
static void expect_runs(const char *file)
{
    char words[256];
    snprintf(words, sizeof words, "run %s", file);
    expect(words, 1, "not written yet");
    expect(words, 1, "\n0 passed, ");
}

Test(new, writes_what_run_accepts)
{
    static const char *const parts[] = {
        "kernel: double_it\n",
        "source: \"scale.hip\"",
        "reference: \"double_it_reference.c\"",
        "dims: {n: 1000}",
        "  y: {io: out, shape: [n]} # float *y; GUESS",
        "  x: {io: in, shape: [n]} # const float *x\n",
        "function: \"scale\"\n",
        "- y # float *y\n      - x # const float *x\n      - i32 n # int n\n",
        "- i32 n # int n\n      - f32 0.5 # float factor\n",
        NULL};
    scratch_write(&scratch, "scale.hip", scale);
    expect("new double_it --from scale.hip", 0, "wavegauge run double_it.yaml");
    expect_lines("double_it.yaml", parts);
    expect_runs("double_it.yaml");
    cr_expect_eq(count_files(), 3);
}

// The kernel is run all the same, and what the emulated GPU sees of it is said.
Test(new, unwritten_reference_hides_no_finding)
{
    scratch_write(&scratch, "beyond.hip",
                  HIP "extern \"C\" __global__ void beyond(float *y, int n)\n"
                      "{\n    y[n + threadIdx.x] = 1;\n}\n");
    expect("new beyond --from beyond.hip", 0, "wrote");
    expect("run beyond.yaml", 1, "memcheck: out of bounds");
}

static const char kinds[] = HIP
    "struct inner { short code; double weight; };\n"
    "struct limits { char flag; int rows; const float *bias; inner parts[2]; };\n"
    "union either { int i; float f; };\n"
    "__global__ void kinds(limits l, __half h, _Float16 g, const __half *halves, const float4 *v,\n"
    "    float2 w, const unsigned char *bytes, double *wide, long count, unsigned short us,\n"
    "    bool flag, const int64_t *ids, either e, const bool *mask, void *raw)\n"
    "{\n"
    "    wide[0] = l.rows + l.bias[0] + l.parts[1].weight + (float)h + (float)g + (float)halves[0] "
    "+\n"
    "              v[0].w + w.y + bytes[0] + count + us + flag + ids[0] + e.f + mask[0] + l.flag "
    "+\n"
    "              l.parts[0].code;\n    *(char *)raw = 1;\n}\n";

Test(new, every_kind_of_argument)
{
    static const char *const wanted[] = {
        "  l_bias: {io: in, shape: [l_rows, count]",
        "  halves: {io: in, shape: [l_rows, count], dtype: f16} # const __half *halves",
        "  v: {io: in, shape: [l_rows, count, 4]} # const float4 *v",
        "  bytes: {io: in, shape: [l_rows, count], dtype: u8, fill: {uniform: [0, 100]}}",
        "  wide: {io: out, shape: [l_rows, count], dtype: f64}",
        "  ids: {io: in, shape: [l_rows, count], dtype: i64, fill: {uniform: [0, 100]}}",
        "  mask: {io: in, shape: [l_rows, count], dtype: u8, fill: {uniform: [0, 1]}}",
        "  raw: {io: out, shape: [l_rows, count, 4], dtype: u8} # void *raw; GUESS",
        "say io: inout if it is read as well; GUESS: the element type is not known",
        "function: \"_Z5kinds6limits6__half",
        "- [i8 1, i32 l_rows, l_bias, i16 1, f64 0.5, i16 1, f64 0.5] # limits l\n",
        "- f16 0.5 # __half h\n",
        "- [f32 0.5, f32 0.5] # float2 w\n",
        "- i64 count # long count\n",
        "- u16 1 # unsigned short us\n",
        "- bool 1 # bool flag\n",
        "- [pad 4] # either e; its members are not known: all zeros\n",
        NULL};
    scratch_write(&scratch, "kinds.hip", kinds);
    expect("new kinds --from kinds.hip", 0, "wrote");
    expect_lines("kinds.yaml", wanted);
    expect_runs("kinds.yaml");
}

// Numbers arrive where the kernel looks for them, on every target.
Test(new, values_arrive)
{
    static const char kernel[] = HIP
        "struct inner { signed char code; double weight; };\n"
        "struct limits { bool flag; int rows; const float *bias; inner parts[2]; short last; };\n"
        "extern \"C\" __global__ void arrive(double *y, limits l, __half h, unsigned char u, int "
        "n)\n"
        "{\n    int i = threadIdx.x;\n    if (i < n)\n"
        "        y[i] = l.flag * 1 + l.rows * 2 + (double)l.bias[i] * 4 + l.parts[0].code * 8 +\n"
        "               l.parts[0].weight * 16 + l.parts[1].code * 32 + l.parts[1].weight * 64 +\n"
        "               l.last * 128 + (float)h * 256 + u * 512;\n}\n";
    static const char reference[] =
        "#include <wavegauge_reference.h>\n"
        "void wavegauge_reference(struct wavegauge_call *call)\n{\n"
        "    const double *bias = wavegauge_input(call, \"l_bias\");\n"
        "    double rows = wavegauge_dim(call, \"l_rows\");\n"
        "    double *y = wavegauge_expected(call, \"y\");\n"
        "    double *size = wavegauge_magnitude(call, \"y\");\n"
        "    wavegauge_terms(call, 10);\n"
        "    for (size_t i = 0; i < wavegauge_count(call, \"y\"); i++) {\n"
        "        y[i] = 1 + rows * 2 + bias[i] * 4 + 8 + 8 + 32 + 32 + 128 + 128 + 512;\n"
        "        size[i] = 10000;\n    }\n}\n";
    scratch_write(&scratch, "arrive.hip", kernel);
    expect("new arrive --from arrive.hip", 0, "wrote");
    struct text cases = scratch_read("arrive.yaml");
    char *shape, *text = cases.data;
    // One workgroup of as many threads as there are elements.
    while ((shape = strstr(text, "[l_rows, n]")) != NULL)
        memcpy(shape, "[n        ]", strlen("[n        ]"));
    char *grid = strstr(text, "ceil(l_rows * n / 256)");
    cr_assert_not_null(grid);
    memcpy(grid, "1                     ", strlen("ceil(l_rows * n / 256)"));
    text = strstr(text, "cases:\n");
    cr_assert_not_null(text);
    snprintf(text, strlen(text), "cases: [{n: [7, 200]}]\n");
    scratch_write(&scratch, "arrive.yaml", text_get(&cases));
    scratch_write(&scratch, "arrive_reference.c", reference);
    expect("run --arch gfx1100 arrive.yaml", 0, "2 passed, 0 failed");
    expect("run --arch gfx90a arrive.yaml", 0, "2 passed, 0 failed");
    expect("run --arch gfx1030 arrive.yaml", 0, "2 passed, 0 failed");
    text_free(&cases);
}

static const char several[] =
    HIP "extern \"C\" __global__ void first(float *y, int n) { y[0] = n; }\n"
        "namespace inside { __global__ void second(float *y, int n) { y[0] = n; } }\n"
        "template <typename T, int N> __global__ void __launch_bounds__(64) third(T *y, int n)\n"
        "{ y[0] = T(n + N); }\n"
        "template __global__ void third<float, 4>(float *, int);\n"
        "template __global__ void third<int, 8>(int *, int);\n";

Test(new, several_kernels)
{
    static const char *const plain[] = {"function: \"first\"\n", NULL};
    static const char *const in_namespace[] = {
        "function: \"_ZN6inside6secondEPfi\" # inside::second(float*, int)", NULL};
    static const char *const instance[] = {"function: \"_Z5thirdIiLi8EEvPT_i\" # void third<int, ",
                                           "block: [64]", "check: {allclose: {atol: 0, rtol: 0}}",
                                           "dtypes: [i32]", NULL};
    scratch_write(&scratch, "several.hip", several);
    expect("new mine --from several.hip", 2, "several.hip has several kernels; choose one:");
    expect("new mine --from several.hip", 2,
           "\n  --kernel 'first'\n  --kernel 'second'\n  "
           "--kernel 'third<float, 4>'\n");
    expect("new mine --from several.hip --kernel third", 2, "has several kernels 'third'");
    expect("new mine --from several.hip --kernel fourth", 2, "has no kernel 'fourth'");
    cr_expect_eq(count_files(), 1, "files were left behind");
    expect("new mine --from several.hip --kernel first", 0, "wrote");
    expect_lines("mine.yaml", plain);
    expect("new first --from several.hip", 0, "wrote"); // called as the kernel is
    expect_lines("first.yaml", plain);
    expect("new mine --from several.hip --force --kernel inside::second", 0, "wrote");
    expect_lines("mine.yaml", in_namespace);
    expect_runs("mine.yaml");
    expect("new mine --from several.hip --force --kernel _Z5thirdIiLi8EEvPT_i", 0, "wrote");
    expect_lines("mine.yaml", instance);
    expect_runs("mine.yaml");
}

Test(new, element_types_share_a_file)
{
    static const char *const family[] = {
        "dtypes: [f32, f16]", "function: \"twice_{dtype}\"\n", "  x: {io: in, shape: [n]} #",
        "  index: {io: in, shape: [n], dtype: i32, fill: {uniform: [0, 100]}}", NULL};
    static const char *const alone[] = {"dtypes: [f16]", "function: \"twice_f16\"\n", NULL};
    scratch_write(&scratch, "twice.hip",
                  HIP
                  "extern \"C\" __global__ void twice_f32(float *y, const float *x, const int "
                  "*index, int n) { y[0] = 2 * x[0] * index[0]; }\n"
                  "extern \"C\" __global__ void twice_f16(_Float16 *y, const _Float16 *x, const "
                  "int *index, int n) { y[0] = 2 * x[0] * index[0]; }\n"
                  "extern \"C\" __global__ void twice_i32(int *y, int n) { y[0] = n; }\n");
    expect("new twice --from twice.hip", 0, "for the kernel twice_{dtype}");
    expect_lines("twice.yaml", family);
    expect_runs("twice.yaml");
    expect("new half --from twice.hip --kernel twice_f16", 0, "wrote");
    expect_lines("half.yaml", alone);
}

Test(new, guesses_dynamic_lds)
{
    static const char *const parts[] = {"lds: 1024 # GUESS", NULL};
    scratch_write(&scratch, "dynamic.hip",
                  HIP "extern __shared__ float shared[];\n"
                      "extern \"C\" __global__ void dynamic(float *y)\n"
                      "{ shared[threadIdx.x] = y[threadIdx.x]; __syncthreads();\n"
                      "  y[threadIdx.x] = shared[0]; }\n");
    expect("new dynamic --from dynamic.hip", 0, "wrote");
    expect_lines("dynamic.yaml", parts);
    expect_runs("dynamic.yaml");
}

// Names and types are debug information; places and sizes are not.
Test(new, without_debug_information)
{
    static const char *const parts[] = {"- arg0\n", "- arg1\n", "- i32 arg2\n", "- i32 arg3\n",
                                        NULL};
    scratch_write(&scratch, "scale.hip", scale);
    const char *compiler =
        scratch_write(&scratch, "plain-hipcc", "#!/bin/sh\nexec hipcc \"$@\" -g0\n");
    cr_assert_eq(chmod(compiler, 0755), 0);
    setenv("WAVEGAUGE_HIPCC", compiler, 1);
    expect("new scale --from scale.hip", 0, "wrote");
    expect_lines("scale.yaml", parts);
    expect_runs("scale.yaml");
}

// Names that mean something else in a case file, in C or twice.
Test(new, names_get_out_of_the_way)
{
    scratch_write(&scratch, "names.hip",
                  HIP "extern \"C\" __global__ void names(float *call, int dtype, int min, int "
                      "element, float *element_size) { call[0] = dtype + min + element; "
                      "element_size[0] = 1; }\n");
    expect("new names --from names.hip", 0, "wrote");
    expect_runs("names.yaml");
}

Test(new, leaves_files_alone)
{
    static const char *const mine[] = {"mine alone", NULL};
    scratch_write(&scratch, "scale.hip", scale);
    scratch_write(&scratch, "scale_reference.c", "mine alone");
    expect("new scale --from scale.hip", 2, "scale_reference.c is there already; --force");
    cr_expect_eq(count_files(), 2);
    expect_lines("scale_reference.c", mine);
    cr_assert_eq(rename("scale_reference.c", "scale.yaml"), 0);
    expect("new scale --from scale.hip", 2, "scale.yaml is there already; --force");
    expect_lines("scale.yaml", mine);
    cr_expect_eq(count_files(), 2);
    expect("new scale --from scale.hip --force", 0, "wrote");
    expect_runs("scale.yaml");
}

Test(new, writes_where_it_is_told)
{
    static const char *const below[] = {"source: \"../scale.hip\"", NULL};
    scratch_write(&scratch, "scale.hip", scale);
    cr_assert_eq(mkdir("cases", 0777), 0);
    expect("new scale --from scale.hip -o cases", 0, "wrote cases/scale.yaml");
    expect_lines("cases/scale.yaml", below);
    expect_runs("cases/scale.yaml");
    expect("new other --from ./scale.hip -o cases/it.yaml", 0,
           "wrote cases/it.yaml and cases/other_reference.c");
    expect_runs("cases/it.yaml");
    expect("new scale --from scale.hip -o nowhere/it.yaml", 2,
           "cannot write to the folder nowhere/");
}

Test(new, refuses_what_it_cannot_use)
{
    scratch_write(&scratch, "scale.hip", scale);
    scratch_write(&scratch, "none.hip",
                  HIP "__device__ int f() { return 1; }\n"
                      "template <typename T> __global__ void g(T *x) {}\n");
    scratch_write(&scratch, "wrong.hip", HIP "__global__ void f(float *x) { x[0] = y; }\n");
    scratch_write(&scratch, "mute.hip", HIP "extern \"C\" __global__ void mute(int n) {}\n");
    scratch_write(&scratch, "large.hip",
                  HIP "struct s { float *y; int a[500]; };\n"
                      "extern \"C\" __global__ void large(s x) { x.y[0] = x.a[1]; }\n");
    const unsigned files = count_files();
    expect("new", 2, "expected one name");
    expect("new a b --from scale.hip", 2, "expected one name");
    expect("new a-b --from scale.hip", 2, "'a-b' cannot name a kernel");
    expect("new a", 2, "--from is missing");
    expect("new a --from not_there.hip", 2, "cannot read not_there.hip: No such file");
    expect("new a --from .", 2, "");
    expect("new a --from none.hip", 2, "none.hip has no kernel: expected a __global__ function");
    expect("new a --from wrong.hip", 2, "use of undeclared identifier 'y'");
    expect("new a --from mute.hip", 2, "takes no pointer");
    expect("new a --from large.hip", 2, "is a structure of 2008 bytes");
    expect("new a --from scale.hip --arch gfx1", 2, "--arch gfx1: expected gfx1030");
    setenv("WAVEGAUGE_HIPCC", "/nowhere/hipcc", 1);
    expect("new a --from scale.hip", 3, "WAVEGAUGE_HIPCC is /nowhere/hipcc, which is no program");
    unsetenv("WAVEGAUGE_HIPCC");
    setenv("WAVEGAUGE_DEVICE_LIBRARY", TEST_FAKE_HIP, 1);
    expect("new a --from scale.hip", 3, "has no function wavegaugeDescribeKernels");
    unsetenv("WAVEGAUGE_DEVICE_LIBRARY");
    if (geteuid() != 0) {
        cr_assert_eq(chmod("scale.hip", 0), 0);
        expect("new a --from scale.hip", 2, "Permission denied");
    }
    cr_expect_eq(count_files(), files, "files were left behind");
}
