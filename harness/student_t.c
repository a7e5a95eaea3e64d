#include "student_t.h"

#include <math.h>

enum { MAX_STEPS = 1000 };

static double away_from_zero(double value)
{
    return fabs(value) < 1e-300 ? 1e-300 : value;
}

// The fraction of I_x(a, b), for x < (a + 1) / (a + b + 2).
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), value = d;
    for (int m = 1; m < MAX_STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        value *= c * d;
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        value *= c * d;
        if (fabs(c * d - 1) < 1e-15)
            break;
    }
    return value;
}

static double regularised_beta(double x, double a, double b)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double student_t_two_sided(double t, double freedom)
{
    if (isnan(t))
        return 1;
    return regularised_beta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

double student_t_critical(double probability, double freedom)
{
    double low = 0, high = 1;
    while (student_t_two_sided(high, freedom) > probability && high < 1e300)
        high *= 2;
    for (int step = 0; step < 200 && low < high; step++) {
        double middle = low + (high - low) / 2;
        if (middle == low || middle == high)
            break;
        if (student_t_two_sided(middle, freedom) > probability)
            low = middle;
        else
            high = middle;
    }
    return high;
}
