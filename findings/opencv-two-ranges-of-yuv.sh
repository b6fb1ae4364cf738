#!/bin/sh
# OpenCV 4.6.0: black is 0 in its YUV and 16 in its YUV.
#
# Guess: COLOR_BGR2YUV and COLOR_BGR2YUV_I420 are one conversion, the second with less chroma.
# Behaviour: the first is full range (0 to 255), the second limited (16 to 235), and grey 128 is 128 in one, 126 in the other. Planes
# of the first are not what an encoder takes yuv420p to be.
. "$(dirname "$0")/common.sh"
debian python3-opencv=4.6.0+dfsg-12 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/range.py" <<'P'
import cv2
import numpy as np

for v in (0, 128, 255):
    grey = np.full((4, 4, 3), v, np.uint8)
    print(v, cv2.cvtColor(grey, cv2.COLOR_BGR2YUV)[0, 0, 0], cv2.cvtColor(grey, cv2.COLOR_BGR2YUV_I420)[0, 0], end=", ")
P
expect "grey, Y of YUV, Y of YUV_I420" "$(/usr/bin/python3 "$work/range.py" 2>/dev/null)" "0 0 16, 128 128 126, 255 255 235, "
