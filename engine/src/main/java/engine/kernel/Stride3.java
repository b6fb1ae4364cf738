package engine.kernel;

/** Steps of a window along time, height and width; each at least 1. */
public record Stride3(int t, int h, int w) {
  public static final Stride3 ONE = new Stride3(1, 1, 1);

  public Stride3 {
    if (t < 1 || h < 1 || w < 1) {
      throw new IllegalArgumentException(
          "[stride] wants positive steps, got (" + t + "," + h + "," + w + ")");
    }
  }
}
