"""Files of schedules, spiral lists, frame sampling, losses and samplers."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from fixture import T, inp, leaf, save
from layers import inv, spirals


def diffusion():
    betas = np.linspace(0.0001, 0.02, 1000)
    ab = np.cumprod(1 - betas)

    def space(n, sec):
        size, ex = divmod(n, len(sec))
        st = 0
        o = set()
        for i, c in enumerate(sec):
            z = size + (i < ex)
            fs = 1 if c <= 1 else (z - 1) / (c - 1)
            cur = 0.0
            for _ in range(c):
                o.add(st + round(cur))
                cur += fs
            st += z
        return np.array(sorted(o))

    def tables(pre, b, mp):
        a = np.cumprod(1 - b)
        ap = np.append(1, a[:-1])
        an = np.append(a[1:], 0)
        pv = b * (1 - ap) / (1 - a)
        return {
            pre + ".timestep_map": mp,
            **{
                pre + "." + k + ".f64": v
                for k, v in dict(
                    betas=b,
                    alphas_cumprod=a,
                    alphas_cumprod_prev=ap,
                    alphas_cumprod_next=an,
                    sqrt_alphas_cumprod=np.sqrt(a),
                    sqrt_one_minus_alphas_cumprod=np.sqrt(1 - a),
                    log_one_minus_alphas_cumprod=np.log(1 - a),
                    sqrt_recip_alphas_cumprod=np.sqrt(1 / a),
                    sqrt_recipm1_alphas_cumprod=np.sqrt(1 / a - 1),
                    posterior_variance=pv,
                    posterior_log_variance_clipped=np.log(np.append(pv[1], pv[1:])),
                    posterior_mean_coef1=b * np.sqrt(ap) / (1 - a),
                    posterior_mean_coef2=(1 - ap) * np.sqrt(1 - b) / (1 - a),
                    log_betas=np.log(b),
                ).items()
            },
        }

    def resp(n):
        m = space(1000, [n])
        l = 1.0
        b = []
        for k in m:
            b.append(1 - ab[k] / l)
            l = ab[k]
        return (np.array(b), m)

    d = tables("full", betas, np.arange(1000))
    for n in (7, 37):
        d.update(tables(f"steps{n}", *resp(n)))
    d["space_ddim25"] = np.arange(0, 1000, 40)
    d["space_3_8_of_100"] = space(100, [3, 8])
    d["space_5_6_7_8_of_999"] = space(999, [5, 6, 7, 8])
    save("diffusion_schedule", d)
    d = {}
    for n, m in ((5, 3), (3, 5), (2, 7), (1, 4), (8, 8)):
        L = spirals(n, m)
        d[f"order_{n}x{m}"] = L
        d[f"original_{n}x{m}"] = np.stack([inv(a) for a in L])
    save("spiral", d)
    rows = []
    ix = []
    for T_, b in ((17, 0), (33, 0), (51, 0), (52, 0), (53, 0), (90, 38), (400, 211)):
        e = min(b + 51, T_)
        rows.append([T_, max(0, T_ - 51 - 1), b, e])
        ix.append(np.linspace(b, e - 1, 17, dtype=int))
    save("frame_sampling", {"total_randend_begin_end": np.array(rows), "indices": np.stack(ix)})
    S = 50
    sh = (3, 2, 3, 5, 4)
    x0 = T(inp(S, 0, sh))
    nz = T(inp(S, 1, sh, 2))
    t = np.array([0, 17, 999])
    mo = leaf(inp(S, 2, (3, 2, 6, 5, 4), 1.2))
    c = lambda a, t: T(a.astype(np.float32))[torch.as_tensor(t)].reshape(-1, 1, 1, 1, 1)
    ap = np.append(1, ab[:-1])
    pv = betas * (1 - ap) / (1 - ab)
    plv = np.log(np.append(pv[1], pv[1:]))
    xt = c(np.sqrt(ab), t) * x0 + c(np.sqrt(1 - ab), t) * nz
    eps, v = mo.chunk(2, 2)
    mse = ((nz - eps) ** 2).flatten(1).mean(1)
    lo, hi = (c(plv, t), c(np.log(betas), t))
    fr = (v + 1) / 2
    lv = fr * hi + (1 - fr) * lo
    c1 = betas * np.sqrt(ap) / (1 - ab)
    c2 = (1 - ap) * np.sqrt(1 - betas) / (1 - ab)
    xs = c(np.sqrt(1 / ab), t) * xt - c(np.sqrt(1 / ab - 1), t) * eps.detach()
    mean = c(c1, t) * xs + c(c2, t) * xt
    tm = c(c1, t) * x0 + c(c2, t) * xt
    kl = 0.5 * (-1 + lv - lo + torch.exp(lo - lv) + (tm - mean) ** 2 * torch.exp(-lv)) / math.log(2)
    inv_s = torch.exp(-0.5 * lv)
    cdf = lambda z: 0.5 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
    ce = x0 - mean
    pl = cdf(inv_s * (ce + 1 / 255))
    mi = cdf(inv_s * (ce - 1 / 255))
    ll = torch.where(
        x0 < -0.999,
        torch.log(pl.clamp(min=1e-12)),
        torch.where(
            x0 > 0.999, torch.log((1 - mi).clamp(min=1e-12)), torch.log((pl - mi).clamp(min=1e-12))
        ),
    )
    vb = torch.where(
        torch.as_tensor(t) == 0, (-ll / math.log(2)).flatten(1).mean(1), kl.flatten(1).mean(1)
    )
    (mse + vb).mean().backward()
    save(
        "noise_loss",
        {
            "x_start": x0,
            "noise": nz,
            "t": t,
            "model_output": mo,
            "out.mse": mse,
            "out.vb": vb,
            "out.loss": mse + vb,
            "out.mean_loss": (mse + vb).mean().reshape(1),
            "grad.model_output": mo.grad,
        },
    )
    n = 6
    b, mp = resp(n)
    a = np.cumprod(1 - b)
    ap = np.append(1, a[:-1])
    pv = b * (1 - ap) / (1 - a)
    plv = np.log(np.append(pv[1], pv[1:]))
    f32 = lambda v: float(np.float32(v))
    sh = (1, 3, 2, 4, 6)
    z = T(inp(S, 5, sh, 1.5))
    N = {k: T(inp(S, 6 + j, (n,) + sh, 1.5)) for j, k in enumerate(("e", "d"))}

    def walk(kind, eta, noise, clip=False):
        x = z
        X = []
        P = []
        for k, i in enumerate(range(n - 1, -1, -1)):
            tau = mp[i] / 1000
            eps = 0.8 * x * math.cos(tau) + 0.3 * torch.sin(2 * x + tau)
            v = torch.tanh(x - tau)
            st = f32(np.sqrt(1 / a[i])) * x - f32(np.sqrt(1 / a[i] - 1)) * eps
            if clip:
                st = st.clamp(-1, 1)
            if kind == "ddim":
                e = (f32(np.sqrt(1 / a[i])) * x - st) / f32(np.sqrt(1 / a[i] - 1))
                A, B = (f32(a[i]), f32(ap[i]))
                sg = eta * math.sqrt((1 - B) / (1 - A)) * math.sqrt(1 - A / B)
                x = (
                    st * math.sqrt(B)
                    + math.sqrt(1 - B - sg * sg) * e
                    + (sg * noise[k] if i and eta else 0)
                )
            else:
                m = (
                    f32(b[i] * np.sqrt(ap[i]) / (1 - a[i])) * st
                    + f32((1 - ap[i]) * np.sqrt(1 - b[i]) / (1 - a[i])) * x
                )
                fr = (v + 1) / 2
                lv = fr * f32(np.log(b[i])) + (1 - fr) * f32(plv[i])
                x = m + (torch.exp(0.5 * lv) * noise[k] if i else 0)
            X.append(x)
            P.append(st)
        return (torch.stack(X), torch.stack(P))

    d = {"z": z, "ddim_eta0p35.noise": N["e"], "ddpm.noise": N["d"]}
    d["ddim_eta0p0.samples"], d["ddim_eta0p0.pred_xstart"] = walk("ddim", 0, None)
    d["ddim_eta0p35.samples"], d["ddim_eta0p35.pred_xstart"] = walk("ddim", 0.35, N["e"])
    d["ddpm.samples"], _ = walk("ddpm", 0, N["d"])
    d["ddpm_clip.last"] = walk("ddpm", 0, N["d"], True)[0][-1]
    q0 = T(inp(S, 8, sh))
    qn = T(inp(S, 9, sh))
    tq = np.array([444])
    d.update(
        {
            "q.x_start": q0,
            "q.noise": qn,
            "q.t": tq,
            "q.x_t": c(np.sqrt(ab), tq) * q0 + c(np.sqrt(1 - ab), tq) * qn,
        }
    )
    save("sampling_toy", d, {"steps": n})
