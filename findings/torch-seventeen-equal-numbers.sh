#!/bin/sh
# Version: PyTorch 1.13.1 (CPU)
# PyTorch 1.13.1 (CPU): of 17 equal numbers sigmoid gives the 17th another result.
#
# Guess: an elementwise function is a function of the element; with one thread on one machine equal inputs are equal outputs.
# Behaviour: what fills whole vectors goes through a vector routine, the rest one by one through the C library's, which differs
# in the last bits. 16 or 32 equal numbers stay equal, 17 or 33 do not, for sigmoid, silu, softplus, mish and sinh (6, 5, 21, 38 and 56 of
# 200 values seen); exp, tanh and erf are alike both ways. The same happens to a column of a matrix, which never
# fills a vector. A test of equal bits over shapes that are multiples of 16 sees none of it. Wants: AVX2.
. "$(dirname "$0")/common.sh"
debian python3-torch=1.13.1+dfsg-4 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/equal.py" <<'P'
import torch
from torch.nn.functional import mish, silu, softplus

torch.set_num_threads(1)
values = [-6 + 12 * k / 200 + 0.013 for k in range(200)]
for f in (torch.sigmoid, silu, softplus, mish, torch.sinh, torch.exp, torch.tanh, torch.erf):
    unequal = [any(len(f(torch.full((n,), v)).unique()) > 1 for v in values) for n in (16, 17, 32, 33)]
    print(f.__name__ + "=" + "".join("ny"[u] for u in unequal), end=" ")
P
expect "another result among 16, 17, 32, 33 equal numbers" "$(ATEN_CPU_CAPABILITY=avx2 /usr/bin/python3 "$work/equal.py")" \
  "sigmoid=nyny silu=nyny softplus=nyny mish=nyny sinh=nyny exp=nnnn tanh=nnnn erf=nnnn "
