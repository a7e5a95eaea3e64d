#include "wave.h"

void wave_set_exec(struct wave *wave, uint64_t exec)
{
    wave->sgpr[EXEC_LO] = (uint32_t)exec;
    wave->sgpr[EXEC_HI] = (uint32_t)(exec >> 32);
    wave->exec = exec & wave->full;
    wave->exec_is_full = wave->exec == wave->full;
    wave->lane_mask_valid = false;
}

void wave_set_mode(struct wave *wave, uint32_t mode)
{
    wave->mode = mode;
    wave->mode_is_default = (mode & 0xff) == 0xf0;
}

void (*wave_interrupt_hook)(struct wave *wave);
