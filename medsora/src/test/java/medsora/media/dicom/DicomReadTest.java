package medsora.media.dicom;

import static medsora.media.dicom.DicomWriter.image;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import medsora.media.FrameSource;
import medsora.media.VideoReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of DICOM files of all encodings that need nobody else, with the values they must have. */
class DicomReadTest {
  /**
   * Pixels twice as wide as high, by their ratio or by their spacing; a region is stretched too.
   */
  @Test
  void pixelsBecomeSquare() throws IOException {
    byte[] samples = {10, 20, 30, 40};
    for (boolean byRatio : new boolean[] {true, false}) {
      Path file =
          image(DicomWriter.EXPLICIT, 2, 2, 1)
              .text(
                  byRatio ? Tags.ASPECT : Tags.SPACING,
                  byRatio ? "IS" : "DS",
                  byRatio ? "1\\2" : "0.25\\0.5")
              .pixels(samples)
              .write(folder.resolve("wide.dcm"));
      try (FrameSource source = VideoReader.open(file)) {
        assertEquals(4, source.width());
        assertEquals(2, source.height());
        byte[] frame = new byte[source.frameBytes()];
        assertTrue(source.next(frame));
        assertEquals(10, frame[0]);
        assertEquals(20, frame[9]);
        assertEquals(40, frame[21]);
        assertTrue(source.remarks().toString().contains("shown at 4x2"));
      }
    }
    Path equal =
        image(DicomWriter.EXPLICIT, 2, 2, 1)
            .text(Tags.SPACING, "DS", "0.3\\0.3")
            .pixels(samples)
            .write(folder.resolve("square.dcm"));
    try (FrameSource source = VideoReader.open(equal)) {
      assertEquals(2, source.width());
    }
  }

  @TempDir Path folder;

  private List<byte[]> read(DicomWriter writer) throws IOException {
    try (FrameSource source = VideoReader.open(writer.write(folder.resolve("a.dcm")))) {
      return frames(source);
    }
  }

  static List<byte[]> frames(FrameSource source) throws IOException {
    List<byte[]> out = new ArrayList<>();
    for (byte[] f = new byte[source.frameBytes()]; source.next(f); f = new byte[f.length]) {
      out.add(f);
    }
    return out;
  }

  /** Red, green and blue of one pixel as unsigned numbers. */
  private static int[] pixel(byte[] frame, int number) {
    return new int[] {
      frame[3 * number] & 0xff, frame[3 * number + 1] & 0xff, frame[3 * number + 2] & 0xff
    };
  }

  /** Grey of each pixel, which must be one. */
  private static int[] greys(byte[] frame) {
    int[] out = new int[frame.length / 3];
    for (int i = 0; i < out.length; i++) {
      int[] p = pixel(frame, i);
      assertTrue(p[0] == p[1] && p[1] == p[2], "no grey: " + Arrays.toString(p));
      out[i] = p[0];
    }
    return out;
  }

  private static byte[] ramp(int count) {
    byte[] out = new byte[count];
    for (int i = 0; i < count; i++) {
      out[i] = (byte) (i * 7 + 3);
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {DicomWriter.IMPLICIT, DicomWriter.EXPLICIT, DicomWriter.DEFLATED, DicomWriter.BIG})
  void greyOfEightBitsIsKeptInEverySyntax(String syntax) throws IOException {
    // An odd frame, so that the second begins in the middle of a word.
    byte[] samples = ramp(2 * 15);
    List<byte[]> frames = read(image(syntax, 5, 3, 2).pixels(samples));
    assertEquals(2, frames.size());
    for (int i = 0; i < 30; i++) {
      assertEquals(samples[i] & 0xff, greys(frames.get(i / 15))[i % 15], syntax + " sample " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DicomWriter.EXPLICIT, DicomWriter.BIG})
  void bytesInWordsComeInTheirOrder(String syntax) throws IOException {
    byte[] samples = ramp(30);
    int[] words = new int[15];
    for (int i = 0; i < 15; i++) {
      words[i] = (samples[2 * i] & 0xff) | (samples[2 * i + 1] & 0xff) << 8;
    }
    List<byte[]> frames = read(image(syntax, 5, 3, 2).words(words));
    assertEquals(samples[15] & 0xff, greys(frames.get(1))[0]);
    assertEquals(samples[29] & 0xff, greys(frames.get(1))[14]);
  }

  @ParameterizedTest
  @ValueSource(strings = {DicomWriter.IMPLICIT, DicomWriter.EXPLICIT, DicomWriter.BIG})
  void theWindowDecidesWhatIsBlackAndWhite(String syntax) throws IOException {
    // C.11.2.1.2 with slope 2, intercept -100, center 100, width 101: y = ((x - 99.5)/100 + 0.5)
    // 255.
    DicomWriter w =
        image(syntax, 4, 1, 1)
            .bits(16, 12, 11, 0)
            .text(Tags.SLOPE, "DS", "2")
            .text(Tags.INTERCEPT, "DS", "-100")
            .text(Tags.WINDOW_CENTER, "DS", "100\\40")
            .text(Tags.WINDOW_WIDTH, "DS", "101\\400")
            .words(new int[] {0, 100, 120, 4095});
    assertArrayEquals(new int[] {0, 129, 231, 255}, greys(read(w).getFirst()));
  }

  @Test
  void signedSamplesAndMonochrome1() throws IOException {
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 3, 1, 1)
            .colour("MONOCHROME1", 1)
            .bits(16, 16, 15, 1)
            .text(Tags.WINDOW_CENTER, "DS", "0.5")
            .text(Tags.WINDOW_WIDTH, "DS", "511")
            .words(new int[] {-255 & 0xffff, 0, 255});
    assertArrayEquals(new int[] {255, 127, 0}, greys(read(w).getFirst()));
  }

  @Test
  void samplesUnderTheHighBitAndForeignBitsAbove() throws IOException {
    // 10 bits up to bit 11: values 0, 1023 and 512, with rubbish in the unused bits.
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 3, 1, 1)
            .bits(16, 10, 11, 0)
            .words(new int[] {0xf003, 0x0fff, 0x0800});
    assertArrayEquals(new int[] {0, 255, 128}, greys(read(w).getFirst()));
  }

  @Test
  void enhancedObjectsHaveAWindowForEachFrame() throws IOException {
    DicomWriter[] groups = new DicomWriter[2];
    for (int i = 0; i < 2; i++) {
      DicomWriter voi =
          new DicomWriter("")
              .text(Tags.WINDOW_CENTER, "DS", i == 0 ? "128" : "64")
              .text(Tags.WINDOW_WIDTH, "DS", i == 0 ? "256" : "128");
      groups[i] = new DicomWriter("").sequence(Tags.FRAME_VOI, i == 0, voi);
    }
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 1, 1, 2)
            .sequence(Tags.PER_FRAME_GROUPS, true, groups)
            .pixels(new byte[] {60, 60});
    List<byte[]> frames = read(w);
    assertEquals(60, greys(frames.get(0))[0]);
    assertEquals((int) Math.floor(((60 - 63.5) / 127 + 0.5) * 255 + 0.5), greys(frames.get(1))[0]);
  }

  @Test
  void tablesOfTheModalityAndTheViewer() throws IOException {
    DicomWriter modality =
        new DicomWriter("").shorts(Tags.LUT_DESCRIPTOR, 4, 1, 16).shorts(Tags.LUT_DATA, 5, 6, 7, 8);
    DicomWriter viewer =
        new DicomWriter("")
            .shorts(Tags.LUT_DESCRIPTOR, 4, 5, 8)
            .shorts(Tags.LUT_DATA, 10, 50, 100, 255);
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 5, 1, 1)
            .sequence(Tags.MODALITY_LUT, false, modality)
            .sequence(Tags.VOI_LUT, true, viewer)
            .pixels(new byte[] {0, 1, 2, 3, 99});
    assertArrayEquals(new int[] {10, 10, 50, 100, 255}, greys(read(w).getFirst()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void colourByPixelAndByPlane(int planar) throws IOException {
    byte[] byPixel = {1, 2, 3, 40, 50, 60};
    byte[] byPlane = {1, 40, 2, 50, 3, 60};
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 2, 1, 1)
            .colour("RGB", 3)
            .shorts(Tags.PLANAR, planar)
            .pixels(planar == 0 ? byPixel : byPlane);
    assertArrayEquals(byPixel, read(w).getFirst());
  }

  @Test
  void palettes() throws IOException {
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 4, 1, 1)
            .colour("PALETTE COLOR", 1)
            .shorts(Tags.RED_DESCRIPTOR, 2, 10, 16)
            .shorts(Tags.GREEN_DESCRIPTOR, 2, 10, 16)
            .shorts(Tags.BLUE_DESCRIPTOR, 2, 10, 16)
            .shorts(Tags.RED_DATA, 0x1100, 0xff00)
            .shorts(Tags.GREEN_DATA, 0x2200, 0xee00)
            .shorts(Tags.BLUE_DATA, 0x3300, 0xdd00)
            .pixels(new byte[] {9, 10, 11, 12});
    byte[] frame = read(w).getFirst();
    assertArrayEquals(new int[] {0x11, 0x22, 0x33}, pixel(frame, 0));
    assertArrayEquals(new int[] {0x11, 0x22, 0x33}, pixel(frame, 1));
    assertArrayEquals(new int[] {0xff, 0xee, 0xdd}, pixel(frame, 2));
    assertArrayEquals(new int[] {0xff, 0xee, 0xdd}, pixel(frame, 3));
  }

  /**
   * R = Y + 1.402 (Cr - 128), G = Y - 0.344136 (Cb - 128) - 0.714136 (Cr - 128), B = Y + 1.772 ....
   */
  @Test
  void chromaOfFullRange() throws IOException {
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 2, 1, 1)
            .colour("YBR_FULL", 3)
            .pixels(new byte[] {100, (byte) 128, (byte) 150, (byte) 200, 90, (byte) 128});
    byte[] frame = read(w).getFirst();
    assertArrayEquals(new int[] {131, 84, 100}, pixel(frame, 0));
    assertArrayEquals(new int[] {200, 213, 133}, pixel(frame, 1));
  }

  @Test
  void twoPixelsShareTheirChroma() throws IOException {
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 2, 1, 1)
            .colour("YBR_FULL_422", 3)
            .pixels(new byte[] {100, (byte) 200, (byte) 128, (byte) 150});
    byte[] frame = read(w).getFirst();
    assertArrayEquals(new int[] {131, 84, 100}, pixel(frame, 0));
    assertArrayEquals(new int[] {231, 184, 200}, pixel(frame, 1));
  }

  @Test
  void runLengthsOfBytesAndWords() throws IOException {
    // One sample of 16 bits: the high bytes 1 1 1 2, then the low ones 5 6 7 8.
    byte[] high = {-2, 1, 0, 2};
    byte[] low = {3, 5, 6, 7, 8, 0};
    DicomWriter w =
        image(DicomWriter.RLE, 4, 1, 1)
            .bits(16, 16, 15, 0)
            .text(Tags.WINDOW_CENTER, "DS", "261.5")
            .text(Tags.WINDOW_WIDTH, "DS", "256")
            .fragments(true, rle(high, low));
    // x - 134: 261 - 134, 262 - 134, 263 - 134; 520 is white.
    assertArrayEquals(new int[] {128, 129, 130, 255}, greys(read(w).getFirst()));
  }

  /** A frame of run lengths. */
  static byte[] rle(byte[]... segments) {
    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(segments.length);
    int offset = 64;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] s : segments) {
      header.putInt(offset);
      offset += s.length;
      body.writeBytes(s);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header.array());
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void jpegsWithAndWithoutATableOfOffsets(boolean table) throws IOException {
    DicomWriter w =
        image(DicomWriter.JPEG, 16, 8, 2)
            .colour("YBR_FULL_422", 3)
            .fragments(table, jpeg(0x804020), jpeg(0x2040c0));
    List<byte[]> frames = read(w);
    assertEquals(2, frames.size());
    assertNear(new int[] {0x80, 0x40, 0x20}, pixel(frames.get(0), 60));
    assertNear(new int[] {0x20, 0x40, 0xc0}, pixel(frames.get(1), 60));
  }

  @Test
  void aFrameInSeveralFragments() throws IOException {
    byte[] a = jpeg(0x804020);
    byte[] b = jpeg(0x2040c0);
    DicomWriter w =
        image(DicomWriter.JPEG, 16, 8, 2)
            .colour("YBR_FULL_422", 3)
            .fragments(
                false,
                Arrays.copyOf(a, 100),
                Arrays.copyOfRange(a, 100, a.length),
                Arrays.copyOf(b, 200),
                Arrays.copyOfRange(b, 200, b.length));
    List<byte[]> frames = read(w);
    assertEquals(2, frames.size());
    assertNear(new int[] {0x20, 0x40, 0xc0}, pixel(frames.get(1), 60));
  }

  /** One colour, 16x8. */
  static byte[] jpeg(int colour) throws IOException {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 128; i++) {
      image.setRGB(i % 16, i / 16, colour);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return out.toByteArray();
  }

  private static void assertNear(int[] wanted, int[] got) {
    for (int i = 0; i < 3; i++) {
      assertEquals(wanted[i], got[i], 3, Arrays.toString(got));
    }
  }

  @Test
  void ratesOfFrameTimeAndVector() throws IOException {
    assertEquals(25, rate(text(Tags.FRAME_TIME, "40")), 1e-12);
    assertEquals(20, rate(text(Tags.FRAME_TIME_VECTOR, "0\\40\\60")), 1e-12);
    assertEquals(12.5, rate(text(Tags.CINE_RATE, "12.5")), 1e-12);
    assertEquals(-1, rate(text(Tags.FRAME_TIME, "none")), 0);
  }

  private static DicomWriter text(int tag, String text) {
    return image(DicomWriter.EXPLICIT, 1, 1, 3).text(tag, "DS", text).pixels(new byte[3]);
  }

  private double rate(DicomWriter writer) throws IOException {
    try (FrameSource source = VideoReader.open(writer.write(folder.resolve("r.dcm")))) {
      return source.rate().orElse(-1);
    }
  }

  @Test
  void whatLiesOutsideOfTheRegionsIsBlack() throws IOException {
    DicomWriter first = region(1, 0, 1, 0);
    DicomWriter second = region(2, 1, 3, 1);
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 4, 2, 1)
            .sequence(Tags.REGIONS, true, first, second)
            .text(Tags.BURNED_IN, "CS", "YES")
            .pixels(new byte[] {9, 9, 9, 9, 9, 9, 9, 9});
    try (FrameSource source = VideoReader.open(w.write(folder.resolve("m.dcm")))) {
      assertArrayEquals(new int[] {0, 9, 0, 0, 0, 0, 9, 9}, greys(frames(source).getFirst()));
      assertTrue(source.remarks().contains("blackened outside of 2 ultrasound regions"));
      assertTrue(source.remarks().stream().anyMatch(r -> r.contains("burnt into its pictures")));
    }
  }

  private static DicomWriter region(int x0, int y0, int x1, int y1) {
    return new DicomWriter("")
        .longs(Tags.REGION_X0, x0)
        .longs(Tags.REGION_Y0, y0)
        .longs(Tags.REGION_X1, x1)
        .longs(Tags.REGION_Y1, y1);
  }

  @Test
  void aFileWithoutRegionsSaysSo() throws IOException {
    DicomWriter w = image(DicomWriter.EXPLICIT, 1, 1, 1).pixels(new byte[1]);
    w.text(Tags.BURNED_IN, "CS", "YES");
    try (FrameSource source = VideoReader.open(w.write(folder.resolve("m.dcm")))) {
      assertTrue(source.remarks().toString().contains("names no ultrasound region"));
      assertTrue(source.remarks().toString().contains("SAYS THAT TEXT IS BURNT"));
    }
  }

  @Test
  void aFileWithoutPreamble() throws IOException {
    DicomWriter w =
        image(DicomWriter.EXPLICIT, 2, 1, 1).withoutPreamble().pixels(new byte[] {7, 8});
    assertArrayEquals(new int[] {7, 8}, greys(read(w).getFirst()));
  }

  private String refusal(DicomWriter writer) {
    return assertThrows(IOException.class, () -> read(writer)).getMessage();
  }

  @Test
  void aSyntaxThatIsNotReadIsNamedWithAWayOut() {
    String jpegXl = refusal(image("1.2.840.10008.1.2.4.110", 1, 1, 1).fragments(true, new byte[2]));
    assertTrue(jpegXl.contains("DICOM"), jpegXl);
    assertTrue(jpegXl.contains("JPEG XL Lossless (1.2.840.10008.1.2.4.110)"), jpegXl);
    assertTrue(jpegXl.contains("gdcmconv --raw"), jpegXl);
    assertTrue(!jpegXl.contains("damaged"), jpegXl);
    String unknown = refusal(image("1.2.3.4", 1, 1, 1).fragments(true, new byte[2]));
    assertTrue(unknown.contains("unknown (1.2.3.4)"), unknown);
  }

  @Test
  void objectsWithoutPicturesAreToldApart() {
    String pdf =
        refusal(
            new DicomWriter(DicomWriter.EXPLICIT)
                .text(Tags.SOP_CLASS, "UI", "1.2.840.10008.5.1.4.1.1.104.1"));
    assertTrue(pdf.contains("DICOM, but an encapsulated document"), pdf);
    String report =
        refusal(
            new DicomWriter(DicomWriter.EXPLICIT)
                .text(Tags.SOP_CLASS, "UI", "1.2.840.10008.5.1.4.1.1.88.33"));
    assertTrue(report.contains("a structured report"), report);
    String state =
        refusal(
            new DicomWriter(DicomWriter.EXPLICIT)
                .text(Tags.SOP_CLASS, "UI", "1.2.840.10008.5.1.4.1.1.11.1"));
    assertTrue(state.contains("a presentation state"), state);
  }

  @Test
  void faultsNameTheirPlace() {
    String shortage = refusal(image(DicomWriter.EXPLICIT, 4, 4, 2).pixels(new byte[16]));
    assertTrue(shortage.contains("2 frames of 4x4 want 32 bytes of pixel data"), shortage);
    String photometric =
        refusal(image(DicomWriter.EXPLICIT, 1, 1, 1).colour("CMYK", 4).pixels(new byte[4]));
    assertTrue(photometric.contains("photometric interpretation"), photometric);
    String rle = refusal(image(DicomWriter.RLE, 4, 1, 1).fragments(true, rle(new byte[] {3, 1})));
    assertTrue(rle.contains("a run ends outside of its segment"), rle);
    String frames = refusal(image(DicomWriter.JPEG, 16, 8, 3).fragments(false, new byte[2]));
    assertTrue(frames.contains("no JPEG"), frames);
  }
}
