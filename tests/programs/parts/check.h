// Checks of the test programs: a failed one says where and what, and the program exits with 1.
#pragma once
#include <hip/hip_runtime.h>
#include <cstdio>
#include <cstdlib>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                         \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define RETURNS(expected, call)                                                                    \
    do {                                                                                           \
        hipError_t check_error = (call);                                                           \
        if (check_error != (expected)) {                                                           \
            printf("%s:%d: %s returned %d (%s), not %s\n", __FILE__, __LINE__, #call,              \
                   (int)check_error, hipGetErrorString(check_error), #expected);                   \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define OK(call) RETURNS(hipSuccess, call)
