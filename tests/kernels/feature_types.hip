// Types and intrinsics of HIP's headers: half, bfloat16, vectors, integer intrinsics.
// build: -O2 -ffp-contract=off
#include <hip/hip_runtime.h>
#include <hip/hip_fp16.h>
#include <hip/hip_bfloat16.h>

__device__ unsigned bits_of(__half x)
{
    return __half_as_ushort(x);
}

__device__ __half half_of(unsigned word)
{
    return __ushort_as_half((unsigned short)word);
}

extern "C" __global__ void halves(const unsigned *in, unsigned *out)
{
    int t = threadIdx.x;
    unsigned *mine = out + t * 24;
    __half a = half_of(in[3 * t]), b = half_of(in[3 * t + 1]), c = half_of(in[3 * t + 2]);
    mine[0] = bits_of(__hadd(a, b));
    mine[1] = bits_of(__hsub(a, b));
    mine[2] = bits_of(__hmul(a, b));
    mine[3] = bits_of(__hdiv(a, b));
    mine[4] = bits_of(__hfma(a, b, c));
    mine[5] = bits_of(__hneg(a));
    mine[6] = bits_of(__hadd_sat(a, b));
    mine[7] = __heq(a, b) | __hne(a, b) << 1 | __hlt(a, b) << 2 | __hle(a, b) << 3 |
              __hgt(a, b) << 4 | __hge(a, b) << 5;
    mine[8] = __float_as_uint(__half2float(a));
    mine[9] = bits_of(__float2half(__half2float(a) * 0.1f));
    mine[10] = __hisinf(a) ? 0 : __half2int_rz(a);
    mine[11] = bits_of(__int2half_rn((int)in[3 * t] >> 12));
    mine[12] = bits_of(hceil(a));
    mine[13] = bits_of(hfloor(a));
    mine[14] = bits_of(htrunc(a));
    mine[15] = bits_of(hrint(a));
    mine[16] = bits_of(hsqrt(__habs(a)));
    mine[17] = __hisnan(a) | __hisinf(b) << 1;
    mine[18] = bits_of(a + b * c);
    mine[19] = a < b || b > c;
}

__device__ unsigned word_of(__half2 x)
{
    return bits_of(__low2half(x)) | bits_of(__high2half(x)) << 16;
}

__device__ __half2 pair_of(unsigned word)
{
    return __halves2half2(half_of(word), half_of(word >> 16));
}

extern "C" __global__ void half_pairs(const unsigned *in, unsigned *out)
{
    int t = threadIdx.x;
    unsigned *mine = out + t * 24;
    __half2 a = pair_of(in[3 * t]), b = pair_of(in[3 * t + 1]), c = pair_of(in[3 * t + 2]);
    mine[0] = word_of(__hadd2(a, b));
    mine[1] = word_of(__hsub2(a, b));
    mine[2] = word_of(__hmul2(a, b));
    mine[3] = word_of(__h2div(a, b));
    mine[4] = word_of(__hfma2(a, b, c));
    mine[5] = word_of(__hneg2(a));
    mine[6] = word_of(__lowhigh2highlow(a));
    mine[7] = word_of(__lows2half2(a, b));
    mine[8] = word_of(__highs2half2(a, b));
    float2 both = __half22float2(a);
    mine[9] = __float_as_uint(both.x);
    mine[10] = __float_as_uint(both.y);
    mine[11] = word_of(__float22half2_rn(make_float2(both.y * 0.3f, both.x * 0.3f)));
    mine[12] = word_of(__half2half2(__low2half(b)));
    mine[13] = __hbeq2(a, b) | __hblt2(a, b) << 1 | __hbge2(a, b) << 2;
    mine[14] = word_of(__hlt2(a, b));
    __half2 sum = a;
    sum += b;
    sum = sum * c;
    mine[15] = word_of(sum);
}

extern "C" __global__ void bfloats(const unsigned *in, unsigned *out)
{
    int t = threadIdx.x;
    unsigned *mine = out + t * 24;
    hip_bfloat16 a(__uint_as_float(in[3 * t] & 0xbfffffff)),
        b(__uint_as_float(in[3 * t + 1] & 0xbfffffff));
    mine[0] = a.data;
    mine[1] = (a + b).data;
    mine[2] = (a - b).data;
    mine[3] = (a * b).data;
    mine[4] = b.data & 0x7fff ? (a / b).data : 0;
    mine[5] = (a < b) | (a == b) << 1 | (a >= b) << 2;
    mine[6] = __float_as_uint((float)a);
    a += b;
    mine[7] = a.data;
}

extern "C" __global__ void integers(const unsigned *in, unsigned *out)
{
    int t = threadIdx.x;
    unsigned *mine = out + t * 24;
    unsigned a = in[3 * t], b = in[3 * t + 1], c = in[3 * t + 2];
    unsigned long long wide = (unsigned long long)a << 32 | b,
                       other = (unsigned long long)c << 32 | a;
    mine[0] = __mul24(a, b);
    mine[1] = __umul24(a, b);
    mine[2] = __mulhi((int)a, (int)b);
    mine[3] = __umulhi(a, b);
    mine[4] = (unsigned)(__mul64hi((long long)wide, (long long)other) >> 16);
    mine[5] = (unsigned)(__umul64hi(wide, other) >> 16);
    mine[6] = __sad((int)a >> 2, (int)b >> 2, c);
    mine[7] = __byte_perm(a, b, 0x5270);
    mine[8] = __clz(a) | __clzll(wide) << 8 | __ffs(b) << 16 | __ffsll(wide) << 24;
    mine[9] = __popc(a) | __popcll(wide) << 8;
    mine[10] = __brev(a);
    mine[11] = (unsigned)(__brevll(wide) >> 20);
    mine[12] = __funnelshift_l(a, b, c);
    mine[13] = __funnelshift_r(a, b, c);
    mine[14] = __funnelshift_lc(a, b, c & 63);
    mine[15] = __funnelshift_rc(a, b, c & 63);
    mine[16] = __bitextract_u32(a, c & 31, b & 15);
    mine[17] = __bitinsert_u32(a, b, c & 15, b & 15);
    mine[18] = __lastbit_u32_u64(wide);
    float x = __int_as_float(a & 0x007fffff | 0x41000000);
    mine[19] = __float2int_rd(-x) + __float2int_ru(x) * 100 + __float2int_rn(x) * 10000 +
               __float2uint_rz(x) * 1000000;
    double d = __hiloint2double(0x40200000 | (a & 0xfffff), b);
    mine[20] = __double2hiint(d) ^ __double2loint(d);
    mine[21] = __double2int_rn(d) + 100 * __double2int_ru(-d) + (unsigned)__double2ll_rd(d) * 10000;
    mine[22] = (unsigned)__double_as_longlong(__longlong_as_double((long long)wide));
    mine[23] = abs((int)a >> 1) + min((int)a, (int)b) + max(a, b);
}

extern "C" __global__ void vectors(const float4 *in, float4 *out, const int *words, int *result)
{
    int t = threadIdx.x;
    float4 v = in[t];
    float2 low = make_float2(v.x, v.y);
    low = low + make_float2(1, 2);
    low *= 2.0f;
    float4 w = v * 3.0f - make_float4(1, 2, 3, 4);
    w.z += low.x;
    w.w = low.y;
    out[t] = w;
    int3 three = make_int3(words[t], words[t] + 1, words[t] + 2);
    three = three + make_int3(1, 1, 1);
    char4 bytes = make_char4(words[t], words[t] >> 8, words[t] >> 16, words[t] >> 24);
    bytes.x += bytes.w;
    ushort2 shorts = make_ushort2(words[t], words[t] >> 16);
    shorts = shorts + shorts;
    double2 wide = make_double2(words[t], 0.5);
    wide = wide * wide;
    longlong2 longs = make_longlong2(words[t], -words[t]);
    uint4 four = make_uint4(1, 2, 3, 4) << make_uint4(4, 3, 2, 1);
    result[8 * t] = three.x + three.y + three.z;
    result[8 * t + 1] = bytes.x;
    result[8 * t + 2] = bytes.y + bytes.z;
    result[8 * t + 3] = shorts.x | shorts.y << 16;
    result[8 * t + 4] = (int)(wide.y * 8) + (wide.x == (double)words[t] * words[t]);
    result[8 * t + 5] = (int)(longs.x * 3 + longs.y);
    result[8 * t + 6] = four.x + four.y + four.z + four.w;
    result[8 * t + 7] = sizeof(float3) + sizeof(char3) * 16 + alignof(float4) * 256;
}
