#!/bin/sh
# Version: sharp 0.35.5 (npm, libvips 8.18.7)
# sharp 0.35.5 (npm, libvips 8.18.7): raw({depth: "ushort"}) of a 16-bit png gives numbers up to 255 in 16 bits.
#
# Guess: a 16-bit picture asked for in 16 bits comes in its 16 bits, and png to png keeps what it holds.
# Behaviour: the pipeline ends in 8-bit sRGB unless toColourspace says otherwise, and depth widens what is left: 1000 becomes 3, 65535
# becomes 255. Written as png again it is an 8-bit picture, while metadata() and stats() of the input speak of 16 bits and 65535.
# toColourspace("grey16") keeps every value. 12-bit frames come out nearly black: 4095 is 15.
. "$(dirname "$0")/common.sh"
node_packages sharp@0.35.5
cat >"$work/deep.js" <<'J'
const sharp = require('sharp');
(async () => {
  const ramp = new Uint16Array(65536).map((_, i) => i);
  const png = await sharp(ramp, { raw: { width: 256, height: 256, channels: 1 } }).toColourspace('grey16').png().toBuffer();
  const values = async (pipeline) => {
    const { data, info } = await pipeline.raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
    const all = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    return [0, 256, 1000, 4095, 65535].map((i) => all[i * info.channels]).join(' ');
  };
  const again = await sharp(png).png().toBuffer();
  console.log([(await sharp(png).metadata()).depth, await values(sharp(png)), await values(sharp(png).toColourspace('grey16')),
    (await sharp(again).metadata()).depth].join('; '));
})();
J
expect "depth of the png; 0 256 1000 4095 65535 read as ushort; as grey16; depth of its copy" "$(cd "$work" && node deep.js)" \
  "ushort; 0 1 3 15 255; 0 256 1000 4095 65535; uchar"
