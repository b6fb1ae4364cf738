#!/bin/sh
# Version: JDK 25, javax.imageio
# JDK 25, javax.imageio: a grey png of value 128 is 128 in the raster, and 188 by getRGB.
#
# Guess: BufferedImage.getRGB gives the pixels of a picture; grey g is (g, g, g).
# Behaviour: an 8-bit grey picture gets TYPE_BYTE_GRAY, whose colour space is linear light; getRGB turns it
# into sRGB and brighten it: 128 becomes 188. The same pixels stored as an RGB png stay 128. drawImage into an RGB
# image copies 128. Ultrasound and capsule frames stored in grey come out as other pictures than their copies in colour, and which
# depends on the way of reading.
. "$(dirname "$0")/common.sh"
cat >"$work/Grey.java" <<'J'
import java.awt.Graphics2D;
import java.awt.image.*;
import java.io.*;
import javax.imageio.ImageIO;

public class Grey {
  static BufferedImage through(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
  }
  public static void main(String[] args) throws IOException {
    BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage colour = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64; i++) {
      grey.getRaster().setSample(i % 8, i / 8, 0, 128);
      colour.setRGB(i % 8, i / 8, 0x808080);
    }
    BufferedImage read = through(grey), drawn = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = drawn.createGraphics();
    g.drawImage(read, 0, 0, null);
    System.out.printf("raster %d, getRGB %d, drawn %d; of the RGB png getRGB %d%n",
        read.getRaster().getSample(3, 3, 0), read.getRGB(3, 3) & 255, drawn.getRGB(3, 3) & 255,
        through(colour).getRGB(3, 3) & 255);
  }
}
J
seen=$(java -Djava.awt.headless=true "$work/Grey.java")
expect "grey 128" "$seen" "raster 128, getRGB 188, drawn 128; of the RGB png getRGB 128"
