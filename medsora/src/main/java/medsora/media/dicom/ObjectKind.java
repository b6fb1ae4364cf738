package medsora.media.dicom;

import java.util.List;

/** What DICOM objects without pictures are (part 4, annex B). */
final class ObjectKind {
  private record Kind(String prefix, String words) {}

  private static final String STORAGE = "1.2.840.10008.5.1.4.1.1.";

  private static final List<Kind> KINDS =
      List.of(
          new Kind("1.2.840.10008.1.3.10", "the directory of a folder (DICOMDIR)"),
          new Kind(STORAGE + "104.", "an encapsulated document, such as a PDF"),
          new Kind(STORAGE + "88.", "a structured report"),
          new Kind(STORAGE + "11.", "a presentation state"),
          new Kind(STORAGE + "9.", "a waveform, such as an electrocardiogram"),
          new Kind(STORAGE + "66", "a registration, raw data or a segmentation of other pictures"),
          new Kind(STORAGE + "481.", "an object of radiotherapy"),
          new Kind(STORAGE + "4.2", "a spectroscopy"),
          new Kind("1.2.840.10008.5.1.4.", "an object"));

  private ObjectKind() {}

  /** In words. */
  static String of(String sopClass) {
    String words =
        KINDS.stream()
            .filter(k -> sopClass.startsWith(k.prefix))
            .map(Kind::words)
            .findFirst()
            .orElse("an object of an unknown class");
    return words + ", without pictures";
  }
}
