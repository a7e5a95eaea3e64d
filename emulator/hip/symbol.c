// Device variables by the address of their host twin.
#include "copy.h"
#include "registration.h"

hipError_t hipGetSymbolAddress(void **address, const void *symbol)
{
    size_t bytes;
    hipError_t error = runtime_begin();
    if (!error && !address)
        error = hipErrorInvalidValue;
    return runtime_end(error ?: registration_variable(symbol, address, &bytes));
}

hipError_t hipGetSymbolSize(size_t *size, const void *symbol)
{
    void *address;
    hipError_t error = runtime_begin();
    if (!error && !size)
        error = hipErrorInvalidValue;
    return runtime_end(error ?: registration_variable(symbol, &address, size));
}

// The address of [offset, offset + bytes) of a variable.
static hipError_t part(const void *symbol, size_t bytes, size_t offset, void **address)
{
    size_t size;
    hipError_t error = registration_variable(symbol, address, &size);
    if (!error && (offset > size || bytes > size - offset))
        error = hipErrorInvalidValue;
    if (!error)
        *address = (char *)*address + offset;
    return error;
}

hipError_t symbol_write(const void *symbol, const void *source, size_t bytes, size_t offset,
                        hipMemcpyKind kind, struct copy *copy)
{
    void *address;
    if (kind != hipMemcpyHostToDevice && kind != hipMemcpyDeviceToDevice &&
        kind != hipMemcpyDefault)
        return hipErrorInvalidMemcpyDirection;
    hipError_t error = part(symbol, bytes, offset, &address);
    if (!error)
        *copy = copy_flat(address, source, bytes, kind);
    return error;
}

hipError_t symbol_read(void *target, const void *symbol, size_t bytes, size_t offset,
                       hipMemcpyKind kind, struct copy *copy)
{
    void *address;
    if (kind != hipMemcpyDeviceToHost && kind != hipMemcpyDeviceToDevice &&
        kind != hipMemcpyDefault)
        return hipErrorInvalidMemcpyDirection;
    hipError_t error = part(symbol, bytes, offset, &address);
    if (!error)
        *copy = copy_flat(target, address, bytes, kind);
    return error;
}

static hipError_t submit(const struct copy *copy, hipStream_t stream)
{
    return operation_submit(stream, &(struct operation){.kind = OPERATION_COPY, .copy = *copy});
}

hipError_t hipMemcpyToSymbol(const void *symbol, const void *source, size_t bytes, size_t offset,
                             hipMemcpyKind kind)
{
    struct copy copy;
    return runtime_end(runtime_begin() ?: symbol_write(symbol, source, bytes, offset, kind, &copy)
                           ?: submit(&copy, NULL) ?: runtime_take_pending());
}

hipError_t hipMemcpyToSymbolAsync(const void *symbol, const void *source, size_t bytes,
                                  size_t offset, hipMemcpyKind kind, hipStream_t stream)
{
    struct copy copy;
    return runtime_end(runtime_begin() ?: symbol_write(symbol, source, bytes, offset, kind, &copy)
                           ?: submit(&copy, stream));
}

hipError_t hipMemcpyFromSymbol(void *target, const void *symbol, size_t bytes, size_t offset,
                               hipMemcpyKind kind)
{
    struct copy copy;
    return runtime_end(runtime_begin() ?: symbol_read(target, symbol, bytes, offset, kind, &copy)
                           ?: submit(&copy, NULL) ?: runtime_take_pending());
}

hipError_t hipMemcpyFromSymbolAsync(void *target, const void *symbol, size_t bytes, size_t offset,
                                    hipMemcpyKind kind, hipStream_t stream)
{
    struct copy copy;
    return runtime_end(runtime_begin() ?: symbol_read(target, symbol, bytes, offset, kind, &copy)
                           ?: submit(&copy, stream));
}
