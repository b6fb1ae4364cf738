"""Writes layers.safetensors beside itself: layers of PyTorch with their gradients, in double precision.

For each case: in.*, param.*, lossw (all float32), and in float64 out and grad.* of sum(out * lossw).
"""

import json
import pathlib
import struct

import numpy as np
import torch
from torch import nn

torch.manual_seed(20)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
TENSORS = {}


def draw(*shape):
    return torch.randn(*shape).float().double()


def put(name, tensor, dtype):
    TENSORS[name] = tensor.detach().numpy().astype(dtype)


def case(name, module, forward, **inputs):
    with torch.no_grad():
        for p in module.parameters():
            p.copy_((draw(*p.shape) / 2).float().double())
    leaves = {k: v.requires_grad_() for k, v in inputs.items()}
    out = forward(module, **leaves)
    weights = draw(*out.shape)
    (out * weights).sum().backward()
    for k, v in leaves.items():
        put(f"{name}.in.{k}", v, "<f4")
        put(f"{name}.grad.in.{k}", v.grad, "<f8")
    for k, v in module.named_parameters():
        put(f"{name}.param.{k}", v, "<f4")
        put(f"{name}.grad.param.{k}", v.grad, "<f8")
    put(f"{name}.lossw", weights, "<f4")
    put(f"{name}.out", out, "<f8")


def plain(module, x):
    return module(x)


case("conv1d", nn.Conv1d(6, 4, 3, stride=2, padding=3, dilation=4, groups=2), plain, x=draw(2, 6, 19))
case(
    "conv2d",
    nn.Conv2d(4, 6, (3, 2), stride=(1, 3), padding=(2, 1), dilation=(3, 2), groups=2),
    plain,
    x=draw(2, 4, 9, 11),
)
case(
    "conv3d",
    nn.Conv3d(3, 6, (2, 3, 3), stride=(1, 2, 2), padding=(1, 2, 0), dilation=(2, 1, 3), groups=3, bias=False),
    plain,
    x=draw(2, 3, 4, 6, 9),
)
case(
    "convTranspose2d",
    nn.ConvTranspose2d(4, 6, (3, 4), stride=(2, 3), padding=(1, 2), output_padding=(1, 0), groups=2),
    plain,
    x=draw(2, 4, 5, 4),
)
case(
    "convTranspose2dDilated",
    nn.ConvTranspose2d(3, 2, 3, stride=(2, 3), padding=1, output_padding=(2, 1), dilation=(3, 2)),
    plain,
    x=draw(2, 3, 4, 5),
)
case(
    "convTranspose3d",
    nn.ConvTranspose3d(4, 2, (2, 3, 4), stride=(1, 2, 2), padding=(0, 1, 1), output_padding=(0, 1, 1), bias=False),
    plain,
    x=draw(1, 4, 3, 3, 4),
)
case(
    "convTranspose3dDilated",
    nn.ConvTranspose3d(2, 4, (2, 2, 3), stride=(2, 1, 2), padding=(1, 0, 2), dilation=(2, 2, 3), groups=2),
    plain,
    x=draw(2, 2, 3, 4, 3),
)

attention = lambda: nn.MultiheadAttention(12, 3, batch_first=True)
causal = torch.full((5, 5), float("-inf")).triu(1)
case("attention", attention(), lambda m, x: m(x, x, x)[0], x=draw(2, 5, 12))
case("attentionMasked", attention(), lambda m, x: m(x, x, x, attn_mask=causal)[0], x=draw(2, 5, 12))
case("attentionCross", attention(), lambda m, x, context: m(x, context, context)[0], x=draw(2, 4, 12), context=draw(2, 7, 12))


class Cross(nn.Module):
    """The cross attention of latent diffusion."""

    def __init__(self, width, context, heads, head):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, heads * head, bias=False)
        self.to_k = nn.Linear(context, heads * head, bias=False)
        self.to_v = nn.Linear(context, heads * head, bias=False)
        self.to_out = nn.Sequential(nn.Linear(heads * head, width))

    def forward(self, x, context):
        q, k, v = (
            t.reshape(*t.shape[:2], self.heads, -1).transpose(1, 2)
            for t in (self.to_q(x), self.to_k(context), self.to_v(context))
        )
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
        return self.to_out((weights @ v).transpose(1, 2).flatten(2))


case("crossOfOtherWidth", Cross(10, 7, 2, 4), lambda m, x, context: m(x, context), x=draw(2, 5, 10), context=draw(2, 6, 7))


class Block(nn.Module):
    """The attention of timm's vision transformer."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (c // self.heads) ** -0.5).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(n, t, c))


case("attentionOfTimm", Block(8, 2), plain, x=draw(2, 6, 8))
case("instanceNorm", nn.InstanceNorm2d(3), plain, x=draw(2, 3, 4, 5))

header, blob = {}, b""
for name, array in TENSORS.items():
    data = np.ascontiguousarray(array).tobytes()
    kind = {"float32": "F32", "float64": "F64"}[array.dtype.name]
    header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [len(blob), len(blob) + len(data)]}
    blob += data
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
path = pathlib.Path(__file__).with_name("layers.safetensors")
path.write_bytes(struct.pack("<Q", len(text)) + text + blob)
