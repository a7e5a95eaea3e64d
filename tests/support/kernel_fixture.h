// Runs device code in a test: builds it, loads it, launches it, and gives back what it wrote.
//
//     KernelTest(saxpy, adds)
//     {
//         float x[100], y[100];
//         ...
//         kernel_run(&(struct kernel_call){
//             .target = *target,
//             .file = "saxpy.hip",             // tests/kernels/saxpy.hip
//             .flags = "-O3",
//             .function = "saxpy",
//             .grid = {4},
//             .block = {32},
//             .arguments = {KERNEL_ARRAY(x), KERNEL_ARRAY(y), KERNEL_VALUE(a), KERNEL_VALUE(n)},
//         });
//         cr_assert_float_eq(y[7], ...);
//     }
//
// A test made with KernelTest runs once for every target. Criterion gives each test a process of
// its own, and a process has one emulated device: the first call fixes it, a call for another one
// fails the test.
//
// A file may say in its first lines with which flags it is to be built along with the tests, so
// that the tests find it in the cache:  // build: -O0 -g Without such a line that is once, with
// -O2.
#ifndef KERNEL_FIXTURE_H
#define KERNEL_FIXTURE_H

#include "device_code.h"
#include "kernel_target.h"

#ifndef __HIP_PLATFORM_AMD__
#define __HIP_PLATFORM_AMD__ 1
#endif
#include <hip/hip_runtime_api.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stddef.h>

// A test for every target, which the body finds in *target.
#define KernelTest(suite, name, ...)                                                               \
    ParameterizedTestParameters(suite, name)                                                       \
    {                                                                                              \
        return kernel_target_parameters();                                                         \
    }                                                                                              \
    ParameterizedTest(enum kernel_target *target, suite, name, ##__VA_ARGS__)

struct criterion_test_params kernel_target_parameters(void);

#define KERNEL_MAX_ARGUMENTS 32

struct kernel_argument {
    void *host;    // the value, or the array that is copied to the device before and back after
    size_t bytes;  // of host
    bool is_array; // otherwise a value
};

// An array variable (not a pointer), or a pointer with its size in bytes.
#define KERNEL_ARRAY(array)                                                                        \
    {                                                                                              \
        .host = (array), .bytes = sizeof(array), .is_array = true                                  \
    }
#define KERNEL_BYTES(pointer, size)                                                                \
    {                                                                                              \
        .host = (pointer), .bytes = (size), .is_array = true                                       \
    }
// A variable that is passed by value, a structure or a device pointer too.
#define KERNEL_VALUE(variable)                                                                     \
    {                                                                                              \
        .host = (void *)&(variable), .bytes = sizeof(variable)                                     \
    }

struct kernel_call {
    enum kernel_target target;
    enum kernel_language language; // KERNEL_HIP unless said
    const char *file;              // as in struct device_code_source: one of file and text
    const char *text;
    const char *flags;
    const char *function; // its extern "C" name
    unsigned grid[3];     // workgroups; 0 is taken as 1
    unsigned block[3];    // work-items in a workgroup; 0 is taken as 1
    unsigned dynamic_lds; // bytes
    struct kernel_argument arguments[KERNEL_MAX_ARGUMENTS]; // up to the first with 0 bytes
};

// Runs the call and waits for it. Anything that goes wrong fails the test with what it was.
void kernel_run(const struct kernel_call *call);

// The same, but gives back what the launch or the wait for it returned. Arrays are copied back all
// the same when the device still answers. Building, loading and allocating must succeed.
hipError_t kernel_try(const struct kernel_call *call);

// For tests that make the HIP calls themselves: choose the device, build and load. The module is
// for hipModuleUnload.
void kernel_choose_device(enum kernel_target target);
hipModule_t kernel_load(const struct kernel_call *call);

// Builds only; for device_code_free.
struct device_code kernel_fixture_build(const struct kernel_call *call);

// Assembles AMDGPU assembly to an ELF code object; for device_code_free.
struct device_code kernel_fixture_assemble(const char *text, enum kernel_target target,
                                           const char *flags);

// The assembly of one whole kernel around a body: descriptor and metadata included. On entry s[0:1]
// is the kernarg segment, s2 the workgroup id x, v0 the work-item id (x only when the block is
// one-dimensional). 64 VGPRs, the SGPRs up to s95, 1024 bytes of LDS, no scratch; the body ends
// with s_endpgm. The kernel has one argument for each letter of arguments: p a pointer, i four
// bytes, l eight bytes by value. The text is for free().
char *kernel_assembly(enum kernel_target target, const char *name, const char *arguments,
                      const char *body);

// Fails the test, naming the call, unless it returns hipSuccess.
#define HIP_OK(call)                                                                               \
    do {                                                                                           \
        hipError_t hip_ok_error = (call);                                                          \
        cr_assert(hip_ok_error == hipSuccess, "%s: %d %s", #call, (int)hip_ok_error,               \
                  hipGetErrorString(hip_ok_error));                                                \
    } while (0)

#endif
