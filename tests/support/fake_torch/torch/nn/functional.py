import torch


def scaled_dot_product_attention(q, k, v):
    from torch.nn import attention
    if q.dtype is torch.float32 and attention.chosen in ("flash", "cudnn"):
        raise RuntimeError("No available kernel. Aborting execution.")
    torch._work({"cudnn": 300, "math": 400}.get(attention.chosen, 500))
    return q
