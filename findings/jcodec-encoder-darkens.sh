#!/bin/sh
# Version: JCodec 0.2.5
# JCodec 0.2.5: what AWTSequenceEncoder writes comes back darker and with more contrast.
#
# Guess: a grey clip encoded and decoded is grey within the noise of the quantizer; what range its luma has is said in the stream.
# Behaviour: black, 128 and white are written as luma 1, 123 and 241: full range without saying so, and blue counts
# half of what it should (pure red, green and blue are 76, 148 and 16, not 29), so that no white is reached. Players take a
# stream that says nothing as limited range: 60 becomes 47, and JCodec's own decoder does so too.
. "$(dirname "$0")/common.sh"
ffmpeg7
maven org.jcodec:jcodec:0.2.5 org.jcodec:jcodec-javase:0.2.5
cat >"$work/Grey.java" <<'J'
import java.awt.image.BufferedImage;
import java.io.File;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.awt.AWTSequenceEncoder;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.model.Rational;
import org.jcodec.scale.AWTUtil;

public class Grey {
  public static void main(String[] args) throws Exception {
    File file = new File(args[0]);
    var channel = NIOUtils.writableChannel(file);
    AWTSequenceEncoder encoder = new AWTSequenceEncoder(channel, Rational.R(25, 1));
    BufferedImage picture = new BufferedImage(128, 64, BufferedImage.TYPE_3BYTE_BGR);
    int[] greys = {0, 60, 128, 255};
    for (int i = 0; i < 128 * 64; i++) picture.setRGB(i % 128, i / 128, greys[i % 128 / 32] * 0x10101);
    for (int i = 0; i < 5; i++) encoder.encodeImage(picture);
    encoder.finish();
    NIOUtils.closeQuietly(channel);
    BufferedImage back = AWTUtil.toBufferedImage(FrameGrab.getFrameFromFile(file, 0));
    for (int x = 16; x < 128; x += 32) System.out.print((back.getRGB(x, 32) & 0xff) + " ");
  }
}
J
own=$(java -cp "$work/jars/*" "$work/Grey.java" "$work/grey.mp4" 2>/dev/null)
pixels() {
  "$ffmpeg" -v error -i "$work/grey.mp4" -frames:v 1 -f rawvideo -pix_fmt "$1" - | od -An -v -tu1 -w"$2" |
    awk -v c="$3" 'NR == 33 { print $(16 * c + 1), $(48 * c + 1), $(80 * c + 1), $(112 * c + 1) }'
}
expect "0 60 128 255 as luma" "$(pixels yuv420p 128 1)" "1 57 123 241"
expect "shown by ffmpeg" "$(pixels rgb24 384 3)" "0 47 124 255"
expect "shown by JCodec" "$own" "0 48 125 255 "
expect "range in the stream" \
  "$("$ffprobe" -v error -select_streams v -show_entries stream=color_range -of csv=p=0 "$work/grey.mp4")" unknown
