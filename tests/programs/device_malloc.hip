// build: --offload-arch=gfx1030 --offload-arch=gfx90a
// malloc and free on the device, small and large, and from one kernel to the next. The compiler's
// library for it cannot be built for gfx1100.
#include "parts/check.h"

__global__ void take(int **blocks, int words)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    blocks[i] = (int *)malloc(words * sizeof(int));
    if (blocks[i])
        for (int w = 0; w < words; w++)
            blocks[i][w] = i * 1000 + w;
}

__global__ void give_back(int **blocks, int words, int *wrong)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (int w = 0; w < words; w++)
        if (blocks[i][w] != i * 1000 + w)
            atomicAdd(wrong, 1);
    free(blocks[i]);
}

int main()
{
    int **blocks, *wrong;
    OK(hipMallocManaged(&blocks, 256 * sizeof *blocks));
    OK(hipMallocManaged(&wrong, sizeof *wrong));
    *wrong = 0;
    const int sizes[] = {1, 16, 100, 700, 5000};
    for (int words : sizes) {
        take<<<2, 64>>>(blocks, words);
        OK(hipDeviceSynchronize());
        for (int i = 0; i < 128; i++) {
            CHECK(blocks[i]);
            for (int j = 0; j < i; j++)
                CHECK(blocks[i] != blocks[j]);
        }
        give_back<<<2, 64>>>(blocks, words, wrong);
        OK(hipDeviceSynchronize());
        CHECK(*wrong == 0);
    }
    puts("ok");
}
