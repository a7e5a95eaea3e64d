#include "peer.h"

#include <stdio.h>
#include <string.h>

enum peer_kind peer_of(const struct case_file *file, const char *device_kind)
{
    if (strcmp(file->reference, "buffer_copy") == 0)
        return PEER_COPY;
    if (strcmp(file->reference, "weighted_matmul") == 0 && strcmp(device_kind, "nvidia") == 0)
        return PEER_PRODUCT;
    return PEER_NONE;
}

bool peers_open(struct peers *peers, const struct device_timer *timer, bool with_products,
                struct error *error)
{
    *peers = (struct peers){.wanted = true, .has_products = with_products, .timer = timer};
    return !with_products || cublas_open(&peers->cublas, error) || error_prefix(error, "--peers: ");
}

void peers_close(struct peers *peers)
{
    if (peers->has_products)
        cublas_close(&peers->cublas);
    *peers = (struct peers){0};
}

static bool find_tensor(struct peer *peer, const char *name, size_t which, struct error *error)
{
    const struct case_file *file = peer->plan->test->file;
    peer->tensors[which] = case_file_find_tensor(file, name);
    return peer->tensors[which] != SIZE_MAX ||
           error_set(error, EXIT_USAGE, "%s has no tensor '%s'", file->path, name);
}

// A dimension's value; 1 when the file has none of this name.
static int64_t dimension(const struct plan *plan, const char *name, int64_t otherwise)
{
    size_t index = case_file_find_dimension(plan->test->file, name);
    return index == SIZE_MAX ? otherwise : plan->test->dims[index];
}

static bool create_copy(struct peer *peer, struct error *error)
{
    peer->bytes = (size_t)dimension(peer->plan, "bytes", 0);
    peer->from_offset = (size_t)dimension(peer->plan, "src_offset", 0);
    peer->to_offset = (size_t)dimension(peer->plan, "dst_offset", 0);
    return find_tensor(peer, "src", 0, error) && find_tensor(peer, "dst", 2, error);
}

static bool create_product(struct peer *peer, struct error *error)
{
    static const int types[] = {
        [DTYPE_F32] = CUBLAS_F32, [DTYPE_F16] = CUBLAS_F16, [DTYPE_BF16] = CUBLAS_BF16};
    const struct plan *plan = peer->plan;
    enum dtype dtype = plan->test->dtype;
    if (dtype != DTYPE_F32 && dtype != DTYPE_F16 && dtype != DTYPE_BF16)
        return error_set(error, EXIT_USAGE, "cuBLAS has no product of %s", dtype_info(dtype)->name);
    peer->product = (struct matrix_product){
        .matrices = dimension(plan, "batch", 1) * dimension(plan, "heads", 1),
        .rows = dimension(plan, "seq_q", 1),
        .terms = dimension(plan, "seq_k", 1),
        .columns = dimension(plan, "head_dim", 1),
        .type = types[dtype],
    };
    return find_tensor(peer, "weights", 0, error) && find_tensor(peer, "v", 1, error) &&
           find_tensor(peer, "out", 2, error);
}

bool peer_create(struct peer *peer, const struct peers *peers, enum peer_kind kind,
                 const struct plan *plan, const struct bench_data *data, struct error *error)
{
    *peer = (struct peer){.kind = kind, .peers = peers, .plan = plan, .data = data};
    return kind == PEER_COPY ? create_copy(peer, error) : create_product(peer, error);
}

static char *address(const struct peer *peer, size_t set, size_t which)
{
    return bench_data_address(peer->data, set, peer->tensors[which]);
}

static bool launch_copy(const struct peer *peer, size_t set, struct error *error)
{
    const struct device_timer *timer = peer->peers->timer;
    char *to = address(peer, set, 2) + peer->to_offset;
    char *from = address(peer, set, 0) + peer->from_offset;
    return TIMING_CALL(timer, error, hipMemcpyDtoDAsync(to, from, peer->bytes, NULL));
}

bool peer_launch(void *user, size_t number, struct error *error)
{
    const struct peer *peer = user;
    size_t set = number % peer->data->set_count;
    if (peer->kind == PEER_COPY)
        return launch_copy(peer, set, error);
    struct matrix_product product = peer->product;
    product.left = address(peer, set, 0);
    product.right = address(peer, set, 1);
    product.out = address(peer, set, 2);
    return cublas_multiply(&peer->peers->cublas, &product, error);
}

void peer_name(const struct peer *peer, char *name, size_t capacity)
{
    int version = peer->peers->cublas.version;
    if (peer->kind == PEER_COPY)
        snprintf(name, capacity, "%s",
                 strncmp(peer->peers->timer->device->arch, "sm_", 3) == 0 ? "cuMemcpyDtoD"
                                                                          : "hipMemcpyDtoD");
    else
        snprintf(name, capacity, "cuBLAS %d.%d.%d", version / 10000, version / 100 % 100,
                 version % 100);
}
