// links: wavegauge_emu_static
//
// wavegaugeDescribeKernels: what it says of parameters on every target, and that damaged code
// objects are safe. What becomes of it is tested with `wavegauge new`.
#include "kernel_fixture.h"
#include "wavegauge_describe.h"

static const char source[] =
    "#include <hip/hip_runtime.h>\n"
    "struct inner { short code; float weights[2]; };\n"
    "struct options { char flag; const _Float16 *bias; inner in; union { int i; float f; } u; };\n"
    "struct nothing {};\n"
    "enum class mode : unsigned char { a };\n"
    "namespace ns { template <typename T> __global__ void __launch_bounds__(96)\n"
    "plain(T *const out, const volatile int *in, nothing, inner s, options o, mode m)\n"
    "{ __shared__ T x[24]; x[0] = s.code; out[0] = x[0] + in[0] + (T)m + o.flag; } }\n"
    "template __global__ void ns::plain<double>(double *, const volatile int *, nothing, inner,\n"
    "                                           options, mode);\n";

static struct device_code build(enum kernel_target target)
{
    struct device_code_source code = {.text = source, .flags = "-O3 -g", .target = target};
    struct device_code image;
    struct device_code_error failure = {{0}};
    cr_assert(device_code_build(&code, &image, &failure), "%s", failure.text);
    return image;
}

static void check(const struct wavegauge_kernel_description *kernel, void *user)
{
    const struct wavegauge_parameter *p = kernel->parameters;
    ++*(int *)user;
    cr_assert_str_eq(kernel->base_name, "plain<double>");
    cr_assert_not_null(strstr(kernel->plain_name, "ns::plain<double>(double*"));
    cr_assert_eq(strncmp(kernel->name, "_ZN2ns5plain", 12), 0);
    cr_assert_eq(kernel->lds_bytes, 24 * 8);
    cr_assert_eq(kernel->max_threads, 96);
    cr_assert_eq(kernel->parameter_count, 6);
    cr_assert_str_eq(p[0].name, "out");
    cr_assert_str_eq(p[0].type, "double *");
    cr_assert(p[0].parts[0].is_pointer && !p[0].parts[0].is_const);
    cr_assert_eq(p[0].parts[0].type, WAVEGAUGE_TYPE_F64);
    cr_assert_str_eq(p[1].name, "in");
    cr_assert(p[1].is_pointer && p[1].parts[0].is_const && p[1].offset == 8);
    cr_assert_eq(p[1].parts[0].type, WAVEGAUGE_TYPE_I32);
    cr_assert(p[2].part_count == 0 && p[2].size == 1); // `nothing`
    cr_assert_eq(p[3].part_count, 3);
    cr_assert_str_eq(p[3].parts[2].name, "weights[1]");
    cr_assert_eq(p[3].parts[2].offset, 8);
    cr_assert_eq(p[3].parts[2].type, WAVEGAUGE_TYPE_F32);
    cr_assert(p[4].part_count == 0 && p[4].size == 32); // a union is no list of parts
    cr_assert_str_eq(p[4].type, "options");
    cr_assert_eq(p[5].parts[0].type, WAVEGAUGE_TYPE_U8);
    cr_assert_eq(p[5].size, 1);
}

Test(kernel_description, parameters_on_every_target, .timeout = 120)
{
    for (enum kernel_target target = 0; target < KERNEL_TARGET_COUNT; target++) {
        struct device_code image = build(target);
        char message[512] = "";
        int kernels = 0;
        cr_assert_eq(wavegaugeDescribeKernels(image.data, image.size,
                                              kernel_target_processor(target), check, &kernels,
                                              message, sizeof message),
                     0, "%s", message);
        cr_assert_eq(kernels, 1);
        device_code_free(&image);
    }
}

static void ignore(const struct wavegauge_kernel_description *kernel, void *user)
{
    size_t *length = user;
    *length += strlen(kernel->name) + strlen(kernel->plain_name) + strlen(kernel->base_name);
    for (size_t i = 0; i < kernel->parameter_count; i++) {
        const struct wavegauge_parameter *parameter = &kernel->parameters[i];
        *length += strlen(parameter->name) + strlen(parameter->type);
        for (size_t j = 0; j < parameter->part_count; j++) {
            cr_assert_leq((uint64_t)parameter->parts[j].offset + parameter->parts[j].size,
                          parameter->size);
            *length += strlen(parameter->parts[j].name);
        }
    }
}

// Cut off, and with bytes changed, those of the debug information above all.
Test(kernel_description, damaged_code_objects_are_safe, .timeout = 120)
{
    struct device_code image = build(KERNEL_TARGET_GFX1030);
    unsigned char *copy = malloc(image.size);
    uint64_t state = 1;
    size_t length = 0;
    char message[512];
    cr_assert_not_null(copy);
    for (unsigned round = 0; round < 600; round++) {
        memcpy(copy, image.data, image.size);
        size_t size = round % 3 == 0 ? image.size * (round + 1) / 600 : image.size;
        for (unsigned i = 0; round % 3 != 0 && i < 1 + round % 40; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            copy[(state >> 33) % image.size] = (unsigned char)(state >> 25);
        }
        message[0] = '\0';
        int status = wavegaugeDescribeKernels(copy, size, "gfx1030", ignore, &length, message,
                                              sizeof message);
        cr_assert(status == 0 || message[0] != '\0');
    }
    cr_assert_gt(length, 0);
    free(copy);
    device_code_free(&image);
}
