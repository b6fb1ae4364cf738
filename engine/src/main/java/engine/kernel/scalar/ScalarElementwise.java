package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.ElementwiseKernels;
import engine.kernel.Unary;
import engine.kernel.Workers;
import engine.tensor.Storage;

/** Elementwise loops: every output on its own, so order and threads cannot matter. */
public class ScalarElementwise implements ElementwiseKernels {
  private static final int GRAIN = 8192;

  private final Workers workers;

  public ScalarElementwise(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void addInto(Storage sum, Storage x, int n) {
    float[] to = array(sum);
    float[] terms = readOnly(x);
    workers.ranges(n, GRAIN, (from, end) -> addInto(to, terms, from, end));
  }

  @Override
  public void affine(Storage x, float scale, float shift, Storage y, int n) {
    float[] in = readOnly(x);
    float[] out = array(y);
    workers.ranges(n, GRAIN, (from, to) -> affine(in, scale, shift, out, from, to));
  }

  @Override
  public void clamp(Storage x, float low, float high, Storage y, int n) {
    float[] in = readOnly(x);
    float[] out = array(y);
    workers.ranges(n, GRAIN, (from, to) -> clamp(in, low, high, out, from, to));
  }

  @Override
  public void clampGrad(
      Storage x, float low, float high, Storage gradOutput, Storage gradInput, int n) {
    float[] in = readOnly(x);
    float[] g = readOnly(gradOutput);
    float[] gx = array(gradInput);
    workers.ranges(n, GRAIN, (from, to) -> clampGrad(in, low, high, g, gx, from, to));
  }

  @Override
  public void unary(Unary f, Storage x, Storage y, int n) {
    float[] in = readOnly(x);
    float[] out = array(y);
    workers.ranges(n, GRAIN, (from, to) -> ScalarUnary.values(f, in, out, from, to));
  }

  @Override
  public void unaryGrad(
      Unary f, Storage x, Storage y, Storage gradOutput, Storage gradInput, int n) {
    float[] in = readOnly(x);
    float[] out = readOnly(y);
    float[] g = readOnly(gradOutput);
    float[] gx = array(gradInput);
    workers.ranges(n, GRAIN, (from, to) -> ScalarUnary.gradients(f, in, out, g, gx, from, to));
  }

  @Override
  public void binary(Binary f, BroadcastArgs args, Storage left, Storage right, Storage y) {
    float[] a = readOnly(left);
    float[] b = readOnly(right);
    float[] out = array(y);
    int last = args.extents().length - 1;
    int sa = args.stridesA()[last];
    int sb = args.stridesB()[last];
    workers.ranges(
        args.size(),
        GRAIN,
        (from, to) ->
            args.rows(
                from,
                to,
                (ia, ib, iy, n) -> ScalarBinary.row(f, a, ia, sa, b, ib, sb, out, iy, n)));
  }

  /** Elements [from, to). */
  public static void addInto(float[] sum, float[] x, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += x[i];
    }
  }

  /** Elements [from, to). */
  public static void affine(float[] x, float scale, float shift, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (x[i] * scale) + shift;
    }
  }

  /** Elements [from, to). */
  public static void clamp(float[] x, float low, float high, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      float v = x[i];
      y[i] = v < low ? low : v > high ? high : v;
    }
  }

  /** Elements [from, to). */
  public static void clampGrad(
      float[] x, float low, float high, float[] g, float[] gx, int from, int to) {
    for (int i = from; i < to; i++) {
      gx[i] = x[i] >= low && x[i] <= high ? g[i] : 0f;
    }
  }
}
