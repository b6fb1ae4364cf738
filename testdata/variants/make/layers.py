"""The denoiser and its parts, written as the equations are: scans step by step, attention as a full table."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from fixture import T


def ssd(x, dt, A, B, C, D=None):
    b, L, H, P = x.shape
    G, N = B.shape[2:]
    r = H // G
    B = B.repeat_interleave(r, 2)
    C = C.repeat_interleave(r, 2)
    h = torch.zeros(b, H, P, N)
    ys = []
    for t in range(L):
        h = (
            torch.exp(dt[:, t] * A)[..., None, None] * h
            + (dt[:, t][..., None] * x[:, t])[..., None] * B[:, t][:, :, None, :]
        )
        ys.append((h * C[:, t][:, :, None, :]).sum(-1))
    y = torch.stack(ys, 1)
    return (y if D is None else y + x * D[:, None], h)


def cconv(x, w, b):
    K = w.shape[-1]
    xp = F.pad(x, (0, 0, K - 1, 0))
    return F.silu(sum((xp[:, k : k + x.shape[1]] * w[:, 0, k] for k in range(K))) + b)


def rms(y, z, w, g=0, first=False):
    u = y if first else y * F.silu(z)
    n = u.shape[-1] if g == 0 else g
    v = u.reshape(*u.shape[:-1], -1, n)
    v = v / torch.sqrt((v * v).mean(-1, keepdim=True) + 1e-05)
    v = v.reshape(u.shape) * w
    return v * F.silu(z) if first else v


def mamba_shapes(D, N, P, pre="", fusion=False, e=2, K=4):
    I = e * D
    H = I // P
    d = {pre + "dt_bias": (H,), pre + "A_log": (H,), pre + "D": (H,)}
    if fusion:
        for g in ("1", "2"):
            d[pre + f"gated_fusion.gate_F{g}.weight"] = (D, D)
            d[pre + f"gated_fusion.gate_F{g}.bias"] = (D,)
    d.update(
        {
            pre + "in_proj.weight": (2 * I + 2 * N + H, D),
            pre + "conv1d.weight": (I + 2 * N, 1, K),
            pre + "conv1d.bias": (I + 2 * N,),
            pre + "norm.weight": (I,),
            pre + "out_proj.weight": (D, I),
        }
    )
    return d


def core(p, pre, zx):
    I = p[pre + "norm.weight"].shape[0]
    H = p[pre + "D"].shape[0]
    N = (p[pre + "conv1d.bias"].shape[0] - I) // 2
    z, xbc, dt = zx.split([I, I + 2 * N, H], -1)
    xbc = cconv(xbc, p[pre + "conv1d.weight"], p[pre + "conv1d.bias"])
    x, B, C = xbc.split([I, N, N], -1)
    b, L = x.shape[:2]
    y, _ = ssd(
        x.reshape(b, L, H, -1),
        F.softplus(dt + p[pre + "dt_bias"]),
        -torch.exp(p[pre + "A_log"]),
        B[:, :, None],
        C[:, :, None],
        p[pre + "D"],
    )
    return F.linear(rms(y.reshape(b, L, I), z, p[pre + "norm.weight"]), p[pre + "out_proj.weight"])


def temporal(p, pre, u):
    return core(p, pre, F.linear(u, p[pre + "in_proj.weight"]))


def spiral_rank(n, m, cw=True):
    seen = set()
    order = []
    dirs = [(0, 1), (1, 0), (0, -1), (-1, 0)] if cw else [(1, 0), (0, 1), (-1, 0), (0, -1)]
    r = c = d = 0
    rank = np.zeros((n, m), int)
    for k in range(n * m):
        rank[r, c] = k
        seen.add((r, c))
        a, b = (r + dirs[d][0], c + dirs[d][1])
        if not (0 <= a < n and 0 <= b < m) or (a, b) in seen:
            d = (d + 1) % 4
            a, b = (r + dirs[d][0], c + dirs[d][1])
        r, c = (a, b)
    return rank


def spirals(n, m):
    L = []
    for cw in (True, False):
        R = spiral_rank(n, m, cw)
        for f in (lambda a: a, np.fliplr, np.flipud, lambda a: np.flipud(np.fliplr(a))):
            L += [f(R).reshape(-1), f(n * m - 1 - R).reshape(-1)]
    return np.stack(L)


def inv(a):
    o = np.empty_like(a)
    o[a] = np.arange(len(a))
    return o


def spatial(p, pre, u, f, g, l1, l2):
    zx = F.linear(u, p[pre + "in_proj.weight"])
    b = u.shape[0]
    q = zx.reshape(b, f, g, g, -1)
    E = q.shape[-1]
    D = u.shape[-1]
    W = q.permute(0, 2, 1, 3, 4).reshape(b * g, f * g, E)
    Hh = q.permute(0, 3, 1, 2, 4).reshape(b * g, f * g, E)

    def two(a):
        return sum(
            (core(p, pre, a[:, torch.as_tensor(o)])[:, torch.as_tensor(inv(o))] for o in (l1, l2))
        )

    fw = two(W).reshape(b, g, f, g, D).permute(0, 2, 1, 3, 4)
    fh = two(Hh).reshape(b, g, f, g, D).permute(0, 2, 3, 1, 4)
    gt = (
        lambda k, y: torch.sigmoid(
            F.linear(
                y,
                p[pre + f"gated_fusion.gate_F{k}.weight"],
                p[pre + f"gated_fusion.gate_F{k}.bias"],
            )
        )
        * y
    )
    return gt(1, fw) + gt(2, fh)


def local_attn(q, k, v, freq, w=8):
    B, L, D = q.shape
    q = q * D ** (-0.5)
    i = torch.arange(L)

    def rot(x, pos):
        a = pos[..., None] * freq
        a = torch.cat([a, a], -1)
        h = D // 2
        xr = torch.cat([-x[..., h:], x[..., :h]], -1)
        return x * a.cos() + xr * a.sin()

    qr = rot(q, (2 * w + i % w).double())
    c = (i // w)[:, None]
    pos = (i[None] - w * c + w).double()
    kr = rot(k[:, None].expand(B, L, L, D), pos)
    sc = (qr[:, :, None] * kr).sum(-1)
    jw = (i // w)[None]
    ok = ((jw - c).abs() <= 1) & ((i[None] - i[:, None]).abs() <= w)
    return torch.softmax(sc.masked_fill(~ok, -1e300), -1) @ v


def block_shapes(D, N, P, pre=""):
    d = {}
    for k in "123":
        d[pre + f"norm{k}.weight"] = (D,)
        d[pre + f"norm{k}.bias"] = (D,)
    d.update(mamba_shapes(D, N, P, pre + "mamba_hw.", True))
    d.update(mamba_shapes(D, N, P, pre + "mamba_f."))
    d[pre + "adaLN_modulation.1.weight"] = (9 * D, D)
    d[pre + "adaLN_modulation.1.bias"] = (9 * D,)
    for k in ("query", "key", "value"):
        d[pre + k + "_matrix.weight"] = (D, D)
    d[pre + "local_attention.rel_pos.inv_freq"] = (D // 2,)
    return d


freqs = lambda D: T(
    (1 / 10000 ** (np.arange(0, D, 2, dtype=np.float32) / np.float32(D))).astype(np.float32)
)


def block(p, pre, x, c, f, g, l1, l2):
    b = x.shape[0]
    D = x.shape[-1]
    l = g * g
    m = F.linear(
        F.silu(c), p[pre + "adaLN_modulation.1.weight"], p[pre + "adaLN_modulation.1.bias"]
    ).chunk(9, 1)
    ln = lambda k, x: F.layer_norm(
        x, (D,), p[pre + f"norm{k}.weight"], p[pre + f"norm{k}.bias"], 1e-05
    )
    mod = lambda x, a, s_: x * (1 + s_[:, None]) + a[:, None]
    h = mod(ln(1, x), m[0], m[1]).reshape(b * f, l, D)
    a = local_attn(
        *[F.linear(h, p[pre + k + "_matrix.weight"]) for k in ("query", "key", "value")],
        p[pre + "local_attention.rel_pos.inv_freq"],
    )
    x = x + m[2][:, None] * a.reshape(b, f * l, D)
    x = x + m[5][:, None] * spatial(
        p, pre + "mamba_hw.", mod(ln(2, x), m[3], m[4]), f, g, l1, l2
    ).reshape(b, f * l, D)
    loc = x
    h = mod(ln(3, x), m[6], m[7]).reshape(b, f, l, D).transpose(1, 2).reshape(b * l, f, D)
    t = temporal(p, pre + "mamba_f.", h).reshape(b, l, f, D).transpose(1, 2).reshape(b, f * l, D)
    return (x + m[8][:, None] * t, loc)


def tfreq(t):
    half = 128
    e = np.float32(-math.log(10000)) * np.arange(half, dtype=np.float32) / np.float32(half)
    fr = np.exp(e.astype(np.float64)).astype(np.float32)
    a = np.asarray(t, np.float32)[:, None] * fr
    return T(np.concatenate([np.cos(a.astype(np.float64)), np.sin(a.astype(np.float64))], 1))


def temb(p, t):
    return F.linear(
        F.silu(F.linear(tfreq(t), p["t_embedder.mlp.0.weight"], p["t_embedder.mlp.0.bias"])),
        p["t_embedder.mlp.2.weight"],
        p["t_embedder.mlp.2.bias"],
    )


def pos_table(g, D):
    w = 10000.0 ** (-np.arange(D // 4) / (D / 4))
    e = lambda p: np.concatenate([np.sin(np.outer(p, w)), np.cos(np.outer(p, w))], 1)
    yy, xx = np.meshgrid(np.arange(g), np.arange(g), indexing="ij")
    return np.concatenate([e(xx.reshape(-1)), e(yy.reshape(-1))], 1)


def net_shapes(C, g, D, depth, N, P, out):
    d = {
        "pos_embed": (1, g * g, D),
        "x_embedder.proj.weight": (D, C, 2, 2),
        "x_embedder.proj.bias": (D,),
        "t_embedder.mlp.0.weight": (D, 256),
        "t_embedder.mlp.0.bias": (D,),
        "t_embedder.mlp.2.weight": (D, D),
        "t_embedder.mlp.2.bias": (D,),
    }
    for i in range(depth):
        d.update(block_shapes(D, N, P, f"blocks.{i}."))
    d.update(
        {
            "final_layer.linear.weight": (4 * out, D),
            "final_layer.linear.bias": (4 * out,),
            "final_layer.adaLN_modulation.1.weight": (2 * D, D),
            "final_layer.adaLN_modulation.1.bias": (2 * D,),
        }
    )
    return d


def net(p, x, t, depth):
    b, f, C, S, _ = x.shape
    g = S // 2
    D = p["x_embedder.proj.bias"].shape[0]
    h = (
        F.conv2d(
            x.reshape(b * f, C, S, S),
            p["x_embedder.proj.weight"],
            p["x_embedder.proj.bias"],
            stride=2,
        )
        .flatten(2)
        .transpose(1, 2)
        + p["pos_embed"]
    )
    h = h.reshape(b, f * g * g, D)
    c = temb(p, t)
    L = spirals(f, g)
    bl = []
    lo = []
    for i in range(depth):
        h, l = block(p, f"blocks.{i}.", h, c, f, g, L[2 * i % 16], L[2 * i % 16 + 1])
        bl.append(h)
        lo.append(l)
    sh, sc = F.linear(
        F.silu(c),
        p["final_layer.adaLN_modulation.1.weight"],
        p["final_layer.adaLN_modulation.1.bias"],
    ).chunk(2, 1)
    y = F.linear(
        F.layer_norm(h, (D,), eps=1e-06) * (1 + sc[:, None]) + sh[:, None],
        p["final_layer.linear.weight"],
        p["final_layer.linear.bias"],
    )
    o = y.shape[-1] // 4
    y = y.reshape(b, f, g, g, 2, 2, o).permute(0, 1, 6, 2, 4, 3, 5).reshape(b, f, o, S, S)
    return (y, bl, lo)
