package medsora.media;

import java.io.IOException;

/**
 * A source whose every failure is a {@link VideoException} that names the file: a damaged video
 * must not end the reading of the others, whatever its decoder throws.
 */
final class Contained extends ForwardedSource {
  private final FrameSource source;

  private Contained(FrameSource source) {
    this.source = source;
  }

  /** Opens a source. */
  interface Opening {
    FrameSource open() throws IOException;
  }

  static FrameSource open(String name, Opening opening) throws IOException {
    try {
      return new Contained(opening.open());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw failed(name, e);
    }
  }

  /** What is said of a failure that no reader foresaw. */
  static VideoException failed(String name, Throwable e) {
    String what =
        e instanceof OutOfMemoryError
            ? "needs more memory than there is: JAVA_OPTS=-Xmx... raises that"
            : "its decoder fails (" + e + "); a damaged file?";
    return new VideoException(name, what, e);
  }

  @Override
  FrameSource source() {
    return source;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    try {
      return source.next(rgb);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw failed(name(), e);
    }
  }
}
