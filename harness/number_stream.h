// Random numbers by position: number i of a stream is the same however one gets there.
#ifndef WAVEGAUGE_NUMBER_STREAM_H
#define WAVEGAUGE_NUMBER_STREAM_H

#include "input_data.h"

struct number_stream {
    uint64_t key;
};

struct number_stream number_stream_create(uint64_t seed, const char *case_id, const char *name,
                                          enum pass pass);

// All 64 bits; in [0, 1) with 53 bits; and of mean 0 and variance 1.
uint64_t number_stream_bits(const struct number_stream *stream, uint64_t index);
double number_stream_unit(const struct number_stream *stream, uint64_t index);
double number_stream_normal(const struct number_stream *stream, uint64_t index);

#endif
