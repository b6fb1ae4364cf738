#!/bin/sh
# Version: scikit-image 0.19.3
# scikit-image 0.19.3: a mask of labels 0 and 3 made smaller with order=0 has the labels 0, 1, 2 and 3.
#
# Guess: "order=0" is nearest neighbour, which takes values from the picture and makes none up; with preserve_range=True the
# mask stays one.
# Behaviour: when it shrinks, a Gaussian comes first whatever the order is, and the blurred values are cut to integers: labels
# that nobody drew stand around each region. anti_aliasing=False gives 0 and 3, and so does the same mask as bool; enlarging
# never shows it, so a test on an enlarged mask passes.
. "$(dirname "$0")/common.sh"
debian python3-skimage=0.19.3-8 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/mask.py" <<'P'
import warnings
warnings.simplefilter("ignore")
import numpy as np
from skimage.transform import resize

mask = np.zeros((64, 64), np.uint8)
mask[20:44, 20:44] = 3
for size, options in ((32, {}), (32, {"anti_aliasing": False}), (128, {})):
    small = resize(mask, (size, size), order=0, preserve_range=True, **options)
    print(small.dtype, "".join(str(v) for v in np.unique(small)), end=" ")
P
expect "labels when halved, halved without anti_aliasing, doubled" "$(/usr/bin/python3 "$work/mask.py")" \
  "uint8 0123 uint8 03 uint8 03 "
