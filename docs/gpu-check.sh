#!/bin/sh
# What is to be shown on a machine with a GPU, in one step.
#
#   docs/gpu-check.sh pack DIR    here: a Java runtime, the programs, the fixtures and the OpenCL
#                                 loader of this machine, some 90 MB that need nothing but a driver
#   DIR/check [SECONDS]           there: devices, tiles, conformance, hashes against the processor,
#                                 the benchmark, and PyTorch's figures where it is installed; all of
#                                 it goes to DIR/result. Steps that would begin later than SECONDS
#                                 (default 540) after the start are left out and named
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)

modules=java.base,java.compiler,java.desktop,java.logging,java.management,java.naming,java.sql
modules=$modules,java.xml,jdk.incubator.vector,jdk.management,jdk.unsupported,jdk.zipfs

pack() {
  dir=$1
  "$root/run" accuracy --help >/dev/null # builds what is stale
  mkdir -p "$dir/loader" "$dir/vendors"
  java_home=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f "$(command -v java)")")")}
  rm -rf "$dir/jre"
  "$java_home/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
    --compress zip-9 --output "$dir/jre"
  mkdir -p "$dir/lib"
  cp "$root"/tools/target/tools-*.jar "$root"/tools/target/lib/*.jar "$dir/lib/"
  rm -f "$dir"/lib/*-sources.jar "$dir"/lib/*-javadoc.jar
  cp -R "$root/testdata/reference" "$dir/reference"
  loader=$(ldconfig -p 2>/dev/null | sed -n 's/.*libOpenCL\.so\.1 .*=> //p' | head -n 1)
  if [ -n "$loader" ]; then
    cp -L "$loader" "$dir/loader/libOpenCL.so.1"
    ln -sf libOpenCL.so.1 "$dir/loader/libOpenCL.so"
  fi
  printf 'libnvidia-opencl.so.1\n' >"$dir/vendors/nvidia.icd"
  sed -n '/^#CHECK$/,$p' "$0" | sed '1d; s/^#|//' >"$dir/check"
  chmod +x "$dir/check"
  du -sh "$dir"
}

case ${1-} in
  pack) pack "${2:?usage: docs/gpu-check.sh pack DIR}" ;;
  *) sed -n '2,9p' "$0" && exit 2 ;;
esac
exit 0
#CHECK
#|#!/bin/sh
#|# Written by docs/gpu-check.sh.
#|set -u
#|here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
#|limit=${1:-540}
#|begun=$(date +%s)
#|out=$here/result
#|mkdir -p "$out"
#|export LD_LIBRARY_PATH="$here/loader${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
#|# Where the driver is there but nothing names it to the loader.
#|if ! ls /etc/OpenCL/vendors/*.icd >/dev/null 2>&1; then export OCL_ICD_VENDORS="$here/vendors"; fi
#|java() {
#|  "$here/jre/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
#|    -cp "$here/lib/*" "$@"
#|}
#|step() { # NAME COMMAND...
#|  name=$1
#|  shift
#|  now=$(($(date +%s) - begun))
#|  if [ "$now" -gt "$limit" ]; then
#|    echo "== $name: left out, $now s are over"
#|    return 0
#|  fi
#|  echo "== $name (at $now s)"
#|  "$@" >"$out/$name.txt" 2>&1
#|  echo "exit $?"
#|  tail -n "${lines:-4}" "$out/$name.txt"
#|}
#|hash_on() { # BACKEND CONFIG STEPS
#|  rm -rf "$out/run-$1-$2"
#|  java tools.Train --config "$2" --phantom-clips 4 --steps "$3" --backend "$1" \
#|    --out "$out/run-$1-$2" | grep 'weights sha256'
#|}
#|hashes() {
#|  hash_on simd "$1" "$2" >"$out/simd-$1"
#|  hash_on opencl "$1" "$2" >"$out/opencl-$1"
#|  cat "$out/simd-$1" "$out/opencl-$1"
#|  cmp "$out/simd-$1" "$out/opencl-$1" && echo "the same bits"
#|}
#|bench() { # NAME ROWS
#|  java -Xmx8g tools.Bench --backend opencl --only "$2" --json "$out/$1.json" \
#|    --chart "$out/$1.png"
#|}
#|peer() {
#|  python3 - <<'PY'
#|import time, torch
#|print("torch", torch.__version__, torch.cuda.get_device_name())
#|def rate(f, work):
#|    for _ in range(3): f()
#|    best = 1e9
#|    for _ in range(7):
#|        torch.cuda.synchronize(); t = time.perf_counter()
#|        f(); torch.cuda.synchronize(); best = min(best, time.perf_counter() - t)
#|    return "%.3f ms, %.1f GMA/s" % (best * 1e3, work / best * 1e-9)
#|for tf32 in (False, True):
#|    torch.backends.cuda.matmul.allow_tf32 = tf32
#|    torch.backends.cudnn.allow_tf32 = tf32
#|    for m, n, k in ((4096, 4096, 4096), (1024, 1024, 1024), (384, 2320, 512), (384, 512, 1024)):
#|        a = torch.randn(m, k, device="cuda"); b = torch.randn(k, n, device="cuda")
#|        print("tf32", tf32, "matmul-%dx%dx%d" % (m, n, k), rate(lambda: a @ b, m * n * k))
#|    for ci, t, h, co in ((128, 18, 66, 128), (256, 6, 34, 256), (128, 10, 130, 128)):
#|        x = torch.randn(1, ci, t, h, h, device="cuda")
#|        w = torch.randn(co, ci, 3, 3, 3, device="cuda")
#|        work = co * ci * 27 * (t - 2) * (h - 2) ** 2
#|        name = "conv3d-%dx%dx%dx%d" % (ci, t, h, h)
#|        print("tf32", tf32, name, rate(lambda: torch.nn.functional.conv3d(x, w), work))
#|PY
#|}
#|lines=14 step devices java tools.Devices
#|lines=20 step tune java tools.Tune
#|step conform java tools.Conform "$here/reference" --backend opencl
#|step hashes-tiny hashes tiny 10
#|lines=12 step bench-layers bench layers 'matmul-4096,matmul-1024,matmul-384x2320x512,conv3d-128x18x66x66*'
#|lines=12 step bench-model bench model 'denoiser-B-step,vae-decode-16x128x128,sample-B-250'
#|lines=20 step pytorch peer
#|lines=12 step bench-rest bench rest 'matmul-384*,conv3d-256*,layerNorm*,softmax*,ssd*,attention*,denoiser-*'
#|step hashes-demo hashes demo 10
#|echo "all of it: $out"
