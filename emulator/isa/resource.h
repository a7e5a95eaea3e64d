// Buffer resources (V#) and the addresses that MUBUF and MTBUF instructions make of them.
//
// Layout and formulas: AMD's ISA manuals for Vega, RDNA2 and RDNA3, "Buffer resource descriptor"
// and "Buffer addressing"; what NUM_RECORDS counts on gfx9: the comments in Mesa's radeonsi.
#ifndef WAVEGAUGE_ISA_RESOURCE_H
#define WAVEGAUGE_ISA_RESOURCE_H

#include "scratch.h"

struct resource {
    uint32_t word[4];
};

ALWAYS_INLINE struct resource read_resource(const struct wave *wave, const struct operand *operand)
{
    struct resource resource;
    for (unsigned k = 0; k < 4; k++)
        resource.word[k] = wave->sgpr[operand->index + k];
    return resource;
}

ALWAYS_INLINE uint64_t resource_base(const struct resource *resource)
{
    return (uint64_t)(resource->word[1] & 0xffff) << 32 | resource->word[0];
}

ALWAYS_INLINE uint32_t resource_stride(const struct resource *resource)
{
    return resource->word[1] >> 16 & 0x3fff;
}

// Is it the one that dispatch hands out for private memory?
ALWAYS_INLINE bool resource_is_scratch(const struct resource *resource)
{
    return resource_base(resource) == SCRATCH_WINDOW && resource->word[1] >> 31;
}

// The operands after the data, in text order: the address ("off", or one or two VGPRs), V#, scalar
// offset.
enum { BUFFER_ADDRESS = 0, BUFFER_RESOURCE = 1, BUFFER_SCALAR_OFFSET = 2 };

// Private memory: the scalar offset counts bytes of the whole wave, the others bytes of a lane.
ALWAYS_INLINE struct scratch_place buffer_scratch_place(struct wave *wave,
                                                        const struct instruction *instruction,
                                                        const struct operand *operands)
{
    struct scratch_place place = {.base = (uint32_t)instruction->offset};
    if (instruction->flags & FLAG_OFFEN)
        place.varying = wave->vgpr + operands[BUFFER_ADDRESS].offset;
    place.base += scalar32(wave, &operands[BUFFER_SCALAR_OFFSET]) / wave->lanes;
    return place;
}

struct buffer_lanes {
    uint64_t address[64];
    uint64_t in_range; // active lanes that touch memory; loads of the others give 0
};

// How an out-of-range lane is told, by what the resource and the target say.
enum buffer_range {
    RANGE_STRUCTURED_OFFSET =
        0,                // index beyond the records, or offset and payload beyond the stride
    RANGE_STRUCTURED = 1, // index beyond the records
    RANGE_NONE = 2,       // only when there are no records
    RANGE_RAW = 3,        // offset and payload beyond the records, which are bytes
    RANGE_RAW_START = 4,  // the same for the offset alone
};

static inline enum buffer_range resource_range(const struct resource *resource,
                                               const struct instruction *instruction)
{
    if (instruction->target_family != GFX9)
        return (enum buffer_range)(resource->word[3] >> 28 & 3);
    bool structured = instruction->flags & FLAG_IDXEN && resource_stride(resource);
    return structured ? RANGE_STRUCTURED : RANGE_RAW_START;
}

struct buffer_position {
    uint64_t index, offset; // record, and bytes within it
};

static inline bool position_in_range(const struct resource *resource, enum buffer_range range,
                                     struct buffer_position position, uint32_t scalar_offset,
                                     uint32_t bytes)
{
    uint64_t records = resource->word[2];
    switch (range) {
    case RANGE_STRUCTURED_OFFSET:
        return position.index < records && position.offset + bytes <= resource_stride(resource);
    case RANGE_STRUCTURED:
        return position.index < records;
    case RANGE_NONE:
        return records != 0;
    case RANGE_RAW:
        return position.offset + scalar_offset + bytes <= records;
    case RANGE_RAW_START:
        return position.offset + scalar_offset < records;
    }
    return false;
}

// Bytes from the base, the scalar offset aside.
static inline uint64_t position_bytes(const struct resource *resource, enum target_family family,
                                      struct buffer_position position)
{
    uint32_t swizzle = family == GFX11 ? resource->word[1] >> 30 : resource->word[1] >> 31;
    uint64_t stride = resource_stride(resource);
    if (!swizzle)
        return position.index * stride + position.offset;
    uint64_t element = family == GFX11 ? 2u << swizzle : 4;
    uint64_t index_stride = 8u << (resource->word[3] >> 21 & 3);
    uint64_t row = position.index / index_stride * stride + position.offset / element * element;
    return row * index_stride + position.index % index_stride * element + position.offset % element;
}

// bytes: what each lane accesses.
NEVER_INLINE void buffer_addresses(struct wave *wave, const struct instruction *instruction,
                                   const struct operand *operands, uint32_t bytes,
                                   struct buffer_lanes *lanes)
{
    struct resource resource = read_resource(wave, &operands[BUFFER_RESOURCE]);
    uint32_t scalar_offset = scalar32(wave, &operands[BUFFER_SCALAR_OFFSET]);
    enum buffer_range range = resource_range(&resource, instruction);
    const uint32_t *vector = wave->vgpr + operands[BUFFER_ADDRESS].offset;
    const uint32_t *index = instruction->flags & FLAG_IDXEN ? vector : NULL;
    const uint32_t *offset =
        instruction->flags & FLAG_OFFEN ? vector + (index ? wave->lanes : 0) : NULL;
    bool add_thread = resource.word[3] >> 23 & 1;
    lanes->in_range = 0;
    FOR_EACH_LANE(wave->exec, i)
    {
        struct buffer_position position = {
            .index = (index ? index[i] : 0) + (add_thread ? i : 0),
            .offset = (uint64_t)(offset ? offset[i] : 0) + (uint32_t)instruction->offset,
        };
        if (position_in_range(&resource, range, position, scalar_offset, bytes))
            lanes->in_range |= UINT64_C(1) << i;
        lanes->address[i] =
            resource_base(&resource) + scalar_offset +
            position_bytes(&resource, (enum target_family)instruction->target_family, position);
    }
}

#endif
