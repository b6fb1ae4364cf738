"""Files of the focal frequency loss, the optimiser and the video transform."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from fixture import T, inp, leaf, save


def losses():
    S = 60
    d = {}

    def ffl(p, t, alpha=1, log=False, batch=False, ave=False, w=1, patch=1):
        if patch > 1:
            p, t = [
                torch.cat([q for r in u.chunk(patch, 2) for q in r.chunk(patch, 3)], 0)
                for u in (p, t)
            ]
        a, b = (torch.fft.fft2(p, norm="ortho"), torch.fft.fft2(t, norm="ortho"))
        if ave:
            a, b = (a.mean(0, keepdim=True), b.mean(0, keepdim=True))
        dd = torch.view_as_real(a - b).pow(2).sum(-1)
        m = dd.detach().sqrt() ** alpha
        if log:
            m = torch.log(m + 1)
        m = m / (m.max() if batch else m.amax((-1, -2), keepdim=True))
        m = torch.nan_to_num(m).clamp(0, 1)
        return (m * dd).mean().reshape(1) * w

    for nm, sh in (("a", (3, 2, 9, 15)), ("b", (1, 5, 7, 11)), ("c", (2, 1, 1, 13))):
        p, t = (leaf(inp(S, 0, sh)), T(inp(S, 1, sh)))
        l = ffl(p, t)
        l.sum().backward()
        d.update({nm + ".pred": p, nm + ".target": t, nm + ".loss": l, nm + ".grad_pred": p.grad})
        if nm == "a":
            for k, kw in dict(
                alpha3=dict(alpha=3),
                patch3=dict(patch=3),
                log=dict(log=True),
                batch=dict(batch=True),
                ave=dict(ave=True),
                weight2p5=dict(w=2.5),
            ).items():
                d["a.loss_" + k] = ffl(p, t, **kw)
    d["equal.loss"] = np.zeros(1)
    save("focal_frequency_loss", d)
    d = {}
    lr, wd, ema, clip = (0.0003, 0.01, 0.99, 0.5)
    sh = [(7,), (2, 2, 3), (4,), (1, 5)]
    P = [T(inp(S, 2 + j, q)).requires_grad_() for j, q in enumerate(sh)]
    E = [p.detach().clone() for p in P]
    d.update({f"p{j}.init": p.detach().clone() for j, p in enumerate(P)})
    o = torch.optim.AdamW(P, lr=lr, weight_decay=wd, betas=(0.8, 0.95), eps=1e-06)
    ns = []
    for st in range(3):
        for j, p in enumerate(P):
            p.grad = T(inp(S, 20 + st * 9 + j, sh[j], 3 if st else 0.01))
            d[f"step{st}.grad{j}"] = p.grad.clone()
        ns.append(torch.nn.utils.clip_grad_norm_(P, clip).item())
        o.step()
        for j, p in enumerate(P):
            E[j] = ema * E[j] + (1 - ema) * p.detach()
            d[f"step{st}.p{j}.f64"] = p.detach().clone()
            d[f"step{st}.ema{j}.f64"] = E[j].clone()
    d["grad_norms.f64"] = np.array(ns)
    save(
        "optimizer_adamw_clip_ema",
        d,
        {"lr": lr, "weight_decay": wd, "betas": "0.8,0.95", "eps": 1e-06, "clip": clip, "ema": ema},
    )
    d = {}
    rng = np.random.default_rng(1)
    for nm, (t, h, w, sz) in dict(a=(1, 50, 33, 12), b=(3, 20, 77, 10)).items():
        fr = rng.integers(0, 256, (t, 3, h, w))
        d[nm + ".frames"] = fr
        for fl in (0, 1):
            v = T(fr) / 255
            if fl:
                v = v.flip(-1)
            v = F.interpolate(v, scale_factor=sz / min(h, w), mode="bilinear", align_corners=False)
            i = round((v.shape[2] - sz) / 2)
            j = round((v.shape[3] - sz) / 2)
            d[f"{nm}.out_flip{fl}"] = (v[:, :, i : i + sz, j : j + sz] - 0.5) / 0.5
    x = inp(S, 70, (1, 3, 5, 9), 1.3)
    d["uint8.in"] = x
    d["uint8.out"] = (
        np.clip((x * np.float32(0.5) + np.float32(0.5)) * np.float32(255) + np.float32(0.5), 0, 255)
        .astype(np.uint8)
        .astype(np.int64)
    )
    save("video_transform", d)
