package medsora.metric;

import engine.autodiff.Tape;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import medsora.flow.FlowEstimator;
import medsora.media.Clip;

/**
 * How well each frame of a clip follows from the one before by smooth motion: the next frame, read
 * where the estimated flow leads each pixel (Eq. 5), against this frame. A clip that flickers or
 * changes what it shows has a large error; one that stands still has a small one, wherefore the
 * error without any motion stands beside.
 *
 * @param warped mean |I(t+1, x + flow) - I(t, x)| over pixels that stay in the picture, of values
 *     in [-1, 1]
 * @param still the same with a flow of 0 at the same pixels
 */
public record FlowConsistency(double warped, double still) {
  private static final float HALF_RANGE = 127.5f;

  /**
   * Measures clips.
   *
   * @param clips of at least two frames each
   */
  public static FlowConsistency of(List<Clip> clips, FlowEstimator estimator) {
    Sum sum = new Sum();
    for (Clip clip : clips) {
      Tensor first = pictures(clip, 0);
      Tensor second = pictures(clip, 1);
      sum.add(first, second, estimator.flow(first, second));
    }
    return new FlowConsistency(sum.warped / sum.count, sum.still / sum.count);
  }

  /** Frames from {@code from} on, one fewer than all, [frames - 1, 3, H, W] in 0..255. */
  private static Tensor pictures(Clip clip, int from) {
    float[] values = clip.values();
    int frames = clip.length();
    int plane = clip.height() * clip.width();
    return Tensor.generate(
        Shape.of(frames - 1, 3, clip.height(), clip.width()),
        i -> {
          int frame = i / (3 * plane) + from;
          int channel = i / plane % 3;
          return (values[(channel * frames + frame) * plane + i % plane] + 1) * HALF_RANGE;
        });
  }

  private static final class Sum {
    private double warped;
    private double still;
    private long count;

    void add(Tensor first, Tensor second, Tensor flow) {
      int width = first.dim(3);
      int height = first.dim(2);
      int plane = height * width;
      int pairs = first.dim(0);
      float[] uv = flow.toArray();
      Tensor places =
          Tensor.generate(
              Shape.of(pairs, plane, 2),
              i -> {
                int pixel = i / 2 % plane;
                int pair = i / 2 / plane;
                float moved = uv[(2 * pair + i % 2) * plane + pixel];
                return (i % 2 == 0 ? pixel % width : pixel / width) + moved;
              });
      float[] a = first.toArray();
      float[] b = second.toArray();
      float[] c;
      try (Tape scope = Tape.noGrad()) {
        c = Resample.bilinearSample(second, places).toArray();
      }
      float[] at = places.toArray();
      for (int i = 0; i < a.length; i++) {
        int place = (i / (3 * plane) * plane + i % plane) * 2;
        if (at[place] >= 0
            && at[place] <= width - 1
            && at[place + 1] >= 0
            && at[place + 1] <= height - 1) {
          warped += Math.abs(c[i] - a[i]) / HALF_RANGE;
          still += Math.abs(b[i] - a[i]) / HALF_RANGE;
          count++;
        }
      }
    }
  }
}
