package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.unary;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.kernel.Unary;
import engine.op.conv.Conv;
import engine.op.conv.Dilation2;
import engine.op.conv.OutputPadding2;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.op.linalg.Linalg;
import engine.op.reduce.Reduce;
import engine.tensor.Tensor;

/**
 * The modulated convolution of StyleGAN2 (Karras et al. 2020): styles scale the input channels, and
 * the outputs are scaled back to unit variance. Scaling inputs and outputs instead of one weight
 * for every frame is the same and lets all frames share the weight.
 */
public final class ModulatedConv {
  private static final float EPS = 1e-8f;

  private ModulatedConv() {}

  /** 1 / sqrt(x + 1e-8); any shape, kept. */
  public static Tensor inverseNorm(Tensor squares) {
    return unary(Unary.RSQRT, affine(squares, 1, EPS));
  }

  /**
   * What scales the outputs back: 1 / sqrt(sum over (ci, kh, kw) of (W s)^2 + 1e-8).
   *
   * @param weight [Co, Ci, kh, kw]
   * @param styles [N, Ci]
   * @return [N, Co]
   */
  public static Tensor demodulation(Tensor weight, Tensor styles) {
    Tensor squares = Reduce.sum(square(weight), 2, 4);
    return inverseNorm(Linalg.matmul(square(styles), false, squares, true));
  }

  /**
   * The convolution of modulated inputs: 3x3 within the picture, or doubling it.
   *
   * @param x [N, Ci, H, W]
   * @param weight [Co, Ci, 3, 3]
   * @param styles [N, Ci]
   * @param demodulation [N, Co]
   * @param up whether height and width double
   * @return [N, Co, H, W], or [N, Co, 2H, 2W]
   */
  public static Tensor forward(
      Tensor x, Tensor weight, Tensor styles, Tensor demodulation, boolean up) {
    return mul(convolved(mul(x, planes(styles)), weight, up), planes(demodulation));
  }

  /**
   * The convolution alone, 3x3 within the picture, or doubling it.
   *
   * @param x [N, Ci, H, W], modulated
   * @param weight [Co, Ci, 3, 3]
   * @param up whether height and width double
   * @return [N, Co, H, W], or [N, Co, 2H, 2W]
   */
  public static Tensor convolved(Tensor x, Tensor weight, boolean up) {
    return up
        ? Filter.smoothed(transposed(x, weight))
        : Conv.conv2d(x, weight, null, Stride2.ONE, Padding2.of(1), 1);
  }

  /**
   * The transposed convolution of stride 2 before its filter.
   *
   * @param x [N, Ci, H, W], modulated
   * @param weight [Co, Ci, 3, 3]
   * @return [N, Co, 2H + 1, 2W + 1]
   */
  public static Tensor transposed(Tensor x, Tensor weight) {
    return Conv.convTranspose2d(
        x,
        permute(weight, 1, 0, 2, 3),
        null,
        Stride2.of(2),
        Padding2.NONE,
        new OutputPadding2(0, 0),
        Dilation2.ONE,
        1);
  }

  /**
   * The 1x1 convolution to colours, without scaling back.
   *
   * @param x [N, Ci, H, W]
   * @param weight [Co, Ci, 1, 1]
   * @param styles [N, Ci]
   * @return [N, Co, H, W]
   */
  public static Tensor pointwise(Tensor x, Tensor weight, Tensor styles) {
    return Conv.conv2d(mul(x, planes(styles)), weight, null, Stride2.ONE, Padding2.NONE, 1);
  }

  /** One number for each plane, [N, C] -> [N, C, 1, 1]. */
  public static Tensor planes(Tensor x) {
    return reshape(x, x.dim(0), x.dim(1), 1, 1);
  }
}
