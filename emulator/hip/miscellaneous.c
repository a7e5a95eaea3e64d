// Entry points of the library that are no part of HIP's interface, but that programs and tools link
// to.
#include "runtime.h"

#include "unsupported.h"

#include <string.h>

// Half precision conversions under the names that older compilers called.
HIP_EXPORT float __gnu_h2f_ieee(unsigned short half)
{
    _Float16 value;
    memcpy(&value, &half, sizeof value);
    return (float)value;
}

HIP_EXPORT unsigned short __gnu_f2h_ieee(float single)
{
    _Float16 value = (_Float16)single;
    unsigned short half;
    memcpy(&half, &value, sizeof half);
    return half;
}

// There are no precompiled headers for run-time compilation.
HIP_EXPORT void __hipGetPCH(const char **header, unsigned int *size)
{
    *header = NULL;
    *size = 0;
}

const char *hipApiName(uint32_t id)
{
    (void)id;
    return "unknown";
}

HIP_EXPORT const char *hipGetCmdName(unsigned operation)
{
    (void)operation;
    return "unknown";
}

HIP_EXPORT const char *amd_dbgapi_get_build_name(void)
{
    return "wavegauge";
}

HIP_EXPORT const char *amd_dbgapi_get_git_hash(void)
{
    return "";
}

HIP_EXPORT size_t amd_dbgapi_get_build_id(void)
{
    return 0;
}

HIP_EXPORT hipChannelFormatDesc hipCreateChannelDesc(int x, int y, int z, int w,
                                                     hipChannelFormatKind kind)
{
    return (hipChannelFormatDesc){x, y, z, w, kind};
}

int unsupported(const char *function)
{
    runtime_lock();
    return (int)runtime_end(runtime_complain(hipErrorNotSupported, function,
                                             "the emulator does not have this function"));
}
