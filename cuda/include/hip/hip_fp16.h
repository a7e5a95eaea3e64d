// HIP's half precision under nvcc: the types and functions have CUDA's names in both.
#ifndef WAVEGAUGE_CUDA_HIP_FP16_H
#define WAVEGAUGE_CUDA_HIP_FP16_H

#include <cuda_fp16.h>

#endif
