package nn.io;

import engine.io.Printable;
import engine.io.TensorSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * Names and shapes of plain weights, of which the sizes of a network are read. A file may hold
 * anything: what is missing or has another shape is said, and no extent is larger than {@link
 * #LARGEST}.
 *
 * @param source where they lie
 * @param op in front of messages
 * @param whose weights they are, for messages: {@code a denoiser}
 * @param prefix what stands before the names
 */
public record WeightShapes(TensorSource source, String op, String whose, String prefix) {
  /** No extent of a network comes near. */
  public static final int LARGEST = 1 << 20;

  private static final int MOST = 1 << 10;

  /** Whether there is such a weight. */
  public boolean contains(String name) {
    return source.contains(prefix + name);
  }

  /**
   * A shape that must have so many axes.
   *
   * @throws IOException where there is no such weight, or it has another number of them
   */
  public long[] of(String name, int rank) throws IOException {
    if (!contains(name)) {
      throw unfit("it lacks " + name);
    }
    long[] shape = source.shape(prefix + name);
    if (shape.length != rank) {
      throw unfit(name + " has the shape " + Printable.brief(Arrays.toString(shape)));
    }
    return shape;
  }

  /** An extent of such a shape. */
  public int extent(String name, int rank, int axis) throws IOException {
    return bounded(of(name, rank)[axis]);
  }

  /**
   * How many weights have the names of a pattern with 0, 1, 2 and so on in it.
   *
   * @param pattern with {@code %d}
   */
  public int count(String pattern) {
    int count = 0;
    while (count < MOST && contains(pattern.formatted(count))) {
      count++;
    }
    return count;
  }

  /** An extent as an int, 0 to {@link #LARGEST}. */
  public static int bounded(long extent) {
    return Math.clamp(extent, 0, LARGEST);
  }

  /** That these are other weights, and why. */
  public IOException unfit(String why) {
    return new IOException(
        "[%s] %s does not hold the weights of %s: %s".formatted(op, source.path(), whose, why));
  }

  /** That the sizes are none of such a network. */
  public IOException unfit(IllegalArgumentException e) {
    return new IOException("[%s] %s: %s".formatted(op, source.path(), e.getMessage()), e);
  }
}
