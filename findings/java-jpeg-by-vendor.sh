#!/bin/sh
# Version: Temurin 25 and OpenJDK 17 of Debian
# Java: a JPEG that was turned by 90 degrees has other pixels in Debian's build of the JDK than in Temurin's.
#
# Guess: javax.imageio brings its own decoder, so a JPEG is the same pixels in every build of Java on every system.
# Behaviour: Temurin 25.0.3 has libjpeg 6b in it, Debian's OpenJDK 17 is linked to the system's libjpeg-turbo 2.1.5. On 4:4:4, 4:2:2 and
# 4:2:0 they agree bit for bit. A lossless quarter turn (jpegtran, a camera held upright) makes 4:2:2 to 4:4:0, where
# chroma has half the rows: libjpeg-turbo interpolates them, 6b repeats them: 11 levels apart on average here, 61 at most.
# Pillow and OpenCV are as Debian's. Wants: a JDK 25 with its own libjpeg on PATH, Debian 12's openjdk-17 is unpacked where it is absent.
. "$(dirname "$0")/common.sh"
debian openjdk-17-jre-headless libjpeg62-turbo=1:2.1.5-2 libjpeg-turbo-progs=1:2.1.5-2
theirs=/usr/lib/jvm/java-17-openjdk-amd64
if [ -d "$work/debian$theirs" ]; then
  theirs=$work/debian$theirs
  find "$theirs" -type l -lname '/etc/*' | while read -r link; do ln -sf "$work/debian$(readlink "$link")" "$link"; done
fi
cd "$work"
cat >Turned.java <<'J'
import java.awt.image.BufferedImage;
import java.io.File;
import java.util.Arrays;
import javax.imageio.ImageIO;

public class Turned {
  public static void main(String[] names) throws Exception {
    for (String name : names) {
      BufferedImage image = ImageIO.read(new File(name));
      int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
      System.out.print(Integer.toHexString(Arrays.hashCode(rgb)) + " ");
    }
  }
}
J
javac --release 17 -nowarn Turned.java
awk 'BEGIN { print "P3 96 64 255"; for (y = 0; y < 64; y++) for (x = 0; x < 96; x++)
  print (int(x / 6) + int(y / 6)) % 2 ? 230 : 30, int(x / 5) % 2 ? 200 : 60, int(y / 7) % 2 ? 220 : 20 }' >picture.ppm
for sampling in 1x1 2x1 2x2; do cjpeg -sample $sampling -quality 95 -outfile $sampling.jpg picture.ppm; done
jpegtran -rotate 90 2x1.jpg >turned.jpg
java Turned 1x1.jpg 2x1.jpg 2x2.jpg turned.jpg >here
"$theirs/bin/java" Turned 1x1.jpg 2x1.jpg 2x2.jpg turned.jpg >there
seen=
for i in 1 2 3 4; do
  if [ "$(cut -d' ' -f$i here)" = "$(cut -d' ' -f$i there)" ]; then seen="$seen same"; else seen="$seen other"; fi
done
expect "4:4:4, 4:2:2, 4:2:0, 4:2:2 turned" "$seen" " same same same other"
