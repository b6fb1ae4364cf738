package medsora.media;

import java.util.List;

/**
 * A short video held in memory.
 *
 * @param name where it came from, for messages
 * @param height rows of every frame
 * @param width columns of every frame
 * @param frames each {@code [height, width, 3]} interleaved RGB bytes
 */
public record Video(String name, int height, int width, List<byte[]> frames) {
  public Video {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "[video] " + name + ": frame size " + width + "x" + height + " is not positive");
    }
    frames = List.copyOf(frames);
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i).length != height * width * 3) {
        throw new IllegalArgumentException(
            "[video] "
                + name
                + ": frame "
                + i
                + " has "
                + frames.get(i).length
                + " bytes, "
                + width
                + "x"
                + height
                + " RGB wants "
                + height * width * 3);
      }
    }
  }

  /** Number of frames. */
  public int length() {
    return frames.size();
  }
}
