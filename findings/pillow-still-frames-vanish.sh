#!/bin/sh
# Version: Pillow 9.4.0
# Pillow 9.4.0: a clip of 8 frames in which something rests is saved as 4, and as an APNG it also runs in half the time.
#
# Guess: "save_all" with eight pictures of 40 ms writes eight frames of 40 ms; who opens the file gets eight back.
# Behaviour: a frame equal to the one before is not written. GIF and WebP give its time to the one that stays (40 + 120 + 80 + 80
# ms); APNG drops the time too: 4 x 40 ms. TIFF keeps all eight. A sampler that writes 16 frames and an evaluation that
# wants 16 disagree as soon as a clip stands still. Opened again, the first frame of a GIF is a
# palette's indices (32 x 32) and the others are RGB (32 x 32 x 3).
. "$(dirname "$0")/common.sh"
debian python3-pil=9.4.0-1.1+deb12u1 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/still.py" <<'P'
import io
import numpy as np
from PIL import Image

frames = [Image.fromarray(np.full((32, 32, 3), v, np.uint8)) for v in (10, 20, 20, 20, 30, 30, 40, 40)]
for kind, options in (("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("TIFF", {})):
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=40, **options)
    read = Image.open(io.BytesIO(out.getvalue()))
    total, shapes = 0, []
    for k in range(read.n_frames):
        read.seek(k)
        read.load()
        total += read.info.get("duration") or 0
        shapes.append(len(np.asarray(read).shape))
    print(f"{kind}={read.n_frames}/{total:.0f}/{shapes[0]}{shapes[1]}", end=" ")
P
expect "frames/milliseconds/dimensions of the first two" "$(/usr/bin/python3 "$work/still.py")" \
  "GIF=4/320/23 WEBP=4/320/33 PNG=4/160/33 TIFF=8/0/33 "
