package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.TokenArgs;
import engine.kernel.TokenKernels;
import engine.kernel.Workers;
import engine.tensor.Storage;

/** Tokens shifted, scaled and gated by a vector per sample; each written operation is rounded. */
public class ScalarTokens implements TokenKernels {
  private static final int GRAIN = 8192;

  private final Workers workers;

  public ScalarTokens(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void modulate(
      TokenArgs args, Storage input, Storage shifts, Storage scales, Storage output) {
    float[] x = readOnly(input);
    float[] shift = readOnly(shifts);
    float[] scale = readOnly(scales);
    float[] y = array(output);
    int d = args.width();
    workers.ranges(
        args.rows(),
        grain(d),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = row * d;
            int vector = row / args.tokens() * d;
            modulateRow(x, shift, scale, y, at, vector, d);
          }
        });
  }

  /** n elements of a row from x[at] and its sample's vectors from [vector]. */
  public static void modulateRow(
      float[] x, float[] shift, float[] scale, float[] y, int at, int vector, int n) {
    for (int i = 0; i < n; i++) {
      float s = 1f + scale[vector + i];
      y[at + i] = (x[at + i] * s) + shift[vector + i];
    }
  }

  @Override
  public void modulateGrad(TokenArgs args, Storage scales, Storage gradOutput, Storage gradX) {
    float[] scale = readOnly(scales);
    float[] g = readOnly(gradOutput);
    float[] gradInput = array(gradX);
    int d = args.width();
    workers.ranges(
        args.rows(),
        grain(d),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = row * d;
            int vector = row / args.tokens() * d;
            modulateGradRow(scale, g, gradInput, at, vector, d);
          }
        });
  }

  /** n elements of a row. */
  public static void modulateGradRow(
      float[] scale, float[] g, float[] gradInput, int at, int vector, int n) {
    for (int i = 0; i < n; i++) {
      gradInput[at + i] = g[at + i] * (1f + scale[vector + i]);
    }
  }

  @Override
  public void gateAdd(TokenArgs args, Storage input, Storage gates, Storage added, Storage output) {
    float[] x = readOnly(input);
    float[] gate = readOnly(gates);
    float[] h = readOnly(added);
    float[] y = array(output);
    int d = args.width();
    workers.ranges(
        args.rows(),
        grain(d),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = row * d;
            int vector = row / args.tokens() * d;
            gateAddRow(x, gate, h, y, at, vector, d);
          }
        });
  }

  /** n elements of a row. */
  public static void gateAddRow(
      float[] x, float[] gate, float[] h, float[] y, int at, int vector, int n) {
    for (int i = 0; i < n; i++) {
      y[at + i] = x[at + i] + (gate[vector + i] * h[at + i]);
    }
  }

  @Override
  public void productSum(TokenArgs args, Storage left, Storage right, Storage output) {
    float[] a = readOnly(left);
    float[] b = readOnly(right);
    float[] y = array(output);
    workers.ranges(
        args.batch(),
        1,
        (from, to) -> {
          for (int sample = from; sample < to; sample++) {
            productSum(args, sample, 0, args.width(), a, b, y);
          }
        });
  }

  /** Columns [from, to) of one sample. */
  public static void productSum(
      TokenArgs args, int sample, int from, int to, float[] a, float[] b, float[] y) {
    int d = args.width();
    int start = sample * args.tokens() * d;
    if (d == 1) {
      float[] products = new float[args.tokens()];
      for (int t = 0; t < products.length; t++) {
        products[t] = a[start + t] * b[start + t];
      }
      y[sample] = ScalarReduce.sum(products, 0, products.length);
      return;
    }
    int blocks = Math.max(1, (args.tokens() + ScalarReduce.CHAIN - 1) / ScalarReduce.CHAIN);
    int width = to - from;
    float[] sums = new float[blocks * width];
    for (int t = 0; t < args.tokens(); t++) {
      int block = t / ScalarReduce.CHAIN * width;
      int row = start + t * d + from;
      for (int i = 0; i < width; i++) {
        sums[block + i] += a[row + i] * b[row + i];
      }
    }
    ScalarReduce.chains(sums, 0, blocks, width, y, sample * d + from);
  }

  private static int grain(int width) {
    return Math.max(1, GRAIN / Math.max(1, width));
  }
}
