#!/bin/sh
# Version: pydicom 2.3.1
# pydicom 2.3.1: a colour JPEG decompressed and saved by it is another picture to itself and to DCMTK.
#
# Guess: decompress() and save_as() write what pixel_array shows.
# Behaviour: JPEG baseline in DICOM says YBR_FULL_422, whatever the JPEG's own sampling is. Decompressed, the pixels are three bytes each, but the
# file still says YBR_FULL_422, which uncompressed means two bytes for each; the first two thirds are then taken for the
# picture, with their components in the wrong places. pydicom warns of excess padding when it reads the file again, DCMTK
# says nothing. Setting PixelData to the array's bytes and then PhotometricInterpretation to YBR_FULL mends it (the second alone is an
# error). Shown is the mean difference of the pixels in levels.
. "$(dirname "$0")/common.sh"
debian dcmtk=3.6.7-9~deb12u4 python3-pydicom=2.3.1-1 python3-pil=9.4.0-1.1+deb12u1 python3-numpy=1:1.24.2-1+deb12u1
cd "$work"
printf "$(awk 'BEGIN { for (i = 0; i < 4096; i++) printf "\\%03o\\%03o\\%03o", i % 64 * 4, int(i / 64) * 4, 100 }')" >pixels
cat >picture.txt <<T
(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [1.2.3.4]
(0028,0002) US 3
(0028,0004) CS [RGB]
(0028,0006) US 0
(0028,0010) US 64
(0028,0011) US 64
(0028,0100) US 8
(0028,0101) US 8
(0028,0102) US 7
(0028,0103) US 0
(7fe0,0010) OB =pixels
T
dump2dcm -q +te picture.txt plain.dcm
dcmcjpeg +eb +q 95 plain.dcm coded.dcm
cat >decompress.py <<'P'
import sys
import warnings
warnings.simplefilter("ignore")
import numpy as np
import pydicom

data = pydicom.dcmread("coded.dcm")
shown = data.pixel_array.astype(int)
data.decompress()
if sys.argv[1] != "as it is":
    data.PixelData = data.pixel_array.tobytes()
    data.PhotometricInterpretation = sys.argv[1]
data.save_as("saved.dcm")
again = pydicom.dcmread("saved.dcm").pixel_array.astype(int)
print("same" if np.array_equal(shown, again) else "other", end=" ")
P
# levels FILE: mean difference of DCMTK's picture to the pixels, in whole levels.
levels() {
  dcmj2pnm -q +op "$1" picture.ppm
  tail -c 12288 picture.ppm >shown
  cmp -l pixels shown | awk '
    function dec(o) { return int(o / 100) * 64 + int(o % 100 / 10) * 8 + o % 10 }
    { d = dec($2) - dec($3); s += d < 0 ? -d : d } END { print int(s / 12288 + 0.5) }'
}
expect "DCMTK, the JPEG" "$(levels coded.dcm)" 1
for photometric in "as it is" YBR_FULL; do
  if [ "$photometric" = YBR_FULL ]; then wanted="same 1"; else wanted="other 68"; fi
  seen=$(/usr/bin/python3 decompress.py "$photometric")
  expect "$photometric: pydicom, DCMTK" "$seen$(levels saved.dcm)" "$wanted"
done
