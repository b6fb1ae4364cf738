#!/bin/sh
# Version: GraphicsMagick 1.3.40
# GraphicsMagick 1.3.40: air is white in a CT of signed numbers, and each frame of a cine gets a contrast of its own.
#
# Guess: a converter that reads DICOM, with windows and many frames, shows -1000 darker than 0, and frames of one file on one scale.
# Behaviour: with PixelRepresentation 1 everything below zero is white, with the window of the file or without; the same
# picture as unsigned numbers and an intercept is right. Frames without a window, of 8 bits as of 12, are each stretched from their least to
# their greatest value: dark ones and bright ones become the same picture.
. "$(dirname "$0")/common.sh"
debian dcmtk=3.6.7-9~deb12u4 graphicsmagick=1.4+really1.3.40-4+deb12u1
cd "$work"
# dicom NAME BITS SIGNED ADDED FRAME...: a file whose frames of 16 x 16 are ramps over the columns from FRAME on.
dicom() {
  name=$1 bits=$2 signed=$3 added=$4
  shift 4
  printf "$(for from in "$@"; do awk -v from="$from" -v bits="$bits" -v step="$step" 'BEGIN { for (i = 0; i < 256; i++) {
    v = (from + i % 16 * step + 65536) % 65536; printf "\\%03o", v % 256; if (bits > 8) printf "\\%03o", int(v / 256) } }'; done)" >"$name.raw"
  { printf '%s\n' '(0008,0016) UI =SecondaryCaptureImageStorage' '(0008,0018) UI [1.2.3.4]' '(0028,0002) US 1' \
    '(0028,0004) CS [MONOCHROME2]' "(0028,0008) IS [$#]" '(0028,0010) US 16' '(0028,0011) US 16' \
    "(0028,0100) US $((bits > 8 ? 16 : 8))" "(0028,0101) US $bits" "(0028,0102) US $((bits - 1))" "(0028,0103) US $signed" "$added"
    if [ "$bits" -gt 8 ]; then echo "(7fe0,0010) OW =$name.raw"; else echo "(7fe0,0010) OB =$name.raw"; fi; } >"$name.txt"
  dump2dcm -q +te "$name.txt" "$name.dcm"
}
# rows NAME: of each frame the first, the middle and the last pixel of a row.
rows() {
  gm convert "$1.dcm" -depth 8 +adjoin "$1%d.pgm"
  for frame in "$1"?.pgm; do tail -c 256 "$frame" | od -An -v -tu1 -w16 | awk 'NR == 1 { printf "%s/%s/%s ", $1, $9, $16 }'; done
}
window='(0028,1050) DS [40]
(0028,1051) DS [400]'
step=128
dicom signed 16 1 "$window" -1024
dicom unsigned 12 0 "$window
(0028,1052) DS [-1024]
(0028,1053) DS [1]" 0
step=4
dicom deep 12 0 "" 100 1000 3000
dicom byte 8 0 "" 10 60 190
expect "-1024, 0 and 896 of a CT, signed" "$(rows signed)" "255/102/255 "
expect "unsigned" "$(rows unsigned)" "0/102/255 "
expect "frames of 12 bits from 100, 1000 and 3000 on" "$(rows deep)" "2/138/255 2/138/255 2/138/255 "
expect "frames of 8 bits from 10, 60 and 190 on" "$(rows byte)" "2/138/255 2/138/255 2/138/255 "
