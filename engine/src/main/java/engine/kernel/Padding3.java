package engine.kernel;

/** Zeros put around a volume: before and after in time, height and width; none negative. */
public record Padding3(int front, int back, int top, int bottom, int left, int right) {
  public static final Padding3 NONE = new Padding3(0, 0, 0, 0, 0, 0);

  public Padding3 {
    if (front < 0 || back < 0 || top < 0 || bottom < 0 || left < 0 || right < 0) {
      throw new IllegalArgumentException(
          "[padding] wants no negative extent, got (%d,%d,%d,%d,%d,%d)"
              .formatted(front, back, top, bottom, left, right));
    }
  }

  /** The same number of zeros before and after each axis (PyTorch: padding=(t, h, w)). */
  public static Padding3 both(int t, int h, int w) {
    return new Padding3(t, t, h, h, w, w);
  }
}
