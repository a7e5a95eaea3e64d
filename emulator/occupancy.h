// How many waves of a kernel a SIMD holds at once, and what keeps more away.
//
// Rules and where they come from:
//   - VGPRs are given out in granules: 8 of 512 on gfx90a, AGPRs included; 16 of 1024 for wave32
//     and 8 of 512 for wave64 on gfx1030; 24 of 1536 and 12 of 768 on gfx1100. (LLVM, GCN
//     subtarget: getVGPRAllocGranule and getTotalNumVGPRs; its AMDGPUUsage has the encoding of
//     compute_pgm_rsrc1, whose granules are those of the descriptor and smaller on RDNA; "RDNA 2"
//     and "RDNA3 Instruction Set Architecture", Vector General Purpose Registers.)
//   - SGPRs: 16 of 800 on gfx90a (AMDGPUUsage, GRANULATED_WAVEFRONT_SGPR_COUNT; LLVM,
//     getTotalNumSGPRs); from gfx10 on every wave has 128, so that they limit nothing.
//   - LDS: 512 bytes of 64 KiB for a compute unit, 128 KiB for both of a workgroup processor
//     (AMDGPUUsage, GRANULATED_LDS_SIZE).
//   - Places for waves: 8 per SIMD on gfx90a, 16 on gfx1030 and gfx1100; 4 SIMDs, 2 in CU mode of
//     RDNA, which the descriptor chooses (WGP_MODE of compute_pgm_rsrc1).
//   - A workgroup of several waves takes one of 16 barriers of a compute unit, of 32 in WGP mode
//     (LLVM, getMaxWorkGroupsPerCU).
// A workgroup is resident as a whole; its waves are taken to spread evenly over the SIMDs.
#ifndef WAVEGAUGE_OCCUPANCY_H
#define WAVEGAUGE_OCCUPANCY_H

#include "code_object.h"
#include "wavegauge_inspect.h"

// threads: of a workgroup, at least 1. lds_bytes: what the launch adds to the kernel's own.
void occupancy_compute(const struct kernel *kernel, uint32_t threads, uint64_t lds_bytes,
                       struct wavegauge_occupancy *occupancy);

#endif
