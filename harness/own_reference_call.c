// One call of a case file's own reference: what it asks for, what it leaves behind, and how it may
// end.
#include "own_reference.h"

#include "reference/include/wavegauge_reference.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

struct own_call {
    struct wavegauge_call interface; // first: what the reference holds points to both
    const char *path;
    struct reference_call *call;
    struct error *error;
    sigjmp_buf end; // where a mistake leads to
};

// A NaN that nobody computes: what still holds it was not filled.
static const uint64_t unset_bits = 0x7ff8a5a5deadbeef;

static double unset(void)
{
    double value;
    memcpy(&value, &unset_bits, sizeof value);
    return value;
}

static bool is_unset(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits == unset_bits;
}

// References have no way to hand an error back, and none that a user should have to think of.
#define END(own, ...)                                                                              \
    do {                                                                                           \
        error_set((own)->error, EXIT_FAILED, __VA_ARGS__);                                         \
        siglongjmp((own)->end, 1);                                                                 \
    } while (0)

static struct reference_tensor *tensor_of(struct own_call *own, const char *name)
{
    struct reference_tensor *tensor = name != NULL ? reference_tensor(own->call, name) : NULL;
    const char *names[MAX_TENSORS];
    for (size_t i = 0; i < own->call->tensor_count; i++)
        names[i] = own->call->tensors[i].name;
    if (tensor == NULL) {
        const char *near = name != NULL ? nearest_name(name, names, own->call->tensor_count) : NULL;
        END(own,
            "the reference %s asks for the tensor '%.60s', which the case file does not have%s%s%s",
            own->path, name != NULL ? name : "", near != NULL ? ", did you mean '" : "",
            near != NULL ? near : "", near != NULL ? "'?" : "");
    }
    return tensor;
}

static int64_t dim(struct wavegauge_call *call, const char *name)
{
    struct own_call *own = (struct own_call *)call;
    const char *names[MAX_DIMENSIONS];
    for (size_t i = 0; i < own->call->dimension_count; i++) {
        names[i] = own->call->dimensions[i].name;
        if (name != NULL && strcmp(names[i], name) == 0)
            return own->call->dimensions[i].value;
    }
    const char *near = name != NULL ? nearest_name(name, names, own->call->dimension_count) : NULL;
    END(own, "the reference %s asks for the dim '%.60s', which the case file does not have%s%s%s",
        own->path, name != NULL ? name : "", near != NULL ? ", did you mean '" : "",
        near != NULL ? near : "", near != NULL ? "'?" : "");
}

static size_t count(struct wavegauge_call *call, const char *name)
{
    return tensor_of((struct own_call *)call, name)->count;
}

static int64_t extent(struct wavegauge_call *call, const char *name, size_t axis)
{
    struct own_call *own = (struct own_call *)call;
    const struct reference_tensor *tensor = tensor_of(own, name);
    if (axis >= tensor->rank)
        END(own, "the reference %s asks for axis %zu of '%s', which has %zu, counted from 0",
            own->path, axis, name, tensor->rank);
    return tensor->shape[axis];
}

static const char *dtype(struct wavegauge_call *call, const char *name)
{
    return dtype_info(tensor_of((struct own_call *)call, name)->dtype)->name;
}

// Ends the call unless the tensor has what was asked for.
static void need(struct own_call *own, const void *there, const char *tensor, const char *function,
                 const char *expected)
{
    if (there == NULL)
        END(own, "the reference %s calls %s of '%s'; expected %s", own->path, function, tensor,
            expected);
}

static const double *input(struct wavegauge_call *call, const char *name)
{
    struct own_call *own = (struct own_call *)call;
    const struct reference_tensor *tensor = tensor_of(own, name);
    need(own, tensor->values, name, "wavegauge_input()",
         tensor->data != NULL ? "wavegauge_input_bytes() where the case file has 'check: bits'"
                              : "a tensor with io: in or inout");
    return tensor->values;
}

static const char *why_no_numbers(const struct reference_tensor *tensor)
{
    return tensor->expected_bytes != NULL
               ? "wavegauge_expected_bytes() where the case file has 'check: bits'"
               : "a tensor with io: out or inout";
}

static double *expected(struct wavegauge_call *call, const char *name)
{
    struct own_call *own = (struct own_call *)call;
    const struct reference_tensor *tensor = tensor_of(own, name);
    need(own, tensor->expected, name, "wavegauge_expected()", why_no_numbers(tensor));
    return tensor->expected;
}

static double *magnitude(struct wavegauge_call *call, const char *name)
{
    struct own_call *own = (struct own_call *)call;
    const struct reference_tensor *tensor = tensor_of(own, name);
    need(own, tensor->magnitude, name, "wavegauge_magnitude()", why_no_numbers(tensor));
    return tensor->magnitude;
}

static const void *input_bytes(struct wavegauge_call *call, const char *name)
{
    struct own_call *own = (struct own_call *)call;
    const struct reference_tensor *tensor = tensor_of(own, name);
    need(own, tensor->data, name, "wavegauge_input_bytes()", "a tensor with io: in or inout");
    return tensor->data;
}

static void *expected_bytes(struct wavegauge_call *call, const char *name)
{
    struct own_call *own = (struct own_call *)call;
    const struct reference_tensor *tensor = tensor_of(own, name);
    need(own, tensor->expected_bytes, name, "wavegauge_expected_bytes()",
         tensor->expected != NULL ? "wavegauge_expected(), or 'check: bits' in the case file"
                                  : "a tensor with io: out or inout");
    return tensor->expected_bytes;
}

static void terms(struct wavegauge_call *call, double number)
{
    struct own_call *own = (struct own_call *)call;
    if (!(number >= 0) || isinf(number))
        END(own,
            "the reference %s calls wavegauge_terms() with %g, expected how many terms an "
            "element is the sum of",
            own->path, number);
    own->call->terms = number;
}

static void fail(struct wavegauge_call *call, const char *message)
{
    struct own_call *own = (struct own_call *)call;
    END(own, "the reference %s says: %s", own->path, message != NULL ? message : "");
}

// The call that a crash of this thread ends.
static _Thread_local struct own_call *running;

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { CRASHES = sizeof crashes / sizeof *crashes };

static void on_crash(int number)
{
    if (running != NULL)
        siglongjmp(running->end, number);
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_crashes(struct sigaction before[CRASHES])
{
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_NODEFER};
    for (size_t i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &action, &before[i]);
}

static void leave_crashes(const struct sigaction before[CRASHES])
{
    for (size_t i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &before[i], NULL);
}

// How it ended: 0 by itself, 1 by an error that says so, or the number of a signal (all above 1).
static int run(struct own_call *own, void (*function)(struct wavegauge_call *call))
{
    struct sigaction before[CRASHES];
    catch_crashes(before);
    running = own;
    int end = sigsetjmp(own->end, 1);
    if (end == 0)
        function(&own->interface);
    running = NULL;
    leave_crashes(before);
    return end;
}

static void start_tensor(struct reference_tensor *tensor)
{
    for (size_t i = 0; tensor->expected != NULL && i < tensor->count; i++)
        tensor->expected[i] = tensor->magnitude[i] = unset();
    if (tensor->expected_bytes == NULL)
        return;
    size_t bytes = tensor->count * dtype_info(tensor->dtype)->size;
    if (tensor->data != NULL)
        memcpy(tensor->expected_bytes, tensor->data, bytes);
    else
        memset(tensor->expected_bytes, 0, bytes);
}

// The bound is worked out from magnitudes; other checks do without.
static bool check_magnitude(const struct own_reference *reference, struct reference_tensor *tensor,
                            size_t i, bool bound, struct error *error)
{
    double size = fabs(tensor->expected[i]);
    if (is_unset(tensor->magnitude[i]) && !bound) {
        tensor->magnitude[i] = size;
        return true;
    }
    if (is_unset(tensor->magnitude[i]))
        return error_set(error, EXIT_FAILED,
                         "the reference %s does not fill wavegauge_magnitude(call, \"%s\") at "
                         "element %zu, which 'check: {bound: ...}' needs: fill it, or say 'check: "
                         "{allclose: {atol: ..., rtol: ...}}'",
                         reference->path, tensor->name, i);
    if (isfinite(size) && !(tensor->magnitude[i] >= size * (1 - 0x1p-40)))
        return error_set(error, EXIT_FAILED,
                         "the reference %s gives element %zu of '%s' the magnitude %g, below its "
                         "value %g; it is the sum of the absolute values of all terms",
                         reference->path, i, tensor->name, tensor->magnitude[i],
                         tensor->expected[i]);
    return true;
}

static bool check_tensor(const struct own_reference *reference, struct reference_tensor *tensor,
                         bool bound, struct error *error)
{
    for (size_t i = 0; tensor->expected != NULL && i < tensor->count; i++) {
        if (is_unset(tensor->expected[i]))
            return error_set(error, EXIT_FAILED,
                             "the reference %s does not fill element %zu of "
                             "wavegauge_expected(call, \"%s\"), which has %zu",
                             reference->path, i, tensor->name, tensor->count);
        if (!check_magnitude(reference, tensor, i, bound, error))
            return false;
    }
    return true;
}

static bool check_answers(const struct case_file *file, struct reference_call *call,
                          struct error *error)
{
    bool bound = file->check.kind == CHECK_BOUND;
    for (size_t i = 0; i < call->tensor_count; i++) {
        if (!check_tensor(file->own_reference, &call->tensors[i], bound, error))
            return false;
    }
    if (call->terms < 0 && bound)
        return error_set(error, EXIT_FAILED,
                         "the reference %s does not call wavegauge_terms(), which 'check: {bound: "
                         "...}' needs: call it, or say 'check: {allclose: {atol: ..., rtol: "
                         "...}}'",
                         file->own_reference->path);
    call->terms = fmax(call->terms, 1);
    return true;
}

bool own_reference_compute(const struct case_file *file, struct reference_call *call,
                           struct error *error)
{
    struct own_call own = {.interface = {dim, count, extent, dtype, input, expected, magnitude,
                                         input_bytes, expected_bytes, terms, fail},
                           .path = file->own_reference->path,
                           .call = call,
                           .error = error};
    if (!own_reference_load(file, NULL, error))
        return false;
    for (size_t i = 0; i < call->tensor_count; i++)
        start_tensor(&call->tensors[i]);
    call->terms = -1;
    int end = run(&own, file->own_reference->function);
    if (end > 1)
        return error_set(error, EXIT_FAILED,
                         "the reference %s crashed: %s; does it stay inside the "
                         "wavegauge_count() elements of each tensor?",
                         own.path, strsignal(end));
    return end == 0 && check_answers(file, call, error);
}
