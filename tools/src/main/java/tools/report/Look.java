package tools.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The one stylesheet of all pages, which each page holds within it. */
public final class Look {
  private static final String FILE = "look.css";

  private Look() {}

  /** Its rules, as the content of a {@code style} element. */
  public static String css() {
    try (InputStream in = Look.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("[report] the jar lacks " + FILE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("[report] cannot read " + FILE, e);
    }
  }
}
