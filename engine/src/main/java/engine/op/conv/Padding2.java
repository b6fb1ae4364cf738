package engine.op.conv;

import engine.kernel.Padding3;

/** Zeros put around an image; none negative. */
public record Padding2(int top, int bottom, int left, int right) {
  public static final Padding2 NONE = new Padding2(0, 0, 0, 0);

  /** The same number of zeros on all four sides. */
  public static Padding2 of(int each) {
    return new Padding2(each, each, each, each);
  }

  Padding3 inVolume() {
    return new Padding3(0, 0, top, bottom, left, right);
  }
}
