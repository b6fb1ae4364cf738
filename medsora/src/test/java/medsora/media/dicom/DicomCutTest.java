package medsora.media.dicom;

import static medsora.media.dicom.DicomWriter.EXPLICIT;
import static medsora.media.dicom.DicomWriter.image;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixtures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import medsora.media.FrameSource;
import medsora.media.VideoReader;
import medsora.media.jpeg.LosslessEncoder;
import medsora.media.jpeg.LosslessJpegTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a file that is cut off or damaged the frames before that place are given, and it is said. */
class DicomCutTest {
  private static final String LOSSLESS = "1.2.840.10008.1.2.4.70";

  @TempDir Path folder;

  /** What a file of some bytes gives and says. */
  private String remarks(byte[] bytes, int frames) throws IOException {
    Path file = Files.write(folder.resolve("a.dcm"), bytes);
    try (FrameSource source = VideoReader.open(file)) {
      assertEquals(frames, DicomReadTest.frames(source).size());
      String said = source.remarks().toString();
      assertTrue(!said.contains(folder.toString()), said);
      return said;
    }
  }

  private static byte[] without(DicomWriter writer, int end) {
    byte[] whole = writer.toBytes();
    return Arrays.copyOf(whole, whole.length - end);
  }

  @Test
  void uncompressed() throws IOException {
    String said = remarks(without(image(EXPLICIT, 4, 4, 5).pixels(new byte[80]), 20), 3);
    assertTrue(said.contains("cut off or damaged: 3 of 5 frames can be decoded"), said);
    assertTrue(said.contains("ends early: 16 bytes wanted, 12 there"), said);
  }

  @Test
  void aFileWithoutOneWholeFrameIsRefused() throws IOException {
    byte[] none = without(image(EXPLICIT, 4, 4, 2).pixels(new byte[32]), 20);
    assertTrue(
        assertThrows(IOException.class, () -> remarks(none, 0)).getMessage().contains("early"));
  }

  @Test
  void fewerFramesThanTheFileSays() throws IOException {
    byte[] frame = DicomReadTest.jpeg(0x804020);
    DicomWriter w =
        image(DicomWriter.JPEG, 16, 8, 3).colour("YBR_FULL_422", 3).fragments(false, frame, frame);
    String said = remarks(w.toBytes(), 2);
    assertTrue(said.contains("2 of 3 frames can be decoded"), said);
  }

  /** With and without a table; all frames before the one that is cut are whole. */
  @Test
  void fragments() throws IOException {
    byte[] rle = DicomReadTest.rle(new byte[] {-15, 7});
    LosslessEncoder encoder = new LosslessEncoder(8, 6, 8, 1, 1, 0, 0, true);
    byte[] lossless = encoder.encode(LosslessJpegTest.samples(new Random(1), encoder));
    byte[] jpeg = DicomReadTest.jpeg(0x804020);
    for (boolean table : new boolean[] {true, false}) {
      for (DicomWriter w :
          List.of(
              image(DicomWriter.RLE, 4, 4, 4).fragments(table, rle, rle, rle, rle),
              image(LOSSLESS, 8, 6, 4).fragments(table, lossless, lossless, lossless, lossless),
              image(DicomWriter.JPEG, 16, 8, 4)
                  .colour("YBR_FULL_422", 3)
                  .fragments(table, jpeg, jpeg, jpeg, jpeg))) {
        String said = remarks(without(w, 20), 3);
        assertTrue(said.contains("cut off or damaged: 3 of 4 frames can be decoded"), said);
      }
    }
  }

  @Test
  void aFrameWhoseSecondFragmentIsCutIsNone() throws IOException {
    byte[] jpeg = DicomReadTest.jpeg(0x804020);
    byte[] begin = Arrays.copyOf(jpeg, 100);
    byte[] end = Arrays.copyOfRange(jpeg, 100, jpeg.length);
    DicomWriter w =
        image(DicomWriter.JPEG, 16, 8, 2)
            .colour("YBR_FULL_422", 3)
            .fragments(false, begin, end, begin, end);
    String said = remarks(without(w, 20), 1);
    assertTrue(said.contains("1 of 2 frames can be decoded"), said);
  }

  @Test
  void damagedDataOfLosslessJpeg() throws IOException {
    LosslessEncoder encoder = new LosslessEncoder(8, 6, 8, 1, 1, 0, 0, true);
    byte[] whole = encoder.encode(LosslessJpegTest.samples(new Random(1), encoder));
    byte[] bad = Arrays.copyOf(whole, whole.length - 20);
    DicomWriter w = image(LOSSLESS, 8, 6, 3).fragments(true, whole, bad, whole);
    String said = remarks(w.toBytes(), 1);
    assertTrue(said.contains("1 of 3 frames can be decoded"), said);
    assertTrue(said.contains("a JPEG whose data end early"), said);
  }

  private static byte[] noise() throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    Random random = new Random(4);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt(256) * 0x10101);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return out.toByteArray();
  }

  /** The runtime's decoder makes grey of what is missing and only warns. */
  @Test
  void damagedDataOfJpeg() throws IOException {
    byte[] whole = noise();
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    byte[] ended = Arrays.copyOf(half, half.length + 2);
    ended[half.length] = -1;
    ended[half.length + 1] = (byte) 0xd9;
    byte[] scrambled = whole.clone();
    for (int i = whole.length / 2; i < whole.length / 2 + 200; i++) {
      scrambled[i] = 0x55;
    }
    for (byte[] bad : List.of(half, ended, scrambled)) {
      DicomWriter w = image(DicomWriter.JPEG, 64, 64, 3).fragments(true, whole, bad, whole);
      String said = remarks(w.toBytes(), 1);
      assertTrue(said.contains("1 of 3 frames can be decoded"), said);
      assertTrue(said.contains("a JPEG that has lost pixels"), said);
    }
  }

  /** Some writers fill the place before the last marker. */
  @Test
  void paddedJpegIsWhole() throws IOException {
    byte[] whole = noise();
    byte[] padded = Arrays.copyOf(whole, whole.length + 6);
    Arrays.fill(padded, whole.length - 2, whole.length + 4, (byte) 0);
    System.arraycopy(whole, whole.length - 2, padded, whole.length + 4, 2);
    DicomWriter w = image(DicomWriter.JPEG, 64, 64, 2).fragments(true, whole, padded);
    Path file = w.write(folder.resolve("p.dcm"));
    try (FrameSource source = VideoReader.open(file)) {
      List<byte[]> frames = DicomReadTest.frames(source);
      assertArrayEquals(frames.get(0), frames.get(1));
    }
  }

  @Test
  void framesOfAStreamBeforeACutAreGiven() throws Exception {
    DicomCodedTest.ffmpegIsThere();
    Path stream = folder.resolve("s.h264");
    String in = Fixtures.testdata().resolve("video/bframes.mp4").toString();
    String[] copy = {"ffmpeg", "-v", "quiet", "-i", in, "-c", "copy", stream.toString()};
    assertEquals(0, DicomCodedTest.run(copy));
    byte[] bytes = Files.readAllBytes(stream);
    DicomWriter w =
        image("1.2.840.10008.1.2.4.102", 70, 50, 12)
            .colour("YBR_PARTIAL_420", 3)
            .fragments(false, bytes);
    Path file = folder.resolve("v.dcm");
    byte[] whole = w.toBytes();
    Files.write(file, Arrays.copyOf(whole, whole.length - bytes.length / 2));
    try (FrameSource source = VideoReader.open(file)) {
      int frames = DicomReadTest.frames(source).size();
      assertTrue(frames > 0 && frames < 12, frames + " frames");
      String said = source.remarks().toString();
      String wanted = "cut off or damaged: %d of 12 frames can be decoded".formatted(frames);
      assertTrue(said.contains(wanted) && said.contains("its stream ends early"), said);
    }
  }

  /** Cut in its last frame, and damaged in its second; through ffmpeg. */
  @Test
  void jpegOfTwelveBits() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.testdata().resolve("dicom/extended12.dcm"));
    String cut = remarks(Arrays.copyOf(whole, whole.length - 100), 2);
    assertTrue(cut.contains("cut off or damaged: 2 of 3 frames can be decoded"), cut);
    int begins = 0;
    for (int i = 0, seen = 0; i + 2 < whole.length && seen < 2; i++) {
      if (whole[i] == -1 && (whole[i + 1] & 0xff) == 0xda) {
        seen++;
        begins = i;
      }
    }
    Arrays.fill(whole, begins + 200, begins + 300, (byte) 0x55);
    String damaged = remarks(whole, 1);
    assertTrue(damaged.contains("cut off or damaged: 1 of 3 frames can be decoded"), damaged);
    assertTrue(damaged.contains("ffmpeg cannot decode picture 2"), damaged);
  }
}
