package nn.layer;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Dilation3;

/**
 * The window of a 3-D convolution: its extents and how it moves.
 *
 * @param deep taps along time, at least 1
 * @param high rows of taps, at least 1
 * @param wide columns of taps, at least 1
 */
public record Kernel3(
    int deep, int high, int wide, Stride3 stride, Padding3 padding, Dilation3 dilation) {
  public Kernel3 {
    requireTaps(deep, high, wide);
  }

  static void requireTaps(int deep, int high, int wide) {
    if (deep < 1 || high < 1 || wide < 1) {
      throw new IllegalArgumentException(
          "[kernel] wants at least 1 tap on each axis, got ("
              + deep
              + ","
              + high
              + ","
              + wide
              + ")");
    }
  }

  /** A cube of stride 1, without padding, without gaps. */
  public static Kernel3 of(int side) {
    return of(side, side, side);
  }

  /** Extents along time, height and width; stride 1, without padding, without gaps. */
  public static Kernel3 of(int deep, int high, int wide) {
    return new Kernel3(deep, high, wide, Stride3.ONE, Padding3.NONE, Dilation3.ONE);
  }

  /** A cube of odd side with zeros around that keep all extents (at stride 1). */
  public static Kernel3 same(int side) {
    int half = side / 2;
    return of(side).padding(Padding3.both(half, half, half));
  }

  public Kernel3 stride(Stride3 steps) {
    return new Kernel3(deep, high, wide, steps, padding, dilation);
  }

  public Kernel3 padding(Padding3 zeros) {
    return new Kernel3(deep, high, wide, stride, zeros, dilation);
  }

  public Kernel3 dilation(Dilation3 distances) {
    return new Kernel3(deep, high, wide, stride, padding, distances);
  }
}
