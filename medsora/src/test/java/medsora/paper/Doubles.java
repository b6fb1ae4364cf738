package medsora.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.random.RandomKey;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;

/** The few words of double-precision arithmetic in which the paper's equations are written here. */
public final class Doubles {
  private Doubles() {}

  /** The elements of a tensor. */
  public static double[] of(Tensor x) {
    float[] values = x.toArray();
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }

  /** Normal draws. */
  public static float[] normal(int n, long stream) {
    float[] out = new float[n];
    new RandomKey(20_240_917, stream, 0).random().normal(out, 0, n);
    return out;
  }

  /** Gives every parameter first values and adds normal draws, so that none is 0, 1 or a table. */
  public static void fill(Module module, double deviation) {
    module.initialize(5);
    int stream = 0;
    for (Parameter p : module.parameters().values()) {
      float[] values = p.value().toArray();
      float[] noise = normal(values.length, ++stream);
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (deviation * noise[i]);
      }
      p.value().storage().write(values);
    }
  }

  /** W x + b, W [out, in] row-major; b may be null. */
  public static double[] linear(double[] w, double[] b, double[] x) {
    double[] y = new double[w.length / x.length];
    for (int o = 0; o < y.length; o++) {
      y[o] = b == null ? 0 : b[o];
      for (int i = 0; i < x.length; i++) {
        y[o] += w[(o * x.length) + i] * x[i];
      }
    }
    return y;
  }

  public static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  public static double silu(double x) {
    return x * sigmoid(x);
  }

  public static double softplus(double x) {
    return Math.log1p(Math.exp(x));
  }

  /** a[from..to). */
  public static double[] slice(double[] a, int from, int to) {
    return java.util.Arrays.copyOfRange(a, from, to);
  }

  /** Equal up to float32 rounding: within {@code limit} of the largest magnitude. */
  public static void assertClose(double[] wanted, Tensor got, double limit) {
    double[] values = of(got);
    assertEquals(wanted.length, values.length);
    double largest = 0;
    for (double w : wanted) {
      largest = Math.max(largest, Math.abs(w));
    }
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(wanted[i], values[i], limit * largest, "element " + i);
    }
  }
}
