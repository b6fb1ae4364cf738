package medsora.media;

import java.io.IOException;

/**
 * The frames of one video in presentation order, read one at a time, so that a long video never has
 * to fit in memory. Not for use by two threads at once.
 */
public interface FrameSource extends AutoCloseable {
  /** What is being read, for messages. */
  String name();

  /** Width of every frame in pixels. */
  int width();

  /** Height of every frame in pixels. */
  int height();

  /**
   * Reads the next frame.
   *
   * @param rgb receives {@code height * width * 3} bytes, interleaved R, G, B, row by row
   * @return false when there is no further frame ({@code rgb} is then untouched)
   * @throws IOException naming the file, when it is damaged or exceeds a limit
   */
  boolean next(byte[] rgb) throws IOException;

  /** Number of bytes of one frame. */
  default int frameBytes() {
    return width() * height() * 3;
  }

  @Override
  void close() throws IOException;
}
