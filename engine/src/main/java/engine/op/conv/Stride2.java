package engine.op.conv;

import engine.kernel.Stride3;

/** Steps of a window along height and width; each at least 1. */
public record Stride2(int h, int w) {
  public static final Stride2 ONE = new Stride2(1, 1);

  /** The same step on both axes. */
  public static Stride2 of(int step) {
    return new Stride2(step, step);
  }

  Stride3 inVolume() {
    return new Stride3(1, h, w);
  }
}
