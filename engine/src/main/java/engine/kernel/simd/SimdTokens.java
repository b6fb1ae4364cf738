package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.TokenArgs;
import engine.kernel.TokenKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarReduce;
import engine.kernel.scalar.ScalarTokens;
import engine.tensor.Storage;
import jdk.incubator.vector.FloatVector;

/** Tokens shifted, scaled and gated on vectors along the width. */
final class SimdTokens implements TokenKernels {
  private static final int GRAIN = 32768;

  private static final int CHAIN = ScalarReduce.CHAIN;

  /** Columns that one task of a sum over tokens takes: whole cache lines, a few vectors. */
  private static final int COLUMNS = 64;

  private final Workers workers;

  SimdTokens(Workers workers) {
    this.workers = workers;
  }

  private static FloatVector at(float[] x, int i) {
    return FloatVector.fromArray(F, x, i);
  }

  @Override
  public void modulate(
      TokenArgs args, Storage input, Storage shifts, Storage scales, Storage output) {
    float[] x = readOnly(input);
    float[] shift = readOnly(shifts);
    float[] scale = readOnly(scales);
    float[] y = array(output);
    int d = args.width();
    int whole = F.loopBound(d);
    workers.ranges(
        args.rows(),
        grain(d),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int i = row * d;
            int v = row / args.tokens() * d;
            modulate(x, shift, scale, y, i, v, whole);
            ScalarTokens.modulateRow(x, shift, scale, y, i + whole, v + whole, d - whole);
          }
        });
  }

  private static void modulate(
      float[] x, float[] shift, float[] scale, float[] y, int i, int v, int n) {
    for (int j = 0; j < n; j += L) {
      FloatVector s = at(scale, v + j).add(1f);
      at(x, i + j).mul(s).add(at(shift, v + j)).intoArray(y, i + j);
    }
  }

  @Override
  public void modulateGrad(TokenArgs args, Storage scales, Storage gradOutput, Storage gradX) {
    float[] scale = readOnly(scales);
    float[] g = readOnly(gradOutput);
    float[] gradInput = array(gradX);
    int d = args.width();
    int whole = F.loopBound(d);
    workers.ranges(
        args.rows(),
        grain(d),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int i = row * d;
            int v = row / args.tokens() * d;
            modulateGrad(scale, g, gradInput, i, v, whole);
            ScalarTokens.modulateGradRow(scale, g, gradInput, i + whole, v + whole, d - whole);
          }
        });
  }

  private static void modulateGrad(
      float[] scale, float[] g, float[] gradInput, int i, int v, int n) {
    for (int j = 0; j < n; j += L) {
      at(g, i + j).mul(at(scale, v + j).add(1f)).intoArray(gradInput, i + j);
    }
  }

  @Override
  public void gateAdd(TokenArgs args, Storage input, Storage gates, Storage added, Storage output) {
    float[] x = readOnly(input);
    float[] gate = readOnly(gates);
    float[] h = readOnly(added);
    float[] y = array(output);
    int d = args.width();
    int whole = F.loopBound(d);
    workers.ranges(
        args.rows(),
        grain(d),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int i = row * d;
            int v = row / args.tokens() * d;
            gateAdd(x, gate, h, y, i, v, whole);
            ScalarTokens.gateAddRow(x, gate, h, y, i + whole, v + whole, d - whole);
          }
        });
  }

  private static void gateAdd(float[] x, float[] gate, float[] h, float[] y, int i, int v, int n) {
    for (int j = 0; j < n; j += L) {
      at(x, i + j).add(at(gate, v + j).mul(at(h, i + j))).intoArray(y, i + j);
    }
  }

  @Override
  public void productSum(TokenArgs args, Storage left, Storage right, Storage output) {
    float[] a = readOnly(left);
    float[] b = readOnly(right);
    float[] y = array(output);
    int strips = (args.width() + COLUMNS - 1) / COLUMNS;
    workers.ranges(
        args.batch() * strips,
        Math.max(1, GRAIN / Math.max(1, COLUMNS * args.tokens())),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int column = t % strips * COLUMNS;
            int end = Math.min(args.width(), column + COLUMNS);
            productSum(args, t / strips, column, end, a, b, y);
          }
        });
  }

  /** Columns [from, to) of one sample: chains of 512, then a chain of their sums, in vectors. */
  private static void productSum(
      TokenArgs args, int sample, int from, int to, float[] a, float[] b, float[] y) {
    int d = args.width();
    int start = sample * args.tokens() * d;
    boolean other = d == 1 || args.tokens() > CHAIN * CHAIN;
    int whole = other ? from : from + F.loopBound(to - from);
    for (int i = from; i < whole; i += L) {
      FloatVector sum = FloatVector.zero(F);
      for (int t = 0; t < args.tokens(); t += CHAIN) {
        int end = Math.min(args.tokens(), t + CHAIN);
        sum = sum.add(chain(a, b, start + t * d + i, start + end * d + i, d));
      }
      sum.intoArray(y, sample * d + i);
    }
    ScalarTokens.productSum(args, sample, whole, to, a, b, y);
  }

  private static FloatVector chain(float[] a, float[] b, int from, int to, int stride) {
    FloatVector sum = FloatVector.zero(F);
    for (int k = from; k < to; k += stride) {
      sum = sum.add(at(a, k).mul(at(b, k)));
    }
    return sum;
  }

  private static int grain(int width) {
    return Math.max(1, GRAIN / Math.max(1, width));
  }
}
