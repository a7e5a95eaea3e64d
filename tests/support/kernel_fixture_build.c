// The half of the fixture that needs no device.
#include "kernel_fixture.h"

struct criterion_test_params kernel_target_parameters(void)
{
    static enum kernel_target targets[KERNEL_TARGET_COUNT] = {
        KERNEL_TARGET_GFX1030, KERNEL_TARGET_GFX1030_WAVE64, KERNEL_TARGET_GFX1100,
        KERNEL_TARGET_GFX90A};
    return cr_make_param_array(enum kernel_target, targets, KERNEL_TARGET_COUNT);
}

static struct device_code build_image(const struct device_code_source *build)
{
    struct device_code image;
    struct device_code_error error = {{0}};
    cr_assert(device_code_build(build, &image, &error), "building %s for %s: %s",
              build->file ? build->file : "a kernel", kernel_target_name(build->target),
              error.text);
    return image;
}

struct device_code kernel_fixture_build(const struct kernel_call *call)
{
    return build_image(&(struct device_code_source){
        .language = call->language,
        .file = call->file,
        .text = call->text,
        .flags = call->flags,
        .target = call->target,
    });
}

struct device_code kernel_fixture_assemble(const char *text, enum kernel_target target,
                                           const char *flags)
{
    return build_image(&(struct device_code_source){
        .language = KERNEL_ASSEMBLY, .text = text, .flags = flags, .target = target});
}
