"""Files of the denoiser and its parts."""

import numpy as np
import torch
import torch.nn.functional as F
from fixture import T, finish, inp, leaf, mk, value
from layers import *


def scans():
    S = 31
    ins = {
        "x": leaf(inp(S, 0, (3, 37, 6, 5))),
        "dt_raw": leaf(inp(S, 1, (3, 37, 6))),
        "dt_bias": leaf(value("dt_bias", (6,), S, 0)),
        "A_log": leaf(value("A_log", (6,), S, 1)),
        "B": leaf(inp(S, 2, (3, 37, 2, 7))),
        "C": leaf(inp(S, 3, (3, 37, 2, 7))),
        "D": leaf(value("D", (6,), S, 2)),
    }
    y, h = ssd(
        ins["x"],
        F.softplus(ins["dt_raw"] + ins["dt_bias"]),
        -torch.exp(ins["A_log"]),
        ins["B"],
        ins["C"],
        ins["D"],
    )
    finish("ssd_scan", ins, {}, {"y": y, "final_state": h}, S)
    ins = {
        "x_long": leaf(inp(S, 4, (1, 29, 7))),
        "x_short": leaf(inp(S, 5, (5, 1, 7))),
        "weight": leaf(inp(S, 6, (7, 1, 3))),
        "bias": leaf(inp(S, 7, (7,))),
    }
    finish(
        "causal_conv1d_silu",
        ins,
        {},
        {
            "y_long": cconv(ins["x_long"], ins["weight"], ins["bias"]),
            "y_short": cconv(ins["x_short"], ins["weight"], ins["bias"]),
        },
        S,
    )
    ins = {
        "x": leaf(inp(S, 8, (4, 3, 20))),
        "z": leaf(inp(S, 9, (4, 3, 20))),
        "weight": leaf(inp(S, 10, (20,), 0.2, 1)),
    }
    finish(
        "rmsnorm_gated",
        ins,
        {},
        {
            "y": rms(ins["x"], ins["z"], ins["weight"]),
            "y_groups5": rms(ins["x"], ins["z"], ins["weight"], 5),
            "y_norm_before_gate": rms(ins["x"], ins["z"], ins["weight"], 0, True),
        },
        S,
    )
    for nm, L, D in (("long", 40, 20), ("short", 8, 20)):
        ins = {k: leaf(inp(S, 11 + j, (2, L, D), 2)) for j, k in enumerate("qkv")}
        fq = freqs(D)
        finish(
            "local_attention_" + nm,
            ins,
            {"rel_pos.inv_freq": fq},
            {"y": local_attn(ins["q"], ins["k"], ins["v"], fq)},
            S,
            {"length": L},
        )
    p = mk(mamba_shapes(12, 5, 4, K=3), S)
    u = leaf(inp(S, 20, (4, 9, 12)))
    finish(
        "temporal_mamba",
        {"u": u},
        p,
        {"y": temporal(p, "", u)},
        S,
        {"d_model": 12, "d_state": 5, "headdim": 4},
    )
    for nm, f, g, k in (("a", 5, 3, 6), ("b", 4, 5, 14)):
        p = mk(mamba_shapes(12, 3, 6, fusion=True), S + 1)
        u = leaf(inp(S, 21, (2, f * g * g, 12)))
        L = spirals(f, g)
        finish(
            "spatial_mamba_" + nm,
            {"u": u},
            p,
            {"y": spatial(p, "", u, f, g, L[k], L[k + 1])},
            S,
            {"frames": f, "grid": g, "list_index": k, "d_model": 12, "d_state": 3, "headdim": 6},
            {
                "const.order": L[k],
                "const.order_reversal": L[k + 1],
                "const.original": inv(L[k]),
                "const.original_reversal": inv(L[k + 1]),
            },
        )


def blocks():
    S = 33
    f, g, D = (3, 8, 12)
    L = spirals(f, g)
    k = 12
    sh = block_shapes(D, 6, 12)
    p = mk(sh, S)
    p["local_attention.rel_pos.inv_freq"] = freqs(D)
    x = leaf(inp(S, 0, (2, f, g * g, D)))
    c = leaf(inp(S, 1, (2, D)))
    y, l = block(p, "", x.reshape(2, f * g * g, D), c, f, g, L[k], L[k + 1])
    finish(
        "mamba_block",
        {"x": x, "c": c},
        p,
        {"x": y.reshape(2, f, g * g, D), "local_x": l.reshape(2, f, g * g, D)},
        S,
        {"frames": f, "grid": g, "hidden": D, "d_state": 6, "list_index": k},
        {
            "const.order": L[k],
            "const.order_reversal": L[k + 1],
            "const.original": inv(L[k]),
            "const.original_reversal": inv(L[k + 1]),
        },
    )
    sh = {
        "x_embedder.proj.weight": (20, 3, 2, 2),
        "x_embedder.proj.bias": (20,),
        "t_embedder.mlp.0.weight": (20, 256),
        "t_embedder.mlp.0.bias": (20,),
        "t_embedder.mlp.2.weight": (20, 20),
        "t_embedder.mlp.2.bias": (20,),
    }
    p = mk(sh, S)
    x = leaf(inp(S, 2, (2, 3, 6, 10)))
    t = np.array([0, 3, 777])
    finish(
        "embed",
        {"x": x, "t": t},
        p,
        {
            "x_tokens": F.conv2d(
                x, p["x_embedder.proj.weight"], p["x_embedder.proj.bias"], stride=2
            )
            .flatten(2)
            .transpose(1, 2),
            "t_emb": temb(p, t),
        },
        S,
        extra={
            "out.t_freq": tfreq(t),
            "out.pos_embed_small": pos_table(3, 20),
            "out.pos_embed_full": pos_table(5, 24),
        },
    )
    for nm, (C, Sz, D, dep, N, P, fr, k, form) in {
        "medsora_small": (3, 8, 16, 3, 5, 8, 5, 3, False),
        "medsora_deep_formula": (4, 8, 64, 9, 6, 64, 3, 3, True),
        "medsora_full_formula": (2, 8, 64, 2, 7, 64, 4, 4, True),
    }.items():
        seed = 40 + dep
        sh = net_shapes(C, Sz // 2, D, dep, N, P, 2 * C)
        p = mk(sh, seed)
        for i in range(dep):
            p[f"blocks.{i}.local_attention.rel_pos.inv_freq"] = freqs(D)
        if not form:
            p["pos_embed"] = T(value("pos_embed", sh["pos_embed"], seed, 0))
        else:
            p["pos_embed"] = p["pos_embed"].detach()
        x = leaf(inp(S, 3, (2, fr, C, Sz, Sz)))
        t = np.array([5, 611])
        y, b, l = net(p, x, t, dep)
        outs = {"y": y}
        if not form:
            for i in range(dep):
                outs[f"block{i}"] = b[i].reshape(2, fr, -1, D)[:, :k]
                outs[f"local{i}"] = l[i].reshape(2, fr, -1, D)[:, :k]
        meta = {
            "hidden": D,
            "depth": dep,
            "d_state": N,
            "in_channels": C,
            "input_size": Sz,
            "latent_num_all": fr,
            "latent_num_frames": k,
        }
        if form:
            meta = {"weights": f"formula seed {seed}", "hidden": D, "depth": dep, "d_state": N}
        lm = None
        if "full" in nm:
            meta["lossw"] = f"inp(seed={S},k=500)"
            lm = 1
        finish(nm, {"x": x, "t": t}, p, outs, S, meta, stat=form, formula=form, lossw_meta=lm)
