#!/bin/sh
# Version: ffmpeg 7.1.1
# ffmpeg 7.1.1: what a cut removed comes back when the file is copied into another container.
#
# Guess: "-ss 0.72 -t 0.8 -c copy" removes the rest of the recording; whoever gets the result has 20
# frames, in whatever container, and nb_frames of ffprobe says so.
# Behaviour: the cut file still holds the frames back to the key frame before the cut, hidden by an
# edit list. ffprobe's nb_frames counts them (26), a decoder shows 20. Copied on ("-c copy") into
# mkv, nut, ts or avi they are ordinary frames again: 26 are shown. In a data set of medical
# recordings these are the out-of-body seconds that somebody had taken out.
. "$(dirname "$0")/common.sh"
ffmpeg7
cd "$work"
shown() { "$ffprobe" -v error -count_frames -select_streams v:0 -show_entries stream=nb_read_frames \
  -of csv=p=0 "$1" | tr -dc '0-9\n' | head -n 1; }
"$ffmpeg" -v error -f lavfi -i testsrc=size=64x64:rate=25:duration=2 -c:v libopenh264 -g 12 full.mp4 2>/dev/null
"$ffmpeg" -v error -ss 0.72 -i full.mp4 -t 0.8 -c copy cut.mp4
counted=$("$ffprobe" -v error -select_streams v:0 -show_entries stream=nb_frames -of csv=p=0 cut.mp4)
expect "frames of the cut: by nb_frames, shown" "$counted $(shown cut.mp4)" "26 20"
for to in mkv nut ts avi; do
  "$ffmpeg" -v error -i cut.mp4 -c copy "copy.$to"
  expect "shown after a copy to $to" "$(shown "copy.$to")" 26
done
for to in mp4 mov; do
  "$ffmpeg" -v error -i cut.mp4 -c copy "copy.$to"
  expect "shown after a copy to $to" "$(shown "copy.$to")" 20
done
