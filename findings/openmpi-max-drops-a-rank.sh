#!/bin/sh
# Version: Open MPI 4.1.4 (Debian 4.1.4-3+b1, x86-64)
# Open MPI 4.1.4 (Debian 4.1.4-3+b1, x86-64): the largest of 1, 2, NaN and 4 is 4 in four places of an array and 2 in the next three.
#
# Guess: Allreduce with MPI.MAX is elementwise: equal numbers give equal results, and NaN either wins or is left out.
# Behaviour: whole vectors are compared by an instruction that keeps one operand where one is NaN, the rest by a comparison that keeps
# the other: of 7 floats the first 4 and the last 3 differ. NaN may vanish, and take along the ranks that it was compared
# with: 4 is lost. With NaN on the last rank the first 4 are NaN and the last 3 are 3. So the largest loss or gradient of all
# ranks does not tell that one rank has NaN, and one number says another thing than a whole buffer. Without its component
# for vectors ("--mca op ^avx") the places agree, and 4 is lost everywhere. Wants: AVX.
. "$(dirname "$0")/common.sh"
debian python3-mpi4py=3.1.4-2+b2 python3-numpy=1:1.24.2-1+deb12u1 libopenmpi3=4.1.4-3+b1 openmpi-bin=4.1.4-3+b1 openmpi-common=4.1.4-3
if [ -e "$work/debian/usr/bin/orterun" ]; then
  export OPAL_PREFIX="$work/debian/usr" OPAL_PKGLIBDIR="$work/debian/usr/lib/x86_64-linux-gnu/openmpi/lib/openmpi3"
fi
cat >"$work/most.py" <<'P'
from mpi4py import MPI
import numpy as np

ranks = MPI.COMM_WORLD
for nan in (2, 3):
    mine = np.full(7, np.nan if ranks.rank == nan else 1 + ranks.rank, np.float32)
    most = np.empty_like(mine)
    ranks.Allreduce(mine, most, MPI.MAX)
    if ranks.rank == 0:
        print(*most, end="; ", flush=True)
P
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_btl=self,vader OMPI_MCA_rmaps_base_oversubscribe=1
run="orterun -n 4 /usr/bin/python3 $work/most.py"
expect "largest of 1 2 NaN 4, of 1 2 3 NaN, in seven places" "$($run 2>/dev/null)" \
  "4.0 4.0 4.0 4.0 2.0 2.0 2.0; nan nan nan nan 3.0 3.0 3.0; "
expect "without vectors" "$(OMPI_MCA_op=^avx $run 2>/dev/null)" \
  "2.0 2.0 2.0 2.0 2.0 2.0 2.0; 3.0 3.0 3.0 3.0 3.0 3.0 3.0; "
