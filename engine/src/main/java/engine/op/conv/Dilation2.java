package engine.op.conv;

/** Distances between neighbouring taps of a window along height and width; each at least 1. */
public record Dilation2(int h, int w) {
  public static final Dilation2 ONE = new Dilation2(1, 1);

  /** The same distance on both axes. */
  public static Dilation2 of(int distance) {
    return new Dilation2(distance, distance);
  }

  Dilation3 inVolume() {
    return new Dilation3(1, h, w);
  }
}
