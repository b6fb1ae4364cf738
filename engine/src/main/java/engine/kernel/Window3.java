package engine.kernel;

/** Extents of a window along time, height and width; each at least 1. */
public record Window3(int t, int h, int w) {
  public Window3 {
    if (t < 1 || h < 1 || w < 1) {
      throw new IllegalArgumentException(
          "[window] wants positive extents, got (" + t + "," + h + "," + w + ")");
    }
  }
}
