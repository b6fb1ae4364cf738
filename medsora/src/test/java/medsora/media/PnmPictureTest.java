package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Portable pictures, as decimals and as bytes, alone and as a folder's frames. */
class PnmPictureTest {
  @TempDir Path folder;

  private static byte[] file(String head, int... bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    for (int b : bytes) {
      out.write(b);
    }
    return out.toByteArray();
  }

  private Clip read(byte[] file) throws IOException {
    return PictureReader.read(Files.write(folder.resolve("a.pnm"), file), ReadLimits.DEFAULT);
  }

  private byte[] pixels(byte[] file) throws IOException {
    Clip got = read(file);
    assertEquals(2, got.width());
    assertEquals(1, got.height());
    return got.frames().getFirst();
  }

  @Test
  void allFourFormsAreRead() throws IOException {
    byte[] grey = {7, 7, 7, (byte) 200, (byte) 200, (byte) 200};
    assertArrayEquals(grey, pixels(file("P5 2 1 255\n", 7, 200)));
    assertArrayEquals(grey, pixels(file("P2\n# made\n2 1\n255\n7 200\n")));
    assertArrayEquals(grey, pixels(file("P2 2 1 255 7\t200")));
    byte[] rgb = {1, 2, 3, (byte) 253, (byte) 254, (byte) 255};
    assertArrayEquals(rgb, pixels(file("P6\n2 1\n255\n", 1, 2, 3, 253, 254, 255)));
    assertArrayEquals(rgb, pixels(file("P3 2 1 255 1 2 3 253 254 255 ")));
  }

  @Test
  void otherLargestValuesAreScaled() throws IOException {
    // 255 x 1 / 65535 and 255 x 32896 / 65535: 0.004 and 128.002.
    byte[] deep = {0, 0, 0, (byte) 128, (byte) 128, (byte) 128};
    assertArrayEquals(deep, pixels(file("P5 2 1 65535 ", 0, 1, 0x80, 0x80)));
    byte[] few = {85, 85, 85, (byte) 255, (byte) 255, (byte) 255};
    assertArrayEquals(few, pixels(file("P2 2 1 3 1 3")));
  }

  @Test
  void whatIsWrongIsSaid() {
    String[][] cases = {
      {"P5 2 1 255 a", "cut off: ends after 1 of 2 samples"},
      {"P3 2 1 255 1 2 3 4", "cut off: ends after 4 of 6 samples"},
      {"P5 2 1", "cut off: ends in its header"},
      {"P2 2 1 3 1 4", "damaged: a value of 4, its largest is 3"},
      {"P2 2 1 3 1 x", "damaged ppm or pgm"},
      {"P5 2 1 70000 aaaa", "wants 1 to 65535"},
      {"P5 99999 99999 255 a", "exceed the limit"},
      {"P5 1 1 255\na\nP5 1 1 255\nb", "holds several pictures; convert it to gif"},
      {"P2 1 1 9 3 P2 1 1 9 4", "holds several pictures; convert it to gif"},
      {"P4 8 1 a", "is not a picture that is read here (png, jpeg, tiff, bmp, webp, ppm, pgm)"},
    };
    for (String[] c : cases) {
      String said = assertThrows(VideoException.class, () -> read(file(c[0]))).getMessage();
      assertTrue(said.contains(c[1]), said);
    }
  }

  @Test
  void aFolderOfThemIsAVideo() throws IOException {
    for (int i = 0; i < 3; i++) {
      Files.write(folder.resolve("f" + i + ".pgm"), file("P5 2 1 255 ", 10 * i, 10 * i));
    }
    VideoFolder found = VideoFolder.list(folder);
    assertEquals(List.of(folder), found.videos());
    assertEquals(3, VideoReader.read(folder).length());
  }
}
