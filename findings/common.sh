# For the scripts beside it: a temporary folder that goes with the script, pinned packages in it.
# Nothing here uses the product.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# maven GROUP:ARTIFACT:VERSION[:jar:CLASSIFIER] ...: copies artifacts from Maven Central to $work/jars.
maven() {
  for artifact in "$@"; do
    (cd "$work" && mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \
      "-Dartifact=$artifact" "-DoutputDirectory=$work/jars") >"$work/maven.log" 2>&1 ||
      { cat "$work/maven.log"; exit 2; }
  done
}

# ffmpeg7: the program of ffmpeg 7.1.1 as org.bytedeco packages it, in $ffmpeg and $ffprobe.
ffmpeg7() {
  maven org.bytedeco:ffmpeg:7.1.1-1.5.12:jar:linux-x86_64
  (cd "$work" && unzip -qo jars/ffmpeg-7.1.1-1.5.12-linux-x86_64.jar 'org/bytedeco/*')
  ffmpeg=$work/org/bytedeco/ffmpeg/linux-x86_64/ffmpeg
  ffprobe=$work/org/bytedeco/ffmpeg/linux-x86_64/ffprobe
  chmod +x "$ffmpeg" "$ffprobe"
}

# expect WHAT SEEN WANTED: prints what was seen, and fails where it is not what was seen before.
expect() {
  printf '%s: %s\n' "$1" "$2"
  [ "$2" = "$3" ] || { printf 'CHANGED, was: %s\n' "$3"; exit 1; }
}

# debian NAME=VERSION ...: Debian 12's packages and what they depend on, as far as it is not installed, unpacked into $work/debian.
debian() {
  mkdir -p "$work/apt/archives/partial" "$work/debian"
  apt-get -q -y -o Dir::Cache="$work/apt" -o Debug::NoLocking=1 --no-install-recommends --download-only install "$@" \
    >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; exit 2; }
  for package in "$work"/apt/archives/*.deb; do
    [ ! -e "$package" ] || dpkg -x "$package" "$work/debian"
  done
  export PATH="$work/debian/usr/bin:$PATH" PYTHONPATH="$work/debian/usr/lib/python3/dist-packages"
  export LD_LIBRARY_PATH="$work/debian/usr/lib/x86_64-linux-gnu:$work/debian/usr/lib/x86_64-linux-gnu/blas:$work/debian/usr/lib/x86_64-linux-gnu/lapack:$work/debian/usr/lib"
  if [ -d "$work/debian/usr/share/libdcmtk17" ]; then export DCMDICTPATH="$work/debian/usr/share/libdcmtk17/dicom.dic"; fi
}

# node_packages NAME@VERSION ...: installs packages of npm in $work.
node_packages() {
  (cd "$work" && npm install --silent --no-audit --no-fund "$@") >"$work/npm.log" 2>&1 || { cat "$work/npm.log"; exit 2; }
}
