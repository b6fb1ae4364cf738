#!/bin/sh
# From nothing to the tables of "The systems side by side" in docs/results.md:
#   docs/compare.sh phantom [OUT]     on the embedded phantom
#   docs/compare.sh DATA [OUT]        DATA holds clips/ (videos to learn from), and labelled/ and test/
#                                     with two folders each, one of each class
# RUN names the launcher, where it is not ./run; BUDGET is in G multiply-adds for each system (default:
# what the demo takes), COUNT the clips that are drawn of each. What is there already is not done again.
# Not a part of the tests.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
data=${1:?docs/compare.sh phantom|DATA [OUT]}
out=${2:-out/compare}
run=${RUN:-$here/run}
count=${COUNT:-200}

# Clips of the phantom by class, with 16 frames of which every third is taken, as those that the
# systems learn from, but of another seed.
phantom() {
  [ -e "$out/$1/contact.png" ] ||
    "$run" phantom --clips "$2" --seed "$3" --frames 46 --every 3 --size 64 --format png \
      --by-class --out "$out/$1"
}

mkdir -p "$out"
if [ "$data" = phantom ]; then
  phantom labelled 70 1001
  phantom test 100 1003
  labelled=$out/labelled
  test=$out/test
  set --
else
  labelled=$data/labelled
  test=$data/test
  set -- --data "$data/clips"
fi

"$run" compare --systems medsora,endora,lvdm "$@" ${BUDGET:+--budget "$BUDGET"} \
  --count "$count" --out "$out/systems"

# The paper's task knows no labels of generated clips: each system's are learned from without any,
# so that systems with and without labels stand on the same ground.
"$run" downstream --labelled "$labelled" --test "$test" --seeds 5 --most "$count" \
  --generated medsora="$out/systems/medsora/samples" \
  --generated endora="$out/systems/endora/samples" \
  --generated lvdm="$out/systems/lvdm/samples" >"$out/downstream.md"
cat "$out/systems/compare.md" "$out/downstream.md"
