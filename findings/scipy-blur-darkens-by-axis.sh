#!/bin/sh
# Version: SciPy 1.10.1
# SciPy 1.10.1: a blurred clip is 1.5 levels darker, a blurred mask loses half of its area.
#
# Guess: gaussian_filter keeps the mean of a picture; results in 8 bits are rounded, up as often as down.
# Behaviour: the result has the input's type, and each axis writes whole numbers with what stands behind the point cut off: half a level of
# darkness for every axis, whatever sigma is (a third in uniform_filter of 3). A picture loses 1, a clip blurred in time too 1.5. CT below zero
# becomes brighter instead, 128 and 129 become 128 everywhere, and of the 1245 ones of a mask 685 remain at most (its blur in floats is 0.5 and
# more at 1245). OpenCV's GaussianBlur rounds, skimage's gaussian returns floats; here output=float keeps the mean.
. "$(dirname "$0")/common.sh"
debian python3-scipy=1.10.1-2 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/blur.py" <<'P'
import numpy as np
from scipy.ndimage import gaussian_filter, uniform_filter

clip = np.random.RandomState(7).randint(0, 256, (32, 64, 64)).astype(np.uint8)
ct = clip.astype(np.int16) - 1000
for name, picture, blurred in (
        ("time", clip, gaussian_filter(clip, (1, 0, 0))),
        ("rows+columns", clip, gaussian_filter(clip, (0, 1, 1))),
        ("all", clip, gaussian_filter(clip, 1)),
        ("sigma=3", clip, gaussian_filter(clip, 3)),
        ("uniform", clip, uniform_filter(clip, 3)),
        ("float", clip, gaussian_filter(clip, 1, output=np.float64)),
        ("CT", ct, gaussian_filter(ct, 1))):
    print(f"{name}={round(blurred.mean() - picture.mean(), 1) + 0.0}", end=" ")
print()
y, x = np.mgrid[:64, :64]
mask = ((x - 32) ** 2 + (y - 32) ** 2 < 400).astype(np.uint8)
blurred = int(gaussian_filter(mask, 1).sum())
print(mask.sum(), "685-or-less" if blurred <= 685 else blurred, (gaussian_filter(mask, 1, output=np.float64) >= 0.5).sum(), end=" ")
print(gaussian_filter(128 + clip[0] % 2, 1).max())
P
/usr/bin/python3 "$work/blur.py" >"$work/seen"
expect "change of the mean" "$(sed -n 1p "$work/seen")" "time=-0.5 rows+columns=-1.0 all=-1.5 sigma=3=-1.5 uniform=-1.0 float=0.0 CT=1.5 "
expect "ones of a mask, blurred, blurred as floats; most of 128 and 129, blurred" "$(sed -n 2p "$work/seen")" "1245 685-or-less 1245 128"
