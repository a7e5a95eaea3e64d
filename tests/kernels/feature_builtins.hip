// Cross-lane and packed instructions by their builtins, as libraries use them: DPP row moves and
// broadcasts, readlane, permlane, swizzle, byte and packed-half operations.
#include <hip/hip_runtime.h>

#define DPP(old, value, control, rows, banks, bound)                                               \
    __builtin_amdgcn_update_dpp(old, value, control, rows, banks, bound)

// Every row of 16 lanes: an inclusive scan by shifts, the sum in all lanes by rotations, mirrors.
extern "C" __global__ void rows(const int *in, int *out)
{
    int t = blockIdx.x * blockDim.x + threadIdx.x, *mine = out + 16 * t;
    int scan = in[t];
    scan += DPP(0, scan, 0x111, 0xf, 0xf, false);
    scan += DPP(0, scan, 0x112, 0xf, 0xf, false);
    scan += DPP(0, scan, 0x114, 0xf, 0xf, false);
    scan += DPP(0, scan, 0x118, 0xf, 0xf, false);
    mine[0] = scan;
    int sum = in[t];
    sum += DPP(0, sum, 0x121, 0xf, 0xf, true);
    sum += DPP(0, sum, 0x122, 0xf, 0xf, true);
    sum += DPP(0, sum, 0x124, 0xf, 0xf, true);
    sum += DPP(0, sum, 0x128, 0xf, 0xf, true);
    mine[1] = sum;
    mine[2] = DPP(0, in[t], 0x140, 0xf, 0xf, true);        // the row backwards
    mine[3] = DPP(0, in[t], 0x141, 0xf, 0xf, true);        // each half backwards
    mine[4] = DPP(0, in[t], 0x1b, 0xf, 0xf, true);         // each four backwards
    mine[5] = DPP(-1, in[t], 0x102, 0xf, 0xf, false);      // two to the left, the rest as it was
    mine[6] = DPP(-2, in[t], 0x140, 0x5, 0xf, false);      // only even rows
    mine[7] = DPP(-3, in[t], 0x140, 0xf, 0x9, false);      // only the outer banks
    mine[8] = DPP(-4, in[t], 0x113, 0xf, 0xf, true);       // zeros from outside
    mine[9] = __builtin_amdgcn_ds_swizzle(in[t], 0x041f);  // xor 1
    mine[10] = __builtin_amdgcn_ds_swizzle(in[t], 0x801b); // each four backwards
    mine[11] = __builtin_amdgcn_readfirstlane(in[t] + 5);
    mine[12] = __builtin_amdgcn_readlane(in[t], 13);
    mine[13] = __builtin_amdgcn_ds_permute((threadIdx.x ^ 3) * 4, in[t]);
    mine[14] = __builtin_amdgcn_ds_bpermute((threadIdx.x ^ 17) * 4, in[t]);
}

extern "C" __global__ void bytes(const unsigned *in, unsigned *out)
{
    int t = threadIdx.x;
    unsigned a = in[3 * t], b = in[3 * t + 1], c = in[3 * t + 2], *mine = out + 12 * t;
    mine[0] = __builtin_amdgcn_perm(a, b, 0x07020c05);
    mine[1] = __builtin_amdgcn_alignbyte(a, b, c & 3);
    mine[2] = __builtin_amdgcn_alignbit(a, b, c & 31);
    mine[3] = __builtin_amdgcn_sad_u8(a, b, c);
    mine[4] = __builtin_amdgcn_sad_u16(a, b, c);
    mine[5] = __builtin_amdgcn_msad_u8(a, b, c);
    mine[6] = __builtin_amdgcn_lerp(a, b, c);
    mine[7] = __builtin_amdgcn_ubfe(a, b & 15, c & 15);
    mine[8] = __builtin_amdgcn_sbfe(a, b & 15, c & 15);
    mine[9] = __builtin_amdgcn_sad_hi_u8(a, b, c);
    float x = __uint_as_float(a & 0x7fffff | 0x3f000000), y = -x * 3, z = x + 1;
    mine[10] = __float_as_uint(__builtin_amdgcn_fmed3f(x, y, z));
    mine[11] = __float_as_uint(__builtin_amdgcn_fractf(x * 77));
}
