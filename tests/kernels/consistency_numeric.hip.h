// Numeric programs of operations whose every bit is laid down.
#include "consistency_float_words.hip.h"

CASE(invert_matrix)
{
    double matrix[4][8];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 8; j++)
            matrix[i][j] =
                j < 4 ? small_double(in[4 * i + j], in[(4 * i + j + 7) % 16]) : j - 4 == i;
    double determinant = 1;
    for (int column = 0; column < 4; column++) {
        int pivot = column;
        for (int i = column + 1; i < 4; i++)
            if (fabs(matrix[i][column]) > fabs(matrix[pivot][column]))
                pivot = i;
        double scale = matrix[pivot][column];
        determinant *= pivot == column ? scale : -scale;
        if (scale == 0)
            break;
        for (int j = 0; j < 8; j++) {
            double kept = matrix[pivot][j] / scale;
            matrix[pivot][j] = matrix[column][j];
            matrix[column][j] = kept;
        }
        for (int i = 0; i < 4; i++) {
            double factor = matrix[i][column];
            for (int j = 0; j < 8 && i != column; j++)
                matrix[i][j] -= factor * matrix[column][j];
        }
    }
    mix_double(&out[0], determinant);
    for (int i = 0; i < 4; i++)
        for (int j = 4; j < 8; j++)
            mix_double(&out[1 + i], matrix[i][j]);
}

CASE(factor_matrix)
{
    // A positive matrix, its Cholesky factor, and the solution of a system with it.
    float a[5][5], l[5][5] = {{0}}, x[5];
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++) {
            a[i][j] = i == j ? 6.0f : 0.0f;
            for (int k = 0; k < 4; k++)
                a[i][j] += small_float(in[(i * 3 + k) % 16]) * small_float(in[(j * 3 + k) % 16]);
        }
    for (int j = 0; j < 5; j++) {
        float sum = a[j][j];
        for (int k = 0; k < j; k++)
            sum -= l[j][k] * l[j][k];
        l[j][j] = sqrtf(sum);
        for (int i = j + 1; i < 5; i++) {
            float rest = a[i][j];
            for (int k = 0; k < j; k++)
                rest -= l[i][k] * l[j][k];
            l[i][j] = rest / l[j][j];
        }
    }
    for (int i = 0; i < 5; i++) {
        x[i] = small_float(in[i]);
        for (int k = 0; k < i; k++)
            x[i] -= l[i][k] * x[k];
        x[i] /= l[i][i];
    }
    for (int i = 0; i < 5; i++)
        mix_float(&out[0], x[i]);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j <= i; j++)
            mix_float(&out[1 + i], l[i][j]);
}

CASE(mandelbrot)
{
    float cx = small_float(in[0]) / 4, cy = small_float(in[1]) / 4, x = 0, y = 0;
    uint32_t count = 0;
    while (x * x + y * y <= 4 && count < 100) {
        float next = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = next;
        count++;
    }
    out[0] = count;
    double zx = small_double(in[2], in[3]) / 4, zy = small_double(in[4], in[5]) / 4;
    count = 0;
    for (; count < 100; count++) {
        double next = zx * zx - zy * zy - 0.7269;
        zy = 2 * zx * zy + 0.1889;
        zx = next;
        if (zx * zx + zy * zy > 4)
            break;
    }
    out[1] = count;
    mix_double(&out[2], zx);
}

CASE(sums)
{
    // A plain sum, Kahan's, pairs of doubles, and a product with its error.
    float plain = 0, kahan = 0, lost = 0;
    double high = 0, low = 0;
    for (int i = 0; i < 16; i++) {
        float x = small_float(in[i]) * (float)(1 << i);
        plain += x;
        float y = x - lost, t = kahan + y;
        lost = (t - kahan) - y;
        kahan = t;
        double d = small_double(in[i], in[(i + 5) % 16]) / 3, sum = high + d, part = sum - high;
        low += (high - (sum - part)) + (d - part);
        high = sum;
    }
    mix_float(&out[0], plain);
    mix_float(&out[1], kahan);
    mix_double(&out[2], high);
    mix_double(&out[3], low);
    double a = small_double(in[0], in[1]), b = small_double(in[2], in[3]);
    mix_double(&out[4], fma(a, b, -(a * b)));
    float dot = 0;
    for (int i = 0; i < 8; i++)
        dot = fmaf(small_float(in[i]), small_float(in[i + 8]), dot);
    mix_float(&out[5], dot);
    double value = 0;
    for (int i = 0; i < 16; i++)
        value = value * 0.731 + small_float(in[i]);
    mix_double(&out[6], value);
}

// Exponential by a table-free reduction and a polynomial; logarithm and sine by series: the same
// steps everywhere, so the same bits.
CASE(series)
{
    double x = small_double(in[0], in[1]) * 10;
    double steps = floor(x * 1.4426950408889634 + 0.5), rest = x - steps * 0.6931471805599453;
    double term = 1, sum = 1;
    for (int i = 1; i < 18; i++) {
        term = term * rest / i;
        sum += term;
    }
    mix_double(&out[0], ldexp(sum, (int)steps));
    float y = small_float(in[2]), power = y, sine = y;
    for (int i = 1; i < 8; i++) {
        power = -power * y * y / (float)(2 * i * (2 * i + 1));
        sine += power;
    }
    mix_float(&out[1], sine);
    double z = fabs(small_double(in[3], in[4])) + 0.001, guess = z > 1 ? z : 1;
    for (int i = 0; i < 40; i++) {
        double next = 0.5 * (guess + z / guess);
        if (next == guess)
            break;
        guess = next;
        mix(&out[2], 1);
    }
    mix_double(&out[3], guess);
    // An orbit by the method of Runge and Kutta.
    float position = small_float(in[5]), speed = small_float(in[6]);
    for (int i = 0; i < 10; i++) {
        float h = 0.0625f;
        float k1 = speed, l1 = -position;
        float k2 = speed + h / 2 * l1, l2 = -(position + h / 2 * k1);
        float k3 = speed + h / 2 * l2, l3 = -(position + h / 2 * k2);
        float k4 = speed + h * l3, l4 = -(position + h * k3);
        position += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        speed += h / 6 * (l1 + 2 * l2 + 2 * l3 + l4);
    }
    mix_float(&out[4], position);
    mix_float(&out[5], speed);
    // Unit vectors, a cross product, a quotient of complex numbers.
    float v[3], w[3];
    for (int i = 0; i < 3; i++) {
        v[i] = small_float(in[7 + i]) + 0.5f;
        w[i] = small_float(in[10 + i]) - 0.25f;
    }
    float length = sqrtf(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    for (int i = 0; i < 3; i++) {
        mix_float(&out[6], v[i] / length);
        mix_float(&out[7], v[(i + 1) % 3] * w[(i + 2) % 3] - v[(i + 2) % 3] * w[(i + 1) % 3]);
    }
    float square = w[0] * w[0] + w[1] * w[1];
    mix_float(&out[8], (v[0] * w[0] + v[1] * w[1]) / square);
    mix_float(&out[9], (v[1] * w[0] - v[0] * w[1]) / square);
}

// Binary to decimal and back, exactly, with the integers of the machine.
CASE(decimal)
{
    double x = fabs(small_double(in[0], in[1])) + 0x1p-20;
    int exponent = 0;
    while (x < 1) {
        x *= 10;
        exponent--;
    }
    while (x >= 10) {
        x /= 10;
        exponent++;
    }
    out[0] = (uint32_t)exponent;
    for (int i = 0; i < 16; i++) {
        int digit = (int)x;
        mix(&out[1], (uint32_t)digit);
        x = (x - digit) * 10;
    }
    float parsed = 0, scale = 1;
    for (int i = 0; i < 7; i++) {
        parsed = parsed * 10 + (float)(in[2] >> 3 * i & 7);
        scale *= i % 2 ? 10.0f : 1.0f;
    }
    mix_float(&out[2], parsed / scale);
}
