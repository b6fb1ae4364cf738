package medsora.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * What a jpeg reader of {@code javax.imageio} warns of. It reads a picture that is cut off to its
 * end, in grey, and only warns.
 */
public final class JpegWarnings implements IIOReadWarningListener {
  /** In libjpeg's words; other warnings, such as of bytes that are too many, lose no pixel. */
  private static final List<String> LOST =
      List.of("premature end of data", "bad Huffman code", "instead of RST");

  /** Of the end alone, which a picture of several scans cannot do without. */
  private static final List<String> NO_END = List.of("Missing EOI", "Premature end of input");

  private final List<String> said = new ArrayList<>();

  private JpegWarnings() {}

  /** Listens to a reader. */
  public static JpegWarnings of(ImageReader reader) {
    JpegWarnings warnings = new JpegWarnings();
    reader.addIIOReadWarningListener(warnings);
    return warnings;
  }

  @Override
  public void warningOccurred(ImageReader source, String warning) {
    said.add(warning);
  }

  /** All that it warned of. */
  public List<String> said() {
    return List.copyOf(said);
  }

  /**
   * What was lost of the picture read last, or nothing.
   *
   * @param progressive whether it has several scans
   */
  public Optional<String> lost(boolean progressive) {
    return said.stream()
        .filter(w ->
            LOST.stream().anyMatch(w::contains)
                || (progressive && NO_END.stream().anyMatch(w::contains)))
        .findFirst();
  }
}
