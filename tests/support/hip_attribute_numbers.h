// What HIP's own header calls the device attributes that the CUDA layer knows, and what the driver
// does.
#ifndef HIP_ATTRIBUTE_NUMBERS_H
#define HIP_ATTRIBUTE_NUMBERS_H

#include <stddef.h>

struct attribute_numbers {
    int hip, cuda;
};

extern const struct attribute_numbers attribute_numbers[];
extern const size_t attribute_number_count;

#endif
