package medsora.baseline.gan;

import engine.autodiff.Tape;
import engine.op.layout.Layout;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import medsora.baseline.styleganv.FrameTimes;
import medsora.baseline.styleganv.Generator;
import medsora.baseline.styleganv.GeneratorConfig;
import medsora.baseline.styleganv.Watch;
import medsora.media.Clip;

/**
 * Draws clips from a generator. Frames are computed a few at a time, so that a clip may be of any
 * length; the first frames of a longer one are those of the shorter.
 */
public final class GanSampler {
  private static final long STREAM = 4L << 40;

  /** Frames of one pass, for the memory's sake; nothing else depends on it. */
  private static final int TOGETHER = 4;

  /** Bytes of the pictures of one clip, which is held whole. */
  private static final long MOST_BYTES = 1L << 30;

  private final Generator generator;
  private final Settings settings;

  /**
   * How clips are drawn.
   *
   * @param frames of a clip
   * @param start time of the first frame, in frames
   * @param step time from frame to frame; 1 is the rate of the training
   * @param psi how far content codes are from their average: 1 as drawn, 0 all alike
   */
  public record Settings(int frames, double start, double step, double psi) {
    public Settings {
      if (frames < 1) {
        throw new IllegalArgumentException("[gan] frames want 1 and more, got " + frames);
      }
      if (!(start >= 0 && step > 0 && start < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "[gan] times want a start from 0 and a step above 0, got %s and %s"
                .formatted(start, step));
      }
      if (!(psi >= 0 && psi <= 1)) {
        throw new IllegalArgumentException("[gan] truncation wants 0 to 1, got " + psi);
      }
    }

    /** Times of some of the frames. */
    private FrameTimes times(int from, int to, int distance) {
      float[] t = new float[to - from];
      for (int i = 0; i < t.length; i++) {
        t[i] = (float) (start + (from + i) * step);
      }
      return new FrameTimes(t, distance);
    }
  }

  /**
   * @throws IllegalArgumentException where clips would be longer than memory and float32 times
   *     allow
   */
  public GanSampler(Generator generator, Settings settings) {
    this.generator = generator;
    this.settings = settings;
    long bytes = 3L * generator.config().side() * generator.config().side() * settings.frames();
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "[gan] %d frames of %d pixels a side are more than a clip may hold, %d frames"
              .formatted(
                  settings.frames(),
                  generator.config().side(),
                  MOST_BYTES / (bytes / settings.frames())));
    }
    // Says now whether the last time can be told from the one before.
    settings.times(settings.frames() - 1, settings.frames(), motion().distance());
  }

  private GeneratorConfig.Motion motion() {
    return generator.config().motion();
  }

  /**
   * Clip number {@code index} of a seed, which depends on weights, settings and these two alone.
   * Pixels are cut off to whole numbers, as upstream has it, not rounded.
   *
   * @param stepped is told how many frames are done
   */
  public Clip sample(long seed, long index, IntConsumer stepped) {
    RandomKey key = new RandomKey(seed, STREAM + index, 0);
    float last = settings.times(settings.frames() - 1, settings.frames(), 1).t()[0];
    Tensor noise = normal(key.withStep(1), Shape.of(1, motion().moments(last), motion().z()));
    List<byte[]> frames = new ArrayList<>();
    try (Tape scope = Tape.noGrad()) {
      Tensor z = normal(key, Shape.of(1, generator.config().z()));
      Tensor drawn = generator.mapping().forward(z, Watch.NONE);
      Tensor w = generator.mapping().truncated(drawn, (float) settings.psi());
      while (frames.size() < settings.frames()) {
        int to = Math.min(settings.frames(), frames.size() + TOGETHER);
        frames.addAll(frames(w, noise, settings.times(frames.size(), to, motion().distance())));
        stepped.accept(to);
      }
    }
    int side = generator.config().side();
    return Clip.of("sample " + index + " of seed " + seed, side, side, frames);
  }

  private List<byte[]> frames(Tensor w, Tensor noise, FrameTimes times) {
    try (Tape scope = Tape.noGrad()) {
      int begin = times.leftIndex()[0];
      int end = motion().moments(times.t()[times.count() - 1]);
      Tensor near = Layout.slice(noise, 1, begin, end);
      Tensor v = generator.synthesis().motion().forward(times, near, begin, Watch.NONE);
      Tensor each = Layout.expand(w, 0, times.count());
      Tensor x = generator.synthesis().forward(each, v, Watch.NONE);
      float[] values = x.toArray();
      int plane = x.dim(2) * x.dim(3);
      List<byte[]> frames = new ArrayList<>();
      for (int i = 0; i < times.count(); i++) {
        byte[] frame = new byte[3 * plane];
        for (int j = 0; j < frame.length; j++) {
          frame[j] = toByte(values[(3 * i + j % 3) * plane + j / 3]);
        }
        frames.add(frame);
      }
      return frames;
    }
  }

  /** clamp(x / 2 + 1/2, 0, 1) 255, cut off. Not-a-number becomes 0. */
  private static byte toByte(float x) {
    float v = Math.max(0, Math.min(1, x * 0.5f + 0.5f)) * 255f;
    return (byte) (int) v;
  }

  private static Tensor normal(RandomKey key, Shape shape) {
    float[] draws = new float[shape.size()];
    key.random().normal(draws, 0, draws.length);
    return Tensor.of(shape, draws);
  }
}
