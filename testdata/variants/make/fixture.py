"""The weight formula, the file format, and outputs with the gradients of sum(out * lossw)."""

import json
import math
import struct

import numpy as np
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
OUT = "."
M = (1 << 64) - 1


def s(seed, p, n):
    i = np.arange(1, n + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        z = np.uint64(seed * 11400714819323198485 + p * 15111065706836454659 & M) + i * np.uint64(
            11400714819323198485
        )
        z = (z ^ z >> np.uint64(30)) * np.uint64(13787848793156543929)
        z = (z ^ z >> np.uint64(27)) * np.uint64(10723151780598845931)
        z ^= z >> np.uint64(31)
    return 2 * (z >> np.uint64(11)).astype(float) * 2.0 ** (-53) - 1


def value(name, shape, seed, p):
    leaf = name.split(".")[-1]
    n = int(np.prod(shape))
    t = {
        "A_log": (1, 1),
        "dt_bias": (-2, 1.5),
        "D": (1, 0.5),
        "running_mean": (0, 0.1),
        "running_var": (1, 0.2),
        "pos_embed": (0, 0.1),
    }.get(leaf)
    if t is None:
        t = (
            (0, math.sqrt(3 / np.prod(shape[1:])))
            if len(shape) >= 2
            else (0, 0.1) if leaf == "bias" else (1, 0.2)
        )
    return (t[0] + t[1] * s(seed, p, n)).astype(np.float32).reshape(shape)


def inp(seed, k, shape, amp=1, off=0):
    return (off + amp * s(seed, 100000 + k, int(np.prod(shape)))).astype(np.float32).reshape(shape)


def save(name, tensors, meta=None):
    h = {}
    off = 0
    blob = b""
    if meta:
        h["__metadata__"] = {k: str(v) for k, v in meta.items()}
    for k, v in tensors.items():
        if torch.is_tensor(v):
            v = v.detach().numpy()
        v = np.ascontiguousarray(v) if np.ndim(v) else np.asarray(v)
        if k.endswith(".f64"):
            dt, v = ("F64", v.astype("<f8"))
        elif v.dtype.kind in "iu":
            dt, v = ("I64", v.astype("<i8"))
        else:
            dt, v = ("F32", v.astype("<f4"))
        b = v.tobytes()
        h[k] = {"dtype": dt, "shape": list(v.shape), "data_offsets": [off, off + len(b)]}
        off += len(b)
        blob += b
    j = json.dumps(h).encode()
    j += b" " * (-len(j) % 8)
    open(f"{OUT}/{name}.safetensors", "wb").write(struct.pack("<Q", len(j)) + j + blob)
    print(name)


T = lambda a: torch.tensor(np.asarray(a, dtype=np.float64))


def leaf(a):
    return T(a).requires_grad_()


def finish(
    name,
    ins,
    params,
    outs,
    seed,
    meta=None,
    extra=None,
    noloss=(),
    stat=False,
    formula=False,
    lossw_meta=None,
):
    """ins/params: name->leaf ; outs name->tensor; grads by autograd."""
    d = {"in." + k: v for k, v in ins.items()}
    if not formula:
        d.update({"param." + k: v for k, v in params.items()})
    loss = 0
    for j, (k, v) in enumerate(outs.items()):
        d["out." + k] = v
        if k in noloss:
            continue
        w = inp(seed, 500 + j, tuple(v.shape))
        if lossw_meta is None:
            d["lossw." + k] = w
        loss = loss + (v * T(w)).sum()
    loss.backward()
    for k, v in ins.items():
        if torch.is_tensor(v) and v.requires_grad:
            d["grad.in." + k] = v.grad
    for k, v in params.items():
        if torch.is_tensor(v) and v.requires_grad and (v.grad is not None):
            g = v.grad
            if stat:
                d["gradstat." + k] = np.array(
                    [
                        g.sum().item(),
                        g.norm().item(),
                        g.reshape(-1)[0].item(),
                        g.reshape(-1)[-1].item(),
                    ]
                )
            else:
                d["grad.param." + k] = g
    d.update(extra or {})
    save(name, d, meta)


def mk(shapes, seed, skip=()):
    return {
        k: leaf(value(k, sh, seed, p)) if k not in skip else None
        for p, (k, sh) in enumerate(shapes.items())
    }
