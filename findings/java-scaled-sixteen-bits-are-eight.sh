#!/bin/sh
# Version: JDK 25, java.awt
# JDK 25, java.awt: 1024 levels of grey in 16 bits, drawn at half the size with bilinear interpolation, are 128 or 16.
#
# Guess: drawing TYPE_USHORT_GRAY into TYPE_USHORT_GRAY works in 16 bits; the hint for interpolation chooses how neighbours are mixed.
# Behaviour: where the size changes bilinear and bicubic go through 8 bits, silently: a ramp over all 16 bits, 1024 levels at half the
# size, keeps 128, all multiples of 257, and one of 0 to 4095, as in CT, keeps 16. Nearest neighbour, AffineTransformOp with
# TYPE_BILINEAR, and the bilinear hint at the same size keep 16 bits, so that a test of an unscaled picture sees nothing.
. "$(dirname "$0")/common.sh"
cat >"$work/Scaled.java" <<'J'
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.*;
import java.util.stream.IntStream;

public class Scaled {
  static long levels(BufferedImage image) {
    int n = image.getWidth();
    return IntStream.range(0, n * n).map(i -> image.getRaster().getSample(i % n, i / n, 0)).distinct().count();
  }
  static boolean coarse(BufferedImage image) {
    int n = image.getWidth();
    return IntStream.range(0, n * n).allMatch(i -> image.getRaster().getSample(i % n, i / n, 0) % 257 == 0);
  }
  static BufferedImage drawn(BufferedImage image, int n, Object hint) {
    BufferedImage result = new BufferedImage(n, n, BufferedImage.TYPE_USHORT_GRAY);
    Graphics2D g = result.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, hint);
    g.drawImage(image, 0, 0, n, n, null);
    return result;
  }
  public static void main(String[] args) {
    for (int step : new int[] {16, 1}) {
      BufferedImage ramp = new BufferedImage(64, 64, BufferedImage.TYPE_USHORT_GRAY);
      for (int i = 0; i < 4096; i++) ramp.getRaster().setSample(i % 64, i / 64, 0, step * i);
      AffineTransformOp half = new AffineTransformOp(AffineTransform.getScaleInstance(.5, .5), AffineTransformOp.TYPE_BILINEAR);
      System.out.print("0 to " + 4095 * step
          + ": nearest " + levels(drawn(ramp, 32, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR))
          + ", bilinear " + levels(drawn(ramp, 32, RenderingHints.VALUE_INTERPOLATION_BILINEAR))
          + " (multiples of 257: " + coarse(drawn(ramp, 32, RenderingHints.VALUE_INTERPOLATION_BILINEAR)) + ")"
          + ", bicubic " + levels(drawn(ramp, 32, RenderingHints.VALUE_INTERPOLATION_BICUBIC))
          + ", bilinear operation " + levels(half.filter(ramp, new BufferedImage(32, 32, BufferedImage.TYPE_USHORT_GRAY)))
          + ", bilinear not scaled " + levels(drawn(ramp, 64, RenderingHints.VALUE_INTERPOLATION_BILINEAR)) + "; ");
    }
  }
}
J
seen=$(java -Djava.awt.headless=true "$work/Scaled.java")
expect "levels of a ramp of 4096, 1024 pixels when drawn" "$seen" \
  "0 to 65520: nearest 1024, bilinear 128 (multiples of 257: true), bicubic 128, bilinear operation 1024, bilinear not scaled 4096; \
0 to 4095: nearest 1024, bilinear 16 (multiples of 257: true), bicubic 16, bilinear operation 1024, bilinear not scaled 4096; "
