#!/bin/sh
# Version: ffmpeg 7.1.1 (5.1.9 too)
# ffmpeg 7.1.1 (5.1.9 too): where an MPEG-1 or MPEG-2 stream changes its size, the last frame before is gone.
#
# Guess: two streams of ten frames put one after the other (a recorder that switched its input) are twenty frames, of
# whatever sizes; a sequence end code and a new sequence header let the decoder hand out what it holds.
# Behaviour: the frame that it still holds, with B-frames in the stream or without, goes with the old size: 19 frames and no
# message. The same two of equal size are 20, and MJPEG and H.264 are 20 with a new size too.
. "$(dirname "$0")/common.sh"
ffmpeg7
cd "$work"
frames() {
  "$ffmpeg" -v error -i "$1" -fps_mode passthrough -noautoscale -f framemd5 - 2>&1 | grep -vc '^#'
}
for codec in mpeg1video:m1v mpeg2video:m2v mjpeg:mjpeg libopenh264:h264; do
  as=${codec#*:}
  for size in 352x288 176x144; do
    "$ffmpeg" -v error -f lavfi -i testsrc=size=$size:rate=25:duration=0.4 -c:v "${codec%:*}" -b:v 2M "$size.$as" 2>log
  done
  cat "352x288.$as" "352x288.$as" >"equal.$as"
  cat "352x288.$as" "176x144.$as" >"changed.$as"
  case $as in m?v) left=19 ;; *) left=20 ;; esac
  expect "${codec%:*}: frames alone, alone, of equal size, of changed size" \
    "$(frames "352x288.$as") $(frames "176x144.$as") $(frames "equal.$as") $(frames "changed.$as")" "10 10 20 $left"
done
