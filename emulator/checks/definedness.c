#include "definedness.h"

#include <stdlib.h>
#include <string.h>

// compute_pgm_rsrc2
#define WORKGROUP_ID(rsrc2, axis)     ((rsrc2) >> (7 + (axis)) & 1)
#define USER_SGPRS(rsrc2)             ((rsrc2) >> 1 & 31)
#define WORKGROUP_INFORMATION(rsrc2)  ((rsrc2) >> 10 & 1)
#define WORKITEM_ID_DIMENSIONS(rsrc2) (((rsrc2) >> 11 & 3) + 1)

static size_t scratch_size(uint32_t scratch_bytes, unsigned lanes)
{
    return ((size_t)scratch_bytes + 3) / 4 * 4 * lanes;
}

static void *allocate(size_t bytes)
{
    return aligned_alloc(64, (bytes + 191) & ~(size_t)63);
}

static void wave_destroy(struct definedness *wave)
{
    if (!wave)
        return;
    free(wave->rows.vgpr);
    free(wave->origin);
    free(wave->scratch);
    free(wave->scratch_origin);
    free(wave);
}

static struct definedness *wave_create(struct group_definedness *group, unsigned lanes,
                                       uint32_t scratch_bytes)
{
    struct definedness *wave = allocate(sizeof *wave);
    if (!wave)
        return NULL;
    memset(wave, 0, sizeof *wave);
    size_t rows = (size_t)DEFINEDNESS_ROWS * lanes * sizeof(uint32_t);
    wave->rows.lanes = lanes;
    wave->rows.full = lanes == 64 ? ~UINT64_C(0) : UINT32_MAX;
    wave->rows.vgpr = allocate(rows);
    wave->origin = allocate(rows);
    wave->scratch = allocate(scratch_size(scratch_bytes, lanes));
    wave->scratch_origin = allocate(scratch_size(scratch_bytes, lanes));
    wave->lds = group->lds;
    wave->lds_origin = group->lds_origin;
    if (wave->rows.vgpr && wave->origin && wave->scratch && wave->scratch_origin)
        return wave;
    wave_destroy(wave);
    return NULL;
}

void definedness_destroy(struct group_definedness *group, uint32_t waves)
{
    if (!group)
        return;
    for (uint32_t i = 0; group->waves && i < waves; i++)
        wave_destroy(group->waves[i]);
    free(group->waves);
    free(group->lds);
    free(group->lds_origin);
    free(group);
}

// What dispatch and the trap handler set before the first instruction; see group.c.
static void start_scalars(uint32_t *scalar, const struct kernel *kernel)
{
    memset(scalar, 0xff, SCALAR_REGISTERS * sizeof *scalar);
    unsigned set = USER_SGPRS(kernel->rsrc2) + WORKGROUP_INFORMATION(kernel->rsrc2) + 1;
    for (unsigned axis = 0; axis < 3; axis++)
        set += WORKGROUP_ID(kernel->rsrc2, axis);
    memset(scalar, 0, set * sizeof *scalar);
    for (unsigned i = TTMP0; i < M0; i++)
        scalar[i] = 0;
    for (unsigned i = NULL_REGISTER; i < SCALAR_REGISTERS; i++)
        scalar[i] = 0;
    scalar[SCALAR_SCC] = 1;
    scalar[NO_SLOT] = 0;
}

struct group_definedness *definedness_create(const struct workgroup *group, unsigned lanes,
                                             uint32_t scratch_bytes)
{
    struct group_definedness *created = calloc(1, sizeof *created);
    if (!created)
        return NULL;
    created->waves = calloc(group->wave_count + 1, sizeof *created->waves);
    created->lds = allocate((size_t)group->lds_size + 4);
    created->lds_origin = allocate((size_t)group->lds_size + 4);
    bool good = created->waves && created->lds && created->lds_origin;
    for (uint32_t i = 0; good && i < group->wave_count; i++)
        good = (created->waves[i] = wave_create(created, lanes, scratch_bytes)) != NULL;
    if (good && group->launch->kernel)
        start_scalars(created->scalar, group->launch->kernel);
    if (good)
        return created;
    definedness_destroy(created, group->wave_count);
    return NULL;
}

static void forget_registers(struct definedness *wave, unsigned first, uint32_t count)
{
    count = count < 256 ? count : 256;
    uint64_t full = wave->rows.full;
    for (unsigned i = first; i < first + count; i++) {
        wave->vector[i] = (lane_halves){full, full};
        wave->fresh[i] = true;
    }
}

static void wave_start(struct definedness *definedness, const struct wave *wave,
                       const uint32_t *scalar)
{
    const struct kernel *kernel = wave->launch->kernel;
    unsigned dimensions = WORKITEM_ID_DIMENSIONS(kernel->rsrc2);
    unsigned rows = kernel->object->target->family != GFX10 ? 1 : dimensions > 3 ? 3 : dimensions;
    size_t scratch = scratch_size(wave->scratch_bytes, wave->lanes);
    definedness->asked_by = NULL;
    definedness->calls.count = 0;
    definedness->scratch_used = 0;
    forget_registers(definedness, 0, kernel->vgprs);
    forget_registers(definedness, 256, kernel->agprs);
    for (unsigned i = 0; i < rows; i++)
        definedness_define(definedness, i, ~UINT64_C(0));
    memcpy(definedness->scalar, scalar, sizeof definedness->scalar);
    memset(definedness->scalar_origin, 0, sizeof definedness->scalar_origin);
    if (!scratch)
        return;
    memset(definedness->scratch, 0xff, scratch);
    memset(definedness->scratch_origin, 0, scratch);
}

void scratch_forget(struct definedness *definedness, uint64_t begin)
{
    size_t row = (size_t)definedness->rows.lanes * 4;
    uint64_t first = (begin + 3) / 4, end = (definedness->scratch_used + 3) / 4;
    if (first >= end)
        return;
    memset(definedness->scratch + first * row, 0xff, (end - first) * row);
    memset((uint8_t *)definedness->scratch_origin + first * row, 0, (end - first) * row);
    definedness->scratch_used = begin;
}

void definedness_start(struct group_definedness *definedness, const struct workgroup *group)
{
    memset(definedness->lds, 0xff, group->lds_size);
    memset(definedness->lds_origin, 0, group->lds_size);
    for (uint32_t i = 0; i < group->wave_count; i++)
        wave_start(definedness->waves[i], &group->waves[i], definedness->scalar);
}

void definedness_prepare(struct definedness *definedness, unsigned index)
{
    uint32_t *row = definedness_row(definedness, index);
    uint32_t *origins = definedness_origins(definedness, index);
    unsigned lanes = definedness->rows.lanes;
    if (definedness->fresh[index]) {
        memset(row, 0xff, lanes * sizeof *row);
        memset(origins, 0, lanes * sizeof *origins);
        definedness->fresh[index] = false;
    }
    uint64_t low = definedness->vector[index][0], high = definedness->vector[index][1];
    for (unsigned half = 0; half < lanes; half += 32, low >>= 32, high >>= 32)
        for (unsigned i = 0; i < 32; i++) {
            uint32_t keep_low = -((uint32_t)low >> i & 1) & 0xffffu;
            uint32_t keep_high = -((uint32_t)high >> i & 1) & 0xffff0000u;
            row[half + i] &= keep_low | keep_high;
        }
}

void definedness_refresh(struct definedness *definedness, unsigned index)
{
    const uint32_t *row = definedness_row(definedness, index);
    uint64_t low = 0, high = 0;
    for (unsigned i = 0; i < definedness->rows.lanes; i++) {
        low |= (uint64_t)((row[i] & 0xffff) != 0) << i;
        high |= (uint64_t)(row[i] >> 16 != 0) << i;
    }
    definedness->vector[index] = (lane_halves){low, high};
}

void definedness_set_scalar(struct definedness *definedness, unsigned slot, uint32_t undefined,
                            uint32_t origin)
{
    if (slot == NULL_REGISTER || slot >= SCALAR_SLOTS)
        return;
    if (slot == EXEC_LO || slot == EXEC_HI) {
        definedness->exec_undefined |= (uint64_t)undefined << (slot == EXEC_HI ? 32 : 0);
        definedness->exec_origin = undefined ? origin : definedness->exec_origin;
        return;
    }
    definedness->scalar[slot] = undefined;
    definedness->scalar_origin[slot] = origin;
}

uint32_t definedness_lane(struct definedness *definedness, unsigned index, unsigned lane)
{
    definedness_prepare(definedness, index);
    return definedness_row(definedness, index)[lane];
}
