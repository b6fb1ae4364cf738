#!/bin/sh
# Whether another processor computes the bits of this one: the probe, the fixtures and a training,
# under Debian's Java runtime for it, in qemu's user mode. No part of CI: it takes a long time.
#
#   docs/processors.sh here                            on this processor
#   docs/processors.sh aarch64|riscv64|s390x|ppc64le   on another; the runtime comes from Debian
#   docs/processors.sh aarch64 audit                   a run and a sample made there are audited here,
#                                                      what is made here is audited there, and a
#                                                      seed and a bit that were changed are found
#
# Environment: STEPS     of each stage of the training (default 10, where emulated 2)
#              BACKENDS  that are asked (default "scalar simd", on s390x and ppc64le "scalar": their
#                        compilers have no vectors for the Vector API, which then crawls; of an
#                        audit the last of them)
#              PARTS     of what is done (default "probe conform train")
#              SUITE     of Debian that has openjdk-25 (default trixie, else sid)
#              CLASSES   class path of the programs (default: this checkout's build)
#
# Wanted here: qemu-user-static, apt-get (nothing is installed by it, its lists stay in
# out/processors) and dpkg-deb. What was said goes to out/processors/PROCESSOR.txt, of an audit to
# PROCESSOR-audit.txt; it ends with 1 where a verdict is another than it should be.
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$root/out/processors

usage() {
  sed -n '2,22p' "$0"
  exit 2
}

# Unpacks runtime and C library of a Debian architecture $2 into folder $1.
fetch() {
  home=$1/usr/lib/jvm/java-25-openjdk-$2
  [ ! -x "$home/bin/java" ] || return 0
  mkdir -p "$1" "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/debs-$2"
  : >"$work/apt/status"
  : >"$work/apt/sources.list"
  # The mirror that this machine uses, other suites.
  mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
  for suite in ${SUITE:-trixie sid}; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" \
      >>"$work/apt/sources.list"
  done
  cat >"$work/apt/apt.conf" <<END
Dir::State "$work/apt"; Dir::State::lists "$work/apt/lists";
Dir::State::status "$work/apt/status"; Dir::Cache "$work/apt/cache";
Dir::Etc::SourceList "$work/apt/sources.list"; Dir::Etc::SourceParts "/nonexistent";
APT::Architecture "$2"; APT::Architectures "$2"; Acquire::Languages "none";
END
  APT_CONFIG=$work/apt/apt.conf
  export APT_CONFIG
  apt-get -q update >&2
  for package in openjdk-25-jre-headless libc6 zlib1g libstdc++6 libgcc-s1; do
    # A package that a mirror has lost is taken from the other suite.
    (cd "$work/debs-$2" && {
      got=
      for suite in ${SUITE:-trixie sid}; do
        if [ -z "$got" ] && apt-get -q download -t "$suite" "$package" >&2; then got=yes; fi
      done
      [ -n "$got" ]
    })
  done
  for deb in "$work/debs-$2"/*.deb; do dpkg-deb -x "$deb" "$1"; done
  # The loader is asked for under /lib.
  [ -e "$1/lib" ] || ln -s usr/lib "$1/lib"
  # Absolute links into /etc lead out of the folder.
  find "$home" -type l | while IFS= read -r link; do
    to=$(readlink "$link")
    case $to in /etc/*) ln -sfn "$1$to" "$link" ;; esac
  done
}

processor=${1:-}
mode=${2:-bits}
backends="scalar simd"
case $processor in
  here) debian= ;;
  aarch64) debian=arm64 ;;
  riscv64) debian=riscv64 ;;
  s390x) debian=s390x backends=scalar ;;
  ppc64le) debian=ppc64el backends=scalar ;;
  *) usage ;;
esac
case $mode in
  bits) log=$work/$processor.txt ;;
  audit) log=$work/$processor-audit.txt backends=${backends##* } ;;
  *) usage ;;
esac
backends=${BACKENDS:-$backends}

if [ -z "${CLASSES-}" ]; then
  "$root/run" accuracy --help >/dev/null # builds what is stale
  CLASSES=$(ls "$root"/tools/target/tools-*.jar | grep -v -e -sources -e -javadoc)
  CLASSES=$CLASSES:$root/tools/target/lib/*
fi
mkdir -p "$work"
java_home=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f "$(command -v java)")")")}
if [ -z "$debian" ]; then
  steps=${STEPS:-10}
else
  steps=${STEPS:-2}
  emulator=$(command -v "qemu-$processor-static" || command -v "qemu-$processor") || {
    echo "qemu-$processor is needed: apt-get install qemu-user-static" >&2
    exit 3
  }
  fetch "$work/$debian" "$debian"
fi

# Java on this processor, and on the one that was asked for.
here() {
  "$java_home/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    -XX:+UseSerialGC -Xmx1200m -cp "$CLASSES" "$@"
}

there() {
  if [ -z "$debian" ]; then
    here "$@"
    return
  fi
  "$emulator" -L "$work/$debian" "$work/$debian/usr/lib/jvm/java-25-openjdk-$debian/bin/java" \
    --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    -XX:+UseSerialGC -Xmx1200m -cp "$CLASSES" "$@"
}

runtime() {
  "$1" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *\(os\.arch\|java\.vm\.version\|java\.vm\.name\|sun\.cpu\.endian\) = /\1 /p'
}

begun=$(date +%s)
# Seconds by the clock, then of the processor, user and system: an emulator is rarely alone.
say() {
  times >"$work/times"
  echo "== $1 (at $(($(date +%s) - begun)) s; $(sed -n 2p "$work/times"))"
}

# ---- the bits ----------------------------------------------------------------------------------

bits() {
  for part in ${PARTS:-probe conform train}; do
    for backend in $backends; do
      say "$part, $backend"
      case $part in
        probe) there tools.Accuracy --probe --backend "$backend" ;;
        conform) there tools.Conform "$root/testdata/reference" --backend "$backend" | tail -n 1 ;;
        train)
          rm -rf "$work/run-$processor-$backend"
          there tools.Train --config tiny --phantom-clips 4 --steps "$steps" --backend "$backend" \
            --out "$work/run-$processor-$backend" | grep "weights sha256"
          ;;
      esac
    done
  done
}

# ---- an audit ----------------------------------------------------------------------------------

# A run of both stages and a sample of it, made $1 (here or there) by backend $2, in folder $3. It is
# made elsewhere and brought: nothing of it may hang on where it was.
made() {
  rm -rf "$3" "$3-elsewhere"
  "$1" tools.Train --config tiny --phantom-clips 3 --steps "$steps" --keep-every 1 --hash-every 1 \
    --threads 1 --backend "$2" --out "$3-elsewhere" | grep "weights sha256"
  "$1" tools.Sample --checkpoint "$3-elsewhere" --count 1 --steps 2 --seed 7 --threads 1 \
    --format png,safetensors --backend "$2" --out "$3-elsewhere/samples" >"$work/said"
  mv "$3-elsewhere" "$3"
  # What the manifest itself says of the machine.
  grep -h -e '"java":' -e '"processor":' -e '"system":' "$3/manifest.json" | sort -u
}

# Prints the verdicts of a program; marks it where they do not end with the code $1.
verdict() {
  wanted=$1
  shift
  got=0
  "$@" >"$work/said" 2>&1 || got=$?
  grep -e '^equal: ' -e '^DIFFERS: ' -e '^cannot be said: ' -e '^synthetic: ' -e ' was made by ' \
    "$work/said" || cat "$work/said"
  [ "$got" = "$wanted" ] || echo "WRONG: exit code $got, wanted $wanted"
}

# Says in a manifest that another seed drew its samples, with its own hash made anew.
change_seed() {
  sed -i 's/"seed": 7/"seed": 8/' "$1"
  sum=$(grep -v '"manifest_sha256"' "$1" | sha256sum | cut -c1-64)
  sed -i "s/\"manifest_sha256\": \"[0-9a-f]*\"/\"manifest_sha256\": \"$sum\"/" "$1"
}

# Flips the last bit of the decoder's first weight in a checkpoint, and takes away the file's own
# sum, which would find that by itself.
flip_bit() {
  LC_ALL=C sed -i '1s/"sha256":"/"sha-is":"/' "$1"
  size=$(od -An -tu8 -N8 "$1" | tr -d ' ')
  at=$(head -c "$((8 + size))" "$1" | grep -a -o '"model\.decoder[^}]*' |
    sed -n '1s/.*"data_offsets":\[\([0-9]*\).*/\1/p')
  at=$((8 + size + at))
  byte=$(od -An -tu1 -j "$at" -N1 "$1" | tr -d ' ')
  # shellcheck disable=SC2059
  printf "\\$(printf %03o "$((byte ^ 1))")" | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
}

audit() {
  runtime here
  for backend in $backends; do
    brought=$work/brought-$processor-$backend
    say "made on $processor, $backend"
    made there "$backend" "$brought"
    say "audited here: all of the run"
    verdict 0 here tools.Audit "$brought"
    say "audited here: a window of it"
    verdict 0 here tools.Audit "$brought" --from 1 --to "$steps"
    say "audited here: the sample, and one file"
    verdict 0 here tools.Audit "$brought/samples"
    verdict 0 here tools.Whence "$brought/samples/sample-0.png"
    say "audited here: the sample with another seed in its manifest"
    rm -rf "$brought-forged"
    cp -r "$brought" "$brought-forged"
    change_seed "$brought-forged/samples/manifest.json"
    verdict 1 here tools.Audit "$brought-forged/samples"
    say "audited here: a window from a checkpoint with a bit flipped"
    flip_bit "$brought-forged/vae-1.safetensors"
    verdict 1 here tools.Audit "$brought-forged" --stage vae --from 1 --to "$steps"
    say "made here, $backend"
    made here "$backend" "$work/taken-$processor-$backend"
    say "audited on $processor: all of the run"
    verdict 0 there tools.Audit "$work/taken-$processor-$backend" --backend "$backend"
    say "audited on $processor: the sample"
    verdict 0 there tools.Audit "$work/taken-$processor-$backend/samples" --backend "$backend"
  done
}

{
  [ -z "$debian" ] || "$emulator" --version | head -n 1
  runtime there
  "$mode"
  say end
} 2>&1 | tee "$log"
# What stops early prints no end.
grep -q '^== end' "$log" && ! grep -q '^WRONG: ' "$log"
