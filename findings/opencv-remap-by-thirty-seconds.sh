#!/bin/sh
# Version: OpenCV 4.6.0
# OpenCV 4.6.0: warping a float picture by 0.015 pixel gives the same picture, by 0.017 it moves by a 32nd.
#
# Guess: remap with INTER_LINEAR, a float picture and float maps interpolates at the places that the maps say.
# Behaviour: places are rounded to 1/32 of a pixel first, in remap and in warpAffine, whatever the types: shifts up
# to 1/64 change no bit, larger ones go in steps. An optical flow that is judged by warping one frame onto the other
# is judged to a 32nd of a pixel, and its error has no gradient in between.
. "$(dirname "$0")/common.sh"
debian python3-opencv=4.6.0+dfsg-12 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/warp.py" <<'P'
import cv2
import numpy as np

picture = ((np.arange(2500) * 7919) % 256).astype(np.float32).reshape(50, 50)
y, x = np.mgrid[0:50, 0:50].astype(np.float32)
right = picture[:, :-1].astype(np.float64)
step = picture[:, 1:] - right

def moved(name, shift):
    if name == "remap":
        result = cv2.remap(picture, x + np.float32(shift), y, cv2.INTER_LINEAR)
    else:
        result = cv2.warpAffine(picture, np.array([[1, 0, shift], [0, 1, 0]], float), (50, 50),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.median((result[:, :-1] - right)[step != 0] / step[step != 0]) * 32

for name in ("remap", "warpAffine"):
    print(name, " ".join(f"{shift}:{moved(name, shift):.2f}" for shift in (0.01, 0.015, 0.017, 0.03, 0.04, 0.05)), end=" ")
P
expect "shift in pixels: seen in 32nds" "$(/usr/bin/python3 "$work/warp.py" 2>/dev/null)" \
  "remap 0.01:0.00 0.015:0.00 0.017:1.00 0.03:1.00 0.04:1.00 0.05:2.00 warpAffine 0.01:0.00 0.015:0.00 0.017:1.00 0.03:1.00 0.04:1.00 0.05:2.00 "
