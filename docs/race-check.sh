#!/bin/sh
# Every OpenCL kernel on small shapes under Oclgrind, a simulator that reports races between
# work-items, and what it reported. No part of CI: minutes.
#
#   docs/race-check.sh
#
# Wanted here: oclgrind (Debian: oclgrind, liboclgrind-21.10) and what the tests want. Oclgrind comes
# without the .icd file by which loaders find it, so one is written. The report goes to
# out/race-check/races.txt; the exit code is 1 where there is a race.
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
out=$root/out/race-check
library=$(find /usr/lib /usr/local/lib -name 'liboclgrind-rt-icd.so*' 2>/dev/null | head -n 1)
if [ -z "$library" ]; then
  echo "liboclgrind-rt-icd.so is not there: apt-get install oclgrind" >&2
  exit 3
fi
rm -rf "$out"
mkdir -p "$out/vendors"
echo "$library" >"$out/vendors/oclgrind.icd"

OCL_ICD_VENDORS=$out/vendors
OCLGRIND_DATA_RACES=1
OCLGRIND_LOG=$out/races.txt
OCLGRIND_MAX_ERRORS=100000
export OCL_ICD_VENDORS OCLGRIND_DATA_RACES OCLGRIND_LOG OCLGRIND_MAX_ERRORS

mvn -B -q -f "$root/pom.xml" -pl engine -am -Dtest=EveryKernelTest \
  -Dsurefire.failIfNoSpecifiedTests=false verify
report=$root/engine/target/surefire-reports/TEST-engine.kernel.opencl.EveryKernelTest.xml
if grep -q '<skipped' "$report"; then
  echo "the kernels were not run: Oclgrind is no exact device here" >&2
  exit 3
fi
races=$(grep -c 'data race' "$OCLGRIND_LOG" 2>/dev/null || true)
echo "races: ${races:-0} ($OCLGRIND_LOG)"
[ "${races:-0}" = 0 ]
