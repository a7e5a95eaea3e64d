#include "memory_need.h"

#include <inttypes.h>
#include <stdio.h>

// What the emulator's checks keep per byte of device memory, and the page tables of all of it.
enum { EMULATED_BYTES_PER_BYTE = 2 };

// For everything else on the host.
static const uint64_t spare_bytes = (uint64_t)1 << 30;

struct memory_need memory_need_of(const struct plan *plan)
{
    struct memory_need need = {0};
    const struct reference *reference = plan->reference;
    for (size_t i = 0; i < plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &plan->tensors[i];
        enum tensor_io io = tensor->tensor->io;
        uint64_t bytes = tensor->bytes, doubles = sizeof(double) * (uint64_t)tensor->count;
        bool input = io == IO_IN || io == IO_INOUT, output = io == IO_OUT || io == IO_INOUT;
        need.device += bytes;
        need.host += bytes; // the image of the device's buffer
        if (input)
            need.host += bytes + (reference->bitwise ? 0 : doubles);
        if (output)
            need.host += 2 * bytes + (reference->bitwise ? bytes : 2 * doubles);
    }
    return need;
}

// The number on the line of a file that starts with `name`; without one, the file's first. False
// when there is none.
static bool read_number(const char *path, const char *name, uint64_t *number)
{
    char line[256], format[64];
    bool found = false;
    FILE *stream = fopen(path, "r");
    if (stream == NULL)
        return false;
    snprintf(format, sizeof format, "%s%%" SCNu64, name);
    while (!found && fgets(line, sizeof line, stream) != NULL)
        found = sscanf(line, format, number) == 1;
    fclose(stream);
    return found;
}

uint64_t host_memory_available(void)
{
    uint64_t available = UINT64_MAX, kibibytes, limit, used;
    if (read_number("/proc/meminfo", "MemAvailable:", &kibibytes))
        available = kibibytes << 10;
    if (read_number("/sys/fs/cgroup/memory.max", "", &limit) &&
        read_number("/sys/fs/cgroup/memory.current", "", &used)) {
        uint64_t left = limit > used ? limit - used : 0;
        available = left < available ? left : available;
    }
    return available;
}

static bool report(const char *whose, uint64_t need, uint64_t have, struct error *error)
{
    return error_set(error, EXIT_NOTHING,
                     "this case needs %.1f GiB of the %s's memory, of which %.1f GiB are free",
                     (double)need * 0x1p-30, whose, (double)have * 0x1p-30);
}

bool memory_suffices(const struct device *device, const struct plan *plan, struct error *error)
{
    struct memory_need need = memory_need_of(plan);
    size_t free_bytes, total_bytes;
    if (!HIP_CALL(device, error, hipMemGetInfo(&free_bytes, &total_bytes)))
        return false;
    if (need.device > free_bytes)
        return report("device", need.device, free_bytes, error);
    // Only the emulator says what kernels may touch.
    if (device->api.wavegaugeMemorySetAccessible != NULL)
        need.host += EMULATED_BYTES_PER_BYTE * need.device;
    need.host += spare_bytes;
    uint64_t available = host_memory_available();
    return need.host <= available || report("host", need.host, available, error);
}
