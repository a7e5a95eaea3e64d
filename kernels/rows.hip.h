// Four neighbouring elements of a row, from and to memory, as floats.
#ifndef WAVEGAUGE_ROWS_HIP_H
#define WAVEGAUGE_ROWS_HIP_H

#include "portable.hip.h"

// Elements of a row from `column` on, as floats; zeros outside [0, columns). whole: columns is a
// multiple of four and the row is aligned for vectors, so that all four are inside or none is.
template <typename T>
__device__ static void load_four(const T *row, int64_t column, int64_t columns, bool whole,
                                 float result[4])
{
    if (whole) {
        vector4<T> four = {};
        if (column < columns)
            four = load_vector4(row + column);
        for (int i = 0; i < 4; i++)
            result[i] = to_float(four.element[i]);
        return;
    }
    for (int i = 0; i < 4; i++)
        result[i] = column + i < columns ? to_float(row[column + i]) : 0.0f;
}

// The same the other way; nothing is stored outside [0, columns).
template <typename T>
__device__ static void store_four(T *row, int64_t column, int64_t columns, bool whole,
                                  const float value[4])
{
    vector4<T> four;
    for (int i = 0; i < 4; i++)
        from_float(value[i], &four.element[i]);
    if (whole) {
        if (column < columns)
            store_vector4(row + column, four);
        return;
    }
    for (int i = 0; i < 4; i++) {
        if (column + i < columns)
            row[column + i] = four.element[i];
    }
}

#endif
