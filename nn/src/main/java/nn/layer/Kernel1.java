package nn.layer;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Dilation3;

/**
 * The window of a 1-D convolution: how many taps it has and how it moves.
 *
 * @param taps at least 1
 * @param stride step between windows, at least 1
 * @param before zeros in front of the sequence
 * @param after zeros behind it
 * @param dilation distance between neighbouring taps, at least 1
 */
public record Kernel1(int taps, int stride, int before, int after, int dilation) {
  public Kernel1 {
    Kernel3.requireTaps(1, 1, taps);
  }

  /** Stride 1, no padding, no gaps. */
  public static Kernel1 of(int taps) {
    return new Kernel1(taps, 1, 0, 0, 1);
  }

  public Kernel1 stride(int step) {
    return new Kernel1(taps, step, before, after, dilation);
  }

  /** The same number of zeros on both sides. */
  public Kernel1 padding(int each) {
    return padding(each, each);
  }

  public Kernel1 padding(int front, int back) {
    return new Kernel1(taps, stride, front, back, dilation);
  }

  public Kernel1 dilation(int distance) {
    return new Kernel1(taps, stride, before, after, distance);
  }

  Kernel3 inVolume() {
    return new Kernel3(
        1,
        1,
        taps,
        new Stride3(1, 1, stride),
        new Padding3(0, 0, 0, 0, before, after),
        new Dilation3(1, 1, dilation));
  }
}
