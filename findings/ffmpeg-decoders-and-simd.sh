#!/bin/sh
# ffmpeg 7.1.1 (x86-64): which decoders give other pixels when the processor's SIMD is used.
#
# Guess: a decoder of a standard with a fixed bit stream gives one picture; SIMD only makes it faster
# (FATE compares hashes, after all).
# Behaviour: for WMV1, WMV2, H.263+ and MPEG-4 part 2 the frames differ between "-cpuflags 0" and
# the default; the hashes of FATE do not show it, for they are made with "-flags +bitexact", and a
# plain call is not. MPEG-2, H.263, FLV1, MS-MPEG-4 v2, MJPEG and ProRes give the same either way. With
# "-flags +bitexact" BEFORE the input all agree. So two machines can train on different pixels of
# the same file, and a data hash taken over decoded frames is a hash of the processor too. The conversion to RGB
# ("-pix_fmt rgb24") and the scaler do the same once more, until "-sws_flags accurate_rnd+bitexact"; the deinterlacers
# yadif and bwdif are exact as they are.
. "$(dirname "$0")/common.sh"
ffmpeg7
seen=
for codec in wmv1 wmv2 h263p mpeg4 mpeg2video h263 flv msmpeg4v2 mjpeg prores; do
  "$ffmpeg" -v error -y -f lavfi -i testsrc2=size=352x288:rate=25:duration=2 -c:v $codec -b:v 400k \
    -g 12 -flags +bitexact "$work/x.nut"
  plain=$("$ffmpeg" -v error -i "$work/x.nut" -f rawvideo - | sha256sum)
  scalar=$("$ffmpeg" -v error -cpuflags 0 -i "$work/x.nut" -f rawvideo - | sha256sum)
  exact=$("$ffmpeg" -v error -flags +bitexact -i "$work/x.nut" -f rawvideo - | sha256sum)
  exact0=$("$ffmpeg" -v error -cpuflags 0 -flags +bitexact -i "$work/x.nut" -f rawvideo - | sha256sum)
  [ "$exact" = "$exact0" ] || { echo "CHANGED: $codec differs with +bitexact"; exit 1; }
  if [ "$plain" = "$scalar" ]; then seen="$seen $codec=same"; else seen="$seen $codec=DIFFERS"; fi
done
expect "plain against -cpuflags 0" "$seen" \
  " wmv1=DIFFERS wmv2=DIFFERS h263p=DIFFERS mpeg4=DIFFERS mpeg2video=same h263=same flv=same msmpeg4v2=same mjpeg=same prores=same"

"$ffmpeg" -v error -y -f lavfi -i testsrc2=size=352x288:rate=25:duration=1 -c:v ffv1 -pix_fmt yuv420p "$work/s.nut"
both() {
  [ "$("$ffmpeg" -v error -i "$work/s.nut" "$@" -f rawvideo - | sha256sum)" = \
    "$("$ffmpeg" -v error -cpuflags 0 -i "$work/s.nut" "$@" -f rawvideo - | sha256sum)" ] && echo same || echo DIFFERS
}
expect "to RGB" "$(both -pix_fmt rgb24)" DIFFERS
expect "to RGB, accurate_rnd+bitexact" "$(both -sws_flags accurate_rnd+bitexact -pix_fmt rgb24)" same
expect "lanczos to 128x128" "$(both -vf scale=128:128:flags=lanczos)" DIFFERS
expect "lanczos, accurate_rnd+bitexact" "$(both -vf scale=128:128:flags=lanczos+accurate_rnd+bitexact)" same
expect "yadif, bwdif" "$(both -vf yadif) $(both -vf bwdif)" "same same"
