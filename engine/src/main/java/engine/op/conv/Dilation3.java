package engine.op.conv;

/** Distances between neighbouring taps of a window along time, height and width; at least 1. */
public record Dilation3(int t, int h, int w) {
  public static final Dilation3 ONE = new Dilation3(1, 1, 1);

  public Dilation3 {
    if (t < 1 || h < 1 || w < 1) {
      throw new IllegalArgumentException(
          "[dilation] wants positive distances, got (" + t + "," + h + "," + w + ")");
    }
  }
}
