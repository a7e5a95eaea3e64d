// buffer_copy: dst[dst_offset + i] = src[src_offset + i] for i in [0, bytes), counted in bytes, bit
// for bit; nothing else in dst is touched and nothing outside that range of src is read.
//
// Launch: block [256], any grid; one workgroup per 16384 bytes gives every thread one step. src and
// dst may not overlap.
//
// Thread mapping: dst is cut into a head, chunks of 16 aligned bytes and a tail. Workgroups step
// through the chunks 1024 at a time, of which thread t copies those at t, t + 256, t + 512 and t +
// 768: all four are loaded before the first is stored, so that enough bytes are on their way to
// fill the memory's latency. The first threads also copy head and tail byte by byte. What a chunk's
// loads look like depends on how src lies to it: 16 bytes at once, words, or words that are shifted
// together. Shifted words reach up to 3 bytes past either end of their chunk, so head and tail take
// one chunk more then.
#include "portable.hip.h"

enum { THREADS = 256, CHUNKS = 4 };

struct alignas(16) chunk {
    uint32_t word[4];
};

__device__ static chunk load_words(const unsigned char *from)
{
    chunk result;
    const uint32_t *words = (const uint32_t *)from;
    for (int i = 0; i < 4; i++)
        result.word[i] = words[i];
    return result;
}

// `shift`: bytes from the word boundary below `from`, 1 to 3.
__device__ static chunk load_shifted(const unsigned char *from, int shift)
{
    chunk result;
    const uint32_t *words = (const uint32_t *)(from - shift);
    uint32_t low = words[0];
    for (int i = 0; i < 4; i++) {
        uint32_t high = words[i + 1];
        result.word[i] = low >> (8 * shift) | high << (32 - 8 * shift);
        low = high;
    }
    return result;
}

// The chunk at `from`; alignment: of `from`, 0 to 15.
__device__ static chunk load_chunk(const unsigned char *from, int alignment)
{
    if (alignment == 0)
        return *(const chunk *)from;
    return alignment % 4 == 0 ? load_words(from) : load_shifted(from, alignment % 4);
}

extern "C" __global__ void __launch_bounds__(THREADS)
    buffer_copy(const unsigned char *src, unsigned char *dst, int64_t bytes, int64_t src_offset,
                int64_t dst_offset)
{
    const unsigned char *from = src + src_offset;
    unsigned char *to = dst + dst_offset;
    const int64_t thread = (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
    int64_t head = (int64_t)(-(uintptr_t)to & 15);
    const int alignment = (int)((uintptr_t)(from + head) & 15);
    const bool shifted = alignment % 4 != 0;
    if (shifted)
        head += 16;
    head = head < bytes ? head : bytes;
    int64_t chunks = (bytes - head) / 16;
    if (shifted && chunks > 0)
        chunks--;
    const int64_t tail = bytes - head - 16 * chunks;

    if (thread < head)
        to[thread] = from[thread];
    if (thread < tail)
        to[bytes - tail + thread] = from[bytes - tail + thread];

    from += head;
    to += head;
    const int64_t step = (int64_t)gridDim.x * (THREADS * CHUNKS);
    for (int64_t first = (int64_t)blockIdx.x * (THREADS * CHUNKS) + threadIdx.x; first < chunks;
         first += step) {
        chunk data[CHUNKS];
        for (int i = 0; i < CHUNKS; i++)
            if (first + i * THREADS < chunks)
                data[i] = load_chunk(from + 16 * (first + i * THREADS), alignment);
        for (int i = 0; i < CHUNKS; i++)
            if (first + i * THREADS < chunks)
                *(chunk *)(to + 16 * (first + i * THREADS)) = data[i];
    }
}
