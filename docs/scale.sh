#!/bin/sh
# All figures of the cost model of docs/scale.md, measured here: run it on a quiet machine.
#   docs/scale.sh [CONFIG] [MICRO-BATCHES] [ROUNDS]     default medsora-s 12 5
# Ranks of one thread each, 1 to 4 (RANKS="1 2" for others). Wants an mpirun; with an MPI compiler
# (mpicc, or MPICC=...) also what MPI_Allreduce takes. HEAP=-Xmx... sets the heap of a rank.
set -eu

config=${1:-medsora-s}
leaves=${2:-12}
rounds=${3:-5}
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$here"
counts=${RANKS:-1 2 3 4}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mpi="mpirun --bind-to none --oversubscribe"
if [ "$(id -u)" = 0 ]; then mpi="$mpi --allow-run-as-root"; fi
if ! mpirun --version 2>&1 | grep -q -e 'Open MPI' -e OpenRTE; then mpi=mpirun; fi
export JAVA_OPTS="${HEAP:--Xmx4g} -XX:+UseSerialGC ${JAVA_OPTS-}"

say() { printf '\n== %s\n' "$*"; }
# start RANKS WORDS...: ./run exchange by some ranks, or by one process.
start() {
  n=$1
  shift
  if [ "$n" = 1 ]; then ./run exchange "$@"; else $mpi -n "$n" ./run exchange "$@"; fi
}
# step RANKS THREADS MICRO-BATCHES WORDS...: a step's seconds are kept in $seconds.
step() {
  n=$1 threads=$2 m=$3
  shift 3
  line=$(start "$n" --steps-of "$config" --leaves "$m" --rounds "$rounds" --threads "$threads" "$@" |
    grep '^step of')
  echo "$line, threads $threads $*"
  seconds=$(echo "$line" | sed 's/.*: \([0-9.]*\) s,.*/\1/')
  gradients=$(echo "$line" | sed 's/.*, \([0-9]*\) gradients.*/\1/')
}

say "the sum of gradients against MPI_Allreduce (same bytes)"
floats=${FLOATS:-89546432}
for n in $counts; do
  if [ "$n" != 1 ]; then
    for piece in 65536 262144 1048576 4194304; do
      echo "$n ranks, pieces of $piece: $(start "$n" --floats "$floats" --rounds "$rounds" \
        --threads 1 --piece "$piece" | grep -e '^meeting' -e '^message' -e '^sum' | tr '\n' ';')"
    done
  fi
done
if ${MPICC:-mpicc} -O2 -o "$work/allreduce" docs/allreduce.c 2>"$work/mpicc.log"; then
  for n in $counts; do
    if [ "$n" != 1 ]; then echo "$n ranks: $($mpi -n "$n" "$work/allreduce" "$floats" "$rounds")"; fi
  done
else
  echo "no MPI compiler: MPI_Allreduce is not measured ($(head -1 "$work/mpicc.log"))"
fi

say "one rank: a micro-batch, and what a step takes beside"
step 1 1 1
one=$seconds
step 1 1 "$leaves"
all=$seconds
leaf=$(awk "BEGIN { print ($all - $one) / ($leaves - 1) }")
rest=$(awk "BEGIN { print $one - $leaf }")
echo "micro-batch $leaf s, optimiser $rest s"

say "steps of $leaves micro-batches: predicted without overlap, measured behind backward, beside it"
for n in $counts; do
  if [ "$n" != 1 ]; then
    exchange=$(start "$n" --floats "$gradients" --leaves "$leaves" --rounds "$rounds" \
      --threads 1 | sed -n 's/^sum of.*: \([0-9.]*\) s/\1/p')
    awk "BEGIN { m = int(($leaves + $n - 1) / $n);
      printf \"%d ranks: %d micro-batches %.3f s + exchange %.3f s + optimiser %.3f s = %.3f s\n\",
        $n, m, m * $leaf, $exchange, $rest, m * $leaf + $exchange + $rest }"
    JAVA_OPTS="$JAVA_OPTS -Dmedsora.ranks.overlap=false" step "$n" 1 "$leaves"
    step "$n" 1 "$leaves"
    step "$n" 1 "$leaves" --shard-optimizer
  fi
done

say "two ranks of one thread against one rank of two threads"
step 1 2 "$leaves"
one=$seconds
step 2 1 "$leaves"
awk "BEGIN { printf \"two ranks have %.1f %% of the speed of two threads\n\", 100 * $one / $seconds }"
