#!/bin/sh
# Version: DCMTK 3.6.7
# DCMTK 3.6.7: one value in two files of a series becomes two values when dcmcjpeg compresses them with loss at 12 bits.
#
# Guess: "+ee +q 100" keeps values to within the loss of the JPEG, and what it changes, if anything, a rescale intercept tells.
# Behaviour: numbers are moved by the smallest of each file (scaling by pixel values is the default), and the rescale is written as the identity:
# 1800 with an intercept of -1024, that is 776, becomes 2723 in a file whose least is 100 and 1823 in one whose least is 1000,
# both with intercept 0. The window is moved along, so that each file alone looks right. CT gets an intercept that undoes it; secondary
# captures, ultrasound, nuclear medicine and MR (with a warning there) do not. With "+sr +rm" 1800 stays 1800 and -1024 stays.
. "$(dirname "$0")/common.sh"
debian dcmtk=3.6.7-9~deb12u4
cd "$work"
# file NAME LEAST: 16 x 16 numbers of 12 bits, the left half LEAST and the right half 1800.
file() {
  printf "$(awk -v least="$2" 'BEGIN { for (i = 0; i < 256; i++) { v = i % 16 < 8 ? least : 1800; printf "\\%03o\\%03o", v % 256, int(v / 256) } }')" >"$1.raw"
  cat >"$1.txt" <<T
(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [1.2.3.4]
(0028,0002) US 1
(0028,0004) CS [MONOCHROME2]
(0028,0010) US 16
(0028,0011) US 16
(0028,0100) US 16
(0028,0101) US 12
(0028,0102) US 11
(0028,0103) US 0
(0028,1052) DS [-1024]
(0028,1053) DS [1]
(7fe0,0010) OW =$1.raw
T
  dump2dcm -q +te "$1.txt" "$1.dcm"
}
# seen NAME OPTION...: the right pixel and the intercept after compression and decompression.
seen() {
  name=$1
  shift
  dcmcjpeg +ee +q 100 "$@" "$name.dcm" "$name.jpg.dcm"
  dcmdjpeg "$name.jpg.dcm" "$name.back.dcm"
  rm -f "$name".back.dcm.*
  dcmdump -q +W . "$name.back.dcm" >"$name.list"
  echo "$(tail -c 2 "$name.back.dcm.0.raw" | od -An -tu2 | tr -d ' ') $(sed -n 's/.*(0028,1052) DS \[\(.*\)\].*/\1/p' "$name.list")"
}
file dark 100
file bright 1000
for name in dark bright; do
  case $name in dark) moved=2723 ;; *) moved=1823 ;; esac
  expect "$name: 1800 and its intercept" "$(seen $name)" "$moved 0"
  expect "$name with +sr +rm" "$(seen $name +sr +rm)" "1800 -1024"
done
