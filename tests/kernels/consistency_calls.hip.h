// Calls: recursion, functions that are not inlined, function pointers, structures by value.
#include "consistency_case.hip.h"

NOINLINE uint32_t fibonacci(uint32_t n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

NOINLINE uint32_t ackermann(uint32_t m, uint32_t n)
{
    if (m == 0)
        return n + 1;
    return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

NOINLINE uint32_t is_odd(uint32_t n);

NOINLINE uint32_t is_even(uint32_t n)
{
    return n == 0 ? 1 : is_odd(n - 1);
}

NOINLINE uint32_t is_odd(uint32_t n)
{
    return n == 0 ? 0 : is_even(n - 1);
}

NOINLINE void hanoi(uint32_t disks, uint32_t from, uint32_t to, uint32_t *moves)
{
    if (disks == 0)
        return;
    hanoi(disks - 1, from, 3 - from - to, moves);
    mix(moves, disks << 4 | from << 2 | to);
    hanoi(disks - 1, 3 - from - to, to, moves);
}

NOINLINE void quick_sort(int32_t *values, int32_t low, int32_t high)
{
    if (low >= high)
        return;
    int32_t pivot = values[(low + high) / 2], i = low - 1, j = high + 1;
    for (;;) {
        do
            i++;
        while (values[i] < pivot);
        do
            j--;
        while (values[j] > pivot);
        if (i >= j)
            break;
        int32_t kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
    quick_sort(values, low, j);
    quick_sort(values, j + 1, high);
}

CASE(recursion)
{
    out[0] = fibonacci(in[0] % 11);
    out[1] = ackermann(in[1] % 3, in[2] % 4);
    out[2] = is_even(in[3] % 20);
    hanoi(in[4] % 5, 0, 2, &out[3]);
    int32_t values[CASE_INPUTS];
    for (int i = 0; i < CASE_INPUTS; i++)
        values[i] = (int32_t)in[i];
    quick_sort(values, 0, CASE_INPUTS - 1);
    for (int i = 0; i < CASE_INPUTS; i++)
        out[4 + i] = (uint32_t)values[i];
}

typedef uint32_t operation(uint32_t a, uint32_t b);

NOINLINE uint32_t operation_add(uint32_t a, uint32_t b)
{
    return a + b;
}

NOINLINE uint32_t operation_multiply(uint32_t a, uint32_t b)
{
    return a * b;
}

NOINLINE uint32_t operation_divide(uint32_t a, uint32_t b)
{
    return b ? a / b : 0;
}

NOINLINE uint32_t operation_loop(uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < b % 13; i++)
        a = a * 31 + i;
    return a;
}

NOINLINE uint32_t operation_local(uint32_t a, uint32_t b)
{
    uint32_t table[8];
    for (uint32_t i = 0; i < 8; i++)
        table[i] = a >> i;
    return table[b % 8] + table[a % 8];
}

NOINLINE operation *choose(uint32_t which)
{
    switch (which % 5) {
    case 0:
        return operation_add;
    case 1:
        return operation_multiply;
    case 2:
        return operation_divide;
    case 3:
        return operation_loop;
    default:
        return operation_local;
    }
}

NOINLINE uint32_t apply(operation *function, const uint32_t *values, int count)
{
    uint32_t result = 1;
    for (int i = 0; i < count; i++)
        result = function(result, values[i]);
    return result;
}

CASE(function_pointers)
{
    // The same function in all work-items, then one that differs between them.
    out[0] = apply(operation_add, in, 8);
    out[1] = apply(choose(3), in, 8);
    out[2] = apply(choose(in[0]), in, 8);
    operation *functions[5];
    for (uint32_t i = 0; i < 5; i++)
        functions[i] = choose(i + in[1]);
    for (int i = 0; i < CASE_INPUTS; i++)
        mix(&out[3], functions[in[i] % 5](in[i], out[3]));
    out[4] = functions[0] == functions[in[2] % 5];
}

struct odd {
    uint8_t bytes[7];
};

struct point {
    double x, y;
    int32_t tag;
};

struct big {
    uint32_t words[20];
    uint8_t tail;
};

NOINLINE struct big turn(struct big value, uint32_t n)
{
    struct big result;
    for (uint32_t i = 0; i < 20; i++)
        result.words[i] = value.words[(i + n) % 20];
    result.tail = (uint8_t)(value.tail + n);
    return result;
}

NOINLINE struct odd reverse(struct odd value)
{
    struct odd result;
    for (int i = 0; i < 7; i++)
        result.bytes[i] = value.bytes[6 - i];
    return result;
}

NOINLINE struct point middle(struct point a, struct point b)
{
    struct point result = {(a.x + b.x) / 2, (a.y + b.y) / 2, a.tag ^ b.tag};
    return result;
}

NOINLINE uint64_t many(uint8_t a, int16_t b, uint32_t c, int64_t d, float e, double f, struct odd g,
                       uint32_t h, uint32_t i, uint64_t j, int8_t k, uint16_t l, float m, double n,
                       struct point o, uint32_t p, uint32_t q, uint32_t r, uint32_t s, uint64_t t,
                       const uint32_t *u, uint32_t v, int32_t w, double x, uint32_t y, uint8_t z)
{
    uint64_t sum = a + (uint64_t)b * 3 + c * 5u + (uint64_t)d * 7 + (uint64_t)(int64_t)e * 11;
    sum = sum * 31 + (uint64_t)(int64_t)f + g.bytes[1] * 13u + g.bytes[6] * 17u + h + i * 19u;
    sum = sum * 31 + j + (uint64_t)k + l * 23u + (uint64_t)(int64_t)(m * 2) + (uint64_t)(int64_t)n;
    sum = sum * 31 + (uint64_t)(int64_t)o.x + (uint64_t)(int64_t)o.y + (uint32_t)o.tag;
    sum = sum * 31 + p + q * 2u + r * 3u + s * 4u + t * 5u + u[3] + v + (uint64_t)w;
    return sum * 31 + (uint64_t)(int64_t)x + y + z;
}

CASE(arguments)
{
    struct big value;
    for (int i = 0; i < 20; i++)
        value.words[i] = in[i % CASE_INPUTS] + (uint32_t)i;
    value.tail = (uint8_t)in[0];
    struct big turned = turn(turn(value, in[1] % 20), 3);
    for (int i = 0; i < 20; i++)
        mix(&out[0], turned.words[i]);
    out[1] = turned.tail;
    struct odd odd;
    for (int i = 0; i < 7; i++)
        odd.bytes[i] = (uint8_t)(in[i] >> i);
    struct odd reversed = reverse(odd);
    for (int i = 0; i < 7; i++)
        mix(&out[2], reversed.bytes[i]);
    struct point a = {(double)((int32_t)in[0] >> 4), (double)((int32_t)in[1] >> 4), (int32_t)in[2]};
    struct point b = {(double)((int32_t)in[3] >> 4), (double)((int32_t)in[4] >> 4), (int32_t)in[5]};
    struct point between = middle(a, b);
    out[3] = (uint32_t)(int32_t)between.x;
    out[4] = (uint32_t)(int32_t)between.y;
    out[5] = (uint32_t)between.tag;
    float small = (float)((int32_t)in[6] >> 12);
    uint64_t sum = many((uint8_t)in[0], (int16_t)in[1], in[2], (int64_t)join(in[3], in[4]), small,
                        a.x, odd, in[5], in[6], join(in[7], in[8]), (int8_t)in[9], (uint16_t)in[10],
                        small / 2, b.y, between, in[11], in[12], in[13], in[14],
                        join(in[15], in[0]), in, in[1], (int32_t)in[2], a.y, in[3], (uint8_t)in[4]);
    mix64(&out[6], sum);
}

struct node {
    struct node *left, *right;
    uint32_t key, count;
};

NOINLINE void insert(struct node **place, struct node *fresh)
{
    while (*place && (*place)->key != fresh->key)
        place = fresh->key < (*place)->key ? &(*place)->left : &(*place)->right;
    if (*place)
        (*place)->count++;
    else
        *place = fresh;
}

NOINLINE uint32_t depth(const struct node *tree)
{
    if (!tree)
        return 0;
    uint32_t left = depth(tree->left), right = depth(tree->right);
    return 1 + (left > right ? left : right);
}

NOINLINE void walk(const struct node *tree, uint32_t *word)
{
    if (!tree)
        return;
    walk(tree->left, word);
    mix(word, tree->key);
    mix(word, tree->count);
    walk(tree->right, word);
}

CASE(pointers)
{
    // A search tree of nodes in private memory, by pointers into it.
    struct node nodes[CASE_INPUTS], *root = 0;
    for (int i = 0; i < CASE_INPUTS; i++) {
        struct node fresh = {0, 0, in[i] % 50, 1};
        nodes[i] = fresh;
        insert(&root, &nodes[i]);
    }
    out[0] = depth(root);
    walk(root, &out[1]);
    // A pointer that is to private memory in some work-items, to global memory in others.
    uint32_t copy[CASE_INPUTS];
    for (int i = 0; i < CASE_INPUTS; i++)
        copy[i] = in[i] + 1;
    const uint32_t *either = in[0] & 1 ? in : copy;
    for (int i = 0; i < CASE_INPUTS; i += 3)
        mix(&out[2], either[i]);
    uint32_t *place = in[1] & 1 ? &copy[in[2] % CASE_INPUTS] : &out[3];
    *place = in[3] ^ 0x5a5a5a5a;
    mix(&out[4], copy[in[2] % CASE_INPUTS]);
    const uint8_t *bytes = (const uint8_t *)either;
    for (int i = 1; i < CASE_INPUTS * 4; i += 7)
        mix(&out[5], bytes[i]);
}
