#include "sampler_data.h"

#include "number_stream.h"
#include "sampler_boundary.h"

#include <math.h>
#include <string.h>

enum { MAX_ALIVE = 24, LARGEST_EQUAL_ROW = 1000, BESIDE_ALIVE = 64 };

struct row {
    const struct plan *plan;
    enum sampler_row_kind kind;
    enum pass pass;
    int64_t vocab;
    struct number_stream stream;  // of the row and of those that repeat it
    struct number_stream uniform; // of the row alone
    double scale;                 // exact pass: the power of two in logits and temperature
    bool is_beside;               // kept away from what is undecided by a hair
};

// What one number of a row is drawn for: its place in the stream, far from the logits' places.
enum draw {
    DRAW_SCALE = 1,
    DRAW_TEMPERATURE,
    DRAW_TOP_K,
    DRAW_TOP_P,
    DRAW_PLACE,
    DRAW_OFFSET,
    DRAW_SIDE
};

static uint64_t bits_for(const struct row *row, enum draw draw)
{
    return number_stream_bits(&row->stream, UINT64_MAX - 8 - (uint64_t)draw);
}

static int64_t dimension(const struct plan *plan, const char *name, int64_t otherwise)
{
    size_t index = case_file_find_dimension(plan->test->file, name);
    return index == SIZE_MAX ? otherwise : plan->test->dims[index];
}

bool sampler_row_kind_exists(int64_t edge)
{
    return (edge >= -1 && edge < SAMPLER_ROW_KINDS) || edge == SAMPLER_USUAL;
}

static enum sampler_row_kind row_kind(int64_t edge, int64_t row)
{
    if (edge < 0)
        return (enum sampler_row_kind)(row % SAMPLER_ROW_KINDS);
    return sampler_row_kind_exists(edge) ? (enum sampler_row_kind)edge : SAMPLER_ORDINARY;
}

static struct row make_row(const struct plan *plan, int64_t index, uint64_t seed, enum pass pass)
{
    int64_t repeat = dimension(plan, "repeat", 1);
    int64_t shared = repeat > 1 ? index / repeat : index;
    struct row row = {plan, row_kind(dimension(plan, "edge", 0), shared),
                      pass, dimension(plan, "vocab", 1),
                      {0},  {0},
                      1,    false};
    // Frequencies are judged of rows that repeat: their uniforms must be any.
    row.is_beside = row.kind == SAMPLER_BESIDE && pass == PASS_RANDOM && repeat <= 1;
    struct number_stream rows = number_stream_create(seed, plan->test->id, "sampler rows", pass);
    row.stream.key = number_stream_bits(&rows, 2 * (uint64_t)shared);
    row.uniform.key = number_stream_bits(&rows, 2 * (uint64_t)index + 1);
    row.scale = ldexp(1, (int)(bits_for(&row, DRAW_SCALE) % 3) - 1);
    return row;
}

static double share(const struct row *row, uint64_t bits)
{
    if (row->pass == PASS_EXACT)
        return (double)(2 * (bits % 128) + 1) / 256;
    return (double)(bits >> 40) * 0x1p-24;
}

static double temperature(const struct row *row)
{
    static const double small[] = {0.5, 0.7, 1, 1.5}, large[] = {0.15, 0.2, 0.25, 0.3};
    uint64_t bits = bits_for(row, DRAW_TEMPERATURE);
    switch (row->kind) {
    case SAMPLER_TEMPERATURE_ZERO:
    case SAMPLER_SIGNED_ZEROS:
    case SAMPLER_NAN_AT_ZERO:
        return 0;
    case SAMPLER_TEMPERATURE_BELOW:
        return bits & 1 ? -1 : -0.001;
    case SAMPLER_TEMPERATURE_NAN:
        return NAN;
    case SAMPLER_TEMPERATURE_TINY:
        return 1e-30;
    case SAMPLER_USUAL:
        return row->pass == PASS_EXACT ? row->scale * 1.4426950408889634 : 1;
    default:
        if (row->pass == PASS_EXACT)
            return row->scale * 1.4426950408889634; // 1 / ln 2
        return row->vocab > 1000 && !row->is_beside ? large[bits % 4] : small[bits % 4];
    }
}

static double top_k(const struct row *row)
{
    const int64_t most = row->vocab < 40 ? row->vocab : 40;
    uint64_t bits = bits_for(row, DRAW_TOP_K);
    switch (row->kind) {
    case SAMPLER_K_ONE:
        return 1;
    case SAMPLER_K_VOCAB:
        return (double)row->vocab;
    case SAMPLER_K_ABOVE_VOCAB:
        return bits & 1 ? INT32_MAX : (double)row->vocab + 1;
    case SAMPLER_K_ZERO:
        return 0;
    case SAMPLER_K_NEGATIVE:
        return bits & 1 ? INT32_MIN : -1;
    case SAMPLER_TIES:
        return (double)(1 + bits % 3);
    case SAMPLER_USUAL:
        return 50;
    case SAMPLER_BESIDE:
        return bits % 4 == 0 ? 0 : (double)(8 + bits % 33);
    default:
        // Some are wider than a byte whose low bits say 1 to 8.
        if (row->vocab > 512 && bits >> 60 < 4)
            return (double)(257 + bits % 8);
        return (double)(1 + bits % (uint64_t)most);
    }
}

static double ordinary_top_p(const struct row *row)
{
    uint64_t bits = bits_for(row, DRAW_TOP_P);
    switch (row->kind) {
    case SAMPLER_P_ZERO:
        return 0;
    case SAMPLER_P_ONE:
        return bits & 1 ? 1.5 : 1;
    case SAMPLER_P_TINY:
        return 1e-30;
    case SAMPLER_USUAL:
        return row->pass == PASS_EXACT ? share(row, bits) : 0.9;
    default:
        if (row->pass == PASS_EXACT)
            return share(row, bits);
        return row->is_beside ? 0.5 + 0.49 * share(row, bits) : 0.3 + 0.65 * share(row, bits);
    }
}

static bool is_all_equal(const struct row *row)
{
    return row->kind == SAMPLER_ALL_EQUAL && row->vocab <= LARGEST_EQUAL_ROW;
}

static double ordinary_uniform(const struct row *row)
{
    uint64_t bits = number_stream_bits(&row->uniform, 0);
    if (row->kind == SAMPLER_UNIFORM_ZERO)
        return 0;
    if (row->kind == SAMPLER_UNIFORM_LAST)
        return 1 - 0x1p-24;
    // The middle of a token's share.
    if (is_all_equal(row))
        return ((double)(bits % (uint64_t)row->vocab) + 0.5) / (double)row->vocab;
    return share(row, bits);
}

// Three of four rows beside a boundary: the last steps of a search for the place have a choice.
static bool is_side_by_side(const struct row *row)
{
    return row->is_beside && (bits_for(row, DRAW_PLACE) & 12) != 0;
}

// Token that counts, number `alive` of `count` of them. Every token in turn, over the rows, and the
// first and the last more often.
static int64_t alive_place(const struct row *row, int64_t alive, int64_t count)
{
    uint64_t bits = bits_for(row, DRAW_PLACE);
    int64_t first = alive * row->vocab / count, next = (alive + 1) * row->vocab / count;
    if (is_side_by_side(row))
        return (int64_t)(bits / 16 % (uint64_t)(row->vocab - count + 1)) + alive;
    if (alive == 0 && bits & 1)
        return 0;
    if (alive == count - 1 && bits & 2)
        return row->vocab - 1;
    uint64_t within = number_stream_bits(&row->stream, UINT64_MAX - 100 - (uint64_t)alive);
    return first + (int64_t)(within % (uint64_t)(next - first));
}

static int64_t alive_count(const struct row *row)
{
    int64_t most = row->is_beside ? BESIDE_ALIVE : MAX_ALIVE;
    return row->vocab < most ? row->vocab : most;
}

static bool is_alive(const struct row *row, int64_t token)
{
    int64_t count = alive_count(row);
    if (is_side_by_side(row)) {
        int64_t first = alive_place(row, 0, count);
        return token >= first && token < first + count;
    }
    // token * count / vocab, or one more where the division was rounded down.
    int64_t alive = token * count / row->vocab;
    alive += alive + 1 < count && (alive + 1) * row->vocab / count <= token;
    return alive_place(row, alive, count) == token;
}

static double exact_logit(const struct row *row, int64_t token)
{
    uint64_t bits = number_stream_bits(&row->stream, (uint64_t)token);
    double offset = (double)(bits_for(row, DRAW_OFFSET) % 16);
    if (is_alive(row, token))
        return row->scale * (offset - (row->kind == SAMPLER_ALL_EQUAL ? 0 : (double)(bits % 4)));
    return -row->scale * (160 + (double)(bits % 64));
}

static double logit(const struct row *row, int64_t token)
{
    const int64_t chosen = (int64_t)(bits_for(row, DRAW_PLACE) % (uint64_t)row->vocab);
    uint64_t bits = number_stream_bits(&row->stream, ~(uint64_t)token);
    bool is_dead = false;
    double value;
    if (is_all_equal(row))
        return row->scale * (double)(bits_for(row, DRAW_OFFSET) % 16);
    if (row->kind == SAMPLER_SIGNED_ZEROS)
        return token == chosen ? 0 : bits % 3 == 0 ? -0.0 : -1;
    if (row->kind == SAMPLER_NO_FINITE)
        return -INFINITY;
    if ((row->kind == SAMPLER_NAN || row->kind == SAMPLER_NAN_AT_ZERO) && token == chosen)
        return NAN;
    if (row->kind == SAMPLER_INFINITE && token == chosen)
        return INFINITY;
    if (row->pass == PASS_EXACT || row->kind == SAMPLER_ALL_EQUAL) {
        value = exact_logit(row, token);
        is_dead = value < -20 * row->scale;
    } else if (row->is_beside && !is_alive(row, token)) {
        value = -1000 - (double)(bits % 64);
    } else {
        value = 3 * number_stream_normal(&row->stream, (uint64_t)token);
        if (row->kind == SAMPLER_TIES)
            value = nearbyint(value);
        is_dead = bits % 4 != 0 && token != chosen;
    }
    return row->kind == SAMPLER_MASKED && is_dead ? -INFINITY : value;
}

// A value as its tensor holds it; `otherwise` when the kernel has no such tensor.
static double stored(const struct row *row, const char *name, double value, double otherwise)
{
    for (size_t i = 0; i < row->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &row->plan->tensors[i];
        if (strcmp(tensor->tensor->name, name) == 0)
            return dtype_round(tensor->dtype, value);
    }
    return otherwise;
}

// What a row of SAMPLER_BESIDE has in the end: with a top-p, every other row has that beside its
// boundary and the others the uniform beside one of the draw's.
static struct sampling_parameters parameters_beside(const struct row *row)
{
    double logits[BESIDE_ALIVE];
    const int64_t count = alive_count(row);
    const uint64_t bits = bits_for(row, DRAW_SIDE);
    struct sampling_parameters parameters = {
        .temperature = stored(row, "temperature", temperature(row), 1),
        .top_k = (int64_t)stored(row, "top_k", top_k(row), 0),
        .top_p = stored(row, "top_p", ordinary_top_p(row), 1),
        .uniform = stored(row, "uniform", ordinary_uniform(row), 0),
    };
    // The others weigh nothing, so the row may do without them.
    for (int64_t alive = 0; alive < count; alive++)
        logits[alive] = stored(row, "logits", logit(row, alive_place(row, alive, count)), 0);
    if (parameters.top_p == 1 || bits & 1 ||
        !sampler_boundary_of_top_p(logits, count, bits & 2, &parameters))
        sampler_boundary_of_draw(logits, count, bits & 2, &parameters);
    return parameters;
}

static double top_p(const struct row *row)
{
    return row->is_beside ? parameters_beside(row).top_p : ordinary_top_p(row);
}

static double uniform(const struct row *row)
{
    return row->is_beside ? parameters_beside(row).uniform : ordinary_uniform(row);
}

static void fill_logits(const struct plan *plan, const struct plan_tensor *tensor, uint64_t seed,
                        enum pass pass, void *data)
{
    int64_t vocab = dimension(plan, "vocab", 1);
    for (size_t i = 0; vocab > 0 && i < tensor->count; i += (size_t)vocab) {
        struct row row = make_row(plan, (int64_t)i / vocab, seed, pass);
        for (int64_t token = 0; token < vocab && i + (size_t)token < tensor->count; token++)
            dtype_store(tensor->dtype, data, i + (size_t)token, logit(&row, token));
    }
}

void sampler_data_fill(const struct plan *plan, size_t index, uint64_t seed, enum pass pass,
                       void *data)
{
    static const struct {
        const char *name;
        double (*value)(const struct row *row);
    } parameters[] = {
        {"temperature", temperature}, {"top_k", top_k}, {"top_p", top_p}, {"uniform", uniform}};
    const struct plan_tensor *tensor = &plan->tensors[index];
    if (strcmp(tensor->tensor->name, "logits") == 0) {
        fill_logits(plan, tensor, seed, pass, data);
        return;
    }
    memset(data, 0, tensor->bytes);
    if (dimension(plan, "vocab", 1) < 1)
        return;
    for (size_t p = 0; p < sizeof parameters / sizeof *parameters; p++) {
        if (strcmp(tensor->tensor->name, parameters[p].name) != 0)
            continue;
        for (size_t i = 0; i < tensor->count; i++) {
            struct row row = make_row(plan, (int64_t)i, seed, pass);
            dtype_store(tensor->dtype, data, i, parameters[p].value(&row));
        }
    }
}
