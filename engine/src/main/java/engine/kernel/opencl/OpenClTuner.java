package engine.kernel.opencl;

import engine.kernel.Conv3dArgs;
import engine.kernel.Engine;
import engine.kernel.MatmulArgs;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Finds the tile with which a device multiplies fastest, and keeps it in the user's cache under
 * device, driver and the text of the products. A tile never shows in a result ({@link OpenClTile}),
 * and one that did would be refused here.
 */
public final class OpenClTuner {
  private static final int SIDE = 1024;
  private static final int ROUNDS = 3;
  private static final double LONG_ENOUGH = 0.05;

  private static final Conv3dArgs CONVOLUTION =
      new Conv3dArgs(
          1, 128, 4, 34, 34, 128, 3, 3, 3, new Stride3(1, 1, 1), Padding3.both(0, 0, 0), 1);

  /**
   * What a tile reaches.
   *
   * @param product 10^9 multiply-adds per second of a product of 1024 cubed
   * @param convolution the same of a 3x3x3 convolution of 128 channels
   */
  public record Timing(OpenClTile tile, double product, double convolution) {
    /** Geometric mean. */
    public double score() {
      return Math.sqrt(product * convolution);
    }
  }

  private OpenClTuner() {}

  /**
   * Tries all candidates and keeps the best.
   *
   * @param done is told of each timing and how many there will be
   */
  public static Timing tune(OpenClDevice device, BiConsumer<Timing, Integer> done) {
    return tune(device, OpenClTile.candidates(device), OpenClCache.ofUser(), done);
  }

  static Timing tune(
      OpenClDevice device,
      List<OpenClTile> candidates,
      OpenClCache cache,
      BiConsumer<Timing, Integer> done) {
    Timing best = null;
    float[] expected = null;
    for (OpenClTile tile : candidates) {
      Outcome outcome = outcome(device, tile);
      Timing timing = outcome.timing();
      float[] got = outcome.results();
      expected = expected == null ? got : expected;
      if (!Arrays.equals(expected, got)) {
        throw new OpenClException(
            "tile %s gives other bits on %s, driver %s, than %s: the driver is not to be trusted"
                .formatted(tile, device.name(), device.driver(), candidates.get(0)));
      }
      done.accept(timing, candidates.size());
      best =
          best == null || Comparator.comparingDouble(Timing::score).compare(timing, best) > 0
              ? timing
              : best;
    }
    if (best == null) {
      throw new OpenClException("no tile fits " + device.line());
    }
    OpenClTileChoice.keep(device, best.tile(), cache);
    return best;
  }

  private record Outcome(Timing timing, float[] results) {}

  private static Outcome outcome(OpenClDevice device, OpenClTile tile) {
    // Programs of tiles that lose are not worth keeping.
    OpenClCache nowhere = new OpenClCache(Optional.empty());
    try (Engine engine =
        Engine.open(1, workers -> new OpenClKernels(device, tile, nowhere, workers))) {
      Trial trial = new Trial((OpenClKernels) engine.kernels());
      Timing timing = new Timing(tile, trial.product(), trial.convolution());
      return new Outcome(timing, trial.results());
    }
  }

  /** The work by which tiles are told apart. */
  private static final class Trial {
    private final OpenClKernels kernels;
    private final Storage a;
    private final Storage b;
    private final Storage c;
    private final Storage x;
    private final Storage w;
    private final Storage y;

    Trial(OpenClKernels kernels) {
      this.kernels = kernels;
      this.a = filled(SIDE * SIDE, 1);
      this.b = filled(SIDE * SIDE, 2);
      this.c = kernels.allocate(SIDE * SIDE);
      Conv3dArgs v = CONVOLUTION;
      this.x = filled(v.ci() * v.t() * v.h() * v.w(), 3);
      this.w = filled(v.co() * v.ci() * v.taps(), 4);
      this.y = kernels.allocate(v.co() * v.positions());
    }

    private static Storage filled(int n, int salt) {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = ((i * 0x9E3779B1 ^ salt * 0x85EBCA6B) >> 8) * 0x1p-23f;
      }
      return HeapStorage.wrap(values);
    }

    double product() {
      MatmulArgs args = new MatmulArgs(1, SIDE, SIDE, SIDE, false, false, 0, 0);
      return rate(1e-9 * SIDE * SIDE * SIDE, () -> kernels.matmul().multiply(args, a, b, null, c));
    }

    double convolution() {
      Conv3dArgs v = CONVOLUTION;
      double work = 1e-9 * v.co() * v.positions() * v.ci() * v.taps();
      return rate(work, () -> kernels.conv3d().forward(v, x, w, null, y));
    }

    /** The best of some rounds, each of as many calls as take long enough. */
    private double rate(double work, Runnable call) {
      call.run();
      kernels.finish();
      int calls = 1;
      double best = 0;
      for (int round = 0; round < ROUNDS; ) {
        long begun = System.nanoTime();
        for (int i = 0; i < calls; i++) {
          call.run();
        }
        kernels.finish();
        double seconds = (System.nanoTime() - begun) * 1e-9;
        if (seconds < LONG_ENOUGH && round == 0) {
          calls *= 2;
        } else {
          best = Math.max(best, work * calls / seconds);
          round++;
        }
      }
      return best;
    }

    float[] results() {
      float[] all = new float[c.size() + y.size()];
      float[] first = new float[c.size()];
      float[] second = new float[y.size()];
      c.read(first);
      y.read(second);
      System.arraycopy(first, 0, all, 0, first.length);
      System.arraycopy(second, 0, all, first.length, second.length);
      return all;
    }
  }
}
