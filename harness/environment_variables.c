#include "manual.h"

#include <stddef.h>

const struct environment_variable environment_variables[] = {
    {"WAVEGAUGE_CASES", "the folder of case files that is taken for the project's own"},
    {"WAVEGAUGE_CACHE", "where compiled kernels are kept; ~/.cache/wavegauge unless given"},
    {"WAVEGAUGE_HIPCC", "the hipcc to compile with, in place of that of PATH"},
    {"WAVEGAUGE_NVCC", "the nvcc to compile with, in place of that of PATH"},
    {"WAVEGAUGE_CC", "the C compiler for references of case files; cc unless given"},
    {"WAVEGAUGE_DEVICE_LIBRARY",
     "the library that provides HIP, in place of the one that --device stands for"},
    {"WAVEGAUGE_CUDA_DRIVER", "the CUDA driver, in place of libcuda.so.1"},
    {"WAVEGAUGE_CUBLAS", "the cuBLAS of `bench --peers`"},
    {"WAVEGAUGE_NVML", "the library that tells `bench` the GPU's clock"},
    {"WAVEGAUGE_ARCH",
     "the target that the emulator is, for programs that run on it by themselves"},
    {"WAVEGAUGE_CHECK", "the checks of such programs, as --check takes them"},
    {"WAVEGAUGE_MISALIGNED", "`allow` lets accesses pass that are not aligned, but for atomics"},
    {"WAVEGAUGE_TIMEOUT", "seconds after which the emulator ends a launch"},
    {"WAVEGAUGE_THREADS",
     "how many threads the emulator has; as many as there are cores unless given"},
    {"WAVEGAUGE_CPU",
     "the CPU level whose instructions the emulator uses: baseline, avx2 or avx512"},
    {"WAVEGAUGE_DIAGNOSIS_SECONDS",
     "processor time that `run` may take to find the pattern of one failing case; 4 unless given"},
    {"WAVEGAUGE_REPORT_FILE", "a file to which the emulator appends its findings as JSON"},
    {"WAVEGAUGE_HISTORY", "the file of `wavegauge history`, in place of one in the home"},
    {"WAVEGAUGE_REPORTS", "the folder with the templates and plot scripts of `wavegauge report`"},
    {"NO_COLOR", "when set, no colours"},
    {NULL, NULL},
};
