#!/bin/sh
# Version: tifffile 2023.2.3
# tifffile 2023.2.3: a grey clip of three frames is written as one picture in colour, one of five as five.
#
# Guess: an array of frames, rows, columns becomes as many pages as it has frames.
# Behaviour: with 3 or 4 frames the first axis is taken for red, green, blue (and alpha): one page, RGB or RGBA. tifffile reads its own file back
# as it was, so that a test of both ways passes; Pillow, and any other reader, shows one coloured picture. 2 and 5 frames are
# pages. photometric="minisblack" makes pages of all of them. A DeprecationWarning tells it, which Python does not show by default in a library.
. "$(dirname "$0")/common.sh"
debian python3-tifffile=20230203-1 python3-pil=9.4.0-1.1+deb12u1 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/frames.py" <<'P'
import sys
import warnings
warnings.simplefilter("ignore")
import numpy as np
import tifffile
from PIL import Image

path = sys.argv[1] + "/clip.tif"
for frames, options in ((2, {}), (3, {}), (4, {}), (5, {}), (3, {"photometric": "minisblack"})):
    clip = np.zeros((frames, 64, 64), np.uint8)
    tifffile.imwrite(path, clip, **options)
    picture = Image.open(path)
    print(f"{tifffile.imread(path).shape[0]}={picture.n_frames}{picture.mode}", end=" ")
P
expect "frames that tifffile reads = frames and mode that Pillow reads" "$(/usr/bin/python3 "$work/frames.py" "$work")" \
  "2=2L 3=1RGB 4=1RGBA 5=5L 3=3L "
