#!/bin/sh
# ffmpeg 7.1.1 (5.1.9 too): without its last row the same picture has other colours in every other row as well.
#
# Guess: yuv420p to rgb24 is done pixel by pixel; a picture of 63 rows is the first 63 of its 64.
# Behaviour: with an even height chroma is repeated, with an odd one the general scaler interpolates it: nearly every pixel
# differs, by up to 117 of 255 where colours change sharply. "-sws_flags accurate_rnd+full_chroma_int+bitexact", which makes
# the result the same on every processor, has its own: there an odd width counts too. So recordings of
# 479 rows are converted otherwise than those of 480, and cropping before or after the conversion is not the same.
. "$(dirname "$0")/common.sh"
ffmpeg7
cd "$work"
cat >make.awk <<'A'
BEGIN {
  for (y = 0; y < rows; y++) for (x = 0; x < columns; x++) printf "\\%03o", 60 + 2 * x
  for (y = 0; y < 32; y++) for (x = 0; x < 32; x++) printf "\\%03o", (int(x / 4) + int(y / 4)) % 2 ? 90 : 170
  for (y = 0; y < 32; y++) for (x = 0; x < 32; x++) printf "\\%03o", int(x / 2) % 2 ? 90 : 170
}
A
# rgb COLUMNS ROWS FLAGS FILE: the first 63 columns and rows of that picture in RGB, as numbers of one line per pixel.
rgb() {
  printf "$(awk -v columns="$1" -v rows="$2" -f make.awk)" >yuv
  "$ffmpeg" -v error -y -f rawvideo -pix_fmt yuv420p -s "$1x$2" -i yuv -sws_flags "$3" -f rawvideo -pix_fmt rgb24 rgb
  od -An -v -tu1 -w3 rgb | awk -v c="$1" '(NR - 1) % c < 63 && NR <= 63 * c' >"$4"
}
for flags in bicubic bicubic+accurate_rnd+full_chroma_int+bitexact; do
  rgb 64 64 "$flags" whole
  rgb 64 63 "$flags" rows
  rgb 63 64 "$flags" columns
  case $flags in bicubic) wanted=' 3951/117 0/0' ;; *) wanted=' 2591/97 3780/97' ;; esac
  seen=
  for less in rows columns; do
    seen="$seen $(paste whole $less | awk '{ for (i = 1; i < 4; i++) { d = $i - $(i + 3); if (d < 0) d = -d; if (d > m) m = d }
      if ($1 != $4 || $2 != $5 || $3 != $6) n++ } END { print n + 0 "/" m + 0 }')"
  done
  expect "$flags: pixels of 3969 that differ/most, one row less, one column less" "$seen" "$wanted"
done
