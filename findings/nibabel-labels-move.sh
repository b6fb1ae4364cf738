#!/bin/sh
# Version: nibabel 5.0.0
# nibabel 5.0.0: labels 1, 2, 3 written to a NIfTI file of 16-bit integers are read back as 0, 1 and 2.
#
# Guess: whole numbers that an array of doubles holds (a mask after a resampling, say) go into an int16 file as
# those whole numbers; the header of the original, handed on, describes them.
# Behaviour: a float array is always stretched over all of the integer type and a slope is written that brings it back nearly: 1 is read as
# 0.99998474 and 3 as 2.99995422, so that astype(int) moves labels down by one (0 1 2 3 4 5 7 become 0 0 1 2 4 5 6).
# The same array as int16 keeps them. get_data_dtype() says int16 both times.
. "$(dirname "$0")/common.sh"
debian python3-nibabel=5.0.0-2 python3-numpy=1:1.24.2-1+deb12u1
cat >"$work/labels.py" <<'P'
import sys
import warnings
warnings.simplefilter("ignore")
import nibabel
import numpy as np

labels = np.resize(np.array([0.0, 1, 2, 3, 4, 5, 7]), (8, 8, 8))
original = nibabel.Nifti1Image(labels.astype(np.int16), np.eye(4))
for kind in (np.float64, np.int16):
    path = sys.argv[1] + "/labels.nii"
    nibabel.save(nibabel.Nifti1Image(labels.astype(kind), original.affine, original.header), path)
    read = nibabel.load(path)
    values = read.get_fdata()
    print(read.get_data_dtype(), f"{values[0, 0, 3]:.8f}", *values.astype(int).ravel()[:7], end="; ")
P
expect "type, what 3 became, 0 1 2 3 4 5 7 as int; from float64, from int16" "$(/usr/bin/python3 "$work/labels.py" "$work")" \
  "int16 2.99995422 0 0 1 2 4 5 6; int16 3.00000000 0 1 2 3 4 5 7; "
