// Student's t distribution: how far apart means may lie by chance.
#ifndef WAVEGAUGE_STUDENT_T_H
#define WAVEGAUGE_STUDENT_T_H

// P(|T| >= |t|) with `freedom` > 0 degrees of freedom: I_x(freedom / 2, 1 / 2) at x = freedom /
// (freedom + t^2), the regularised incomplete beta function by its continued fraction (NIST DLMF
// 8.17.22, Lentz's method; Abramowitz and Stegun 26.7.1). 0 for an infinite t, 1 for NaN.
double student_t_two_sided(double t, double freedom);

// The t with P(|T| >= t) = probability, 0 < probability < 1.
double student_t_critical(double probability, double freedom);

#endif
