package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.Conv3dArgs;
import engine.kernel.Conv3dArgs.GradAxis;
import engine.kernel.Conv3dKernels;
import engine.kernel.Unary;
import engine.kernel.Workers;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/**
 * 3-D convolution and its gradients, in the order of N1 to N3. Every output is a sum over k in
 * segments of 512: each segment is one chain of fused multiply-adds from +0; the first segment's
 * sum is the total, the later ones are added to it in ascending order.
 *
 * <ul>
 *   <li>forward: k = (ci,kt,kh,kw) row-major within the group; operands in the padding are +0; bias
 *       is added last.
 *   <li>gradInput: k = (co,kt,kh,kw) over the taps that meet the input on the stride grid; the
 *       others do not exist and are not counted in the segments. Taps on the grid whose output lies
 *       outside take part as +0 operands, so every input of a residue class sums the same k (for
 *       finite weights a left-out tap would give the same value). No tap at all gives +0.
 *   <li>gradWeight: k = (n,t',h',w') row-major; operands in the padding are +0.
 * </ul>
 *
 * The gradient of the bias needs no kernel of its own: reduceSum over the positions, then over n.
 */
public class ScalarConv3d implements Conv3dKernels {
  /** The segment of k of N1. */
  public static final int SEGMENT = ScalarMatmul.SEGMENT;

  /** Values that one task takes at least. */
  private static final int RECTIFIED = 1 << 12;

  private final Workers workers;

  public ScalarConv3d(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(
      Conv3dArgs args, Storage x, Storage weight, Storage bias, boolean relu, Storage y) {
    forward(workers, args, readOnly(x), readOnly(weight), readOnlyOrNull(bias), array(y));
    if (relu) {
      rectify(workers, array(y), args.n() * args.co() * args.positions());
    }
  }

  /** ReLU in place. */
  static void rectify(Workers workers, float[] y, int n) {
    workers.ranges(
        n,
        RECTIFIED,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = ScalarUnary.value(Unary.RELU, y[i]);
          }
        });
  }

  @Override
  public void gradInput(Conv3dArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    gradInput(workers, args, readOnly(gradOutput), readOnly(weight), null, array(gradInput));
  }

  @Override
  public void gradWeight(Conv3dArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    gradWeight(workers, args, readOnly(x), readOnly(gradOutput), array(gradWeight));
  }

  /** y = conv(x, weight) + bias; bias may be null. */
  static void forward(
      Workers workers, Conv3dArgs a, float[] x, float[] weight, float[] bias, float[] y) {
    int rows = a.n() * a.co() * a.to() * a.ho();
    workers.ranges(
        rows,
        1,
        (from, to) -> {
          Conv3dSums.Row row = new Conv3dSums.Row(a.wo());
          for (int r = from; r < to; r++) {
            int c = r / (a.to() * a.ho()) % a.co();
            forwardRow(a, x, weight, r, row);
            row.store(y, r * a.wo(), 1);
            if (bias != null) {
              shift(y, r * a.wo(), a.wo(), bias[c]);
            }
          }
        });
  }

  private static void shift(float[] y, int at, int n, float bias) {
    for (int i = at; i < at + n; i++) {
      y[i] += bias;
    }
  }

  private static void forwardRow(
      Conv3dArgs a, float[] x, float[] weight, int r, Conv3dSums.Row row) {
    int ho = r % a.ho();
    int to = r / a.ho() % a.to();
    int co = r / (a.ho() * a.to()) % a.co();
    int n = r / (a.ho() * a.to() * a.co());
    int channel = n * a.ci() + co / a.groupOut() * a.groupIn();
    int wAt = co * a.groupIn() * a.taps();
    row.clear();
    for (int ci = 0; ci < a.groupIn(); ci++) {
      for (int kt = 0; kt < a.kt(); kt++) {
        int t = to * a.stride().t() + kt - a.padding().front();
        for (int kh = 0; kh < a.kh(); kh++) {
          int h = ho * a.stride().h() + kh - a.padding().top();
          boolean inside = t >= 0 && t < a.t() && h >= 0 && h < a.h();
          int line = (((channel + ci) * a.t() + t) * a.h() + h) * a.w();
          for (int kw = 0; kw < a.kw(); kw++) {
            int shift = kw - a.padding().left();
            row.tap(weight[wAt++], x, line, shift, a.stride().w(), inside ? a.w() : 0);
          }
        }
      }
    }
  }

  /**
   * gradInput = the gradient of sum(y * gradOutput) by x; with a bias per input channel, or null,
   * added last: a transposed convolution.
   */
  static void gradInput(
      Workers workers,
      Conv3dArgs a,
      float[] gradOutput,
      float[] weight,
      float[] bias,
      float[] gradInput) {
    workers.ranges(
        a.n() * a.ci() * a.t() * a.h(),
        1,
        (from, to) -> {
          GradAxis axis = a.gradW();
          for (int first = 0; first < axis.stride(); first++) {
            Conv3dSums.Row row = new Conv3dSums.Row(axis.size(first));
            for (int r = from; r < to; r++) {
              gradInputRow(a, gradOutput, weight, r, first, row);
              row.store(gradInput, r * a.w() + first, axis.stride());
            }
          }
          for (int r = from; bias != null && r < to; r++) {
            shift(gradInput, r * a.w(), a.w(), bias[r / (a.h() * a.t()) % a.ci()]);
          }
        });
  }

  private static void gradInputRow(
      Conv3dArgs a, float[] gradOutput, float[] weight, int r, int first, Conv3dSums.Row row) {
    int h = r % a.h();
    int t = r / a.h() % a.t();
    int ci = r / (a.h() * a.t()) % a.ci();
    int n = r / (a.h() * a.t() * a.ci());
    int group = ci / a.groupIn();
    GradAxis axis = a.gradW();
    row.clear();
    for (int c = 0; c < a.groupOut(); c++) {
      int co = group * a.groupOut() + c;
      int wAt = (co * a.groupIn() + ci % a.groupIn()) * a.taps();
      for (int kt = a.gradT().residue(t % a.stride().t()); kt < a.kt(); kt += a.stride().t()) {
        int to = Math.floorDiv(t + a.padding().front() - kt, a.stride().t());
        for (int kh = a.gradH().residue(h % a.stride().h()); kh < a.kh(); kh += a.stride().h()) {
          int ho = Math.floorDiv(h + a.padding().top() - kh, a.stride().h());
          boolean inside = to >= 0 && to < a.to() && ho >= 0 && ho < a.ho();
          int line = (((n * a.co() + co) * a.to() + to) * a.ho() + ho) * a.wo();
          int tap = wAt + (kt * a.kh() + kh) * a.kw() + axis.residue(first);
          for (int m = 0; m < axis.count(first); m++) {
            int shift = axis.origin(first) - m;
            row.tap(
                weight[tap + m * axis.stride()], gradOutput, line, shift, 1, inside ? a.wo() : 0);
          }
        }
      }
    }
  }

  /** gradWeight = the gradient of sum(y * gradOutput) by weight. */
  static void gradWeight(
      Workers workers, Conv3dArgs a, float[] x, float[] gradOutput, float[] gradWeight) {
    HeapStorage scratch = HeapStorage.allocate(gradOutput.length);
    float[] byPosition = HeapStorage.array(scratch);
    transpose(workers, a, gradOutput, byPosition);
    workers.ranges(
        a.ci() * a.taps(),
        1,
        (from, to) -> {
          Conv3dSums.Column column = new Conv3dSums.Column(a.groupOut());
          for (int r = from; r < to; r++) {
            gradWeightColumn(a, x, byPosition, r, column);
            int group = r / a.taps() / a.groupIn();
            int outputs = a.groupIn() * a.taps();
            column.store(gradWeight, group * a.groupOut() * outputs + r % outputs, outputs);
          }
        });
    scratch.release();
  }

  /** [n,co,positions] to [n,positions,co], so that channels are neighbours for the inner loop. */
  private static void transpose(Workers workers, Conv3dArgs a, float[] g, float[] out) {
    int positions = a.positions();
    workers.ranges(
        a.n() * positions,
        1024,
        (from, to) -> {
          for (int p = from; p < to; p++) {
            int at = p / positions * a.co() * positions + p % positions;
            for (int c = 0; c < a.co(); c++) {
              out[p * a.co() + c] = g[at + c * positions];
            }
          }
        });
  }

  private static void gradWeightColumn(
      Conv3dArgs a, float[] x, float[] byPosition, int r, Conv3dSums.Column column) {
    int kw = r % a.kw();
    int kh = r / a.kw() % a.kh();
    int kt = r / (a.kw() * a.kh()) % a.kt();
    int ci = r / a.taps();
    int gAt = ci / a.groupIn() * a.groupOut();
    column.clear();
    for (int n = 0; n < a.n(); n++) {
      for (int to = 0; to < a.to(); to++) {
        int t = to * a.stride().t() + kt - a.padding().front();
        for (int ho = 0; ho < a.ho(); ho++) {
          int h = ho * a.stride().h() + kh - a.padding().top();
          boolean inside = t >= 0 && t < a.t() && h >= 0 && h < a.h();
          int line = (((n * a.ci() + ci) * a.t() + t) * a.h() + h) * a.w();
          for (int wo = 0; wo < a.wo(); wo++, gAt += a.co()) {
            int w = wo * a.stride().w() + kw - a.padding().left();
            column.add(inside && w >= 0 && w < a.w() ? x[line + w] : 0f, byPosition, gAt);
          }
        }
      }
    }
  }
}
