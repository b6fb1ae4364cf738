package medsora.media.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import medsora.media.Pictures;
import medsora.media.StuckDecoderException;
import medsora.media.VideoException;

/**
 * Names for DICOM sources that tell nothing: {@code dicom-} and the first 8 digits of the SHA-256
 * of the file's first MiB. File names and folders may be those of persons.
 */
final class NeutralName {
  private static final int BYTES = 1 << 20;
  private static final int DIGITS = 8;

  private NeutralName() {}

  /** The name of a file alone. */
  static String of(Path file) throws IOException {
    return "dicom-" + digits(file);
  }

  /**
   * The name of one of several.
   *
   * @param number from 1 in the order of the folder
   */
  static String of(int number, Path file) {
    String digits;
    try {
      digits = digits(file);
    } catch (IOException e) {
      digits = "unread";
    }
    return "dicom-%04d-%s".formatted(number, digits);
  }

  /** A fault that names its file by its path, without that. */
  static VideoException renamed(String name, Path path, VideoException e) {
    // Without the cause, which would be logged with the path in it.
    return e instanceof StuckDecoderException stuck
        ? stuck.renamed(name)
        : new VideoException(name, Pictures.reason(e, path));
  }

  /** A fault of a file without its name, be that its path or its neutral one. */
  static String reason(String name, Path path, VideoException e) {
    String byPath = Pictures.reason(e, path);
    String byName = Pictures.reason(e, Path.of(name));
    return byPath.length() < byName.length() ? byPath : byName;
  }

  private static String digits(Path file) throws IOException {
    byte[] begin;
    try (InputStream in = Files.newInputStream(file)) {
      begin = in.readNBytes(BYTES);
    }
    return HexFormat.of().formatHex(ElementReader.digest(begin)).substring(0, DIGITS);
  }
}
