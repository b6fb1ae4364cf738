#!/bin/sh
# Prints what a build computes, one line for each result, so that two builds can be compared:
#   docs/same-results.sh CHECKOUT [FOLDER-OF-FIXTURES ...] >results.txt
# Ten steps of `tiny` in both profiles on scalar loops and on vectors, the bytes of a tiny run's
# samples, the demo's weights and samples, and every error of `./run conform`. Slow: the demo is in it
# (QUICK=1 leaves it out).
set -eu
top=$(cd "$1" && pwd -P)
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

hashes() { sed -n "s/.*\(vae weights sha256 .*\)/$1 \1/p; s/^\(weights sha256 .*\)/$1 \1/p" "$2"; }

digests() { # NAME FOLDER GLOB
  (cd "$2" && find . -name "$3" | LC_ALL=C sort | while IFS= read -r file; do
    printf '%s %s %s\n' "$1" "$file" "$(sha256sum <"$file" | cut -d' ' -f1)"
  done)
}

for profile in paper reference; do
  # The released code's windows must divide the 4 tokens of a tiny frame.
  window=8
  if [ "$profile" = reference ]; then window=4; fi
  for backend in scalar simd; do
    name=tiny-$profile-$backend
    "$top/run" train --config tiny --set profile="$profile" \
      --set denoiser.window="$window" --backend "$backend" --steps 10 \
      --out "$work/$name" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    hashes "$name" "$work/log"
  done
  "$top/run" sample --checkpoint "$work/tiny-$profile-simd" --count 2 --steps 10 --format png \
    --out "$work/samples-$profile" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  digests "samples-$profile" "$work/samples-$profile" '*.png'
done

for fixtures in "$top/testdata/reference" "$top/testdata/variants" "$@"; do
  # Files that a build does not know are skipped by it and by the comparison.
  "$top/run" conform --verbose "$fixtures" 2>/dev/null | sed "s|^|conform $(basename "$fixtures") |" \
    | grep -v -e ' seconds' -e ' in [0-9.]* s'
done

if [ "${QUICK-0}" != 1 ]; then
  "$top/run" demo --out "$work/demo" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  hashes demo "$work/log"
  digests demo "$work/demo" '*.png'
fi
