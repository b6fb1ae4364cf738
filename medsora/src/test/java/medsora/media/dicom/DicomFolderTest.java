package medsora.media.dicom;

import static medsora.media.dicom.DicomWriter.EXPLICIT;
import static medsora.media.dicom.DicomWriter.image;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.media.FrameSource;
import medsora.media.VideoFolder;
import medsora.media.VideoReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of DICOM: series of single frames, files without endings, DICOMDIR. */
class DicomFolderTest {
  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void below() {
    folder = temporary.resolve("data");
  }

  /** Grey of the first pixel of every frame, with a stroke before each section. */
  private static String story(FrameSource source) throws IOException {
    StringBuilder out = new StringBuilder();
    int section = -1;
    while (true) {
      int now = source.section();
      byte[] frame = new byte[source.frameBytes()];
      if (!source.next(frame)) {
        return out.toString();
      }
      out.append(now != section ? "|" : " ").append(frame[0] & 0xff);
      section = now;
    }
  }

  private static String story(Path path) throws IOException {
    try (FrameSource source = VideoReader.open(path)) {
      return story(source);
    }
  }

  private static DicomWriter still(String patient, String series, int number, int grey) {
    return image(EXPLICIT, 2, 1, 1)
        .text(Tags.PATIENT_ID, "LO", patient)
        .text(Tags.SERIES, "UI", series)
        .text(Tags.INSTANCE_NUMBER, "IS", "" + number)
        .pixels(new byte[] {(byte) grey, (byte) grey});
  }

  private static DicomWriter cine(String patient, int... greys) {
    byte[] samples = new byte[2 * greys.length];
    for (int i = 0; i < greys.length; i++) {
      samples[2 * i] = (byte) greys[i];
    }
    return image(EXPLICIT, 2, 1, greys.length).text(Tags.PATIENT_ID, "LO", patient).pixels(samples);
  }

  @Test
  void singleFramesOfASeriesAreOneVideoInTheOrderOfTheirNumbers() throws IOException {
    still("p", "1.2", 10, 40).write(folder.resolve("a.dcm"));
    still("p", "1.2", 2, 30).write(folder.resolve("IM0002"));
    still("p", "1.2", 1, 20).write(folder.resolve("z.DCM"));
    still("p", "1.3", 1, 90).write(folder.resolve("b.dcm"));
    VideoFolder list = VideoFolder.list(folder);
    assertEquals(2, list.videos().size());
    assertEquals("|20 30 40", story(list.videos().get(0)));
    assertEquals("|90", story(list.videos().get(1)));
    assertEquals("|20 30 40|90", story(folder));
  }

  /** Grey of each frame is ten times the number; those without one follow in their order. */
  private List<String> remarksOf(String wanted, Integer... numbers) throws IOException {
    for (int i = 0; i < numbers.length; i++) {
      DicomWriter w = still("p", "1.2", 0, numbers[i] == null ? 90 + i : 10 * numbers[i]);
      w.text(Tags.INSTANCE_NUMBER, "IS", numbers[i] == null ? "" : "" + numbers[i]);
      w.write(folder.resolve("IM" + i));
    }
    try (FrameSource source = VideoReader.open(folder)) {
      assertEquals(wanted, story(source));
      return source.remarks();
    }
  }

  @Test
  void aMissingNumberBeginsASection() throws IOException {
    String said = remarksOf("|10 20 30|50 60 70", 1, 2, 3, 5, 6, 7).toString();
    assertTrue(said.contains("2 parts by instance numbers"), said);
    assertTrue(said.contains("1 to 3 (3); 5 to 7 (3)"), said);
  }

  @Test
  void numbersInStepsAreNoGaps() throws IOException {
    String said = remarksOf("|30 50 70 90|130", 9, 7, 5, 3, 13).toString();
    assertTrue(said.contains("3 to 9 (4); 13 to 13 (1)"), said);
  }

  @Test
  void numbersThatAreTwiceThereOrAbsentAreSaid() throws IOException {
    String said = remarksOf("|10 20 20 30|90", null, 2, 3, 2, 1).toString();
    assertTrue(said.contains("1 of 5 files of a series have no instance number"), said);
    assertTrue(said.contains("1 of 5 files of a series have the instance number of an"), said);
  }

  @Test
  void filesWithoutAnyNumberKeepTheirOrder() throws IOException {
    String said = remarksOf("|90 91 92", null, null, null).toString();
    assertTrue(said.contains("3 of 3 files of a series have no instance number"), said);
    assertFalse(said.contains("parts"), said);
  }

  @Test
  void aDamagedFileOfASeriesIsLeftOutAndNoClipRunsAcross() throws IOException {
    for (int i = 1; i <= 5; i++) {
      Path file = still("p", "1.2", i, 10 * i).write(folder.resolve("Meier" + i));
      if (i == 3) {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
      }
    }
    try (FrameSource source = VideoReader.open(folder.resolve("Meier1"))) {
      assertEquals("|10 20|40 50", story(source));
      String said = source.remarks().toString();
      assertTrue(said.contains("1 of 5 files left out, since they cannot be read: dicom-"), said);
      assertTrue(said.contains("ends early"), said);
      assertFalse(said.contains("Meier"), said);
    }
  }

  @Test
  void aSeriesOfDamagedFilesAloneIsRefused() throws IOException {
    for (int i = 1; i <= 2; i++) {
      byte[] whole = still("p", "1.2", i, 10 * i).toBytes();
      Files.createDirectories(folder);
      Files.write(folder.resolve("Meier" + i), Arrays.copyOf(whole, whole.length - 1));
    }
    String said = assertThrows(IOException.class, () -> story(folder)).getMessage();
    assertTrue(said.contains("none of its 2 files can be read"), said);
    assertFalse(said.contains("Meier"), said);
  }

  @Test
  void aChangeOfSizeBeginsASection() throws IOException {
    still("p", "1.2", 1, 20).write(folder.resolve("1.dcm"));
    image(EXPLICIT, 3, 1, 1)
        .text(Tags.SERIES, "UI", "1.2")
        .text(Tags.INSTANCE_NUMBER, "IS", "2")
        .pixels(new byte[] {50, 50, 50})
        .write(folder.resolve("2.dcm"));
    assertEquals("|20|50", story(folder.resolve("1.dcm")));
  }

  @Test
  void videosOfAFolderHaveNamesThatTellNothingAndGroupsByPerson() throws IOException {
    cine("Meier^Anna", 1, 2).write(folder.resolve("Meier Anna/Meier_1961.dcm"));
    cine("Other", 3, 4).write(folder.resolve("Other"));
    cine("Meier^Anna", 5, 6).write(folder.resolve("Zz.dcm"));
    VideoFolder list = VideoFolder.list(folder);
    List<String> names = list.videos().stream().map(list::name).toList();
    assertEquals(3, names.size());
    for (int i = 0; i < 3; i++) {
      assertTrue(names.get(i).matches("dicom-000" + (i + 1) + "-[0-9a-f]{8}"), names.get(i));
    }
    List<String> groups = list.videos().stream().map(v -> list.group(v).orElseThrow()).toList();
    assertEquals(List.of("dicom-patient-0001", "dicom-patient-0002", "dicom-patient-0001"), groups);
  }

  @Test
  void whatHoldsNoPicturesIsAccountedFor() throws IOException {
    cine("p", 1, 2).write(folder.resolve("a.dcm"));
    new DicomWriter(EXPLICIT)
        .text(Tags.SOP_CLASS, "UI", "1.2.840.10008.5.1.4.1.1.88.11")
        .write(folder.resolve("report Meier.dcm"));
    Files.writeString(folder.resolve("broken.dcm"), "nothing of the kind");
    Files.writeString(folder.resolve("notes"), "plain text");
    VideoFolder list = VideoFolder.list(folder);
    assertEquals(1, list.videos().size());
    String ignored = list.ignored().toString();
    assertTrue(ignored.contains("a structured report, without pictures"), ignored);
    assertTrue(ignored.contains("is no DICOM file"), ignored);
    assertTrue(ignored.contains("not a video file"), ignored);
    assertFalse(ignored.contains("Meier"), ignored);
  }

  @Test
  void aFolderWithoutAnyPictureSaysWhy() throws IOException {
    new DicomWriter(EXPLICIT)
        .text(Tags.SOP_CLASS, "UI", "1.2.840.10008.5.1.4.1.1.104.1")
        .write(folder.resolve("a.dcm"));
    String said = assertThrows(IOException.class, () -> story(folder)).getMessage();
    assertTrue(said.contains("an encapsulated document"), said);
  }

  /** Patient, two series: IMAGES\B then IMAGES\A; C is not named; X is not there. */
  private void writeDirectory(boolean linked) throws IOException {
    cine("p", 1, 2).write(folder.resolve("IMAGES/A"));
    cine("p", 3, 4).write(folder.resolve("IMAGES/B"));
    cine("p", 5, 6).write(folder.resolve("IMAGES/C"));
    List<DicomWriter> records = new ArrayList<>();
    String[] files = linked ? new String[] {"A", "B", "X"} : new String[] {"B", "A", "X"};
    long[] next = new long[3];
    for (int pass = 0; pass < 2; pass++) {
      records.clear();
      for (int i = 0; i < 3; i++) {
        records.add(
            new DicomWriter("")
                .longs(Tags.NEXT_RECORD, next[i])
                .longs(Tags.LOWER_RECORD, 0)
                .text(Tags.RECORD_TYPE, "CS", "IMAGE")
                .text(Tags.REFERENCED_FILE, "CS", "IMAGES\\" + files[i]));
      }
      DicomWriter directory =
          new DicomWriter(EXPLICIT)
              .longs(Tags.FIRST_RECORD, linked ? next[2] : 0)
              .sequence(Tags.DIRECTORY_RECORDS, true, records.toArray(DicomWriter[]::new));
      Path file = directory.write(folder.resolve("DICOMDIR"));
      if (linked) {
        try (DicomFile read = DicomFile.open(file, medsora.media.ReadLimits.DEFAULT)) {
          List<DataSet> items = read.data().items(Tags.DIRECTORY_RECORDS);
          // B, then A, then X; where the first begins is kept in next[2] until it is written.
          next[1] = items.get(0).offset();
          next[0] = items.get(2).offset();
          next[2] = items.get(1).offset();
        }
      }
    }
  }

  @Test
  void aDirectoryDecidesWhatIsOfferedAndInWhichOrder() throws IOException {
    writeDirectory(false);
    assertEquals("|3 4|1 2", story(folder));
    assertEquals("|3 4|1 2", story(folder.resolve("DICOMDIR")));
    VideoFolder list = VideoFolder.list(folder);
    assertEquals(
        List.of("B", "A"), list.videos().stream().map(v -> v.getFileName().toString()).toList());
    String ignored = list.ignored().toString();
    assertTrue(ignored.contains("names 1 files that are not there"), ignored);
    assertTrue(ignored.contains("does not list 1 further DICOM file of its folder"), ignored);
  }

  @Test
  void linksOfADirectoryGoBeforeTheOrderOfItsRecords() throws IOException {
    writeDirectory(true);
    assertEquals("|3 4|1 2", story(folder));
  }

  @Test
  void aDirectoryDoesNotReachOutOfItsFolder() throws IOException {
    cine("p", 7, 8).write(temporary.resolve("secret.dcm"));
    new DicomWriter(EXPLICIT)
        .sequence(
            Tags.DIRECTORY_RECORDS,
            true,
            new DicomWriter("").text(Tags.REFERENCED_FILE, "CS", "..\\secret.dcm"))
        .write(folder.resolve("DICOMDIR"));
    String said = assertThrows(IOException.class, () -> story(folder)).getMessage();
    assertTrue(said.contains("holds no DICOM pictures"), said);
  }
}
