package medsora.media.dicom;

import static medsora.media.dicom.DicomWriter.EXPLICIT;
import static medsora.media.dicom.DicomWriter.image;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.VideoFolder;
import medsora.media.VideoReader;
import medsora.media.jpeg.LosslessEncoder;
import medsora.media.jpeg.LosslessJpegTest;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged and hostile DICOM is read or refused by name, and nothing else happens. */
class DicomFuzzTest {
  private static final ReadLimits LIMITS = new ReadLimits(1 << 16, 100, 1 << 22, 10);
  private static Path folder;
  private static final List<byte[]> GOOD = new ArrayList<>();

  @BeforeContainer
  static void writeSome() throws IOException {
    folder = Files.createTempDirectory("fuzz");
    GOOD.clear();
    byte[] samples = new byte[64];
    for (int i = 0; i < 64; i++) {
      samples[i] = (byte) (i * 3);
    }
    DicomWriter region =
        new DicomWriter("")
            .longs(Tags.REGION_X0, 1)
            .longs(Tags.REGION_Y0, 1)
            .longs(Tags.REGION_X1, 2)
            .longs(Tags.REGION_Y1, 2);
    for (String syntax :
        List.of(DicomWriter.IMPLICIT, EXPLICIT, DicomWriter.DEFLATED, DicomWriter.BIG)) {
      GOOD.add(
          image(syntax, 4, 4, 4)
              .text(Tags.PATIENT_ID, "LO", "p")
              .text(Tags.FRAME_TIME_VECTOR, "DS", "0\\40\\40\\40")
              .sequence(Tags.REGIONS, true, region, region)
              .pixels(samples)
              .toBytes());
    }
    byte[] rle = DicomReadTest.rle(new byte[] {-15, 7, 0, 0});
    GOOD.add(image(DicomWriter.RLE, 4, 4, 2).fragments(true, rle, rle).toBytes());
    GOOD.add(
        image(DicomWriter.JPEG, 16, 8, 2)
            .colour("YBR_FULL_422", 3)
            .fragments(false, DicomReadTest.jpeg(0x102030), DicomReadTest.jpeg(0x405060))
            .toBytes());
    LosslessEncoder lossless = new LosslessEncoder(4, 4, 8, 1, 4, 0, 2, true);
    byte[] frame = lossless.encode(LosslessJpegTest.samples(new Random(1), lossless));
    GOOD.add(image("1.2.840.10008.1.2.4.57", 4, 4, 2).fragments(true, frame, frame).toBytes());
    GOOD.add(
        image(EXPLICIT, 2, 2, 1)
            .colour("PALETTE COLOR", 1)
            .shorts(Tags.RED_DESCRIPTOR, 2, 0, 16)
            .shorts(Tags.GREEN_DESCRIPTOR, 2, 0, 16)
            .shorts(Tags.BLUE_DESCRIPTOR, 2, 0, 16)
            .shorts(Tags.RED_DATA, 1, 2)
            .shorts(Tags.GREEN_DATA, 3, 4)
            .shorts(Tags.BLUE_DATA, 5, 6)
            .pixels(new byte[4])
            .toBytes());
    GOOD.add(
        new DicomWriter(EXPLICIT)
            .longs(Tags.FIRST_RECORD, 300)
            .sequence(
                Tags.DIRECTORY_RECORDS,
                true,
                new DicomWriter("").text(Tags.REFERENCED_FILE, "CS", "A\\B"))
            .toBytes());
  }

  @AfterContainer
  static void clean() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }

  @Property
  void cutsAreReadOrRefused(@ForAll Random random) throws IOException {
    byte[] good = GOOD.get(random.nextInt(GOOD.size()));
    reads(Arrays.copyOf(good, 133 + random.nextInt(good.length - 133)));
  }

  @Property
  void flippedBitsAreReadOrRefused(@ForAll Random random) throws IOException {
    byte[] good = GOOD.get(random.nextInt(GOOD.size()));
    byte[] bad = good.clone();
    for (int k = random.nextInt(6); k >= 0; k--) {
      bad[132 + random.nextInt(bad.length - 132)] ^= (byte) (1 << random.nextInt(8));
    }
    reads(bad);
  }

  /** Lengths and counts become very large or negative. */
  @Property
  void numbersAreReadOrRefused(@ForAll Random random) throws IOException {
    byte[] good = GOOD.get(random.nextInt(GOOD.size()));
    byte[] bad = good.clone();
    int at = 132 + random.nextInt(bad.length - 136);
    int value = random.nextBoolean() ? -1 - random.nextInt(3) : random.nextInt();
    for (int i = 0; i < 4; i++) {
      bad[at + i] = (byte) (value >> (8 * i));
    }
    reads(bad);
  }

  private static void reads(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("f.dcm"), bytes);
    try (FrameSource source = VideoReader.open(file, LIMITS)) {
      int frames = 0;
      while (source.next(new byte[source.frameBytes()])) {
        frames++;
      }
      assertTrue(frames <= 100);
      assertTrue(source.remarks().size() < 10);
    } catch (VideoException e) {
      String said = e.getMessage();
      assertTrue(said.contains("f.dcm") || said.startsWith("[video] dicom-"), said);
      assertTrue(e.getMessage().length() < 1000, e.getMessage());
    }
    VideoFolder.list(folder);
  }

  private static String refusal(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("f.dcm"), bytes);
    return assertThrows(VideoException.class, () -> VideoReader.open(file, LIMITS)).getMessage();
  }

  @Example
  void deepSequencesAreRefused() throws IOException {
    byte[] start = new DicomWriter(EXPLICIT).toBytes();
    byte[] deep = Arrays.copyOf(start, start.length + 20 * 5000);
    for (int i = 0; i < 5000; i++) {
      byte[] open = {
        9, 0, 1, 16, 'S', 'Q', 0, 0, -1, -1, -1, -1, -2, -1, 0, (byte) 0xe0, -1, -1, -1, -1
      };
      System.arraycopy(open, 0, deep, start.length + 20 * i, 20);
    }
    assertTrue(refusal(deep).contains("sequences nest deeper than 16"));
  }

  @Example
  void aValueOfFourGigabytesTakesNone() throws IOException {
    byte[] start = new DicomWriter(EXPLICIT).toBytes();
    byte[] claim = Arrays.copyOf(start, start.length + 12);
    byte[] header = {0x28, 0, 0x06, 0x30, 'O', 'W', 0, 0, -2, -1, -1, -1};
    System.arraycopy(header, 0, claim, start.length, 12);
    assertTrue(refusal(claim).contains("(0028,3006) claims 4294967294 bytes"));
  }

  @Example
  void aBombOfDeflatedZeroesIsReadInPassing() throws IOException {
    byte[] bomb =
        image(DicomWriter.DEFLATED, 2, 1, 1)
            .bytes(0x00091001, "OB", new byte[1 << 24])
            .pixels(new byte[] {4, 5})
            .toBytes();
    assertTrue(bomb.length < 1 << 20);
    Path file = Files.write(folder.resolve("f.dcm"), bomb);
    try (FrameSource source = VideoReader.open(file, LIMITS)) {
      byte[] frame = new byte[6];
      assertTrue(source.next(frame));
      assertEquals(5, frame[3]);
    }
  }

  @Example
  void sizesAndCountsBeyondTheLimitsAreRefused() throws IOException {
    assertTrue(
        refusal(image(EXPLICIT, 60000, 60000, 1).pixels(new byte[2]).toBytes())
            .contains("exceed the limit"));
    assertTrue(
        refusal(image(EXPLICIT, 1, 1, 101).pixels(new byte[102]).toBytes())
            .contains("more frames than the limit"));
    assertTrue(
        refusal(image(EXPLICIT, 0, 0, 1).pixels(new byte[2]).toBytes()).contains("impossible"));
  }
}
