// HIP's bfloat16 under nvcc.
#ifndef WAVEGAUGE_CUDA_HIP_BF16_H
#define WAVEGAUGE_CUDA_HIP_BF16_H

#include <cuda_bf16.h>

typedef __nv_bfloat16 __hip_bfloat16;
typedef __nv_bfloat162 __hip_bfloat162;

#endif
