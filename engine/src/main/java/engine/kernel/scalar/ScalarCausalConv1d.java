package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.CausalConv1dArgs;
import engine.kernel.CausalConv1dKernels;
import engine.kernel.Workers;
import engine.numeric.NumericContract;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * Causal depthwise convolution, channels last: y[b,l,c] = f(sum_k w[c,k] x[b,l-K+1+k,c] + bias[c]).
 * The sum is one fma chain from +0, k ascending, in which steps before the first are +0 operands;
 * the bias is added last; f is SiLU, or nothing.
 */
public class ScalarCausalConv1d implements CausalConv1dKernels {
  private static final int GRAIN = 8192;
  private static final int SEGMENT = NumericContract.SEGMENT;

  private final Workers workers;
  private final ScanLoops loops;

  public ScalarCausalConv1d(Workers workers, ScanLoops loops) {
    this.workers = workers;
    this.loops = loops;
  }

  @Override
  public void forward(CausalConv1dArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    forward(workers, loops, args, readOnly(x), readOnly(weight), readOnlyOrNull(bias), array(y));
  }

  @Override
  public void gradSums(
      CausalConv1dArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage gradOutput,
      Storage gradSums) {
    float[] b = readOnlyOrNull(bias);
    float[] g = readOnly(gradOutput);
    gradSums(workers, loops, args, readOnly(x), readOnly(weight), b, g, array(gradSums));
  }

  @Override
  public void gradInput(
      CausalConv1dArgs args, Storage weight, Storage gradSums, Storage gradInput) {
    gradInput(workers, args, readOnly(weight), readOnly(gradSums), array(gradInput));
  }

  @Override
  public void gradWeight(CausalConv1dArgs args, Storage x, Storage gradSums, Storage gradWeight) {
    gradWeight(workers, args, readOnly(x), readOnly(gradSums), array(gradWeight));
  }

  private static void forward(
      Workers workers,
      ScanLoops loops,
      CausalConv1dArgs args,
      float[] x,
      float[] w,
      float[] bias,
      float[] y) {
    float[] taps = taps(args, w);
    workers.ranges(
        args.rows(),
        grain(args),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = row * args.width();
            sums(args, x, taps, bias, row, y, at);
            if (args.silu()) {
              loops.silu(y, at, at + args.channels());
            }
            carry(args, x, args.inputRow(row), y, at);
          }
        });
  }

  /** gradSums = gradOutput * f'(sums), the sums computed anew. */
  private static void gradSums(
      Workers workers,
      ScanLoops loops,
      CausalConv1dArgs args,
      float[] x,
      float[] w,
      float[] bias,
      float[] g,
      float[] gradSums) {
    float[] taps = taps(args, w);
    workers.ranges(
        args.rows(),
        grain(args),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = row * args.width();
            sums(args, x, taps, bias, row, gradSums, at);
            loops.siluGrad(gradSums, at, g, at, gradSums, at, args.channels());
            carry(args, g, at, gradSums, at);
          }
        });
  }

  /** Copies what is carried along behind the channels. */
  public static void carry(CausalConv1dArgs args, float[] from, int at, float[] to, int toAt) {
    int n = args.channels();
    System.arraycopy(from, at + n, to, toAt + n, args.carried());
  }

  private static void sums(
      CausalConv1dArgs args, float[] x, float[] taps, float[] bias, int row, float[] y, int at) {
    int channels = args.channels();
    int l = row % args.length();
    Arrays.fill(y, at, at + channels, 0f);
    for (int k = 0; k < args.kernel(); k++) {
      int back = args.kernel() - 1 - k;
      if (back > l) {
        for (int c = 0; c < channels; c++) {
          y[at + c] = Math.fma(taps[k * channels + c], 0f, y[at + c]);
        }
      } else {
        int from = args.inputRow(row - back);
        for (int c = 0; c < channels; c++) {
          y[at + c] = Math.fma(taps[k * channels + c], x[from + c], y[at + c]);
        }
      }
    }
    if (bias != null) {
      for (int c = 0; c < channels; c++) {
        y[at + c] += bias[c];
      }
    }
  }

  /**
   * gradInput[b,l,c] = sum_k w[c,k] gradSums[b,l+K-1-k,c], k ascending, steps behind the last left
   * out; where several walks meet a row, their sums are added with walks ascending. Writes the
   * channels of the convolution and those carried along; what lies beside them in wider rows stays.
   */
  private static void gradInput(
      Workers workers, CausalConv1dArgs args, float[] w, float[] gradSums, float[] gradInput) {
    float[] taps = taps(args, w);
    workers.ranges(
        args.inputRows(),
        grain(args),
        (from, to) -> {
          float[] sum = new float[args.width()];
          for (int input = from; input < to; input++) {
            int at = input * args.rowStride() + args.offset();
            for (int walk = 0; walk < args.walkCount(); walk++) {
              gradRow(args, taps, gradSums, args.row(walk, input), sum);
              for (int c = 0; c < sum.length; c++) {
                gradInput[at + c] = walk == 0 ? sum[c] : gradInput[at + c] + sum[c];
              }
            }
          }
        });
  }

  /** What one row of the result gives to its input. */
  private static void gradRow(
      CausalConv1dArgs args, float[] taps, float[] gradSums, int row, float[] sum) {
    int channels = args.channels();
    int left = args.length() - 1 - row % args.length();
    Arrays.fill(sum, 0f);
    for (int k = Math.max(0, args.kernel() - 1 - left); k < args.kernel(); k++) {
      int g = (row + args.kernel() - 1 - k) * args.width();
      for (int c = 0; c < channels; c++) {
        sum[c] = Math.fma(taps[k * channels + c], gradSums[g + c], sum[c]);
      }
    }
    carry(args, gradSums, row * args.width(), sum, 0);
  }

  /**
   * gradWeight[c,k] = sum over (b, l) row-major of gradSums[b,l,c] x[b,l-K+1+k,c], in segments of
   * 512, steps before the first as +0 operands.
   */
  private static void gradWeight(
      Workers workers, CausalConv1dArgs args, float[] x, float[] gradSums, float[] gradWeight) {
    workers.ranges(
        args.channels(), 64, (from, to) -> gradWeight(args, from, to, x, gradSums, gradWeight));
  }

  /** The same for the channels [from, to) alone. */
  public static void gradWeight(
      CausalConv1dArgs args, int from, int to, float[] x, float[] gradSums, float[] gradWeight) {
    float[] sum = new float[to - from];
    float[] segment = new float[to - from];
    for (int k = 0; k < args.kernel(); k++) {
      for (int row = 0; row < args.rows(); row += SEGMENT) {
        float[] target = row == 0 ? sum : segment;
        int end = Math.min(args.rows(), row + SEGMENT);
        tapSegment(args, k, row, end, from, x, gradSums, target);
        if (row > 0) {
          for (int i = 0; i < sum.length; i++) {
            sum[i] += segment[i];
          }
        }
      }
      for (int i = 0; i < sum.length; i++) {
        gradWeight[(from + i) * args.kernel() + k] = sum[i];
      }
    }
  }

  private static void tapSegment(
      CausalConv1dArgs args,
      int k,
      int firstRow,
      int endRow,
      int firstChannel,
      float[] x,
      float[] g,
      float[] sum) {
    Arrays.fill(sum, 0f);
    int back = args.kernel() - 1 - k;
    for (int row = firstRow; row < endRow; row++) {
      int gAt = row * args.width() + firstChannel;
      if (back > row % args.length()) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] = Math.fma(g[gAt + i], 0f, sum[i]);
        }
      } else {
        int xAt = args.inputRow(row - back) + firstChannel;
        for (int i = 0; i < sum.length; i++) {
          sum[i] = Math.fma(g[gAt + i], x[xAt + i], sum[i]);
        }
      }
    }
  }

  /** The weight [C,1,K] as [K,C], so that channels are innermost. */
  public static float[] taps(CausalConv1dArgs args, float[] w) {
    float[] taps = new float[w.length];
    for (int c = 0; c < args.channels(); c++) {
      for (int k = 0; k < args.kernel(); k++) {
        taps[k * args.channels() + c] = w[c * args.kernel() + k];
      }
    }
    return taps;
  }

  private static int grain(CausalConv1dArgs args) {
    return Math.max(1, GRAIN / Math.max(1, args.channels() * args.kernel()));
  }
}
