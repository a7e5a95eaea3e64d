#include "environment.h"

#include <sys/utsname.h>

json_t *environment_to_json(const struct session *session)
{
    const struct device *device = &session->device;
    struct utsname host = {0};
    uname(&host);
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s, s:i, s:i, s:I, s:I, s:s, s:s}", "version",
                     WAVEGAUGE_VERSION, "device", session->device_kind, "device_name", device->name,
                     "arch", device->arch, "wave64", session->target.wave64, "library",
                     device->library_path, "runtime_version", device->runtime_version,
                     "device_count", device->count, "device_memory_bytes",
                     (json_int_t)device->memory_bytes, "seed", (json_int_t)session->seed, "system",
                     host.sysname, "machine", host.machine);
}
