package medsora.baseline.mostganv;

import static engine.op.elementwise.Elementwise.abs;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.leakyRelu;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.layout.Layout.reshape;

import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.attention.Attention;
import engine.op.linalg.Linalg;
import engine.op.reduce.Reduce;
import engine.op.resample.Resample;
import engine.tensor.Tensor;
import medsora.baseline.styleganv.Activation;
import medsora.baseline.styleganv.ModulatedConv;

/**
 * What the output channels of a layer hear of the patterns of one frame. With W' = W s, the weight
 * with its input channels scaled by the styles:
 *
 * <pre>
 *   score    = W' . pattern / sqrt(9 Ci)                 [Co, words]
 *   heard    = softmax(score) patterns                   [Co, Ci, 3, 3]
 *   weight   = W' (1 + leaky(heard / max |heard|))
 *   back     = 1 / sqrt(sum weight^2 + 1e-8)             [Co]
 * </pre>
 *
 * @param score [Co, words]
 * @param attention [Co, words]
 * @param weight [Co, Ci, 3, 3]
 * @param back what scales the outputs back, [1, Co]
 */
public record Hearing(Tensor score, Tensor attention, Tensor weight, Tensor back) {
  /**
   * Of one frame.
   *
   * @param weight [Co, Ci, 3, 3]
   * @param styles [1, Ci]
   * @param patterns [1, words, Ci, 3, 3]
   */
  public static Hearing of(Tensor weight, Tensor styles, Tensor patterns) {
    int out = weight.dim(0);
    int taps = weight.size() / out;
    Tensor modulated = reshape(mul(weight, ModulatedConv.planes(styles)), out, taps);
    Tensor flat = reshape(patterns, patterns.dim(1), taps);
    Tensor score =
        scale(Linalg.matmul(modulated, false, flat, true), (float) (1 / Math.sqrt(taps)));
    Tensor attention = Attention.softmax(score);
    Tensor heard = Linalg.matmul(attention, flat);
    Tensor relative = div(heard, largest(reshape(largest(heard), 1, out)));
    Tensor changed = mul(modulated, affine(leakyRelu(relative, Activation.SLOPE), 1, 1));
    Tensor back = ModulatedConv.inverseNorm(Reduce.sum(square(changed), 1, 2));
    return new Hearing(
        score, attention, reshape(changed, weight.shape().dims()), reshape(back, 1, out));
  }

  /**
   * The weight as layers of float16 have it: over sqrt(9 Ci) and the largest magnitude of each
   * output channel; [Co, Ci, 3, 3] kept.
   */
  public static Tensor prenormalisedWeight(Tensor weight) {
    int out = weight.dim(0);
    int taps = weight.size() / out;
    Tensor most = reshape(largest(reshape(weight, out, taps)), out, 1, 1, 1);
    return mul(weight, div(Tensor.scalar((float) (1 / Math.sqrt(taps))), most));
  }

  /** Styles over the largest magnitude of their frame; [N, Ci] kept. */
  public static Tensor prenormalisedStyles(Tensor styles) {
    return div(styles, largest(styles));
  }

  /** The largest magnitude of each row, [rows, n] -> [rows, 1]. */
  private static Tensor largest(Tensor x) {
    int rows = x.dim(0);
    int n = x.dim(1);
    Tensor most =
        Resample.maxPool3d(
            reshape(abs(x), rows, 1, 1, n),
            new Window3(1, 1, n),
            new Stride3(1, 1, n),
            new Padding3(0, 0, 0, 0, 0, 0));
    return reshape(most, rows, 1);
  }
}
