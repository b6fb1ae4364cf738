#!/bin/sh
# Version: PyTorch 1.13.1 (CPU)
# PyTorch 1.13.1 (CPU): one seed's 17 normal numbers and its 16 have one number in common.
#
# Guess: a seed is a stream of normal numbers; asking for one more gives the same and one more, and noise for a batch is the noise
# of its samples one after the other.
# Behaviour: below 16 numbers are drawn in another way; from 16 on they are made in blocks of 16, and where the length is no multiple of 16
# the LAST 16 are drawn anew, over what stood there. So 15 and 16 share nothing, 16 and 17 one, 100 and 101 keep 98, and a batch of two
# clips has other noise than the two alone unless their size is a multiple of 16. rand has no such blocks. Four in ten of the
# normal numbers have other last bits, too, where the processor has no AVX2 (ATEN_CPU_CAPABILITY=default).
. "$(dirname "$0")/common.sh"
debian python3-torch=1.13.1+dfsg-4 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/noise.py" <<'P'
import torch

def drawn(n, kind=torch.randn):
    torch.manual_seed(7)
    return kind(n)

for a, b in ((8, 15), (15, 16), (16, 17), (16, 24), (16, 32), (100, 101)):
    print(f"{a},{b}:{int((drawn(a) == drawn(b)[:a]).sum())}", end=" ")
print("rand 16,17:" + str(int((drawn(16, torch.rand) == drawn(17, torch.rand)[:16]).sum())))
P
expect "lengths: equal numbers at the front" "$(/usr/bin/python3 "$work/noise.py")" \
  "8,15:8 15,16:0 16,17:1 16,24:8 16,32:16 100,101:98 rand 16,17:16"
bits() {
  ATEN_CPU_CAPABILITY=$1 /usr/bin/python3 -c "import torch; torch.manual_seed(7); print(torch.randn(4096).numpy().tobytes().hex())"
}
if [ "$(bits avx2)" = "$(bits default)" ]; then seen=same; else seen=other; fi
expect "4096 normal numbers without AVX2" "$seen" other
