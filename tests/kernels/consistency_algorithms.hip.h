// Whole algorithms, one work-item each.
#include "consistency_case.hip.h"

DEVICE void exchange(uint32_t *values, int i, int j)
{
    if (values[i] > values[j]) {
        uint32_t kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}

CASE(sorting)
{
    uint32_t network[16], inserted[16], heap[16], counted[16];
    for (int i = 0; i < 16; i++)
        network[i] = inserted[i] = heap[i] = in[i];
    for (int size = 2; size <= 16; size *= 2)
        for (int step = size / 2; step; step /= 2)
            for (int i = 0; i < 16; i++) {
                int j = i ^ step;
                if (j > i) {
                    if (i & size)
                        exchange(network, j, i);
                    else
                        exchange(network, i, j);
                }
            }
    for (int i = 1; i < 16; i++) {
        uint32_t value = inserted[i];
        int j = i;
        for (; j > 0 && inserted[j - 1] > value; j--)
            inserted[j] = inserted[j - 1];
        inserted[j] = value;
    }
    for (int end = 15, start = 8; end > 0;) {
        if (start > 0) {
            start--;
        } else {
            uint32_t top = heap[0];
            heap[0] = heap[end];
            heap[end--] = top;
        }
        for (int root = start, child; (child = 2 * root + 1) <= end; root = child) {
            if (child < end && heap[child] < heap[child + 1])
                child++;
            if (heap[root] >= heap[child])
                break;
            uint32_t kept = heap[root];
            heap[root] = heap[child];
            heap[child] = kept;
        }
    }
    uint32_t counts[17] = {0};
    for (int i = 0; i < 16; i++)
        counts[(in[i] & 15) + 1]++;
    for (int i = 0; i < 16; i++)
        counts[i + 1] += counts[i];
    for (int i = 0; i < 16; i++)
        counted[counts[in[i] & 15]++] = in[i];
    for (int i = 0; i < 16; i++) {
        out[i] = network[i];
        mix(&out[16], inserted[i]);
        mix(&out[17], heap[i]);
        mix(&out[18], counted[i]);
    }
}

CASE(queens)
{
    uint32_t size = in[0] % 3 + 4, full = (1u << size) - 1, solutions = 0, row = 0;
    uint32_t columns[8], left[8], right[8], open[8];
    columns[0] = left[0] = right[0] = 0;
    open[0] = full;
    for (;;) {
        if (!open[row]) {
            if (row-- == 0)
                break;
            continue;
        }
        uint32_t place = open[row] & -open[row];
        open[row] ^= place;
        if (row + 1 == size) {
            solutions++;
            continue;
        }
        columns[row + 1] = columns[row] | place;
        left[row + 1] = (left[row] | place) << 1;
        right[row + 1] = (right[row] | place) >> 1;
        row++;
        open[row] = full & ~(columns[row] | left[row] | right[row]);
    }
    out[0] = solutions;
}

CASE(dynamic_programming)
{
    // Edit distance and longest common subsequence of two texts of letters from 0 to 3.
    uint8_t distance[17][17], common[17][17];
    for (int i = 0; i <= 16; i++)
        for (int j = 0; j <= 16; j++) {
            if (i == 0 || j == 0) {
                distance[i][j] = (uint8_t)(i + j);
                common[i][j] = 0;
                continue;
            }
            uint32_t a = in[0] >> 2 * (i - 1) & 3, b = in[1] >> 2 * (j - 1) & 3;
            uint8_t change = (uint8_t)(distance[i - 1][j - 1] + (a != b));
            uint8_t remove = (uint8_t)(distance[i - 1][j] + 1);
            uint8_t add = (uint8_t)(distance[i][j - 1] + 1);
            uint8_t best = change < remove ? change : remove;
            distance[i][j] = best < add ? best : add;
            common[i][j] = a == b ? (uint8_t)(common[i - 1][j - 1] + 1)
                           : common[i - 1][j] > common[i][j - 1] ? common[i - 1][j]
                                                                 : common[i][j - 1];
        }
    out[0] = distance[16][16], out[1] = common[16][16];
    uint32_t best[64] = {0};
    for (int item = 0; item < 12; item++) {
        uint32_t weight = in[item] % 17 + 1, value = in[item] >> 20;
        for (uint32_t room = 63; room >= weight; room--)
            if (best[room - weight] + value > best[room])
                best[room] = best[room - weight] + value;
    }
    out[2] = best[63];
}

CASE(graphs)
{
    // Shortest ways and components of a graph of sixteen nodes.
    uint32_t distance[16], done = 0, parent[16];
    for (int i = 0; i < 16; i++) {
        distance[i] = i ? 1000000 : 0;
        parent[i] = (uint32_t)i;
    }
    for (int round = 0; round < 16; round++) {
        uint32_t nearest = 16;
        for (uint32_t i = 0; i < 16; i++)
            if (!(done >> i & 1) && (nearest == 16 || distance[i] < distance[nearest]))
                nearest = i;
        done |= 1u << nearest;
        for (uint32_t i = 0; i < 16; i++) {
            uint32_t edge = (in[nearest] ^ in[i] >> 3) >> i & 3;
            if (!edge)
                continue;
            if (distance[nearest] + edge * edge < distance[i])
                distance[i] = distance[nearest] + edge * edge;
            if (edge == 3) {
                uint32_t a = nearest, b = i;
                while (parent[a] != a)
                    a = parent[a] = parent[parent[a]];
                while (parent[b] != b)
                    b = parent[b] = parent[parent[b]];
                parent[a > b ? a : b] = a > b ? b : a;
            }
        }
    }
    for (int i = 0; i < 16; i++) {
        mix(&out[0], distance[i]);
        out[1] += parent[i] == (uint32_t)i;
    }
    // Filling an area of a picture of 8 x 8 from its first white point, with a stack.
    uint64_t picture = join(in[0], in[1]), filled = 0;
    uint8_t stack[64 * 4 + 1];
    uint32_t used = 0;
    if (picture)
        stack[used++] = (uint8_t)__builtin_ctzll(picture);
    while (used) {
        uint32_t at = stack[--used];
        if (filled >> at & 1 || !(picture >> at & 1))
            continue;
        filled |= (uint64_t)1 << at;
        if (at % 8 > 0)
            stack[used++] = (uint8_t)(at - 1);
        if (at % 8 < 7)
            stack[used++] = (uint8_t)(at + 1);
        if (at >= 8)
            stack[used++] = (uint8_t)(at - 8);
        if (at < 56)
            stack[used++] = (uint8_t)(at + 8);
    }
    out[2] = (uint32_t)filled, out[3] = (uint32_t)(filled >> 32);
}

CASE(life)
{
    // An 8 x 8 torus: by neighbours, and by adders over all cells at once.
    uint64_t slow = join(in[0], in[1]), fast = slow;
    for (int generation = 0; generation < 3; generation++) {
        uint64_t next = 0;
        for (int cell = 0; cell < 64; cell++) {
            int neighbours = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++) {
                    int x = (cell % 8 + dx) & 7, y = (cell / 8 + dy) & 7;
                    neighbours += (dx || dy) && (slow >> (y * 8 + x) & 1);
                }
            if (neighbours == 3 || (neighbours == 2 && slow >> cell & 1))
                next |= (uint64_t)1 << cell;
        }
        slow = next;
        uint64_t ones = 0, twos = 0, fours = 0;
        for (int neighbour = 0; neighbour < 9; neighbour++) {
            if (neighbour == 4)
                continue;
            int dx = neighbour % 3 - 1, dy = neighbour / 3 - 1;
            uint64_t moved = dy < 0   ? fast << 8 | fast >> 56
                             : dy > 0 ? fast >> 8 | fast << 56
                                      : fast;
            if (dx < 0)
                moved = (moved & 0x7f7f7f7f7f7f7f7fu) << 1 | (moved >> 7 & 0x0101010101010101u);
            else if (dx > 0)
                moved = (moved >> 1 & 0x7f7f7f7f7f7f7f7fu) | (moved & 0x0101010101010101u) << 7;
            uint64_t carry = ones & moved;
            ones ^= moved;
            fours |= twos & carry;
            twos ^= carry;
        }
        fast = twos & ~fours & (ones | fast);
    }
    out[0] = (uint32_t)slow, out[1] = (uint32_t)(slow >> 32), out[2] = slow == fast;
}

CASE(tables)
{
    // Open addressing, prefix sums, a sieve.
    uint32_t keys[32], counts[32], probes = 0;
    for (int i = 0; i < 32; i++)
        keys[i] = ~0u, counts[i] = 0;
    for (int i = 0; i < CASE_INPUTS; i++) {
        uint32_t key = in[i] % 100, at = key * 2654435761u >> 27;
        while (keys[at] != ~0u && keys[at] != key)
            at = (at + 1) % 32, probes++;
        keys[at] = key;
        counts[at]++;
    }
    for (int i = 0; i < 32; i++)
        mix(&out[0], keys[i] * 37 + counts[i]);
    out[1] = probes;
    for (int i = 1; i < 32; i++)
        counts[i] += counts[i - 1];
    mix(&out[2], counts[7] * 100 + counts[20]);
    uint32_t sieve[8] = {0}, primes = 0, limit = in[3] % 200 + 50;
    for (uint32_t i = 2; i < limit; i++) {
        if (sieve[i / 32] >> i % 32 & 1)
            continue;
        primes++;
        for (uint32_t j = i * i; j < 256; j += i)
            sieve[j / 32] |= 1u << j % 32;
    }
    out[3] = primes;
}
