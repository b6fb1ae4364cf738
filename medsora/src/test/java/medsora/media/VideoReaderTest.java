package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.testing.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import medsora.data.ClipDataset;
import medsora.data.ClipSampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoReaderTest {
  private static final Path DATA = Fixtures.testdata().resolve("video");

  @TempDir Path folder;

  static void assertSame(Clip expected, Clip got) {
    assertEquals(expected.width(), got.width());
    assertEquals(expected.height(), got.height());
    assertEquals(expected.length(), got.length());
    for (int i = 0; i < got.length(); i++) {
      assertArrayEquals(expected.frames().get(i), got.frames().get(i), "frame " + i);
    }
  }

  @Test
  void reorderedFramesAreTheGoldenOnes() throws IOException {
    assumeTrue(FfmpegPlaces.find().isPresent(), "there is no ffmpeg for this platform");
    Clip expected = VideoReader.read(DATA.resolve("bframes.strip12.png"));
    Clip got = VideoReader.read(DATA.resolve("bframes.mp4"));
    assertEquals(12, got.length());
    assertSame(expected, got);
    assertEquals(OptionalDouble.of(10), got.rate());
  }

  @Test
  void losslessIsTheGoldenOne() throws IOException {
    assumeTrue(FfmpegPlaces.find().isPresent(), "there is no ffmpeg for this platform");
    Clip expected = VideoReader.read(DATA.resolve("lossless.strip5.png"));
    assertSame(expected, VideoReader.read(DATA.resolve("lossless.mp4")));
  }

  @Test
  void withoutFfmpegTheErrorNamesFileAndRemedy() {
    Path file = DATA.resolve("lossless.mp4");
    String text =
        assertThrows(
                VideoException.class,
                () -> VideoReader.open(file, ReadLimits.DEFAULT, Optional::empty))
            .getMessage();
    assertTrue(text.startsWith("[video] " + file + ": "), text);
    assertTrue(text.contains("on PATH") && text.contains("org.bytedeco:ffmpeg"), text);
  }

  @Test
  void whatFfmpegSaysOfAFakeVideoIsOneParagraphAndNamesItOnce() throws IOException {
    assumeTrue(FfmpegPlaces.find().isPresent(), "there is no ffmpeg for this platform");
    Path file = Files.writeString(folder.resolve("fake.mp4"), "this is no video");
    String text = assertThrows(VideoException.class, () -> VideoReader.read(file)).getMessage();
    assertEquals(text.indexOf(file.toString()), text.lastIndexOf(file.toString()), text);
    assertTrue(text.startsWith("[video] " + file + ": ffmpeg finds no video stream in it: "), text);
    assertFalse(text.contains("0x") || text.contains("\n"), text);
    ClipDataset.Options options = ClipDataset.Options.of(16, ClipSampler.PAPER);
    String set =
        assertThrows(VideoException.class, () -> ClipDataset.open(folder, options)).getMessage();
    assertEquals(set.indexOf("fake.mp4"), set.lastIndexOf("fake.mp4"), set);
  }

  @Test
  void addressesAndTheFileNameAreTakenOutOfWhatFfmpegSays() {
    Path file = Path.of("/v/x.mp4");
    String said =
        FfmpegLog.said(
            FfmpegLog.errors(
                "[mov,mp4 @ 0x55cb69012840] [error] moov atom not found\n[error] "
                    + FfmpegProgram.input(file)
                    + ": Invalid data\n\n[h264 @ 000001f3a2b4c5d0] [error] no frame\n"),
            file);
    assertEquals(": [mov,mp4] moov atom not found; Invalid data; [h264] no frame", said);
    assertEquals("", FfmpegLog.said(" \n", file));
  }

  @Test
  void ffmpegEndsWhenClosedEarly() throws IOException {
    assumeTrue(FfmpegPlaces.find().isPresent(), "there is no ffmpeg for this platform");
    FrameSource s = VideoReader.open(DATA.resolve("lossless.mp4"));
    assertTrue(s.next(new byte[s.frameBytes()]));
    s.close();
    assertTrue(ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void foldersAreReadInNaturalOrder() throws IOException {
    for (int n : new int[] {10, 9, 8, 11}) {
      picture(folder.resolve("f" + n + ".png"), 3, 2, n);
    }
    Files.writeString(folder.resolve("notes.txt"), "no picture");
    Clip v = VideoReader.read(folder);
    assertEquals(4, v.length());
    for (int i = 0; i < 4; i++) {
      assertEquals(8 + i, v.frames().get(i)[0]);
    }
  }

  @Test
  void severalRecordingsAreNoClip() throws IOException {
    picture(folder.resolve("a.png"), 3, 2, 1);
    picture(folder.resolve("b.png"), 4, 2, 1);
    String text = assertThrows(IOException.class, () -> VideoReader.read(folder)).getMessage();
    assertTrue(text.contains("its frame size changes from 3x2 to 4x2 at frame 1"), text);
    assertEquals(1, VideoReader.read(folder, ReadLimits.DEFAULT, 1).length());
  }

  @Test
  void greyIsNotBrightened() throws IOException {
    BufferedImage grey = new BufferedImage(2, 4, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 100);
    Path file = folder.resolve("grey.strip2.png");
    ImageIO.write(grey, "png", file.toFile());
    Clip v = VideoReader.read(file);
    assertEquals(2, v.length());
    assertArrayEquals(new byte[] {100, 100, 100}, java.util.Arrays.copyOf(v.frames().get(0), 3));
  }

  @Test
  void stripsLieEitherWayOrAreNamed() throws IOException {
    for (boolean vertical : new boolean[] {true, false}) {
      int w = vertical ? 2 : 6;
      int h = vertical ? 6 : 2;
      BufferedImage strip = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 3; i++) {
        strip.setRGB(vertical ? 1 : 2 * i + 1, vertical ? 2 * i : 0, 0x010203 * (i + 1));
      }
      Path file = folder.resolve("s" + vertical + ".png");
      ImageIO.write(strip, "png", file.toFile());
      String text = assertThrows(IOException.class, () -> VideoReader.read(file)).getMessage();
      assertTrue(text.contains("is a single %dx%d picture".formatted(w, h)), text);
      Clip v = VideoReader.read(file, new ReadOptions(ReadLimits.DEFAULT, true), 99);
      assertEquals(3, v.length());
      assertEquals(2, v.width());
      assertArrayEquals(
          new byte[] {0, 0, 0, 3, 6, 9, 0, 0, 0, 0, 0, 0}, v.frames().get(2), "" + vertical);
    }
    Path named = folder.resolve("wide.strip2.png");
    picture(named, 5, 6, 1);
    Clip v = VideoReader.read(named);
    assertEquals(2, v.length());
    assertEquals(3, v.height());
  }

  @Test
  void aSinglePictureIsNoVideo() throws IOException {
    Path file = folder.resolve("still.png");
    picture(file, 5, 7, 1);
    String text = assertThrows(IOException.class, () -> VideoReader.read(file)).getMessage();
    assertTrue(text.contains("single 5x7 picture"), text);
  }

  @Test
  void limitsAreKept() throws IOException {
    Path file = DATA.resolve("bframes.mp4");
    ReadLimits few = new ReadLimits(1 << 26, 11, 1L << 36, 60);
    String text =
        assertThrows(IOException.class, () -> VideoReader.read(file, few, 99)).getMessage();
    assertTrue(text.contains("limit of 11"), text);
    assertEquals(11, VideoReader.read(file, few, 11).length());
    ReadLimits small = new ReadLimits(1000, 100, 1 << 20, 10);
    assertTrue(
        assertThrows(IOException.class, () -> VideoReader.read(file, small, 99))
            .getMessage()
            .contains("exceed"));
  }

  @Test
  void emptyAndMissingFilesAreNamed() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.mp4"));
    assertTrue(
        assertThrows(IOException.class, () -> VideoReader.read(empty))
            .getMessage()
            .contains("0 b"));
    assertTrue(
        assertThrows(IOException.class, () -> VideoReader.read(folder.resolve("none.avi")))
            .getMessage()
            .contains("no such file"));
    Path inner = Files.createDirectory(folder.resolve("inner"));
    assertTrue(
        assertThrows(IOException.class, () -> VideoReader.read(inner))
            .getMessage()
            .contains("holds no pictures (png, jpeg, tiff, bmp, webp, ppm, pgm)"));
  }

  @Test
  void naturalOrder() {
    NaturalOrder o = NaturalOrder.INSTANCE;
    assertTrue(o.compare("f2", "f10") < 0);
    assertTrue(o.compare("f02", "f2") != 0);
    assertTrue(o.compare("a1b2", "a1b10") < 0);
    assertTrue(o.compare("a", "b") < 0);
    assertEquals(0, o.compare("x7", "x7"));
    assertFalse(o.compare("f10", "f9") < 0);
  }

  static void picture(Path file, int width, int height, int value) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, value * 0x010101);
      }
    }
    ImageIO.write(image, "png", file.toFile());
  }
}
