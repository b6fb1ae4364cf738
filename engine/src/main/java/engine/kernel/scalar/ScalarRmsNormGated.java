package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.RmsNormGatedArgs;
import engine.kernel.RmsNormGatedKernels;
import engine.kernel.RmsNormGradients;
import engine.kernel.RmsNormInputs;
import engine.kernel.Workers;
import engine.tensor.Storage;

/**
 * Gated root mean square norm. With u = x * silu(z) (or x where the gate comes after the norm, or
 * is absent), ms = (sum of u * u by N5, the squares rounded) / group, rstd = 1 / sqrt(ms + eps), n
 * = u * rstd: y = n * weight, or (n * weight) * silu(z). The gradient works from the saved rstd;
 * every written operation is rounded once.
 */
public class ScalarRmsNormGated implements RmsNormGatedKernels {
  private static final int GRAIN = 4096;

  private final Workers workers;
  private final ScanLoops loops;

  /** With its innermost loops, the one thing that vectors do differently. */
  public ScalarRmsNormGated(Workers workers, ScanLoops loops) {
    this.workers = workers;
    this.loops = loops;
  }

  @Override
  public void forward(RmsNormGatedArgs args, RmsNormInputs in, Storage output, Storage spreads) {
    float[] x = readOnly(in.x());
    float[] z = readOnlyOrNull(in.z());
    float[] weight = readOnly(in.weight());
    float[] y = array(output);
    float[] rstd = array(spreads);
    workers.ranges(
        args.rows(),
        Math.max(1, GRAIN / Math.max(1, args.width())),
        (from, to) -> {
          float[] gate = new float[args.width()];
          float[] squares = new float[args.width()];
          for (int row = from; row < to; row++) {
            int at = row * args.width();
            gate(loops, args, z, row, gate);
            boolean inside = z != null && !args.normBeforeGate();
            if (inside) {
              loops.multiply(x, at, gate, 0, y, at, args.width());
            } else {
              System.arraycopy(x, at, y, at, args.width());
            }
            loops.multiply(y, at, y, at, squares, 0, args.width());
            for (int g = 0; g < args.groups(); g++) {
              int first = g * args.group();
              float ms = loops.sum(squares, first, args.group()) / args.group();
              float scale = 1f / (float) Math.sqrt(ms + args.eps());
              rstd[row * args.groups() + g] = scale;
              loops.scale(scale, y, at + first, y, at + first, args.group());
            }
            loops.multiply(y, at, weight, 0, y, at, args.width());
            if (z != null && args.normBeforeGate()) {
              loops.multiply(y, at, gate, 0, y, at, args.width());
            }
          }
        });
  }

  /**
   * Into weightTerms [rows, width] goes what the weight's gradient sums over rows. With g' the
   * gradient of n * weight, gn = g' * weight and dot = (sum of gn * n by N5) / group: gradU = rstd
   * * (gn - n * dot); weightTerms = g' * n.
   */
  @Override
  public void gradient(
      RmsNormGatedArgs args,
      RmsNormInputs in,
      Storage rstd,
      Storage gradOutput,
      RmsNormGradients out) {
    Operands of = Operands.of(in, rstd, gradOutput, out);
    workers.ranges(
        args.rows(),
        Math.max(1, GRAIN / Math.max(1, args.width())),
        (from, to) -> {
          Row r = new Row(args.width());
          for (int row = from; row < to; row++) {
            gate(loops, args, of.z, row, r.gate);
            prepare(loops, args, of, row, r);
            finish(loops, args, of, row, r);
          }
        });
  }

  /** The operands of the gradient. */
  private record Operands(
      float[] x, float[] z, float[] weight, float[] rstd, float[] g, RmsNormArrays out) {
    static Operands of(RmsNormInputs in, Storage rstd, Storage g, RmsNormGradients out) {
      return new Operands(
          readOnly(in.x()),
          readOnlyOrNull(in.z()),
          readOnly(in.weight()),
          readOnly(rstd),
          readOnly(g),
          RmsNormArrays.of(out));
    }
  }

  /** n, gn, gn * n and the weight's terms of one row. */
  private static void prepare(ScanLoops loops, RmsNormGatedArgs args, Operands of, int row, Row r) {
    float[] g = of.g;
    boolean gated = of.z != null;
    int n = args.width();
    int at = row * n;
    if (gated && !args.normBeforeGate()) {
      loops.multiply(of.x, at, r.gate, 0, r.n, 0, n);
    } else {
      System.arraycopy(of.x, at, r.n, 0, n);
    }
    for (int group = 0; group < args.groups(); group++) {
      int first = group * args.group();
      loops.scale(of.rstd[row * args.groups() + group], r.n, first, r.n, first, args.group());
    }
    if (gated && args.normBeforeGate()) {
      loops.multiply(g, at, r.gate, 0, r.outer, 0, n);
    } else {
      System.arraycopy(g, at, r.outer, 0, n);
    }
    loops.multiply(r.outer, 0, r.n, 0, of.out.weightTerms(), at, n);
    loops.multiply(r.outer, 0, of.weight, 0, r.gn, 0, n);
    loops.multiply(r.gn, 0, r.n, 0, r.product, 0, n);
  }

  private static void finish(ScanLoops loops, RmsNormGatedArgs args, Operands of, int row, Row r) {
    float[] z = of.z;
    float[] gradX = of.out.x();
    int n = args.width();
    int at = row * n;
    for (int group = 0; group < args.groups(); group++) {
      int first = group * args.group();
      float dot = loops.sum(r.product, first, args.group()) / args.group();
      float scale = of.rstd[row * args.groups() + group];
      loops.addScaled(-dot, r.n, first, r.gn, first, args.group());
      loops.scale(scale, r.gn, first, gradX, at + first, args.group());
    }
    if (z != null && args.normBeforeGate()) {
      loops.multiply(r.n, 0, of.weight, 0, r.gradGate, 0, n);
      loops.multiply(of.g, at, r.gradGate, 0, r.gradGate, 0, n);
    } else if (z != null) {
      loops.multiply(gradX, at, of.x, at, r.gradGate, 0, n);
      loops.multiply(gradX, at, r.gate, 0, gradX, at, n);
    }
    if (of.out.z() != null) {
      loops.siluGrad(z, at, r.gradGate, 0, of.out.z(), at, n);
    }
  }

  private static void gate(
      ScanLoops loops, RmsNormGatedArgs args, float[] z, int row, float[] gate) {
    if (z != null) {
      System.arraycopy(z, row * args.width(), gate, 0, args.width());
      loops.silu(gate, 0, args.width());
    }
  }

  private static final class Row {
    final float[] gate;
    final float[] n;
    final float[] gn;
    final float[] outer;
    final float[] product;
    final float[] gradGate;

    Row(int width) {
      gate = new float[width];
      n = new float[width];
      gn = new float[width];
      outer = new float[width];
      product = new float[width];
      gradGate = new float[width];
    }
  }
}
