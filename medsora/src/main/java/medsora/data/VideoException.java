package medsora.data;

import java.io.IOException;

/** A video that cannot be read or written; the message names the file and what to do next. */
public class VideoException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Message {@code [video] FILE: PROBLEM}. */
  public VideoException(String file, String problem) {
    super("[video] " + file + ": " + problem);
  }

  /** The same with the exception that led here. */
  public VideoException(String file, String problem, Throwable cause) {
    super("[video] " + file + ": " + problem, cause);
  }
}
