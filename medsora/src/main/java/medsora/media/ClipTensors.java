package medsora.media;

import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A clip as safetensors, without any loss: float32 {@code video} [3, T, H, W], about in [-1, 1],
 * with frames per second and {@link Label} in its metadata, and a sum over it all.
 */
public final class ClipTensors {
  private static final String NAME = "video";
  private static final String RATE = "fps";
  private static final int CHANNELS = 3;
  private static final long MOST_VALUES = 1L << 28;

  private ClipTensors() {}

  /** Writes all frames. */
  public static void write(Path file, Clip clip) throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter().checksummed();
    long[] shape = {CHANNELS, clip.length(), clip.height(), clip.width()};
    writer.floats(NAME, shape, clip.values());
    clip.rate().ifPresent(fps -> writer.metadata(RATE, Double.toString(fps)));
    clip.label().ifPresent(label -> writer.metadata(LabelReader.KEY, label.text()));
    Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    writer.write(file);
  }

  /**
   * Reads what {@link #write} wrote; its rate is left out.
   *
   * @throws IOException where it is damaged, or is something else
   */
  public static Clip read(Path file) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      opened.verify();
      long[] shape = opened.contains(NAME) ? opened.shape(NAME) : new long[0];
      if (shape.length != 4 || shape[0] != CHANNELS || !opened.dtype(NAME).isFloating()) {
        throw new VideoException(file.toString(), "holds no 'video' of [3, frames, rows, columns]");
      }
      for (long extent : shape) {
        if (extent < 1 || extent > MOST_VALUES) {
          throw new VideoException(file.toString(), "has a video of a side of " + extent);
        }
      }
      if (shape[1] * shape[2] > MOST_VALUES
          || CHANNELS * shape[1] * shape[2] > MOST_VALUES / shape[3]) {
        throw new VideoException(file.toString(), "is larger than any clip");
      }
      float[] values = opened.floats(NAME);
      return Clip.of(file.toString(), (int) shape[1], (int) shape[2], (int) shape[3], values);
    }
  }
}
