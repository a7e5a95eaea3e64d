"""A PyTorch that is none, for the tests of bench/peers.py: tensors are shapes, and work takes known times on a clock of its own.

A matmul takes 120 us, attention 300 by cuDNN, 400 in the plain way and 500 otherwise, everything else 10.
FAKE_TORCH: "no gpu"; "no memory" makes random numbers fail.
"""
import os
from . import nn  # noqa: F401

__version__ = "2.0+fake"
_now = 0.0


def _work(microseconds):
    global _now
    _now += microseconds


class dtype:
    def __init__(self, itemsize):
        self.itemsize = itemsize


float32, float16, bfloat16, uint8 = dtype(4), dtype(2), dtype(2), dtype(1)


class Tensor:
    def __init__(self, dtype=float32):
        self.dtype = dtype

    def __getattr__(self, name):
        def method(*arguments, **_):
            _work(10)
            return Tensor(arguments[0] if arguments and isinstance(arguments[0], globals()["dtype"]) else self.dtype)
        return method

    def __getitem__(self, index):
        return self

    def __sub__(self, other):
        return self

    def __ge__(self, other):
        return self


def empty(*_, dtype=float32, **__):
    return Tensor(dtype)


def randn(*_, dtype=float32, **__):
    if os.environ.get("FAKE_TORCH") == "no memory":
        raise RuntimeError("CUDA out of memory.\nA second line")
    return Tensor(dtype)


def softmax(tensor, *_, **__):
    _work(10)
    return tensor


cumsum = multinomial = softmax


def topk(tensor, *_, **__):
    _work(10)
    return tensor, tensor


sort = topk


def matmul(left, right):
    _work(120)
    return left


def manual_seed(seed):
    pass


class no_grad:
    def __enter__(self):
        pass

    def __exit__(self, *_):
        pass


class _Event:
    def __init__(self, enable_timing):
        assert enable_timing

    def record(self):
        self.at = _now

    def synchronize(self):
        pass

    def elapsed_time(self, end):
        return 1e-3 * (end.at - self.at)


class cuda:
    Event = _Event

    @staticmethod
    def is_available():
        return os.environ.get("FAKE_TORCH") != "no gpu"

    @staticmethod
    def get_device_properties(number):
        return type("Properties", (), {"L2_cache_size": 1 << 20})

    @staticmethod
    def get_device_name(number):
        return "GPU of no kind"

    @staticmethod
    def mem_get_info():
        return 1 << 30, 1 << 30

    @staticmethod
    def _sleep(cycles):
        _work(cycles / 1500)


class version:
    cuda = "13.0"


class backends:
    class cuda:
        class matmul:
            allow_tf32 = True
