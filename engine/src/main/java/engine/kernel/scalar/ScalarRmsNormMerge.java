package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.RmsNormGradients;
import engine.kernel.RmsNormInputs;
import engine.kernel.RmsNormMergeArgs;
import engine.kernel.RmsNormMergeKernels;
import engine.kernel.Workers;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * Gated RMS norms of several walks, added: per token the gate silu(z) once; for each walk u = x *
 * gate, ms = (sum of u * u by N5, the squares rounded) / width, rstd = 1 / sqrt(ms + eps), and u *
 * rstd * weight. The walks of a sum are added with walks ascending. The gradient works from the
 * saved rstd; every written operation is rounded once.
 */
public class ScalarRmsNormMerge implements RmsNormMergeKernels {
  private static final int GRAIN = 4;

  private final Workers workers;
  private final ScanLoops loops;

  /** With its innermost loops, the one thing that vectors do differently. */
  public ScalarRmsNormMerge(Workers workers, ScanLoops loops) {
    this.workers = workers;
    this.loops = loops;
  }

  @Override
  public void forward(RmsNormMergeArgs args, RmsNormInputs in, Storage output, Storage rstd) {
    float[] y = array(output);
    Norm norm = new Norm(loops, args, in, array(rstd));
    workers.ranges(
        args.tokens(),
        GRAIN,
        (from, to) -> {
          Token token = new Token(args.width());
          for (int t = from; t < to; t++) {
            norm.forward(t, y, token);
          }
        });
  }

  /**
   * Gradients of x and of the gate's own columns of z, and into weightTerms [tokens, width] what
   * the weight's gradient sums over tokens. With nrm = u * rstd, gn = g * weight and dot = (sum of
   * gn * nrm by N5) / width: gradU = rstd * (gn - nrm * dot), gradX = gradU * gate; over the walks
   * ascending weightTerms = sum of g * nrm and gradGate = sum of gradU * x.
   */
  @Override
  public void gradient(
      RmsNormMergeArgs args,
      RmsNormInputs in,
      Storage rstd,
      Storage gradOutput,
      RmsNormGradients out) {
    float[] g = readOnly(gradOutput);
    RmsNormArrays gradients = RmsNormArrays.of(out);
    Norm norm = new Norm(loops, args, in, readOnly(rstd));
    workers.ranges(
        args.tokens(),
        GRAIN,
        (from, to) -> {
          Token token = new Token(args.width());
          for (int t = from; t < to; t++) {
            norm.backward(t, g, gradients, token);
          }
        });
  }

  /** One call's operands. */
  private static final class Norm {
    private final ScanLoops loops;
    private final RmsNormMergeArgs args;
    private final float[] x;
    private final float[] z;
    private final float[] weight;
    private final float[] rstd;
    private final int n;

    Norm(ScanLoops loops, RmsNormMergeArgs args, RmsNormInputs in, float[] rstd) {
      this.loops = loops;
      this.args = args;
      this.x = readOnly(in.x());
      this.z = readOnly(in.z());
      this.weight = readOnly(in.weight());
      this.rstd = rstd;
      this.n = args.width();
    }

    void forward(int t, float[] y, Token token) {
      gate(t, token.gate);
      int per = args.walksPerSum();
      for (int walk = 0; walk < args.walks().count(); walk++) {
        int row = args.walks().row(walk, t);
        loops.multiply(x, row * n, token.gate, 0, token.u, 0, n);
        loops.multiply(token.u, 0, token.u, 0, token.product, 0, n);
        float ms = loops.sum(token.product, 0, n) / n;
        rstd[row] = 1f / (float) Math.sqrt(ms + args.eps());
        loops.scale(rstd[row], token.u, 0, token.u, 0, n);
        int at = (walk / per * args.tokens() + t) * n;
        if (walk % per == 0) {
          loops.multiply(token.u, 0, weight, 0, y, at, n);
        } else {
          loops.addProduct(token.u, 0, weight, 0, y, at, n);
        }
      }
    }

    private void gate(int t, float[] gate) {
      System.arraycopy(z, t * args.gateStride() + args.gateOffset(), gate, 0, n);
      loops.silu(gate, 0, n);
    }

    void backward(int t, float[] g, RmsNormArrays out, Token token) {
      float[] terms = out.weightTerms();
      gate(t, token.gate);
      Arrays.fill(token.gradGate, 0f);
      Arrays.fill(terms, t * n, (t + 1) * n, 0f);
      int per = args.walksPerSum();
      for (int walk = 0; walk < args.walks().count(); walk++) {
        int row = args.walks().row(walk, t);
        int gAt = (walk / per * args.tokens() + t) * n;
        loops.multiply(x, row * n, token.gate, 0, token.u, 0, n);
        loops.scale(rstd[row], token.u, 0, token.u, 0, n);
        loops.addProduct(g, gAt, token.u, 0, terms, t * n, n);
        loops.multiply(g, gAt, weight, 0, token.gn, 0, n);
        loops.multiply(token.gn, 0, token.u, 0, token.product, 0, n);
        float dot = loops.sum(token.product, 0, n) / n;
        loops.addScaled(-dot, token.u, 0, token.gn, 0, n);
        loops.scale(rstd[row], token.gn, 0, token.gn, 0, n);
        loops.addProduct(token.gn, 0, x, row * n, token.gradGate, 0, n);
        loops.multiply(token.gn, 0, token.gate, 0, out.x(), row * n, n);
      }
      int zAt = t * args.gateStride() + args.gateOffset();
      loops.siluGrad(z, zAt, token.gradGate, 0, out.z(), zAt, n);
    }
  }

  /** Working memory of one token. */
  private static final class Token {
    final float[] gate;
    final float[] u;
    final float[] product;
    final float[] gn;
    final float[] gradGate;

    Token(int width) {
      gate = new float[width];
      u = new float[width];
      product = new float[width];
      gn = new float[width];
      gradGate = new float[width];
    }
  }
}
