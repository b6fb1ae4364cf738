#!/bin/sh
# Hashes of what 1, 2, 3 and 5 ranks train on every backend here, as the table of docs/scale.md:
# both stages of `tiny`, uneven batches, validation and early stopping on, the optimiser's state in
# parts with 3 ranks and more. Ends with 1 where two differ. Not a part of the tests.
#   docs/rank-hashes.sh [STEPS]      default 4
# RANKS="1 2" and BACKENDS="scalar simd" for others; TRAIN for another command than "./run train".
set -eu

steps=${1:-4}
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$here"
train=${TRAIN:-./run train}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mpi="mpirun --bind-to none --oversubscribe"
if [ "$(id -u)" = 0 ]; then mpi="$mpi --allow-run-as-root"; fi
if ! mpirun --version 2>&1 | grep -q -e 'Open MPI' -e OpenRTE; then mpi=mpirun; fi

first=
code=0
echo "| ranks | backend | autoencoder | denoiser |"
echo "|---|---|---|---|"
for backend in ${BACKENDS:-scalar simd opencl}; do
  for n in ${RANKS:-1 2 3 5}; do
    out=$work/$backend-$n
    set -- --config tiny --phantom-clips 4 --steps "$steps" --threads 1 --backend "$backend" \
      --set vaeTraining.batch=3 --set denoiserTraining.batch=5 --set stopping.every=2 \
      --set stopping.patience=2 --out "$out"
    if [ "$n" -ge 3 ]; then set -- "$@" --shard-optimizer; fi
    if [ "$n" = 1 ]; then launch=; else launch="$mpi -n $n"; fi
    # shellcheck disable=SC2086
    if ! $launch $train "$@" >"$work/said" 2>&1; then
      echo "| $n | $backend | failed: $(tail -1 "$work/said") | |"
      code=1
      continue
    fi
    vae=$(sha256sum "$out/vae.safetensors" | cut -c1-16)
    denoiser=$(sha256sum "$out/denoiser.safetensors" | cut -c1-16)
    echo "| $n | $backend | $vae | $denoiser |"
    first=${first:-$vae$denoiser}
    if [ "$first" != "$vae$denoiser" ]; then code=1; fi
  done
done
exit $code
