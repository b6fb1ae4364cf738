package medsora.metric.phantom;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import medsora.phantom.Phantom;

/** The phantom's frames and flow as the networks see them, to learn from. */
public final class TrainingPictures {
  /** Frames of a clip that pictures are taken from, spread evenly. */
  private static final int FRAMES = 52;

  /** Flow is learned at once, twice and three times its speed in turn: clips are spaced so. */
  private static final int SPEEDS = 3;

  private TrainingPictures() {}

  /**
   * Rendered frames.
   *
   * @param done is told the number of clips done
   * @return [clips * each, 3, 64, 64]
   */
  public static Tensor frames(long seed, int clips, int each, IntConsumer done) {
    int side = Seen.FRAME_SIDE;
    int plane = side * side;
    float[] bytes = new float[clips * each * 3 * plane];
    for (int clip = 0; clip < clips; clip++) {
      Phantom phantom = new Phantom(seed, clip, FRAMES);
      int first = clip * each;
      IntStream.range(0, each)
          .parallel()
          .forEach(k -> {
            byte[] rgb = phantom.frame(place(k, each), side);
            for (int i = 0; i < rgb.length; i++) {
              bytes[((first + k) * 3 + i % 3) * plane + i / 3] = rgb[i] & 0xff;
            }
          });
      done.accept(clip + 1);
    }
    return Seen.frames(Tensor.of(Shape.of(clips * each, 3, side, side), bytes));
  }

  /**
   * Exact flow, every second picture as a mirror shows it.
   *
   * @param done is told the number of clips done
   * @return [clips * each, 3, 48, 48]
   */
  public static Tensor motion(long seed, int clips, int each, IntConsumer done) {
    int side = Seen.FLOW_SIDE;
    int two = 2 * side * side;
    float[] uv = new float[clips * each * two];
    for (int clip = 0; clip < clips; clip++) {
      Phantom phantom = new Phantom(seed, clip, FRAMES);
      int first = clip * each;
      IntStream.range(0, each)
          .parallel()
          .forEach(k -> {
            float[] flow = phantom.flow(place(k, each), side).uv();
            int picture = first + k;
            scale(flow, 1 + picture % SPEEDS);
            float[] seen = picture / SPEEDS % 2 == 0 ? flow : mirrored(flow, side);
            System.arraycopy(seen, 0, uv, picture * two, two);
          });
      done.accept(clip + 1);
    }
    return Seen.motion(Tensor.of(Shape.of(clips * each, 2, side, side), uv));
  }

  private static int place(int k, int each) {
    return (k * (FRAMES - 1) + (FRAMES - 1) / 2) / each;
  }

  private static void scale(float[] flow, int speed) {
    for (int i = 0; i < flow.length; i++) {
      flow[i] *= speed;
    }
  }

  /** Left and right change places, and the horizontal component its sign. */
  static float[] mirrored(float[] flow, int side) {
    float[] out = Arrays.copyOf(flow, flow.length);
    for (int i = 0; i < flow.length; i++) {
      float value = flow[i + side - 1 - 2 * (i % side)];
      out[i] = i < side * side ? -value : value;
    }
    return out;
  }
}
