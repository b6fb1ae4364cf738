package medsora.media;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The frames of one video in presentation order, read one at a time, so that a long video never has
 * to fit in memory. Not for use by two threads at once.
 *
 * <p>Width, height and section describe the frame that {@link #next} will give. They change only
 * between sections, such as two recordings that were joined: frames of different sections are never
 * one clip.
 */
public interface FrameSource extends AutoCloseable {
  /** What is being read, for messages. */
  String name();

  /** Width of the next frame in pixels. */
  int width();

  /** Height of the next frame in pixels. */
  int height();

  /** Number of the next frame's section, from 0 on; the last one's where there is no next frame. */
  default int section() {
    return 0;
  }

  /** Frames per second, where the file says. */
  default OptionalDouble rate() {
    return OptionalDouble.empty();
  }

  /**
   * What a user should know about how the frames came about, such as "deinterlaced"; one short
   * sentence each, complete when the last frame has been read.
   */
  default List<String> remarks() {
    return List.of();
  }

  /**
   * Reads the next frame.
   *
   * @param rgb receives {@code height * width * 3} bytes, interleaved R, G, B, row by row
   * @return false when there is no further frame ({@code rgb} is then untouched)
   * @throws IOException naming the file, when it is damaged or exceeds a limit
   */
  boolean next(byte[] rgb) throws IOException;

  /** Number of bytes of the next frame. */
  default int frameBytes() {
    return width() * height() * 3;
  }

  @Override
  void close() throws IOException;
}
