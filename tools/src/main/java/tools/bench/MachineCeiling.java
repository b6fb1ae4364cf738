package tools.bench;

import engine.kernel.Workers;
import engine.kernel.simd.FmaPeak;
import java.util.Arrays;

/**
 * What the machine can do at most, measured like any row: the peak of fused multiply-adds, and the
 * bandwidth of copying and of a triad over arrays that no cache holds.
 */
public record MachineCeiling(Kind kind, int threads) implements Ceiling {
  /** Floats of an array: 64 MiB each. */
  private static final int SIZE = 1 << 24;

  private static final int GRAIN = 1 << 18;
  private static final int ROUNDS = 1 << 19;
  private static final int CHAINS = 8;

  @Override
  public String rowName() {
    return switch (kind) {
      case FMA -> "peak-fma-" + threads;
      case COPY -> "bandwidth-copy";
      case TRIAD -> "bandwidth-triad";
    };
  }

  @Override
  public boolean suits(int wanted) {
    return kind != Kind.FMA || threads == wanted;
  }

  @Override
  public Work work() {
    return switch (kind) {
      case FMA -> Work.products(threads * multiplyAdds(), 0);
      case COPY -> Work.moving(2L * SIZE);
      case TRIAD -> Work.moving(3L * SIZE);
    };
  }

  private static boolean hasVectors() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private static long multiplyAdds() {
    return (long) ROUNDS * CHAINS;
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Workers workers = new Workers(threads);
    if (kind == Kind.FMA) {
      return hasVectors() ? vectors(workers) : scalars(workers);
    }
    float[] a = filled();
    float[] b = filled();
    if (kind == Kind.COPY) {
      return () ->
          Task.time(() ->
              workers.ranges(
                  SIZE, GRAIN, (from, to) -> System.arraycopy(a, from, b, from, to - from)));
    }
    float[] c = filled();
    return () ->
        Task.time(() -> workers.ranges(SIZE, GRAIN, (from, to) -> triad(a, b, c, from, to)));
  }

  /** The fastest of several ways, in seconds for the row's own number of multiply-adds. */
  private Task vectors(Workers workers) {
    float[] sink = new float[threads];
    return () -> {
      double best = Double.POSITIVE_INFINITY;
      for (FmaPeak.Way way : FmaPeak.Way.values()) {
        double seconds =
            Task.time(() -> workers.forEach(threads, i -> sink[i] = FmaPeak.run(way, ROUNDS)));
        best = Math.min(best, seconds * multiplyAdds() / FmaPeak.multiplyAdds(way, ROUNDS));
      }
      return best;
    };
  }

  private Task scalars(Workers workers) {
    float[] sink = new float[threads];
    return () -> Task.time(() -> workers.forEach(threads, i -> sink[i] = scalarChains()));
  }

  /** Written, for pages of zeros may be one and the same until then. */
  private static float[] filled() {
    float[] array = new float[SIZE];
    Arrays.fill(array, 1f);
    return array;
  }

  private static void triad(float[] a, float[] b, float[] c, int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] = b[i] + (0.5f * c[i]);
    }
  }

  /** Without the Vector API there is nothing better to compare with. */
  private static float scalarChains() {
    float a = 1;
    float b = 2;
    float c = 3;
    float d = 4;
    float e = 5;
    float f = 6;
    float g = 7;
    float h = 8;
    for (int i = 0; i < ROUNDS; i++) {
      a = Math.fma(a, 0.999f, 0.001f);
      b = Math.fma(b, 0.999f, 0.001f);
      c = Math.fma(c, 0.999f, 0.001f);
      d = Math.fma(d, 0.999f, 0.001f);
      e = Math.fma(e, 0.999f, 0.001f);
      f = Math.fma(f, 0.999f, 0.001f);
      g = Math.fma(g, 0.999f, 0.001f);
      h = Math.fma(h, 0.999f, 0.001f);
    }
    return a + b + c + d + e + f + g + h;
  }
}
