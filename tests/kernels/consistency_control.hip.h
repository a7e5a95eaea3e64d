// Loops, branches, jump tables: control flow that differs between work-items.
#include "consistency_case.hip.h"

CASE(loops)
{
    uint32_t steps = 0, x = in[0] % 1000 + 1;
    while (x != 1) {
        x = x & 1 ? 3 * x + 1 : x / 2;
        if (++steps == 150)
            break;
    }
    out[0] = steps;
    uint32_t found = 0;
    for (uint32_t i = 0; i < 12; i++) {
        if ((in[i] & 3) == 0)
            continue;
        for (uint32_t j = i + 1; j < 12; j++) {
            if (in[j] % 5 == 1)
                break;
            if (in[j] % 5 == 2)
                continue;
            uint32_t k = 0;
            do {
                found += in[i] ^ in[j] >> k;
                if (found % 11 == 3)
                    goto next;
            } while (++k < (in[j] & 7));
            found ^= 0x55;
        }
    next:
        found = found * 3 + i;
    }
    out[1] = found;
    for (uint32_t i = 0;; i++) {
        if (i == 16) {
            out[2] = 99;
            break;
        }
        if (in[i] >> 31) {
            out[2] = i;
            if (in[i] & 1)
                return;
            break;
        }
    }
    uint32_t a = in[3] % 40, b = in[4] % 40, c = 0;
    while (a || b) {
        if (a > b)
            a--;
        else if (b > a)
            b -= 1 + (b > 5);
        else
            a--, b--;
        c++;
    }
    out[3] = c;
    for (uint32_t i = in[5] % 30; i-- > 0;)
        for (uint32_t j = i; j; j >>= 1)
            mix(&out[4], i * j);
}

NOINLINE uint32_t dense_switch(uint32_t which, uint32_t x)
{
    switch (which) {
    case 0:
        return x + 1;
    case 1:
        return x * 3;
    case 2:
        x ^= 0x1234; // falls through
    case 3:
        return x >> 3;
    case 4:
        return ~x;
    case 5:
        return x << 7 | x >> 25;
    case 6:
        return x * x;
    case 7:
        return x / 9;
    case 8:
        return x % 13;
    case 9:
        return -x;
    case 10:
        return x & 0xf0f0f0f0;
    case 11:
    case 12:
        return x | 0x11;
    case 14:
        return (uint32_t)__builtin_popcount(x);
    case 15:
        return x - 100;
    default:
        return 7;
    }
}

NOINLINE uint32_t sparse_switch(uint32_t x)
{
    switch (x) {
    case 0:
        return 1;
    case 17:
        return 2;
    case 1000:
        return 3;
    case 65535:
        return 4;
    case 0x7fffffff:
        return 5;
    case 0x80000000:
        return 6;
    case 0xffffffff:
        return 7;
    default:
        return x % 17 == 3 ? 8 : 9;
    }
}

CASE(switches)
{
    for (int i = 0; i < CASE_INPUTS; i++) {
        mix(&out[0], dense_switch(in[i] % 18, in[i]));
        mix(&out[1], sparse_switch(in[i]));
        mix(&out[2], dense_switch(in[0] % 18, in[i]));
    }
    // A small machine with a stack.
    uint32_t stack[16], depth = 2, counter = 0;
    stack[0] = in[0], stack[1] = in[1];
    for (int step = 0; step < 60; step++) {
        uint32_t code = in[counter % 16] >> 4 * (step % 8) & 15;
        counter++;
        if (depth < 2)
            stack[depth++] = code * 77;
        switch (code) {
        case 0:
            depth--, stack[depth - 1] += stack[depth];
            break;
        case 1:
            depth--, stack[depth - 1] -= stack[depth];
            break;
        case 2:
            depth--, stack[depth - 1] *= stack[depth];
            break;
        case 3:
            depth--, stack[depth - 1] ^= stack[depth];
            break;
        case 4:
            if (depth < 15)
                stack[depth] = stack[depth - 2], depth++;
            break;
        case 5:
            if (stack[depth - 1] & 1)
                counter += 3;
            break;
        case 6: {
            uint32_t top = stack[depth - 1];
            stack[depth - 1] = stack[depth - 2];
            stack[depth - 2] = top;
            break;
        }
        case 7:
            stack[depth - 1] = stack[depth - 1] >> 5 | stack[depth - 1] << 27;
            break;
        default:
            if (depth < 15)
                stack[depth++] = code + counter;
        }
    }
    out[3] = depth, out[4] = stack[depth - 1], out[5] = counter;
}

// Comments, words, numbers and operators of a text over an alphabet of eight.
CASE(state_machine)
{
    uint32_t state = 0, words = 0, numbers = 0, comments = 0;
    for (int i = 0; i < 120; i++) {
        uint32_t letter = in[i / 10] >> 3 * (i % 10) & 7;
        switch (state) {
        case 0:
            state = letter < 3 ? 1 : letter < 5 ? 2 : letter == 5 ? 3 : 0;
            break;
        case 1:
            if (letter >= 5) {
                words++;
                state = letter == 5 ? 3 : 0;
            }
            break;
        case 2:
            if (letter < 3)
                state = 1;
            else if (letter > 4)
                numbers++, state = 0;
            break;
        case 3:
            state = letter == 5 ? 4 : letter < 3 ? 1 : 0;
            break;
        default:
            if (letter == 7)
                comments++, state = 0;
        }
    }
    out[0] = words, out[1] = numbers, out[2] = comments, out[3] = state;
    // A pattern by the table of its failures.
    uint8_t pattern[4], failure[4];
    for (int i = 0; i < 4; i++)
        pattern[i] = in[14] >> i & 1;
    failure[0] = 0;
    for (uint32_t i = 1, k = 0; i < 4; i++) {
        while (k && pattern[k] != pattern[i])
            k = failure[k - 1];
        k += pattern[k] == pattern[i];
        failure[i] = (uint8_t)k;
    }
    uint32_t matched = 0, hits = 0;
    for (int i = 0; i < 256; i++) {
        uint32_t bit = in[i / 32] >> i % 32 & 1;
        while (matched && (matched == 4 || pattern[matched] != bit))
            matched = failure[matched - 1];
        matched += pattern[matched] == bit;
        hits += matched == 4;
    }
    out[4] = hits;
}

CASE(uniform_branches)
{
    // Conditions that all work-items agree on, beside ones that they do not.
    uint32_t x = in[0];
    for (uint32_t i = 0; i < 20; i++) {
        if (i % 3 == 0)
            x += i;
        else if (x & 1)
            x = x * 5 + 1;
        if (i > 10 && x % 7 == 0)
            continue;
        x ^= x << (i & 7);
        if (i == 15 && x >> 31)
            break;
    }
    out[0] = x;
    out[1] = (x & 1 ? in[1] : in[2]) + (x & 2 ? in[3] / ((in[4] & 15) + 1) : in[5] * in[6]);
    out[2] = (in[1] > 100 && in[2] > 100) || (in[3] < 0x40000000 && !(in[4] & 1));
}
