// Functions of the real library that the emulator does not have: calling one is an error that names
// it.
//
// The list is of every other name that libamdhip64.so.5 exports, so that programs that use any of
// them start. hip_runtime_api.h is not included here: the parameters do not matter.
#include "unsupported.h"

#define UNSUPPORTED(name)                                                                          \
    __attribute__((visibility("default"))) int name(void);                                         \
    int name(void)                                                                                 \
    {                                                                                              \
        return unsupported(#name);                                                                 \
    }

#include "unsupported.inc"

__attribute__((visibility("default"))) int create_surface_object(void) __asm__(
    "_Z22hipCreateSurfaceObjectPP13__hip_surfacePK15hipResourceDesc");
__attribute__((visibility("default"))) int
destroy_surface_object(void) __asm__("_Z23hipDestroySurfaceObjectP13__hip_surface");

int create_surface_object(void)
{
    return unsupported("hipCreateSurfaceObject");
}

int destroy_surface_object(void)
{
    return unsupported("hipDestroySurfaceObject");
}
