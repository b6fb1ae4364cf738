#!/bin/sh
# Version: PyTorch 1.13.1 (CPU)
# PyTorch 1.13.1 (CPU): noise drawn in bfloat16 never goes beyond 3.328125.
#
# Guess: randn(dtype=bfloat16) is randn's noise, rounded to bfloat16.
# Behaviour: from 16 numbers on, the uniform numbers that normal ones are made of are drawn in the type asked for: 256 different ones in bfloat16, 2048
# in float16. The largest noise is then sqrt(2 log 256) = 3.33 (3.90 in float16), however many are drawn; the standard deviation is 0.99, one
# number in 170 is exactly 0, and the seed's noise is another than float32's. A sampler moved to bfloat16 starts without tails, elsewhere.
# randn(...).to(torch.bfloat16) is as guessed.
. "$(dirname "$0")/common.sh"
debian python3-torch=1.13.1+dfsg-4 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/tail.py" <<'P'
import torch

def noise(kind, seed=7, n=1 << 21):
    torch.manual_seed(seed)
    return torch.randn(n, dtype=kind)

for kind in (torch.bfloat16, torch.float16):
    for name, x in (("drawn", noise(kind).double()), ("rounded", noise(torch.float32).to(kind).double())):
        print(f"{name} most={x.abs().max():.1f} beyond3.33={(x.abs() > 3.33).double().mean() * 1000:.1f}"
              f" deviation={x.std():.2f} zeros={(x == 0).double().mean() * 1000:.0f}", end=", ")
    print(*("same" if torch.equal(noise(kind, n=n), noise(torch.float32, n=n).to(kind)) else "other" for n in (15, 16)))
P
/usr/bin/python3 "$work/tail.py" >"$work/seen"
expect "bfloat16 (in thousandths), 15 and 16 numbers" "$(sed -n 1p "$work/seen")" \
  "drawn most=3.3 beyond3.33=0.0 deviation=0.99 zeros=6, rounded most=4.8 beyond3.33=0.9 deviation=1.00 zeros=0, same other"
expect "float16 (in thousandths), 15 and 16 numbers" "$(sed -n 2p "$work/seen")" \
  "drawn most=3.9 beyond3.33=0.8 deviation=1.00 zeros=1, rounded most=4.8 beyond3.33=0.9 deviation=1.00 zeros=0, same other"
