#!/bin/sh
# Version: ffmpeg 7.1.1 (5.1.9 too)
# ffmpeg 7.1.1 (5.1.9 too) decodes a 16-bit lossless JPEG to noise when its first pixel is 0.
#
# Guess: a lossless JPEG is read exactly or refused; DCMTK and ffmpeg agree on it.
# Behaviour: the first pixel is predicted as 32768, so a black corner is a difference of 32768, which has a category of
# its own (16) that is followed by no bits. ffmpeg is out of step from there on, as if it read some: of this picture no
# pixel is right, there is no message, and the exit code is 0. With 1 instead of 0 in the corner all are right. DCMTK writes 12-bit
# pictures this way too, so it is every CT or MR whose corner is background. DCMTK reads back what it wrote.
. "$(dirname "$0")/common.sh"
ffmpeg7
debian dcmtk=3.6.7-9~deb12u4
cd "$work"
for corner in 0 1; do
  wanted="0 0"
  [ "$corner" = 1 ] || wanted="8171 0" # of 8192
  # 64 x 64 pixels of 16 bits: a ramp, whose first pixel is 0 or 1.
  awk -v c=$corner 'BEGIN { for (i = 0; i < 4096; i++) { v = i ? 100 + (i % 64) * 50 + int(i / 64) : c
    printf "\\%03o\\%03o", v % 256, int(v / 256) } }' >octal
  printf "$(cat octal)" >pixels
  cat >picture.txt <<T
(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [1.2.3.4]
(0028,0002) US 1
(0028,0004) CS [MONOCHROME2]
(0028,0010) US 64
(0028,0011) US 64
(0028,0100) US 16
(0028,0101) US 12
(0028,0102) US 11
(0028,0103) US 0
(7fe0,0010) OW =pixels
T
  dump2dcm -q +te picture.txt plain.dcm
  dcmcjpeg +e1 plain.dcm coded$corner.dcm
  dcmdump -q +W . coded$corner.dcm >listing
  "$ffmpeg" -v error -y -f jpeg_pipe -i coded$corner.dcm.1.raw -f rawvideo seen.raw 2>messages
  dcmdjpeg coded$corner.dcm back$corner.dcm && dcmdump -q +W . back$corner.dcm >listing
  expect "corner $corner: bytes that DCMTK reads otherwise" "$(cmp -l pixels back$corner.dcm.0.raw | wc -l)" 0
  expect "corner $corner: bytes that ffmpeg reads otherwise, messages" \
    "$(cmp -l pixels seen.raw | wc -l) $(wc -l <messages)" "$wanted"
done
