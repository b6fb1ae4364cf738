package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/**
 * What a DICOM file says of a person goes nowhere: every text attribute holds a name, a number, a
 * date and an institution, and so do the names of files and folders; then all that comes out is
 * searched for them.
 */
class PrepareDicomTest {
  private static final List<String> IDENTIFYING =
      List.of(
          "ZWETSCHGENKNOEDEL", "4711081500", "19340229", "KLINIKUM-HINTERTUPFING", "1.2.9999.8888");

  private static final String ALL = String.join("^", IDENTIFYING);

  /** Text attributes: of study, patient, device, series, visit, procedure, and a private one. */
  private static final int[][] TEXTS = {
    {0x0008, 0x0018}, {0x0008, 0x0020}, {0x0008, 0x0050}, {0x0008, 0x0080}, {0x0008, 0x0081},
    {0x0008, 0x0090}, {0x0008, 0x1010}, {0x0008, 0x1030}, {0x0008, 0x103e}, {0x0008, 0x1050},
    {0x0009, 0x1001}, {0x0010, 0x0010}, {0x0010, 0x0020}, {0x0010, 0x0030}, {0x0010, 0x0040},
    {0x0010, 0x1000}, {0x0010, 0x1040}, {0x0010, 0x4000}, {0x0018, 0x1000}, {0x0018, 0x1030},
    {0x0018, 0x1056}, {0x0020, 0x000d}, {0x0020, 0x000e}, {0x0020, 0x0010}, {0x0020, 0x4000},
  };

  private static final int[][] LATER_TEXTS = {
    {0x0032, 0x1032}, {0x0032, 0x1060}, {0x0038, 0x0010}, {0x0040, 0x0006}, {0x0040, 0x0254},
  };

  @TempDir Path folder;

  /** Frames of 8x8 that change, with all of the above. */
  private static byte[] dicom(String syntax, String sopClass, String photometric, int frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[128]);
    out.writeBytes("DICM".getBytes(StandardCharsets.ISO_8859_1));
    element(out, 0x0002, 0x0003, "UI", text("1.2.9999.8888.1"));
    element(out, 0x0002, 0x0010, "UI", text(syntax));
    element(out, 0x0002, 0x0016, "AE", text(ALL));
    element(out, 0x0008, 0x0016, "UI", text(sopClass));
    for (int[] tag : TEXTS) {
      element(out, tag[0], tag[1], "LT", text(ALL));
    }
    element(out, 0x0028, 0x0002, "US", new byte[] {1, 0});
    element(out, 0x0028, 0x0004, "CS", text(photometric));
    element(out, 0x0028, 0x0008, "IS", text("" + frames));
    for (int tag : new int[] {0x0010, 0x0011, 0x0100, 0x0101}) {
      element(out, 0x0028, tag, "US", new byte[] {8, 0});
    }
    element(out, 0x0028, 0x0102, "US", new byte[] {7, 0});
    element(out, 0x0028, 0x4000, "LT", text(ALL));
    for (int[] tag : LATER_TEXTS) {
      element(out, tag[0], tag[1], "LT", text(ALL));
    }
    if (frames > 0) {
      byte[] pixels = new byte[64 * frames];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (40 + i % 64 + 3 * (i / 64));
      }
      element(out, 0x7fe0, 0x0010, "OB", pixels);
    }
    return out.toByteArray();
  }

  private static byte[] text(String text) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.ISO_8859_1), (text.length() + 1) / 2 * 2);
  }

  private static void element(
      ByteArrayOutputStream out, int group, int tag, String representation, byte[] value) {
    u16(out, group);
    u16(out, tag);
    out.writeBytes(representation.getBytes(StandardCharsets.ISO_8859_1));
    if (representation.equals("OB")) {
      u16(out, 0);
      u16(out, value.length);
      u16(out, value.length >> 16);
    } else {
      u16(out, value.length);
    }
    out.writeBytes(value);
  }

  private static void u16(ByteArrayOutputStream out, int value) {
    out.write(value);
    out.write(value >> 8);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve("data").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static final String EXPLICIT = "1.2.840.10008.1.2.1";
  private static final String CINE = "1.2.840.10008.5.1.4.1.1.3.1";

  @Test
  void nothingThatIdentifiesAPersonComesOut() throws IOException {
    String person = IDENTIFYING.getFirst() + "_" + IDENTIFYING.get(1);
    byte[] good = dicom(EXPLICIT, CINE, "MONOCHROME2", 12);
    write(person + "/" + IDENTIFYING.get(2) + ".dcm", good);
    write(person + "/cut " + person + ".dcm", Arrays.copyOf(good, good.length - 300));
    write(person + "/early " + person, Arrays.copyOf(good, 700));
    write(person + "/xl " + person, dicom("1.2.840.10008.1.2.4.110", CINE, "MONOCHROME2", 12));
    write(person + "/odd " + person, dicom(EXPLICIT, CINE, ALL, 12));
    write(person + "/uid " + person, dicom(ALL, CINE, "MONOCHROME2", 12));
    write(person + "/pdf " + person, dicom(EXPLICIT, "1.2.840.10008.5.1.4.1.1.104.1", "", 0));
    write(person + "/class " + person, dicom(EXPLICIT, ALL, "", 0));
    for (String format : List.of("strip", "folder", "mp4")) {
      Path out = folder.resolve("out-" + format);
      Outcome o =
          Runs.run(
              new Prepare(),
              folder.resolve("data"),
              "--out",
              out,
              "--frames",
              5,
              "--stride",
              1,
              "--size",
              16,
              "--format",
              format);
      assertEquals(0, o.code(), o.err());
      assertTrue(o.err().contains("dicom-0001-"), o.err());
      assertTrue(o.err().contains("JPEG XL Lossless (1.2.840.10008.1.2.4.110)"), o.err());
      assertTrue(o.err().contains("an encapsulated document"), o.err());
      List<String> list = Files.readAllLines(out.resolve("clips.tsv"));
      assertTrue(list.size() > 2, list.toString());
      assertTrue(list.get(1).contains("\tdicom-patient-0001"), list.get(1));
      assertSilent(o.out(), "output");
      assertSilent(o.err(), "messages");
      for (Path file : files(out)) {
        assertSilent(out.relativize(file).toString(), "a name");
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertSilent(bytes, file.toString());
      }
    }
  }

  @Test
  void aFolderOfRefusedFilesAloneIsRefusedInSilence() throws IOException {
    write("pdf", dicom(EXPLICIT, "1.2.840.10008.5.1.4.1.1.104.1", "", 0));
    write(IDENTIFYING.getFirst(), dicom(ALL, ALL, ALL, 0));
    Outcome o = Runs.run(new Prepare(), folder.resolve("data"), "--out", folder.resolve("none"));
    assertEquals(1, o.code(), o.err());
    assertTrue(o.err().contains("an encapsulated document"), o.err());
    assertSilent(o.out() + o.err(), "messages");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return new ArrayList<>(walk.filter(Files::isRegularFile).toList());
    }
  }

  private static void assertSilent(String text, String where) {
    String upper = text.toUpperCase(Locale.ROOT);
    for (String secret : IDENTIFYING) {
      assertFalse(
          upper.contains(secret),
          secret + " in " + where + ":\n" + text.substring(0, Math.min(text.length(), 3000)));
    }
  }
}
