package medsora.media;

/** The built-in decoder does not know this stream; another one may. */
final class UnsupportedVideoException extends VideoException {
  private static final long serialVersionUID = 1L;

  UnsupportedVideoException(String file, String problem) {
    super(file, problem);
  }

  UnsupportedVideoException(String file, String problem, Throwable cause) {
    super(file, problem, cause);
  }
}
