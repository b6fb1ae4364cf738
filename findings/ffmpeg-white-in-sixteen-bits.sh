#!/bin/sh
# Version: ffmpeg 7.1.1
# ffmpeg 7.1.1: white in 16 bits is 65535 in grey and 65283 in colour, and 16 bits of one value are 8 bits of two.
#
# Guess: 8 bits become 16 by 257 in every format, so that white stays white, and an even picture stays even on the way back.
# Behaviour: gray to gray16le multiplies by 257, rgb24 to rgb48le by about 256 (1, 128, 255 become 256, 32767, 65283). From gray16le to gray a
# pattern is laid over the picture: the even value 1000 becomes 3 and 4 in a mixture; "-sws_dither none" gives 3, cut, not rounded. So
# grey and coloured frames of one source that go through 16 bits differ in brightness, and still frames are textured.
. "$(dirname "$0")/common.sh"
ffmpeg7
cd "$work"
# through FROM TO OPTION...: four pixels of stdin in another format.
through() {
  from=$1 to=$2
  shift 2
  "$ffmpeg" -v error -f rawvideo -pix_fmt "$from" -s "$size" -i - "$@" -f rawvideo -pix_fmt "$to" -
}
size=4x1
expect "0 1 128 255 in gray16le" "$(printf '\000\001\200\377' | through gray gray16le | od -An -tu2)" "     0   257 32896 65535"
expect "in rgb48le" "$(printf '\000\000\000\001\001\001\200\200\200\377\377\377' | through rgb24 rgb48le | od -An -v -tu2 -w6 | awk '{ printf "%s ", $1 }')" \
  "0 256 32767 65283 "
size=64x64
printf "$(awk 'BEGIN { for (i = 0; i < 4096; i++) printf "\\350\\003" }')" >even
values() { od -An -v -tu1 -w1 | sort -n | uniq -c | awk '{ printf "%s:%s ", $2, $1 }'; }
expect "4096 times 1000 in gray" "$(through gray16le gray <even | values)" "3:888 4:3208 "
expect "with -sws_dither none" "$(through gray16le gray -sws_dither none <even | values)" "3:4096 "
