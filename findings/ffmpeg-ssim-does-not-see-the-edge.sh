#!/bin/sh
# Version: ffmpeg 7.1.1
# ffmpeg 7.1.1: the ssim filter calls two clips equal whose last columns are inverted.
#
# Guess: "SSIM All:1.000000 (inf)" says that there is no difference.
# Behaviour: it looks at blocks of 8 in steps of 4, and not at what is left over at the right and at the bottom: one to three columns or rows where a
# side is no multiple of 4. Chroma counts by its own size: 4:2:0 of 100 columns has planes of 50, so that no colour is seen in the last 4. psnr
# sees all: 18 dB beside an SSIM of 1. Sides that are multiples of 8 (64, 112) are seen whole.
. "$(dirname "$0")/common.sh"
ffmpeg7
# plane FILE SIDE INVERTED: appends a square plane of noise whose last columns are inverted.
plane() {
  printf "$(awk -v n="$2" -v edge="$3" 'BEGIN { s = 1; for (i = 0; i < n * n; i++) { s = s * 16807 % 2147483647; v = int(s / 8388608)
    printf "\\%03o", i % n < n - edge ? v : 255 - v } }')" >>"$1"
}
# seen FILTER FORMAT SIDE: what the filter says of $work/a and $work/b, to two digits.
seen() {
  "$ffmpeg" -v info -f rawvideo -pix_fmt "$2" -s "$3x$3" -i "$work/a" -f rawvideo -pix_fmt "$2" -s "$3x$3" -i "$work/b" -lavfi "$1" \
    -f null - 2>&1 | sed -n '/Parsed_/{s/\(\.[0-9][0-9]\)[0-9]*/\1/g;s/.*\(SSIM\|PSNR\) //;s/ min:.*//;p;}'
}
for side in 64 65 66 67; do
  rm -f "$work/a" "$work/b"
  case $side in
    64) edge=1 ssim="0.98 (18.05)" psnr=23.11 ;;
    65) edge=1 ssim="1.00 (inf)" psnr=22.54 ;;
    66) edge=2 ssim="1.00 (inf)" psnr=19.60 ;;
    67) edge=3 ssim="1.00 (inf)" psnr=18.32 ;;
  esac
  plane "$work/a" $side 0
  plane "$work/b" $side $edge
  expect "$side columns, the last $edge inverted: ssim" "$(seen ssim gray $side)" "Y:$ssim All:$ssim"
  expect "$side columns, the last $edge inverted: psnr" "$(seen psnr gray $side)" "y:$psnr average:$psnr"
done
rm -f "$work/a" "$work/b"
plane "$work/a" 100 0
plane "$work/b" 100 0
for chroma in 1 2; do
  plane "$work/a" 50 0
  plane "$work/b" 50 2
done
expect "4:2:0 of 100 columns, colour inverted in the last 4" "$(seen ssim yuv420p 100)" "Y:1.00 (inf) U:1.00 (inf) V:1.00 (inf) All:1.00 (inf)"
