// buffer_copy: dst[dst_offset + i] = src[src_offset + i] for i in [0, bytes), counted in bytes, bit for
// bit; nothing else in dst is touched and nothing outside that range of src is read.
//
// Launch: block [256], any grid; one workgroup per 4096 bytes gives every thread one step. src and dst
// may not overlap.
//
// Thread mapping: dst is cut into a head, chunks of 16 aligned bytes and a tail. Threads step through the
// chunks, each storing 16 bytes at once; the first threads also copy head and tail byte by byte. What a
// chunk's loads look like depends on how src lies to it: 16 bytes at once, words, or words that are
// shifted together. Shifted words reach up to 3 bytes past either end of their chunk, so head and tail
// take one chunk more then.
#include "portable.hip.h"

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

extern "C" __global__ void __launch_bounds__(256)
    buffer_copy(const unsigned char *src, unsigned char *dst, int64_t bytes, int64_t src_offset,
                int64_t dst_offset)
{
    const unsigned char *from = src + src_offset;
    unsigned char *to = dst + dst_offset;
    const int64_t thread = (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
    const int64_t step = (int64_t)gridDim.x * blockDim.x;
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
    for (int64_t i = thread; i < chunks; i += step) {
        chunk data;
        if (alignment == 0)
            data = *(const chunk *)(from + 16 * i);
        else if (!shifted)
            data = load_words(from + 16 * i);
        else
            data = load_shifted(from + 16 * i, alignment % 4);
        *(chunk *)(to + 16 * i) = data;
    }
}
