package engine.kernel.simd;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.CausalConv1dArgs;
import engine.kernel.CausalConv1dKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarCausalConv1d;
import engine.kernel.scalar.ScanLoops;
import engine.numeric.NumericContract;
import engine.tensor.Storage;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * {@link ScalarCausalConv1d} for the four taps that every Mamba has, channels in vectors: one pass
 * over each row for the sums and one for SiLU. Steps outside the sequence are read from a row of
 * zeros.
 */
final class SimdCausalConv1d implements CausalConv1dKernels {
  private static final int TAPS = 4;
  private static final int SEGMENT = NumericContract.SEGMENT;
  private static final int GRAIN = 4;

  private final Workers workers;
  private final ScanLoops loops;

  /** What these loops are not made for. */
  private final ScalarCausalConv1d other;

  SimdCausalConv1d(Workers workers, ScanLoops loops) {
    this.workers = workers;
    this.loops = loops;
    this.other = new ScalarCausalConv1d(workers, loops);
  }

  /** Whether these loops are made for this convolution. */
  private static boolean fits(CausalConv1dArgs args) {
    return args.kernel() == TAPS;
  }

  @Override
  public void forward(CausalConv1dArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    if (fits(args)) {
      sums(args, readOnly(x), readOnly(weight), readOnlyOrNull(bias), null, array(y));
    } else {
      other.forward(args, x, weight, bias, y);
    }
  }

  @Override
  public void gradSums(
      CausalConv1dArgs args,
      Storage x,
      Storage weight,
      Storage bias,
      Storage gradOutput,
      Storage gradSums) {
    if (fits(args)) {
      float[] g = readOnly(gradOutput);
      sums(args, readOnly(x), readOnly(weight), readOnlyOrNull(bias), g, array(gradSums));
    } else {
      other.gradSums(args, x, weight, bias, gradOutput, gradSums);
    }
  }

  @Override
  public void gradInput(
      CausalConv1dArgs args, Storage weight, Storage gradSums, Storage gradInput) {
    if (fits(args)) {
      gradInput(workers, loops, args, readOnly(weight), readOnly(gradSums), array(gradInput));
    } else {
      other.gradInput(args, weight, gradSums, gradInput);
    }
  }

  @Override
  public void gradWeight(CausalConv1dArgs args, Storage x, Storage gradSums, Storage gradWeight) {
    if (fits(args)) {
      gradWeight(workers, args, readOnly(x), readOnly(gradSums), array(gradWeight));
    } else {
      other.gradWeight(args, x, gradSums, gradWeight);
    }
  }

  /** y = f(sums), or, where there is a gradient g of that, y = g * f'(sums). */
  private void sums(
      CausalConv1dArgs args, float[] x, float[] w, float[] bias, float[] g, float[] y) {
    int channels = args.channels();
    float[] taps = withZeroRow(args, w);
    workers.ranges(
        args.rows(),
        GRAIN,
        (from, to) -> {
          float[] zeros = new float[channels];
          Chain chain = new Chain(taps, channels);
          for (int row = from; row < to; row++) {
            int l = row % args.length();
            for (int k = 0; k < TAPS; k++) {
              int back = TAPS - 1 - k;
              if (back > l) {
                chain.set(k, zeros, 0, k);
              } else {
                chain.set(k, x, args.inputRow(row - back), k);
              }
            }
            int at = row * args.width();
            chain.sums(bias, y, at);
            if (g != null) {
              loops.siluGrad(y, at, g, at, y, at, channels);
              ScalarCausalConv1d.carry(args, g, at, y, at);
            } else {
              if (args.silu()) {
                loops.silu(y, at, at + channels);
              }
              ScalarCausalConv1d.carry(args, x, args.inputRow(row), y, at);
            }
          }
        });
  }

  /** Steps behind the last are left out: their weight is taken as +0 as well, so 0 * 0 is added. */
  private static void gradInput(
      Workers workers,
      ScanLoops loops,
      CausalConv1dArgs args,
      float[] w,
      float[] gradSums,
      float[] gradInput) {
    int channels = args.channels();
    float[] taps = withZeroRow(args, w);
    workers.ranges(
        args.inputRows(),
        GRAIN,
        (from, to) -> {
          float[] zeros = new float[channels];
          float[] sum = new float[args.width()];
          Chain chain = new Chain(taps, channels);
          for (int input = from; input < to; input++) {
            int at = input * args.rowStride() + args.offset();
            for (int walk = 0; walk < args.walkCount(); walk++) {
              int row = args.row(walk, input);
              gradChain(args, gradSums, zeros, row, chain);
              if (walk == 0) {
                chain.sums(null, gradInput, at);
                ScalarCausalConv1d.carry(args, gradSums, row * args.width(), gradInput, at);
              } else {
                chain.sums(null, sum, 0);
                ScalarCausalConv1d.carry(args, gradSums, row * args.width(), sum, 0);
                loops.add(sum, 0, gradInput, at, sum.length);
              }
            }
          }
        });
  }

  private static void gradChain(
      CausalConv1dArgs args, float[] gradSums, float[] zeros, int row, Chain chain) {
    int left = args.length() - 1 - row % args.length();
    for (int k = 0; k < TAPS; k++) {
      int ahead = TAPS - 1 - k;
      if (ahead > left) {
        chain.set(k, zeros, 0, TAPS);
      } else {
        chain.set(k, gradSums, (row + ahead) * args.width(), k);
      }
    }
  }

  private static float[] withZeroRow(CausalConv1dArgs args, float[] w) {
    return Arrays.copyOf(ScalarCausalConv1d.taps(args, w), (TAPS + 1) * args.channels());
  }

  /** The four operands of the chain of one row: where each is, and its row of weights. */
  private static final class Chain {
    private final float[] taps;
    private final int channels;
    private final float[][] rows = new float[TAPS][];
    private final int[] at = new int[TAPS];
    private final int[] weight = new int[TAPS];

    Chain(float[] taps, int channels) {
      this.taps = taps;
      this.channels = channels;
    }

    void set(int k, float[] row, int from, int tap) {
      rows[k] = row;
      at[k] = from;
      weight[k] = tap * channels;
    }

    /** One row of sums, with the bias if there is one, to y[to ...]. */
    void sums(float[] bias, float[] y, int to) {
      float[] r0 = rows[0];
      float[] r1 = rows[1];
      float[] r2 = rows[2];
      float[] r3 = rows[3];
      int c = 0;
      for (; c + L <= channels; c += L) {
        FloatVector sum = step(weight[0] + c, r0, at[0] + c, FloatVector.zero(F));
        sum = step(weight[1] + c, r1, at[1] + c, sum);
        sum = step(weight[2] + c, r2, at[2] + c, sum);
        sum = step(weight[3] + c, r3, at[3] + c, sum);
        (bias == null ? sum : sum.add(FloatVector.fromArray(F, bias, c))).intoArray(y, to + c);
      }
      for (; c < channels; c++) {
        float sum = 0f;
        for (int k = 0; k < TAPS; k++) {
          sum = Math.fma(taps[weight[k] + c], rows[k][at[k] + c], sum);
        }
        y[to + c] = bias == null ? sum : sum + bias[c];
      }
    }

    private FloatVector step(int w, float[] row, int from, FloatVector sum) {
      return FloatVector.fromArray(F, taps, w).fma(FloatVector.fromArray(F, row, from), sum);
    }
  }

  /** The last four steps stay in registers while the rows go by. */
  private static void gradWeight(
      Workers workers, CausalConv1dArgs args, float[] x, float[] gradSums, float[] gradWeight) {
    int vectors = args.channels() / L;
    ScalarCausalConv1d.gradWeight(args, vectors * L, args.channels(), x, gradSums, gradWeight);
    workers.ranges(
        vectors,
        4,
        (from, to) -> {
          float[] sums = new float[TAPS * L];
          for (int v = from; v < to; v++) {
            int c = v * L;
            Arrays.fill(sums, 0f);
            for (int row = 0; row < args.rows(); row += SEGMENT) {
              int end = Math.min(args.rows(), row + SEGMENT);
              weightSegment(args, x, gradSums, c, row, end, sums);
            }
            for (int i = 0; i < L; i++) {
              for (int k = 0; k < TAPS; k++) {
                gradWeight[(c + i) * TAPS + k] = sums[k * L + i];
              }
            }
          }
        });
  }

  private static void weightSegment(
      CausalConv1dArgs args, float[] x, float[] g, int c, int from, int end, float[] sums) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector s0 = zero;
    FloatVector s1 = zero;
    FloatVector s2 = zero;
    FloatVector s3 = zero;
    int l = from % args.length();
    FloatVector x1 = l < 3 ? zero : FloatVector.fromArray(F, x, args.inputRow(from - 3) + c);
    FloatVector x2 = l < 2 ? zero : FloatVector.fromArray(F, x, args.inputRow(from - 2) + c);
    FloatVector x3 = l < 1 ? zero : FloatVector.fromArray(F, x, args.inputRow(from - 1) + c);
    for (int row = from; row < end; row++) {
      boolean first = l == 0;
      FloatVector x0 = first ? zero : x1;
      x1 = first ? zero : x2;
      x2 = first ? zero : x3;
      x3 = FloatVector.fromArray(F, x, args.inputRow(row) + c);
      FloatVector v = FloatVector.fromArray(F, g, row * args.width() + c);
      s0 = v.fma(x0, s0);
      s1 = v.fma(x1, s1);
      s2 = v.fma(x2, s2);
      s3 = v.fma(x3, s3);
      l = l + 1 == args.length() ? 0 : l + 1;
    }
    keep(s0, sums, 0, from);
    keep(s1, sums, L, from);
    keep(s2, sums, 2 * L, from);
    keep(s3, sums, 3 * L, from);
  }

  private static void keep(FloatVector segment, float[] sums, int at, int from) {
    (from == 0 ? segment : FloatVector.fromArray(F, sums, at).add(segment)).intoArray(sums, at);
  }
}
