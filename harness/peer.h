// What somebody would use instead of a kernel, timed beside it by `bench --peers`: the driver's
// device-to-device copy beside kernels with the reference buffer_copy, cuBLAS's batched product
// beside those with the reference weighted_matmul.
#ifndef WAVEGAUGE_PEER_H
#define WAVEGAUGE_PEER_H

#include "bench_data.h"
#include "cublas.h"

enum peer_kind { PEER_NONE, PEER_COPY, PEER_PRODUCT };

// Of a whole run.
struct peers {
    bool wanted;
    bool has_products;
    const struct device_timer *timer;
    struct cublas cublas;
};

// What there is for the kernel of this file on such a device ("amd", "nvidia").
enum peer_kind peer_of(const struct case_file *file, const char *device_kind);

// With with_products, cuBLAS is loaded. Free with peers_close.
bool peers_open(struct peers *peers, const struct device_timer *timer, bool with_products,
                struct error *error);
void peers_close(struct peers *peers);

// Of one case. Holds nothing of its own.
struct peer {
    enum peer_kind kind;
    const struct peers *peers;
    const struct plan *plan;
    const struct bench_data *data;
    size_t bytes, from_offset, to_offset; // of a copy
    struct matrix_product product;        // without its pointers
    size_t tensors[3];                    // what is read (two of a product) and what is written
};

// False with an error where the case's dims or tensors are not what the peer needs.
bool peer_create(struct peer *peer, const struct peers *peers, enum peer_kind kind,
                 const struct plan *plan, const struct bench_data *data, struct error *error);

// A launch_function; `user` is the struct peer.
bool peer_launch(void *user, size_t number, struct error *error);

// "cuBLAS 13.1.0", "hipMemcpyDtoD".
void peer_name(const struct peer *peer, char *name, size_t capacity);

#endif
