package engine.kernel.opencl;

import engine.tensor.Storage;

/**
 * What a device can do at most, for benchmarks: fused multiply-adds between registers alone, and a
 * triad of arrays. Calls return before the work is done ({@link OpenClKernels#finish}).
 */
public final class OpenClPeak extends OpenClFamily {
  /** Independent chains of a work-item. */
  static final int CHAINS = 12;

  /** Work-items for each unit: many on a graphics card, whose latency is hidden by others. */
  private static final int FEW_ITEMS = 64;

  private static final int MANY_ITEMS = 2048;
  private static final int FEW_ROUNDS = 1 << 12;
  private static final int MANY_ROUNDS = 1 << 13;

  private final boolean few;
  private final int items;
  private final int lanes;
  private final OpenClStorage out;

  public OpenClPeak(OpenClKernels kernels) {
    super(kernels.context(), "peaks");
    OpenClDevice device = kernels.device();
    this.few = device.kind() == OpenClDevice.Kind.CPU;
    this.items = device.units() * (few ? FEW_ITEMS : MANY_ITEMS);
    this.lanes = kernels.tile().vector();
    this.out = scratch(items);
  }

  private int rounds() {
    return few ? FEW_ROUNDS : MANY_ROUNDS;
  }

  /** The multiply-adds of {@link #fma}. */
  public long multiplyAdds() {
    return (long) items * rounds() * CHAINS * lanes;
  }

  /** Runs the chains. */
  public void fma() {
    run("peak_fma", items, rounds(), out(out));
  }

  /** a = b + s c over n elements. */
  public void triad(Storage b, Storage c, float s, Storage a, int n) {
    run("triad", n, in(b), in(c), s, out(a));
  }
}
