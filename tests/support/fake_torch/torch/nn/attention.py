chosen = None


class SDPBackend:
    FLASH_ATTENTION, EFFICIENT_ATTENTION, CUDNN_ATTENTION, MATH = "flash", "efficient", "cudnn", "math"


class sdpa_kernel:
    def __init__(self, backend):
        self.backend = backend

    def __enter__(self):
        global chosen
        chosen = self.backend

    def __exit__(self, *_):
        global chosen
        chosen = None
