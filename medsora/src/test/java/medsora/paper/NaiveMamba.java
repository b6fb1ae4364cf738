package medsora.paper;

import static medsora.paper.Doubles.linear;
import static medsora.paper.Doubles.silu;
import static medsora.paper.Doubles.slice;
import static medsora.paper.Doubles.softplus;

import java.util.Map;
import medsora.denoiser.DenoiserConfig;
import nn.Parameter;

/**
 * SSM(A, B, C) of Eq. 8 and 10 as Mamba-2 has it, over one sequence of tokens, with the parameters
 * of a module of ours: every token gives z, x, B, C and the step; x, B and C pass a causal
 * convolution; each head is a scalar state-space model with A_t = exp(dt A) and B_t = dt B.
 */
public final class NaiveMamba {
  private static final double EPS = 1e-5;

  private final Map<String, Parameter> parameters;
  private final int inner;
  private final int state;
  private final int headDim;
  private final int taps;

  public NaiveMamba(DenoiserConfig config, Map<String, Parameter> parameters) {
    this.parameters = parameters;
    this.inner = config.innerWidth();
    this.state = config.stateSize();
    this.headDim = config.headDim();
    this.taps = config.convWidth();
  }

  private double[] p(String name) {
    return Doubles.of(parameters.get(name).value());
  }

  /** Tokens [L][D] -> [L][D]. */
  public double[][] ssm(double[][] tokens) {
    int length = tokens.length;
    int mixed = inner + (2 * state);
    int heads = inner / headDim;
    double[][] z = new double[length][];
    double[][] xbc = new double[length][];
    double[][] dt = new double[length][];
    for (int t = 0; t < length; t++) {
      double[] projected = linear(p("in_proj.weight"), null, tokens[t]);
      z[t] = slice(projected, 0, inner);
      xbc[t] = slice(projected, inner, inner + mixed);
      dt[t] = slice(projected, inner + mixed, inner + mixed + heads);
    }
    double[][] v = convolved(xbc, p("conv1d.weight"), p("conv1d.bias"));
    double[][] y = new double[length][inner];
    for (int h = 0; h < heads; h++) {
      head(h, v, dt, y);
    }
    double[][] out = new double[length][];
    for (int t = 0; t < length; t++) {
      out[t] = linear(p("out_proj.weight"), null, gatedNorm(y[t], z[t]));
    }
    return out;
  }

  /** SiLU of the causal convolution: tap k of channel c meets the token taps - 1 - k before. */
  private double[][] convolved(double[][] x, double[] weight, double[] bias) {
    double[][] y = new double[x.length][x[0].length];
    for (int t = 0; t < x.length; t++) {
      for (int c = 0; c < bias.length; c++) {
        double sum = bias[c];
        for (int k = 0; k < taps; k++) {
          int from = t - (taps - 1 - k);
          sum += from < 0 ? 0 : weight[(c * taps) + k] * x[from][c];
        }
        y[t][c] = silu(sum);
      }
    }
    return y;
  }

  private void head(int h, double[][] v, double[][] dt, double[][] y) {
    int length = v.length;
    double[] a = new double[length];
    double[][] b = new double[length][];
    double[][] c = new double[length][];
    double[][] x = new double[length][];
    for (int t = 0; t < length; t++) {
      double step = softplus(dt[t][h] + p("dt_bias")[h]);
      a[t] = Math.exp(step * -Math.exp(p("A_log")[h]));
      x[t] = slice(v[t], h * headDim, (h + 1) * headDim);
      b[t] = slice(v[t], inner, inner + state);
      c[t] = slice(v[t], inner + state, inner + (2 * state));
      for (int i = 0; i < state; i++) {
        b[t][i] *= step;
      }
    }
    double[][] out = StateSpaceModel.recurrence(a, b, c, x);
    for (int t = 0; t < length; t++) {
      for (int j = 0; j < headDim; j++) {
        y[t][(h * headDim) + j] = out[t][j] + (p("D")[h] * x[t][j]);
      }
    }
  }

  /** RMSNorm(y * silu(z)) * weight. */
  private double[] gatedNorm(double[] y, double[] z) {
    double[] g = new double[inner];
    double squares = 0;
    for (int i = 0; i < inner; i++) {
      g[i] = y[i] * silu(z[i]);
      squares += g[i] * g[i];
    }
    double[] weight = p("norm.weight");
    for (int i = 0; i < inner; i++) {
      g[i] *= weight[i] / Math.sqrt((squares / inner) + EPS);
    }
    return g;
  }
}
