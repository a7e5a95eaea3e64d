// Checks of what a HIP function returns.
#ifndef HIP_CHECK_H
#define HIP_CHECK_H

#ifndef __HIP_PLATFORM_AMD__
#define __HIP_PLATFORM_AMD__ 1
#endif
#include <hip/hip_runtime_api.h>

#include <criterion/criterion.h>

// Fails the test, naming the call, unless it returns the error expected.
#define RETURNS(expected, call)                                                                    \
    do {                                                                                           \
        hipError_t returns_error = (call);                                                         \
        cr_assert(returns_error == (expected), "%s: %d %s, not %s", #call, (int)returns_error,     \
                  hipGetErrorName(returns_error), #expected);                                      \
    } while (0)

#define OK(call) RETURNS(hipSuccess, call)

#endif
