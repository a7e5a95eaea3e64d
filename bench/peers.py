#!/usr/bin/env python3
"""Times what PyTorch has for the kernels of the case files, as `wavegauge bench` times the kernels.

  python3 bench/peers.py --json torch.json [--program build/wavegauge] [--time S] [--noise P] [SELECT...]
  wavegauge compare torch.json now.json

The shapes are those that `wavegauge bench --list SELECT...` prints. A sample: a buffer of twice the L2
cache is written, a spinning kernel holds the device while the host queues what follows, then an event,
the work, an event; short work is timed in batches that take turns with copies of the tensors. A case's
timing is that of the fastest way to do it in PyTorch; "peers" lists all ways, and why one did not work.

Exit status: 0 all timed, 1 a case failed, 2 wrong usage, 3 PyTorch, a GPU or the program is not there, 4 no case.
"""
import argparse
import json
import math
import platform
import subprocess
import sys
import time

FEWEST, MOST = 20, 20000


def stop(status, message):
    print("peers.py: " + message, file=sys.stderr)
    sys.exit(status)


def read_arguments():
    parser = argparse.ArgumentParser(description="times PyTorch on the shapes of the case files")
    parser.add_argument("select", nargs="*", help="kernels, globs or ids, as for wavegauge bench")
    parser.add_argument("--json", required=True, help="the file to write")
    parser.add_argument("--program", default="wavegauge", help="the wavegauge program, for its list of shapes")
    parser.add_argument("--time", type=float, default=3, help="seconds of samples at most")
    parser.add_argument("--least-time", type=float, default=0.3, help="seconds of samples at least")
    parser.add_argument("--noise", type=float, default=0.005, help="width of the median's interval to reach")
    return parser.parse_args()


def list_ids(arguments):
    command = [arguments.program, "bench", "--list"] + arguments.select
    try:
        listed = subprocess.run(command, capture_output=True, text=True)
    except OSError as problem:
        stop(3, f"{arguments.program} does not start ({problem}); give its path with --program")
    if listed.returncode != 0:
        stop(listed.returncode, listed.stderr.strip())
    return listed.stdout.split()


def import_torch():
    try:
        import torch
    except ImportError:
        stop(3, "PyTorch is not there: run this with a Python that has it (pip install torch)")
    if not torch.cuda.is_available():
        stop(3, "PyTorch sees no GPU")
    return torch


def median_interval_rank(count):
    """k, so that the k-th smallest and k-th largest of so many samples hold the median with 95%; 0: too few."""
    tail, rank = 0.0, 0
    for below in range(count // 2):
        tail += math.exp(math.lgamma(count + 1) - math.lgamma(below + 1) - math.lgamma(count - below + 1) -
                         count * math.log(2))
        if 2 * tail > 0.05:
            break
        rank = below + 1
    return rank


def summarise(samples):
    ordered = sorted(samples)
    count = len(ordered)
    at = lambda share: ordered[min(count - 1, int(share * count))]
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    rank = median_interval_rank(count)
    low, high = (ordered[rank - 1], ordered[count - rank]) if rank else (ordered[0], ordered[-1])
    return {"samples": count, "median_us": median, "minimum_us": ordered[0], "maximum_us": ordered[-1],
            "lower_quartile_us": at(0.25), "upper_quartile_us": at(0.75), "low_us": low, "high_us": high,
            "noise": (high - low) / median if median > 0 and rank else math.inf}


class Timer:
    """Samples by the device's events."""

    def __init__(self, torch, arguments):
        self.torch, self.arguments = torch, arguments
        properties = torch.cuda.get_device_properties(0)
        self.cache = getattr(properties, "L2_cache_size", 0) or 64 << 20
        self.flush = torch.empty(2 * self.cache, dtype=torch.uint8, device="cuda")
        self.start = torch.cuda.Event(enable_timing=True)
        self.end = torch.cuda.Event(enable_timing=True)
        self.queue_us = 20.0
        self.number = 0

    def sets_for(self, bytes_of_set):
        free = self.torch.cuda.mem_get_info()[0]
        return max(1, min(3 * self.cache // max(bytes_of_set, 1) + 1, free // 2 // max(bytes_of_set, 1)))

    def sample(self, work, batch):
        """Microseconds of one of `batch` calls of work(number)."""
        cuda = self.torch.cuda
        self.flush.fill_(self.number & 0x7f)
        # Two cycles a nanosecond, for any clock that there is.
        cuda._sleep(int(2000 * min(20 + 2 * self.queue_us * batch, 20000)))
        self.start.record()
        begin = time.perf_counter()
        for _ in range(batch):
            work(self.number)
            self.number += 1
        self.queue_us = max(self.queue_us, min(1e6 * (time.perf_counter() - begin) / batch, 500))
        self.end.record()
        self.end.synchronize()
        return 1e3 * self.start.elapsed_time(self.end) / batch

    def measure(self, work):
        """The "timing" of one way, without what is known of the case."""
        warm = [self.sample(work, 1) for _ in range(5)]
        batch = 1 if min(warm) >= 100 else min(1000, math.ceil(200 / max(min(warm), 0.2)))
        begin, samples, look = time.perf_counter(), [], FEWEST
        reason = "number of samples"
        while len(samples) < MOST:
            samples.append(self.sample(work, batch))
            seconds = time.perf_counter() - begin
            if seconds >= self.arguments.time:
                reason = "time out"
                break
            if len(samples) >= look and seconds >= self.arguments.least_time:
                if summarise(samples)["noise"] <= self.arguments.noise:
                    reason = "noise at the target"
                    break
                look = max(look + 1, len(samples) * 5 // 4)
        return dict(summarise(samples), samples_us=samples, batch=batch, cache="cold", stop=reason)


# Every way is a function of the shape that gives a name, the bytes of a set, a maker of sets and the work on one.

def copy_ways(torch, dims, dtype):
    def make():
        return torch.empty(2, dims["bytes"], dtype=torch.uint8, device="cuda").random_()
    yield "Tensor.copy_", 2 * dims["bytes"], make, lambda pair: pair[1].copy_(pair[0])


def matmul_ways(torch, dims, dtype):
    batch, heads = dims["batch"], dims["heads"]

    def make():
        scores = torch.randn(batch, heads, dims["seq_q"], dims["seq_k"], device="cuda", dtype=dtype)
        v = torch.randn(batch, heads, dims["seq_k"], dims["head_dim"], device="cuda", dtype=dtype)
        return torch.softmax(scores, -1), v
    size = batch * heads * dims["seq_k"] * (dims["seq_q"] + dims["head_dim"]) * dtype.itemsize
    yield "torch.matmul", size, make, lambda data: torch.matmul(*data)


def attention_ways(torch, dims, dtype):
    from torch.nn.attention import SDPBackend, sdpa_kernel

    def make():
        shapes = [dims["seq_q"], dims["seq_k"], dims["seq_k"]]
        return [torch.randn(dims["batch"], dims["heads"], length, dims["head_dim"], device="cuda", dtype=dtype)
                for length in shapes]
    size = dims["batch"] * dims["heads"] * dims["head_dim"] * (dims["seq_q"] + 2 * dims["seq_k"]) * dtype.itemsize
    for name, backend in [("flash", SDPBackend.FLASH_ATTENTION), ("memory-efficient", SDPBackend.EFFICIENT_ATTENTION),
                          ("cuDNN", SDPBackend.CUDNN_ATTENTION), ("math", SDPBackend.MATH)]:
        def attend(data, backend=backend):
            with sdpa_kernel(backend):
                return torch.nn.functional.scaled_dot_product_attention(*data)
        yield f"scaled_dot_product_attention, {name}", size, make, attend


def sampler_ways(torch, dims, dtype, kernel):
    shape = (dims["batch"], dims["vocab"])
    top_k, top_p = min(50, dims["vocab"]), 0.9

    def make():
        return torch.randn(shape, device="cuda").mul_(3).to(dtype)

    def keep_p(ordered):
        """Probabilities in descending order, those past top_p set to zero."""
        weights = torch.softmax(ordered, -1, dtype=torch.float32)
        return weights.masked_fill(torch.cumsum(weights, -1) - weights >= top_p, 0)

    def draw_k(logits):
        values, places = torch.topk(logits, top_k)
        weights = torch.softmax(values, -1, dtype=torch.float32)
        return places.gather(1, torch.multinomial(weights, 1))

    def draw_p(logits):
        values, places = torch.sort(logits, -1, descending=True)
        return places.gather(1, torch.multinomial(keep_p(values), 1))

    def draw_both(logits):
        values, places = torch.topk(logits, top_k)
        return places.gather(1, torch.multinomial(keep_p(values), 1))

    names = {"topk": ("topk, softmax, multinomial", draw_k), "topp": ("sort, softmax, cumsum, multinomial", draw_p),
             "fused": ("topk, softmax, cumsum, multinomial", draw_both)}
    name, draw = names[kernel]
    yield name, shape[0] * shape[1] * dtype.itemsize, make, draw


def ways_of(torch, kernel, dims, dtype):
    if kernel == "buffer_copy":
        return copy_ways(torch, dims, dtype)
    if kernel == "weighted_matmul":
        return matmul_ways(torch, dims, dtype)
    if kernel == "flash_nocausal":
        return attention_ways(torch, dims, dtype)
    if kernel in ("topk", "topp", "fused"):
        return sampler_ways(torch, dims, dtype, kernel)
    return None


def parse_id(text):
    kernel, dtype, rest = text.split("/")
    return kernel, dtype, {name: int(value) for name, value in (part.split("=") for part in rest.split(","))}


def time_way(torch, timer, way):
    name, size, make, work = way
    try:
        sets = [make() for _ in range(timer.sets_for(size))]
        with torch.no_grad():
            timing = timer.measure(lambda number: work(sets[number % len(sets)]))
        return dict(timing, name=name, sets=len(sets))
    except RuntimeError as problem:
        return {"name": name, "message": str(problem).strip().split("\n")[0]}


def time_case(torch, timer, text):
    kernel, dtype_name, dims = parse_id(text)
    dtypes = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16, "u8": torch.uint8}
    ways = ways_of(torch, kernel, dims, dtypes[dtype_name])
    if ways is None:
        return None
    peers = [time_way(torch, timer, way) for way in ways]
    timed = [peer for peer in peers if "samples_us" in peer]
    case = {"id": text, "kernel": kernel, "dtype": dtype_name, "dims": dims, "status": "pass" if timed else "error",
            "timing": {"peers": peers}}
    if timed:
        best = min(timed, key=lambda peer: peer["median_us"])
        case["timing"].update(best, source="PyTorch: " + best["name"])
    return case


def print_case(case):
    for peer in case["timing"]["peers"]:
        said = f"{peer['median_us']:10.2f} us  n={peer['samples']} x {peer['batch']}, {peer['stop']}" \
            if "samples_us" in peer else peer["message"]
        print(f"{case['id']}  {peer['name']}: {said}", flush=True)


def describe(torch):
    return {"device": "nvidia" if torch.version.cuda else "amd", "device_name": torch.cuda.get_device_name(0),
            "peer": "PyTorch", "torch_version": torch.__version__, "system": platform.system(),
            "machine": platform.machine(), "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def main():
    arguments = read_arguments()
    torch = import_torch()
    ids = list_ids(arguments)
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    timer = Timer(torch, arguments)
    cases = []
    for text in ids:
        case = time_case(torch, timer, text)
        if case is not None:
            cases.append(case)
            print_case(case)
    failed = sum(case["status"] != "pass" for case in cases)
    summary = {"cases": len(cases), "passed": len(cases) - failed, "failed": failed, "crashed": 0, "timed_out": 0,
               "skipped": 0}
    with open(arguments.json, "w") as stream:
        json.dump({"schema": "wavegauge/1", "environment": describe(torch), "summary": summary, "cases": cases}, stream)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 4 if not cases else 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
