package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.SplitMix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiff of several pages is a video, in a folder as by itself. */
class TiffPagesTest {
  private static final int DIRECTORY = 8;
  private static final int FIELD = 12;

  @TempDir Path folder;

  /** One page of one grey. */
  private static byte[] page(int width, int height, int grey) {
    byte[] samples = new byte[width * height];
    Arrays.fill(samples, (byte) grey);
    return PictureFiles.tiff(width, height, 1, samples, 1);
  }

  private static int next(ByteBuffer tiff, int base) {
    return base + DIRECTORY + 2 + FIELD * tiff.getShort(base + DIRECTORY);
  }

  /** Glues tiffs of one page each: places in them are counted from the file's beginning. */
  private static ByteBuffer glued(byte[]... pages) {
    int length = Arrays.stream(pages).mapToInt(p -> p.length).sum();
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    int link = 4;
    for (byte[] page : pages) {
      int base = out.position();
      out.put(page);
      for (int at = base + DIRECTORY + 2; at < next(out, base); at += FIELD) {
        if (out.getShort(at) == 273) {
          out.putInt(at + 8, out.getInt(at + 8) + base);
        }
      }
      out.putInt(link, base + DIRECTORY);
      link = next(out, base);
    }
    return out;
  }

  private Path write(String name, ByteBuffer tiff) throws IOException {
    return Files.write(folder.resolve(name), tiff.array());
  }

  private static List<Integer> greys(FrameSource source) throws IOException {
    List<Integer> greys = new ArrayList<>();
    for (byte[] frame : TestVideos.frames(source)) {
      greys.add(frame[0] & 0xff);
    }
    return greys;
  }

  @Test
  void pagesAreFrames() throws IOException {
    Path file = write("a.tif", glued(page(4, 2, 10), page(4, 2, 20), page(4, 2, 30)));
    try (FrameSource source = VideoReader.open(file)) {
      assertEquals(4, source.width());
      assertEquals(2, source.height());
      assertEquals(List.of(10, 20, 30), greys(source));
      assertEquals(0, source.section());
      assertEquals(List.of("a tiff of 3 pages, which are its frames"), source.remarks());
    }
    String said =
        assertThrows(
                VideoException.class, () -> VideoReader.open(write("b.tif", glued(page(4, 2, 1)))))
            .getMessage();
    assertTrue(said.contains("is a single picture"), said);
  }

  @Test
  void aFolderOfThemIsAFolderOfVideos() throws IOException {
    Path first = write("a.tif", glued(page(4, 2, 10), page(4, 2, 20)));
    Path second = write("b.tiff", glued(page(4, 2, 30), page(4, 2, 40)));
    assertEquals(List.of(first, second), VideoFolder.list(folder).videos());
    write("f1.tif", glued(page(4, 2, 50)));
    write("f2.tif", glued(page(4, 2, 60)));
    assertEquals(List.of(first, second, folder), VideoFolder.list(folder).videos());
    try (FrameSource source = VideoReader.open(folder)) {
      assertEquals(List.of(50, 60), greys(source));
    }
  }

  @Test
  void anotherSizeBeginsASection() throws IOException {
    Path file = write("a.tif", glued(page(4, 2, 1), page(4, 2, 2), page(2, 2, 3), page(2, 2, 4)));
    try (FrameSource source = VideoReader.open(file)) {
      byte[] frame = new byte[source.frameBytes()];
      assertTrue(source.next(frame));
      assertTrue(source.next(frame));
      assertEquals(1, source.section());
      assertEquals(2, source.width());
      assertEquals(List.of(3, 4), greys(source));
      assertEquals(
          "2 parts by names, numbers and sizes, which no clip joins: page 1 to page 2 (2); page 3 to"
              + " page 4 (2)",
          source.remarks().get(1));
    }
  }

  /** Slides hold their picture once more in smaller sizes. */
  @Test
  void smallerCopiesAndMasksAreNoFrames() throws IOException {
    ByteBuffer tiff = glued(page(4, 2, 1), page(2, 1, 2), page(4, 2, 3));
    int second = page(4, 2, 1).length + DIRECTORY + 2;
    // The field of the orientation becomes one of the kind of page.
    for (int at = second; tiff.getShort(at - FIELD) != 274; at += FIELD) {
      if (tiff.getShort(at) == 274) {
        tiff.putShort(at, (short) 254).putShort(at + 2, (short) 4).putInt(at + 8, 1);
        break;
      }
    }
    try (FrameSource source = VideoReader.open(write("a.tif", tiff))) {
      assertEquals(List.of(1, 3), greys(source));
      assertEquals(
          List.of("a tiff of 2 pages, which are its frames; 1 smaller copies or masks left out"),
          source.remarks());
    }
    Path slide = write("b.tif", glued(page(4, 2, 1)));
    assertThrows(VideoException.class, () -> VideoReader.open(slide));
  }

  @Test
  void chainsThatGoAstrayEndThere() throws IOException {
    byte[] one = page(4, 2, 1);
    ByteBuffer loop = glued(one, page(4, 2, 2));
    loop.putInt(next(loop, one.length), DIRECTORY);
    ByteBuffer out = glued(one, page(4, 2, 2));
    out.putInt(next(out, one.length), 0x7fffffff);
    for (ByteBuffer tiff : List.of(loop, out)) {
      try (FrameSource source = VideoReader.open(write("a.tif", tiff))) {
        assertEquals(List.of(1, 2), greys(source));
        assertTrue(
            source
                .remarks()
                .get(1)
                .startsWith("damaged: its chain of pages breaks off behind page 2"),
            source.remarks().toString());
      }
    }
    ByteBuffer self = glued(one);
    self.putInt(next(self, 0), DIRECTORY);
    Path file = write("self.tif", self);
    assertThrows(VideoException.class, () -> VideoReader.open(file));
    assertEquals(1, PictureReader.read(file, ReadLimits.DEFAULT).frames().getFirst()[0]);
  }

  /** A page that cannot be decoded is left out, as a picture of a folder is. */
  @Test
  void aDamagedPageIsASeam() throws IOException {
    byte[] one = page(4, 2, 1);
    ByteBuffer tiff = glued(one, page(4, 2, 2), page(4, 2, 3));
    for (int at = one.length + DIRECTORY + 2; ; at += FIELD) {
      if (tiff.getShort(at) == 259) {
        tiff.putShort(at + 8, (short) 12345);
        break;
      }
    }
    try (FrameSource source = VideoReader.open(write("a.tif", tiff))) {
      byte[] frame = new byte[source.frameBytes()];
      assertTrue(source.next(frame));
      assertEquals(1, source.section());
      assertEquals(List.of(3), greys(source));
      assertTrue(source.remarks().get(1).startsWith("1 of 3 pictures left out, since they cannot"));
      assertTrue(source.remarks().get(1).contains("page 2: "), source.remarks().toString());
    }
  }

  @Test
  void thousandsOfPagesAreReadOrRefusedByTheLimit() throws IOException {
    byte[][] pages = new byte[3000][];
    Arrays.fill(pages, page(1, 1, 9));
    Path file = write("a.tif", glued(pages));
    try (FrameSource source = VideoReader.open(file)) {
      assertEquals(3000, greys(source).size());
    }
    ReadLimits few = new ReadLimits(1 << 20, 2999, 1 << 20, 60);
    String said =
        assertThrows(VideoException.class, () -> VideoReader.open(file, few)).getMessage();
    assertTrue(said.contains("more frames than the limit of 2999"), said);
  }

  /** Any two bytes changed: pages come out or a refusal, and nothing else. */
  @Test
  void damageEndsInFramesOrARefusal() throws IOException {
    byte[] good = glued(page(4, 2, 1), page(4, 2, 2), page(4, 2, 3)).array();
    ReadLimits limits = new ReadLimits(1 << 16, 100, 1 << 20, 10);
    int refused = 0;
    int read = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bad = good.clone();
      for (int k = 0; k < 2; k++) {
        long draw = SplitMix.at(11, 2 * i + k);
        bad[4 + (int) ((draw & 0xffffff) % (bad.length - 4))] = (byte) (draw >> 32);
      }
      Path file = Files.write(folder.resolve("bad.tif"), bad);
      try (FrameSource source = VideoReader.open(file, limits)) {
        byte[] frame = new byte[source.frameBytes()];
        while (source.next(frame)) {
          frame = new byte[source.frameBytes()];
          read++;
        }
      } catch (VideoException e) {
        refused++;
      }
    }
    assertTrue(refused > 50 && read > 2000, refused + " refused, frames " + read);
  }
}
