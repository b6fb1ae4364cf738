#!/bin/sh
# Version: OpenCV 4.6.0 (Debian 12, x86-64, with its ffmpeg 5.1)
# OpenCV 4.6.0 (Debian 12, x86-64, with its ffmpeg 5.1): each time that grey goes through an uncompressed I420 video it gets darker and green.
#
# Guess: an uncompressed file loses what the halved chroma and the rounding lose, which for grey is a level at most, and once.
# Behaviour: writing and reading convert by swscale's fast routines, which cut instead of rounding: 60, 128, 255 are 56, 123, 250
# after one pass, 42, 110, 237 after six, and white is (250, 253, 251) in blue, green, red. FFV1 and HuffYUV are written in RGB by it and exact.
# What is measured on frames that a tool saved and read in between is measured on darker ones.
. "$(dirname "$0")/common.sh"
debian python3-opencv=4.6.0+dfsg-12 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/pass.py" <<'P'
import sys
import cv2
import numpy as np

def through(frame, codec):
    path = sys.argv[1] + "/x.avi"
    out = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*codec), 25, (64, 64))
    out.write(frame)
    out.release()
    return cv2.VideoCapture(path, cv2.CAP_FFMPEG).read()[1]

for codec in ("I420", "FFV1", "HFYU"):
    frame = np.repeat(np.array([0, 60, 128, 255], np.uint8), 16)[None, :, None].repeat(64, 0).repeat(3, 2)
    for count in range(6):
        frame = through(frame, codec)
        if count in (0, 5):
            print(codec, *frame[32, 8::16, 0], "white", *frame[32, 56], end="; ")
P
expect "0 60 128 255 after one pass; after six" "$(/usr/bin/python3 "$work/pass.py" "$work" 2>/dev/null)" \
  "I420 0 56 123 250 white 250 253 251; I420 0 42 110 237 white 237 242 240; FFV1 0 60 128 255 white 255 255 255; \
FFV1 0 60 128 255 white 255 255 255; HFYU 0 60 128 255 white 255 255 255; HFYU 0 60 128 255 white 255 255 255; "
