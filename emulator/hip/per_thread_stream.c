// Variants whose default stream is the thread's own. Streams do not differ in when they run.
#include "runtime.h"

static hipStream_t own(hipStream_t stream)
{
    return stream ? stream : hipStreamPerThread;
}

// HIP's header declares them no more from 5.3 on: only this says that others may call them.
#pragma GCC visibility push(default)

hipError_t hipMemcpy_spt(void *target, const void *source, size_t bytes, hipMemcpyKind kind)
{
    return hipMemcpy(target, source, bytes, kind);
}

hipError_t hipMemcpyAsync_spt(void *target, const void *source, size_t bytes, hipMemcpyKind kind,
                              hipStream_t stream)
{
    return hipMemcpyAsync(target, source, bytes, kind, own(stream));
}

hipError_t hipMemcpyToSymbol_spt(const void *symbol, const void *source, size_t bytes,
                                 size_t offset, hipMemcpyKind kind)
{
    return hipMemcpyToSymbol(symbol, source, bytes, offset, kind);
}

hipError_t hipMemcpyFromSymbol_spt(void *target, const void *symbol, size_t bytes, size_t offset,
                                   hipMemcpyKind kind)
{
    return hipMemcpyFromSymbol(target, symbol, bytes, offset, kind);
}

hipError_t hipMemcpy2D_spt(void *target, size_t target_pitch, const void *source,
                           size_t source_pitch, size_t width, size_t height, hipMemcpyKind kind)
{
    return hipMemcpy2D(target, target_pitch, source, source_pitch, width, height, kind);
}

hipError_t hipMemcpy3D_spt(const struct hipMemcpy3DParms *parameters)
{
    return hipMemcpy3D(parameters);
}

hipError_t hipMemset_spt(void *target, int value, size_t bytes)
{
    return hipMemset(target, value, bytes);
}

hipError_t hipMemset2D_spt(void *target, size_t pitch, int value, size_t width, size_t height)
{
    return hipMemset2D(target, pitch, value, width, height);
}

hipError_t hipMemset3D_spt(hipPitchedPtr target, int value, hipExtent extent)
{
    return hipMemset3D(target, value, extent);
}

HIP_EXPORT hipError_t hipMemsetAsync_spt(void *target, int value, size_t bytes, hipStream_t stream)
{
    return hipMemsetAsync(target, value, bytes, own(stream));
}

hipError_t hipStreamQuery_spt(hipStream_t stream)
{
    return hipStreamQuery(own(stream));
}

hipError_t hipStreamSynchronize_spt(hipStream_t stream)
{
    return hipStreamSynchronize(own(stream));
}

hipError_t hipStreamGetPriority_spt(hipStream_t stream, int *priority)
{
    return hipStreamGetPriority(own(stream), priority);
}

hipError_t hipStreamGetFlags_spt(hipStream_t stream, unsigned int *flags)
{
    return hipStreamGetFlags(own(stream), flags);
}

hipError_t hipStreamWaitEvent_spt(hipStream_t stream, hipEvent_t event, unsigned int flags)
{
    return hipStreamWaitEvent(own(stream), event, flags);
}

HIP_EXPORT hipError_t hipEventRecord_spt(hipEvent_t event, hipStream_t stream)
{
    return hipEventRecord(event, own(stream));
}

HIP_EXPORT hipError_t hipLaunchHostFunc_spt(hipStream_t stream, hipHostFn_t function, void *data)
{
    return hipLaunchHostFunc(own(stream), function, data);
}

HIP_EXPORT hipError_t hipStreamAddCallback_spt(hipStream_t stream, hipStreamCallback_t callback,
                                               void *data, unsigned int flags)
{
    return hipStreamAddCallback(own(stream), callback, data, flags);
}

hipError_t hipLaunchCooperativeKernel_spt(const void *function, dim3 grid, dim3 block,
                                          void **parameters, uint32_t dynamic_lds,
                                          hipStream_t stream)
{
    return hipLaunchCooperativeKernel(function, grid, block, parameters, dynamic_lds, own(stream));
}

hipError_t hipLaunchKernel_spt(const void *function, dim3 grid, dim3 block, void **parameters,
                               size_t dynamic_lds, hipStream_t stream)
{
    return hipLaunchKernel(function, grid, block, parameters, dynamic_lds, own(stream));
}

HIP_EXPORT hipError_t hipGraphLaunch_spt(hipGraphExec_t graph, hipStream_t stream)
{
    return hipGraphLaunch(graph, own(stream));
}
