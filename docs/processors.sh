#!/bin/sh
# Whether another processor computes the bits of this one: the probe, the fixtures and a training,
# under Debian's Java runtime for it, in qemu's user mode. No part of CI: it takes a long time.
#
#   docs/processors.sh here                            on this processor
#   docs/processors.sh aarch64|riscv64|s390x|ppc64le   on another; the runtime comes from Debian
#
# Environment: STEPS     of each stage of the training (default 10, where emulated 2)
#              BACKENDS  that are asked (default "scalar simd", on s390x and ppc64le "scalar": their
#                        compilers have no vectors for the Vector API, which then crawls)
#              PARTS     of what is done (default "probe conform train")
#              SUITE     of Debian that has openjdk-25 (default trixie, else sid)
#              CLASSES   class path of the programs (default: this checkout's build)
#
# Wanted here: qemu-user-static, apt-get (nothing is installed by it, its lists stay in
# out/processors) and dpkg-deb. What was said goes to out/processors/PROCESSOR.txt.
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$root/out/processors

usage() {
  sed -n '2,17p' "$0"
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
backends="scalar simd"
case $processor in
  here) debian= ;;
  aarch64) debian=arm64 ;;
  riscv64) debian=riscv64 ;;
  s390x) debian=s390x backends=scalar ;;
  ppc64le) debian=ppc64el backends=scalar ;;
  *) usage ;;
esac
backends=${BACKENDS:-$backends}

if [ -z "${CLASSES-}" ]; then
  "$root/run" accuracy --help >/dev/null # builds what is stale
  CLASSES=$(ls "$root"/tools/target/tools-*.jar | grep -v -e -sources -e -javadoc)
  CLASSES=$CLASSES:$root/tools/target/lib/*
fi
mkdir -p "$work"
if [ -z "$debian" ]; then
  steps=${STEPS:-10}
  java_home=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f "$(command -v java)")")")}
  set -- "$java_home/bin/java"
else
  steps=${STEPS:-2}
  emulator=$(command -v "qemu-$processor-static" || command -v "qemu-$processor") || {
    echo "qemu-$processor is needed: apt-get install qemu-user-static" >&2
    exit 3
  }
  fetch "$work/$debian" "$debian"
  set -- "$emulator" -L "$work/$debian" "$work/$debian/usr/lib/jvm/java-25-openjdk-$debian/bin/java"
fi
set -- "$@" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \
  -Xmx1200m -cp "$CLASSES"

begun=$(date +%s)
say() { echo "== $1 (at $(($(date +%s) - begun)) s)"; }

{
  "$@" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *\(os\.arch\|java\.vm\.version\|java\.vm\.name\|sun\.cpu\.endian\) = /\1 /p'
  for part in ${PARTS:-probe conform train}; do
    for backend in $backends; do
      say "$part, $backend"
      case $part in
        probe) "$@" tools.Accuracy --probe --backend "$backend" ;;
        conform) "$@" tools.Conform "$root/testdata/reference" --backend "$backend" | tail -n 1 ;;
        train)
          rm -rf "$work/run-$processor-$backend"
          "$@" tools.Train --config tiny --phantom-clips 4 --steps "$steps" --backend "$backend" \
            --out "$work/run-$processor-$backend" | grep "weights sha256"
          ;;
      esac
    done
  done
  say end
} 2>&1 | tee "$work/$processor.txt"
