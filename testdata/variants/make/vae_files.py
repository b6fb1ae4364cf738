"""The autoencoder and its files."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from fixture import T, finish, inp, leaf, save, value


def vae_shapes(W, layers, Z):
    d = {}

    def cv(n, i, o, k=3, plain=False):
        d[n + ("" if plain else ".conv") + ".weight"] = (o, i, k, k, k)
        d[n + ("" if plain else ".conv") + ".bias"] = (o,)

    def norm(n, c, z):
        q = n + ".norm_layer" if z else n
        d[q + ".weight"] = (c,)
        d[q + ".bias"] = (c,)
        if z:
            cv(n + ".conv_y", Z, c, 1)
            cv(n + ".conv_b", Z, c, 1)

    def res(n, i, o, z):
        norm(n + ".norm1", i, z)
        norm(n + ".norm2", o, z)
        cv(n + ".conv1", i, o)
        cv(n + ".conv2", o, o)
        if i != o:
            cv(n + ".conv_shortcut", i, o, 1, True)

    def two(n, c):
        d[n + ".weight"] = (c, c, 3, 3)
        d[n + ".bias"] = (c,)

    e = "encoder."
    cv(e + "conv_in", 3, W[0])
    for b, w in enumerate(W):
        for l in range(layers):
            res(f"{e}down_blocks.{b}.resnets.{l}", W[max(0, b - 1)] if l == 0 else w, w, False)
        if b < len(W) - 1:
            two(f"{e}down_blocks.{b}.downsamplers.0.conv", w)
    for l in (0, 1):
        res(f"{e}mid_block.resnets.{l}", W[-1], W[-1], False)
    norm(e + "norm_out", W[-1], False)
    cv(e + "conv_out", W[-1], 2 * Z)
    two(e + "frequency_compensation.0", 2 * W[-1])
    two(e + "frequency_compensation.2", 2 * W[-1])
    e = "decoder."
    R = W[::-1]
    cv(e + "conv_in", Z, R[0])
    for l in (0, 1):
        res(f"{e}mid_block.resnets.{l}", R[0], R[0], True)
    for b, w in enumerate(R):
        for l in range(layers + 1):
            res(f"{e}up_blocks.{b}.resnets.{l}", R[max(0, b - 1)] if l == 0 else w, w, True)
        if b < len(R) - 1:
            two(f"{e}up_blocks.{b}.upsamplers.0.conv", w)
    for b, w in enumerate(R):
        q = f"{e}up_freq_compensations.{b}."
        for k in ("weight", "bias", "running_mean", "running_var"):
            d[q + "0." + k] = (w,)
        d[q + "0.num_batches_tracked"] = ()
        d[q + "3.weight"] = (w, w, 3, 3, 3)
        d[q + "3.bias"] = (w,)
    norm(e + "norm_out", R[-1], True)
    cv(e + "conv_out", R[-1], 3)
    two(e + "frequency_compensation.0", 2 * R[0])
    two(e + "frequency_compensation.2", 2 * R[0])
    return d


class Vae:

    def __init__(self, p, W, layers, G):
        self.p, self.W, self.L, self.G, self.train = (p, W, layers, G, False)

    def cc(self, n, x, C):
        p = self.p
        w = p[n + ".conv.weight"]
        if w.shape[2] == 1:
            return F.conv3d(x, w, p[n + ".conv.bias"])
        pre = C[n] if n in C else x[:, :, :1].repeat(1, 1, 2, 1, 1)
        x = torch.cat([pre, x], 2)
        C[n] = x[:, :, -2:]
        return F.conv3d(x, w, p[n + ".conv.bias"], padding=(0, 1, 1))

    def norm(self, n, x, z, C):
        q = n + ".norm_layer" if z is not None else n
        h = F.group_norm(x, self.G, self.p[q + ".weight"], self.p[q + ".bias"], 1e-06)
        if z is None:
            return h
        zq = F.interpolate(z, size=x.shape[2:], mode="nearest")
        return h * self.cc(n + ".conv_y", zq, C) + self.cc(n + ".conv_b", zq, C)

    def res(self, n, x, z, C):
        h = self.cc(n + ".conv1", F.silu(self.norm(n + ".norm1", x, z, C)), C)
        h = self.cc(n + ".conv2", F.silu(self.norm(n + ".norm2", h, z, C)), C)
        k = n + ".conv_shortcut.weight"
        return h + (F.conv3d(x, self.p[k], self.p[n + ".conv_shortcut.bias"]) if k in self.p else x)

    def frames(self, x, f):
        b, c, t = x.shape[:3]
        y = f(x.transpose(1, 2).flatten(0, 1))
        return y.reshape(b, t, *y.shape[1:]).transpose(1, 2)

    def fold(self, n, h):
        b, c, t, y, x = h.shape
        q = h.reshape(b, c * t, y, x)
        p = self.p
        f = F.relu(
            F.conv2d(
                F.relu(F.conv2d(q, p[n + ".0.weight"], p[n + ".0.bias"], padding=1)),
                p[n + ".2.weight"],
                p[n + ".2.bias"],
                padding=1,
            )
        )
        return (q + f).reshape(h.shape)

    def enc(self, x, C, st=None):
        p = self.p
        h = self.cc("encoder.conv_in", x, C)
        for b in range(len(self.W)):
            for l in range(self.L):
                h = self.res(f"encoder.down_blocks.{b}.resnets.{l}", h, None, C)
            if b < len(self.W) - 1:
                if b < 2:
                    h = F.avg_pool3d(h, (2, 1, 1)) if h.shape[2] > 1 else h
                k = f"encoder.down_blocks.{b}.downsamplers.0.conv"
                h = self.frames(
                    h,
                    lambda a: F.conv2d(
                        F.pad(a, (0, 1, 0, 1)), p[k + ".weight"], p[k + ".bias"], stride=2
                    ),
                )
            if st is not None:
                st.setdefault("encoder_down", []).append(h)
        for l in (0, 1):
            h = self.res(f"encoder.mid_block.resnets.{l}", h, None, C)
        if st is not None:
            st["encoder_mid"] = h
        h = self.fold("encoder.frequency_compensation", h)
        return self.cc("encoder.conv_out", F.silu(self.norm("encoder.norm_out", h, None, C)), C)

    def dec(self, z, C, st=None):
        p = self.p
        h = self.cc("decoder.conv_in", z, C)
        for l in (0, 1):
            h = self.res(f"decoder.mid_block.resnets.{l}", h, z, C)
        if st is not None:
            st["decoder_mid"] = h
        h = self.fold("decoder.frequency_compensation", h)
        for b in range(len(self.W)):
            for l in range(self.L + 1):
                h = self.res(f"decoder.up_blocks.{b}.resnets.{l}", h, z, C)
            if b < len(self.W) - 1:
                h = F.interpolate(
                    h, scale_factor=(2 if b < 2 and h.shape[2] > 1 else 1, 2, 2), mode="nearest"
                )
                k = f"decoder.up_blocks.{b}.upsamplers.0.conv"
                h = self.frames(
                    h, lambda a: F.conv2d(a, p[k + ".weight"], p[k + ".bias"], padding=1)
                )
            q = f"decoder.up_freq_compensations.{b}."
            g = F.batch_norm(
                h,
                p[q + "0.running_mean"],
                p[q + "0.running_var"],
                p[q + "0.weight"],
                p[q + "0.bias"],
                self.train,
                0.1,
                1e-05,
            )
            if self.train:
                p[q + "0.num_batches_tracked"] += 1
            h = h + F.conv3d(F.relu(g), p[q + "3.weight"], p[q + "3.bias"], padding=1)
            if st is not None:
                st.setdefault("decoder_up", []).append(h)
        return self.cc("decoder.conv_out", F.silu(self.norm("decoder.norm_out", h, z, C)), C)

    def encode(self, x, st=None):
        C = {}
        return torch.cat([self.enc(c, C, st) for c in x.split(8, 2)], 2)

    def decode(self, z, st=None):
        C = {}
        return torch.cat([self.dec(c, C, st) for c in z.split(2, 2)], 2)


def vparams(W, layers, Z, seed, grad=True):
    p = {}
    for k, (n, sh) in enumerate(vae_shapes(W, layers, Z).items()):
        if n.endswith("num_batches_tracked"):
            p[n] = np.array(0, np.int64)
            continue
        t = T(value(n, sh, seed, k))
        p[n] = t.requires_grad_() if grad and "running" not in n else t
    return p


def vae():
    S = 70
    W, layers, Z, G = ([4, 8, 6, 4], 2, 3, 2)
    meta = {"block_out_channels": tuple(W), "groups": G, "latent": Z, "layers_per_block": layers}
    p = vparams(W, layers, Z, S)
    v = Vae(p, W, layers, G)
    x = leaf(inp(S, 0, (1, 3, 8, 16, 24)))
    z = leaf(inp(S, 1, (1, Z, 4, 1, 2)))
    m = v.encode(x)
    y = v.decode(z)
    finish(
        "vae_small_eval",
        {"x": x, "z": z},
        p,
        {"moments": m, "logvar_clamped": m[:, Z:].clamp(-30, 20), "decoded": y},
        S,
        meta,
        noloss=("logvar_clamped",),
    )
    p = {
        k: t.detach().clone() if torch.is_tensor(t) else np.array(0, np.int64) for k, t in p.items()
    }
    for k, t in p.items():
        if "compensation" in k and torch.is_tensor(t) and ("running" not in k):
            t.requires_grad_()
    v = Vae(p, W, layers, G)
    v.train = True
    x = T(inp(S, 2, (1, 3, 16, 8, 16)))
    r = v.decode(v.encode(x)[:, :Z])
    l = (r - x).abs().mean()
    l.backward()
    d = {"in.x": x, "out.recon": r, "out.l1": l.reshape(1)}
    d.update(
        {"grad.param." + k: t.grad for k, t in p.items() if torch.is_tensor(t) and t.requires_grad}
    )
    d.update({"after." + k: t for k, t in p.items() if "running" in k or "num_b" in k})
    save("vae_small_train", d, meta)
    S = 71
    W, layers, Z, G = ([8, 8, 16, 16], 1, 5, 4)
    p = vparams(W, layers, Z, S, False)
    v = Vae(p, W, layers, G)
    d = {}
    stt = lambda a: [
        a.sum().item(),
        a.norm().item(),
        a.flatten()[0].item(),
        a.flatten()[-1].item(),
        a.abs().max().item(),
    ]
    with torch.no_grad():
        for t, h, w in ((8, 16, 8), (32, 8, 24)):
            st = {} if t == 8 else None
            x = T(inp(S, 3, (1, 3, t, h, w)))
            z = T(inp(S, 4, (1, Z, t // 4, h // 8, w // 8)))
            d[f"in.x{t}"] = x
            d[f"out.moments{t}"] = v.encode(x, st)
            d[f"in.z{t}"] = z
            d[f"out.decoded{t}"] = v.decode(z, st)
            if st:
                for k, a in st.items():
                    d["stats." + k] = np.array(
                        [stt(q) for q in a] if isinstance(a, list) else stt(a)
                    )
    save(
        "vae_full_formula",
        d,
        {
            "weights": f"formula seed {S}",
            "block_out_channels": W,
            "groups": G,
            "latent": Z,
            "layers_per_block": layers,
        },
    )
