package medsora.media;

import engine.io.Printable;
import java.io.IOException;

/** A video that cannot be read or written; the message names the file and what to do next. */
public class VideoException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Message {@code [video] FILE: PROBLEM}. */
  public VideoException(String file, String problem) {
    super(prefix(file) + problem);
  }

  /** The same with the exception that led here. */
  public VideoException(String file, String problem, Throwable cause) {
    super(prefix(file) + problem, cause);
  }

  /** What every message begins with; a file's name may hold anything but a slash. */
  static String prefix(String file) {
    return "[video] " + Printable.line(file) + ": ";
  }
}
