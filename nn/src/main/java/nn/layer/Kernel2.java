package nn.layer;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Dilation2;
import engine.op.conv.Dilation3;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;

/**
 * The window of a 2-D convolution: its extents and how it moves.
 *
 * @param high rows of taps, at least 1
 * @param wide columns of taps, at least 1
 */
public record Kernel2(int high, int wide, Stride2 stride, Padding2 padding, Dilation2 dilation) {
  public Kernel2 {
    Kernel3.requireTaps(1, high, wide);
  }

  /** A square of stride 1, without padding, without gaps. */
  public static Kernel2 of(int side) {
    return of(side, side);
  }

  /** {@code high} rows and {@code wide} columns, stride 1, without padding, without gaps. */
  public static Kernel2 of(int high, int wide) {
    return new Kernel2(high, wide, Stride2.ONE, Padding2.NONE, Dilation2.ONE);
  }

  /** A window of odd extents with zeros around that keep height and width (at stride 1). */
  public static Kernel2 same(int high, int wide) {
    return of(high, wide).padding(new Padding2(high / 2, high / 2, wide / 2, wide / 2));
  }

  /** The same for a square. */
  public static Kernel2 same(int side) {
    return same(side, side);
  }

  public Kernel2 stride(int step) {
    return stride(Stride2.of(step));
  }

  public Kernel2 stride(Stride2 step) {
    return new Kernel2(high, wide, step, padding, dilation);
  }

  /** The same number of zeros on all four sides. */
  public Kernel2 padding(int each) {
    return padding(Padding2.of(each));
  }

  public Kernel2 padding(Padding2 zeros) {
    return new Kernel2(high, wide, stride, zeros, dilation);
  }

  public Kernel2 dilation(int distance) {
    return dilation(Dilation2.of(distance));
  }

  public Kernel2 dilation(Dilation2 distances) {
    return new Kernel2(high, wide, stride, padding, distances);
  }

  /** The same window over every frame of a volume by itself. */
  Kernel3 inVolume() {
    return new Kernel3(
        1,
        high,
        wide,
        new Stride3(1, stride.h(), stride.w()),
        new Padding3(0, 0, padding.top(), padding.bottom(), padding.left(), padding.right()),
        new Dilation3(1, dilation.h(), dilation.w()));
  }
}
