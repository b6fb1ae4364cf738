package medsora.media.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import medsora.media.Pictures;
import medsora.media.ReadLimits;

/**
 * What a file is, by its data set.
 *
 * @param path the file
 * @param kind what it holds
 * @param patient hash that is equal for files of one person; never shown
 * @param series hash that is equal for files of one series; never shown
 * @param number its place in the series, or {@link Long#MAX_VALUE}
 * @param reason why it holds no picture
 */
record Entry(Path path, Kind kind, String patient, String series, long number, String reason) {
  /** Kinds of files. */
  enum Kind {
    DIRECTORY,
    /** Several frames, or a stream. */
    CINE,
    /** One frame, which may be one of a series. */
    SINGLE,
    REFUSED
  }

  private static final String DIRECTORY_CLASS = "1.2.840.10008.1.3.10";

  /** Reads a file's data set up to its pixels. */
  static Entry of(Path path, ReadLimits limits) {
    try (DicomFile file = DicomFile.open(path, limits)) {
      DataSet data = file.data();
      if (data.text(Tags.SOP_CLASS).equals(DIRECTORY_CLASS)
          || !data.items(Tags.DIRECTORY_RECORDS).isEmpty()) {
        return new Entry(path, Kind.DIRECTORY, "", "", 0, "");
      }
      file.requirePictures();
      String frames = data.text(Tags.FRAMES, 0);
      boolean single =
          (frames.isEmpty() || frames.equals("1"))
              && file.syntax().coding() != TransferSyntax.Coding.VIDEO;
      return new Entry(
          path,
          single ? Kind.SINGLE : Kind.CINE,
          hex(data.bytes(Tags.PATIENT_ID)),
          hex(data.bytes(Tags.SERIES)),
          number(data.text(Tags.INSTANCE_NUMBER, 0)),
          "");
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      String reason = e instanceof IOException ? Pictures.reason(e, path) : "damaged DICOM";
      return new Entry(path, Kind.REFUSED, "", "", 0, reason);
    }
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  private static long number(String text) {
    return text.matches("[+-]?[0-9]{1,12}") ? Long.parseLong(text) : Long.MAX_VALUE;
  }

  /** Whether it says its place in the series. */
  boolean numbered() {
    return number != Long.MAX_VALUE;
  }

  /** Equal for single frames that are one video: of one series in one folder. */
  Object video() {
    return kind == Kind.SINGLE ? Arrays.asList(path.getParent(), series) : path;
  }
}
