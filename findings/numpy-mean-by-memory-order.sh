#!/bin/sh
# Version: NumPy 1.24.2
# NumPy 1.24.2: the mean of twenty million ones is 1, or 0.8388608 when they stand beside others.
#
# Guess: float32 sums are made pairwise, so that their error grows with the logarithm of the count, and the order
# in memory changes the last bits at most.
# Behaviour: pairwise is only what runs along the fast axis. Over axis=0 of an array in the usual order rows are added one after another in
# float32: a sum of ones stops at 16777216. The variance of 50,000 rows of features about 1000 (such as a
# Frechet distance is made of) comes out more than twice as large as it is; of the same array in Fortran order it is right to seven digits.
. "$(dirname "$0")/common.sh"
debian python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/mean.py" <<'P'
import numpy as np

ones = np.ones((20_000_000, 2), np.float32)
print(ones[:, 0].mean(), ones.mean(axis=0)[0], end=" ")
del ones
features = (np.arange(50_000 * 64) * 7919 % 1009 / 1009 + 1000).astype(np.float32).reshape(50_000, 64)
right = features.astype(np.float64).var(axis=0)
for array in (features, np.asfortranarray(features)):
    error = np.abs(array.var(axis=0) / right - 1).max()
    print("wrong" if error > 1 else "right" if error < 1e-6 else error, end=" ")
P
expect "mean of ones, mean beside others, variance by rows, in Fortran order" "$(/usr/bin/python3 "$work/mean.py")" \
  "1.0 0.8388608 wrong right "
