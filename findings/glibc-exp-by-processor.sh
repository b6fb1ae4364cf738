#!/bin/sh
# glibc 2.36 (Debian 12, x86-64): exp of a double has other bits on a processor without FMA.
#
# Guess: one file of one version of the C library gives one result on every x86-64; only compilers and versions change it.
# Behaviour: it holds several exp, log, sin, cos, pow, atan and more, and takes one at program start by what the processor has.
# The last bit differs for about one argument in 1300 (152, 118, 127 of 200,000 for exp, sin, pow). hypot and sqrt are the same. So Python's math,
# and whatever is built on it, is no reference for bits, and neither is a virtual machine that hides FMA. GLIBC_TUNABLES shows it on one
# machine. Wants: Debian 12 with its python3, a processor with FMA and AVX2.
. "$(dirname "$0")/common.sh"
expect "C library" "$(getconf GNU_LIBC_VERSION)" "glibc 2.36"
cat >"$work/bits.py" <<'P'
import math, random, sys

seeded = random.Random(1)
xs = [seeded.uniform(-20, 20) for _ in range(200_000)]
functions = {
    "exp": math.exp, "sin": math.sin, "pow": lambda x: math.pow(abs(x) + 0.1, 1.7), "log": lambda x: math.log(abs(x) + 1e-9),
    "atan": math.atan, "hypot": lambda x: math.hypot(x, 1.3), "sqrt": lambda x: math.sqrt(abs(x)),
}
for name, f in functions.items():
    for x in xs:
        print(name, f(x).hex())
P
/usr/bin/python3 "$work/bits.py" >"$work/with"
GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2 /usr/bin/python3 "$work/bits.py" >"$work/without"
expect "results of 200,000 that differ" "$(paste "$work/with" "$work/without" | awk '{ n[$1] += $2 != $4 }
  END { print "exp", n["exp"], "sin", n["sin"], "pow", n["pow"], "log", n["log"], "atan", n["atan"], "hypot", n["hypot"], "sqrt", n["sqrt"] }')" \
  "exp 152 sin 118 pow 127 log 8 atan 42 hypot 0 sqrt 0"
