// Streams and events; the numbers of their flags that CUDA has are CUDA's.
#include "hip.h"

enum { STREAM_FLAGS = 1, EVENT_FLAGS = 7 };

HIP_IS_CUDA(hipStreamCreateWithFlags, (hipStream_t * stream, unsigned flags), cuStreamCreate,
            (CUstream *)stream, flags &STREAM_FLAGS)
HIP_IS_CUDA(hipStreamCreate, (hipStream_t * stream), cuStreamCreate, (CUstream *)stream, 0)
HIP_IS_CUDA(hipStreamDestroy, (hipStream_t stream), cuStreamDestroy_v2, (CUstream)stream)
HIP_IS_CUDA(hipStreamSynchronize, (hipStream_t stream), cuStreamSynchronize, (CUstream)stream)
HIP_IS_CUDA(hipStreamQuery, (hipStream_t stream), cuStreamQuery, (CUstream)stream)
HIP_IS_CUDA(hipStreamWaitEvent, (hipStream_t stream, hipEvent_t event, unsigned flags),
            cuStreamWaitEvent, (CUstream)stream, (CUevent)event, flags)

HIP_IS_CUDA(hipEventCreateWithFlags, (hipEvent_t * event, unsigned flags), cuEventCreate,
            (CUevent *)event, flags &EVENT_FLAGS)
HIP_IS_CUDA(hipEventCreate, (hipEvent_t * event), cuEventCreate, (CUevent *)event, 0)
HIP_IS_CUDA(hipEventDestroy, (hipEvent_t event), cuEventDestroy_v2, (CUevent)event)
HIP_IS_CUDA(hipEventRecord, (hipEvent_t event, hipStream_t stream), cuEventRecord, (CUevent)event,
            (CUstream)stream)
HIP_IS_CUDA(hipEventSynchronize, (hipEvent_t event), cuEventSynchronize, (CUevent)event)
HIP_IS_CUDA(hipEventQuery, (hipEvent_t event), cuEventQuery, (CUevent)event)
HIP_IS_CUDA(hipEventElapsedTime, (float *milliseconds, hipEvent_t start, hipEvent_t stop),
            cuEventElapsedTime, milliseconds, (CUevent)start, (CUevent)stop)
