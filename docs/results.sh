#!/bin/sh
# The tables of docs/results.md: docs/results.sh DATA [OUT]
# DATA/videos holds generated/SYSTEM_SET/*.mp4 and real/colonoscopy/*.mp4, which are not ours to
# ship. Not a part of the tests. RUN names the launcher, where it is not ./run.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
data=${1:?docs/results.sh DATA [OUT]}
out=${2:-out/results}
run=${RUN:-$here/run}
real=$data/videos/real/colonoscopy
mkdir -p "$out"

# All systems of a set against the real clips, all frames at 128x128.
evaluate() {
  for folder in "$data"/videos/generated/*_"$1"; do
    name=$(basename "$folder")
    case $name in medsoravae_*) continue ;; esac
    # Features go by the hash of a clip: what one evaluation computed the next one finds.
    mkdir -p "$out/$name" "$out/features"
    cp -r "$out/features" "$out/$name"
    "$run" evaluate "$real" "$folder" --protocol endora --motion-clips 64 \
      --out "$out/$name" >"$out/$name.txt"
    cp -r "$out/$name/features" "$out"
  done
}

# A row of a system: what stands at the first name in a file of lines, and in the lines below it.
row() {
  awk -v name="$2" '
    /^FD-phantom-/ { split($1, part, "["); of = part[1]; value[of] = $NF }
    /95 % of .* resamplings/ { range[of] = $7 " to " $9 }
    /real against real/ { sub(",", "", $4); floor[of] = $4 }
    /^generated: / { n = $2 }
    /^flicker |^warp error |^flow length / {
      key = $1
      match($0, /[-0-9.e]+ \([^)]*\) generated/)
      text = substr($0, RSTART, RLENGTH); sub(/ generated$/, "", text); looks[key] = text
      match($0, /[-0-9.e]+ \([^)]*\) real/)
      text = substr($0, RSTART, RLENGTH); sub(/ real$/, "", text); data[key] = text
    }
    /^copying, by/ { near = $4 }
    END {
      f = "FD-phantom-frames"; m = "FD-phantom-motion"
      if (name == "real") {
        printf "| real | 15 | floor %s (7:8) | floor %s (7:8) | %s | %s | %s | |\n",
          floor[f], floor[m], data["flicker"], data["warp"], data["flow"]
      } else if (name ~ /_col$/) {
        printf "| %s | %s | %s (%s) | %s (%s) | %s | %s | %s | %s |\n", name, n, value[f], range[f],
          value[m], range[m], looks["flicker"], looks["warp"], looks["flow"], near
      } else {
        printf "| %s | %s | %s | %s | %s |\n", name, n, looks["flicker"], looks["warp"],
          looks["flow"]
      }
    }' "$1"
}

for set in col kva cho; do
  evaluate "$set"
  for file in "$out"/*_"$set".txt; do row "$file" "$(basename "$file" .txt)"; done
done >"$out/rows.md"
row "$out/medsora_col.txt" real >>"$out/rows.md"
grep -h -o 'phantom-[a-z]*, bilinear.*weights [0-9a-f]*' "$out/medsora_col.txt" |
  sed 's/,.*weights/: weights/' >>"$out/rows.md"

# The rivals beside MedSora: everything is found in their folders.
for rival in endora lvdm mostgan stylegan; do
  "$run" evaluate "$real" "$data/videos/generated/${rival}_col" --protocol endora \
    --motion-clips 64 --out "$out/${rival}_col" --against "$out/medsora_col" |
    sed -n "s/^\(FD-phantom-[a-z]*\|flicker\|warp error\|flow length\): /$rival: \1: /p"
done >"$out/against.txt"

"$run" compare "$real" "$data/videos/generated/medsoravae_col" --out "$out/vae" >"$out/vae.txt"
cat "$out/rows.md" "$out/against.txt" "$out/vae.txt"
