#!/bin/sh
# Version: scikit-image 0.19.3
# scikit-image 0.19.3: the optical flow of two frames is 2 pixels or none, by the type that holds their numbers.
#
# Guess: the same numbers in uint8, int32 or float32 are the same frames and move alike.
# Behaviour: integers are divided by the largest number of their type first, and the methods' constants are meant for 0 to 1: frames of
# 12 bits in int32 (after a subtraction, or as a DICOM reader's rescale gives them) have a contrast of a millionth and
# stand still, those of 8 bits in uint16 nearly so. No message. Floats are taken as they are, up to 4095, and move.
. "$(dirname "$0")/common.sh"
debian python3-skimage=0.19.3-8 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/flow.py" <<'P'
import numpy as np
from skimage.registration import optical_flow_ilk, optical_flow_tvl1

x = np.arange(64) * 2 * np.pi / 64
smooth = np.sin(3 * x)[None, :] + np.cos(2 * x)[:, None] + np.sin(5 * x)[None, :] * np.cos(4 * x)[:, None]
smooth = (smooth - smooth.min()) / (smooth.max() - smooth.min())
for flow in (optical_flow_tvl1, optical_flow_ilk):
    print(flow.__name__[13:], end=" ")
    for most, kind in ((255, np.uint8), (255, np.uint16), (4095, np.uint16), (4095, np.int32), (4095, np.float32)):
        frame = np.round(smooth * most).astype(kind)
        moved = np.median(flow(frame, np.roll(frame, 2, axis=1))[1])
        print(f"{most}/{kind.__name__}={abs(moved):.1f}", end=" ")
P
expect "columns that frames moved by 2 are said to have moved" "$(/usr/bin/python3 "$work/flow.py" 2>/dev/null)" \
  "tvl1 255/uint8=2.0 255/uint16=0.1 4095/uint16=2.0 4095/int32=0.0 4095/float32=2.0 ilk 255/uint8=2.0 255/uint16=0.0 4095/uint16=2.0 \
4095/int32=0.0 4095/float32=2.0 "
