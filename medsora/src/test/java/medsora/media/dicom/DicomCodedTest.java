package medsora.media.dicom;

import static medsora.media.dicom.DicomWriter.image;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.testing.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.media.Clip;
import medsora.media.FrameSource;
import medsora.media.VideoReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Codings that the ffmpeg program decodes, wrapped in DICOM, and what it must give. */
class DicomCodedTest {
  private static final String JPEG_2000 = "1.2.840.10008.1.2.4.90";
  private static final String JPEG_LS = "1.2.840.10008.1.2.4.80";
  private static final String H264 = "1.2.840.10008.1.2.4.102";
  private static final int COLUMNS = 32;
  private static final int ROWS = 24;
  private static final int PIXELS = COLUMNS * ROWS;

  @TempDir Path folder;

  @BeforeAll
  static void ffmpegIsThere() throws InterruptedException {
    boolean there = false;
    try {
      there = run("ffmpeg", "-version") == 0;
    } catch (IOException e) {
      // Not installed.
    }
    assumeTrue(there, "ffmpeg is not installed");
  }

  static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static int value(int pixel, int largest) {
    return pixel * 5 % (largest + 1);
  }

  /** One picture through an encoder of ffmpeg. */
  private byte[] coded(byte[] raw, String format, String encoder) throws Exception {
    Path in = Files.write(folder.resolve("in.raw"), raw);
    Path out = folder.resolve("out.bin");
    String size = COLUMNS + "x" + ROWS;
    assertEquals(
        0,
        run(
            "ffmpeg",
            "-v",
            "quiet",
            "-y",
            "-f",
            "rawvideo",
            "-s",
            size,
            "-pix_fmt",
            format,
            "-i",
            in.toString(),
            "-c:v",
            encoder,
            "-pix_fmt",
            format,
            "-pred",
            encoder.equals("jpeg2000") ? "1" : "0",
            "-f",
            "image2pipe",
            out.toString()),
        "ffmpeg cannot write " + encoder + " " + format);
    return Files.readAllBytes(out);
  }

  private static byte[] words(int largest) {
    ByteBuffer out = ByteBuffer.allocate(2 * PIXELS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < PIXELS; i++) {
      out.putShort((short) value(i, largest));
    }
    return out.array();
  }

  private List<byte[]> read(DicomWriter writer) throws IOException {
    try (FrameSource source = VideoReader.open(writer.write(folder.resolve("a.dcm")))) {
      return DicomReadTest.frames(source);
    }
  }

  private static void assertGreys(byte[] frame, int largest, int offset) {
    for (int i = 0; i < PIXELS; i++) {
      int wanted = (int) ((value(i, largest) + offset) * 255.0 / largest + 0.5);
      assertEquals(wanted, frame[3 * i] & 0xff, 0, "pixel " + i);
    }
  }

  @Test
  void jpeg2000OfSixteenBits() throws Exception {
    byte[] stream = codeStream(coded(words(65535), "gray16le", "jpeg2000"));
    DicomWriter w =
        image(JPEG_2000, COLUMNS, ROWS, 2).bits(16, 16, 15, 0).fragments(true, stream, stream);
    List<byte[]> frames = read(w);
    assertEquals(2, frames.size());
    assertGreys(frames.get(1), 65535, 0);
  }

  /**
   * The encoder knows 16 bits alone. Samples are coded less the middle of their range, so that with
   * that of fewer bits in its head the same stream holds those of fewer bits.
   */
  @ParameterizedTest
  @ValueSource(ints = {9, 10, 11, 12, 13, 14, 15})
  void jpeg2000OfOtherDepthsIsExact(int bits) throws Exception {
    int middle = 1 << (bits - 1);
    int[] values = new int[PIXELS];
    ByteBuffer raw = ByteBuffer.allocate(2 * PIXELS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < PIXELS; i++) {
      values[i] = middle - 128 + i % 256;
      raw.putShort((short) (values[i] - middle + 32768));
    }
    byte[] stream = codeStream(coded(raw.array(), "gray16le", "jpeg2000"));
    stream[42] = (byte) (bits - 1);
    DicomWriter w =
        image(JPEG_2000, COLUMNS, ROWS, 1)
            .bits(16, bits, bits - 1, 0)
            .text(Tags.WINDOW_CENTER, "DS", Integer.toString(middle))
            .text(Tags.WINDOW_WIDTH, "DS", "256")
            .fragments(true, stream);
    byte[] frame = read(w).getFirst();
    for (int i = 0; i < PIXELS; i++) {
      assertEquals(values[i] - middle + 128, frame[3 * i] & 0xff, "pixel " + i);
    }
  }

  /** ffmpeg would widen it. */
  @Test
  void halfTheColumnsOfAComponentAreRefused() throws Exception {
    byte[] stream = codeStream(coded(words(65535), "gray16le", "jpeg2000"));
    stream[43] = 2;
    DicomWriter w = image(JPEG_2000, COLUMNS, ROWS, 1).bits(16, 16, 15, 0).fragments(true, stream);
    String said = assertThrows(IOException.class, () -> read(w)).getMessage();
    assertTrue(said.contains("components of several depths or sizes"), said);
    assertTrue(!said.contains("damaged"), said);
  }

  /** A stream that says its samples are signed holds those of the unsigned one, less the middle. */
  @Test
  void signedJpeg2000() throws Exception {
    byte[] stream = codeStream(coded(words(65535), "gray16le", "jpeg2000"));
    stream[42] |= (byte) 0x80;
    DicomWriter w =
        image(JPEG_2000, COLUMNS, ROWS, 1)
            .bits(16, 16, 15, 1)
            .text(Tags.WINDOW_CENTER, "DS", "0")
            .text(Tags.WINDOW_WIDTH, "DS", "65536")
            .fragments(true, stream);
    byte[] frame = read(w).getFirst();
    for (int i = 0; i < PIXELS; i++) {
      double x = value(i, 65535) - 32768;
      int wanted = (int) (((x + 0.5) / 65535 + 0.5) * 255 + 0.5);
      assertEquals(wanted, frame[3 * i] & 0xff, "pixel " + i);
    }
  }

  /** The encoder puts boxes around it; DICOM wants the bare stream. */
  private static byte[] codeStream(byte[] boxes) {
    for (int i = 0; i < boxes.length - 3; i++) {
      if ((boxes[i] & 0xff) == 0xff && boxes[i + 1] == 0x4f && (boxes[i + 2] & 0xff) == 0xff) {
        return Arrays.copyOfRange(boxes, i, boxes.length);
      }
    }
    throw new AssertionError("no code stream");
  }

  @Test
  void jpegLs() throws Exception {
    byte[] stream = coded(words(65535), "gray16le", "jpegls");
    DicomWriter w =
        image(JPEG_LS, COLUMNS, ROWS, 2).bits(16, 16, 15, 0).fragments(true, stream, stream);
    assertGreys(read(w).get(1), 65535, 0);
  }

  @Test
  void colourInJpegLs() throws Exception {
    byte[] rgb = new byte[3 * PIXELS];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 11);
    }
    byte[] stream = coded(rgb, "rgb24", "jpegls");
    DicomWriter w = image(JPEG_LS, COLUMNS, ROWS, 1).colour("RGB", 3).fragments(true, stream);
    assertArrayEquals(rgb, read(w).getFirst());
  }

  @Test
  void aVideoStreamInTwoFragmentsIsThatVideo() throws Exception {
    Path video = Fixtures.testdata().resolve("video/bframes.mp4");
    byte[] bytes = Files.readAllBytes(video);
    int cut = bytes.length / 4 * 2;
    DicomWriter w =
        image(H264, 70, 50, 12)
            .colour("YBR_PARTIAL_420", 3)
            .text(Tags.FRAME_TIME, "DS", "50")
            .fragments(
                false, Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
    Clip wanted = VideoReader.read(video);
    try (FrameSource source = VideoReader.open(w.write(folder.resolve("v.dcm")))) {
      assertEquals(20, source.rate().orElseThrow(), 1e-12);
      List<byte[]> frames = DicomReadTest.frames(source);
      assertEquals(12, frames.size());
      for (int i = 0; i < 12; i++) {
        assertArrayEquals(wanted.frames().get(i), frames.get(i), "frame " + i);
      }
    }
  }

  /** What a file without its last bytes says, of which some frames are left. */
  private String cut(DicomWriter writer, int bytes, int frames) throws IOException {
    byte[] whole = writer.toBytes();
    Path file = Files.write(folder.resolve("c.dcm"), Arrays.copyOf(whole, whole.length - bytes));
    try (FrameSource source = VideoReader.open(file)) {
      assertEquals(frames, DicomReadTest.frames(source).size());
      return source.remarks().toString();
    }
  }

  @Test
  void codedFramesBeforeACutAreGiven() throws Exception {
    byte[] ls = coded(words(65535), "gray16le", "jpegls");
    byte[] j2k = codeStream(coded(words(65535), "gray16le", "jpeg2000"));
    for (boolean table : new boolean[] {true, false}) {
      DicomWriter w = image(JPEG_LS, COLUMNS, ROWS, 3).bits(16, 16, 15, 0);
      String said = cut(w.fragments(table, ls, ls, ls), 40, 2);
      assertTrue(said.contains("cut off or damaged: 2 of 3 frames can be decoded"), said);
      w = image(JPEG_2000, COLUMNS, ROWS, 3).bits(16, 16, 15, 0);
      said = cut(w.fragments(table, j2k, j2k, j2k), 40, 2);
      assertTrue(said.contains("cut off or damaged: 2 of 3 frames can be decoded"), said);
    }
  }

  @Test
  void aBrokenStreamIsRefusedUnderItsOwnName() throws Exception {
    Path file = folder.resolve("v.dcm");
    image(H264, 70, 50, 12)
        .colour("YBR_PARTIAL_420", 3)
        .fragments(false, new byte[500])
        .write(file);
    String said = assertThrows(IOException.class, () -> VideoReader.open(file)).getMessage();
    assertTrue(said.contains("v.dcm") && said.contains("MPEG-4 AVC/H.264"), said);
    assertTrue(!said.contains(".pixels"), said);
  }

  @Test
  void temporaryFilesGo() throws Exception {
    List<String> before = temporaries();
    aVideoStreamInTwoFragmentsIsThatVideo();
    aBrokenStreamIsRefusedUnderItsOwnName();
    jpegLs();
    assertEquals(before, temporaries());
  }

  private static List<String> temporaries() throws IOException {
    List<String> out = new ArrayList<>();
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      files.map(Path::toString).filter(f -> f.endsWith(".pixels")).sorted().forEach(out::add);
    }
    return out;
  }

  /** See testdata/dicom/README.md; 13 i mod 60000 - 30000 over the whole range of 16 bits. */
  @Test
  void losslessJpegOfSixteenBitsWithSign() throws IOException {
    Path file = Fixtures.testdata().resolve("dicom/lossless16.dcm");
    try (FrameSource source = VideoReader.open(file)) {
      List<byte[]> frames = DicomReadTest.frames(source);
      for (int i = 0; i < 3 * 64 * 48; i++) {
        int v = 13 * i % 60000 - 30000;
        int wanted = (int) ((v + 32768) * 255.0 / 65535 + 0.5);
        int got = frames.get(i / (64 * 48))[3 * (i % (64 * 48))] & 0xff;
        assertEquals(wanted, got, "sample " + i);
      }
    }
  }

  @Test
  void extendedJpegOfTwelveBits() throws IOException {
    Path file = Fixtures.testdata().resolve("dicom/extended12.dcm");
    try (FrameSource source = VideoReader.open(file)) {
      List<byte[]> frames = DicomReadTest.frames(source);
      for (int i = 0; i < 3 * 64 * 48; i++) {
        int wanted = (int) (7 * i % 4096 * 255.0 / 4095 + 0.5);
        int got = frames.get(i / (64 * 48))[3 * (i % (64 * 48))] & 0xff;
        // Lossy; its ramps jump from white to black.
        assertTrue(
            Math.abs(wanted - got) <= 12 || 7 * i % 4096 < 64 || 7 * i % 4096 > 4032,
            "sample %d: %d, wanted %d".formatted(i, got, wanted));
      }
    }
  }

  /** Its first difference is of category 16. */
  @Test
  void losslessJpegOfTwelveBits() throws IOException {
    Path file = Fixtures.testdata().resolve("dicom/lossless12.dcm");
    try (FrameSource source = VideoReader.open(file)) {
      List<byte[]> frames = DicomReadTest.frames(source);
      for (int i = 0; i < 3 * 64 * 48; i++) {
        int wanted = (int) (7 * i % 4096 * 255.0 / 4095 + 0.5);
        int got = frames.get(i / (64 * 48))[3 * (i % (64 * 48))] & 0xff;
        assertEquals(wanted, got, "sample " + i);
      }
    }
  }
}
