#!/bin/sh
# Version: PyTorch 1.13.1 (CPU)
# PyTorch 1.13.1 (CPU): two seeds whose lower 32 bits agree give the same numbers.
#
# Guess: manual_seed takes 64 bits, keeps them (initial_seed() says so) and starts another stream for each.
# Behaviour: the generator of the CPU is started with the lower half alone: 5 and 5 + 2^32, -1 and 2^32 - 1, 0 and 2^32 are one stream, for rand
# and randn and a Generator of one's own. Seeds that are made as (run << 32) + rank repeat every run's noise in every run, and
# a hash of 64 bits is one of 32.
. "$(dirname "$0")/common.sh"
debian python3-torch=1.13.1+dfsg-4 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/seed.py" <<'P'
import torch

def drawn(seed):
    own = torch.Generator()
    own.manual_seed(seed)
    torch.manual_seed(seed)
    return torch.cat([torch.rand(100), torch.randn(100), torch.rand(100, generator=own)]), torch.initial_seed()

for a, b in ((5, 5 + 2**32), (3, 3 + 2**40), (-1, 2**32 - 1), (0, 2**31), (1, 2)):
    (x, kept), (y, other) = drawn(a), drawn(b)
    print("same" if torch.equal(x, y) else "other", "kept" if kept != other else "cut", end=", ")
P
expect "numbers, initial_seed of 5 and 5 + 2^32, 3 and 3 + 2^40, -1 and 2^32 - 1, 0 and 2^31, 1 and 2" "$(/usr/bin/python3 "$work/seed.py")" \
  "same kept, same kept, same kept, other kept, other kept, "
