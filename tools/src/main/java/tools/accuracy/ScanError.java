package tools.accuracy;

import engine.op.scan.Scan;
import engine.random.CounterRandom;
import engine.random.RandomKey;
import engine.reference.SsdListing;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Locale;

/**
 * How far the state space scan in float32 lies from the listing of its paper in double precision,
 * for one head of MedSora's size with drawn inputs.
 *
 * @param length steps of the sequence
 * @param chunk steps of a chunk
 * @param error the largest difference of an output, divided by the largest output
 */
public record ScanError(int length, int chunk, double error) {
  /** Columns of x and of the state: the head dimension and state size of Table 1. */
  private static final int HEAD = 64;

  private static final int STATE = 128;

  /** A decay per unit of time in the middle of those that Mamba-2 begins with. */
  private static final float RATE = -4f;

  /** Step widths lie between the least and the largest that Mamba-2 begins with. */
  private static final float DT_MIN = 0.001f;

  private static final float DT_MAX = 0.1f;

  /** Measures one length on the current backend. */
  public static ScanError of(int length, int chunk) {
    float[] x = drawn(length * HEAD, 0);
    float[] b = drawn(length * STATE, 1);
    float[] c = drawn(length * STATE, 2);
    float[] dt = new float[length];
    random(3).uniform(dt, 0, length);
    for (int t = 0; t < length; t++) {
      dt[t] = DT_MIN + (DT_MAX - DT_MIN) * dt[t];
    }
    float[] got =
        Scan.ssdScan(
                Tensor.of(Shape.of(1, length, 1, HEAD), x),
                Tensor.of(Shape.of(1, length, 1), dt),
                Tensor.of(Shape.of(1), RATE),
                Tensor.of(Shape.of(1, length, 1, STATE), b),
                Tensor.of(Shape.of(1, length, 1, STATE), c),
                null,
                null,
                chunk)
            .toArray();
    return new ScanError(length, chunk, distance(got, listed(x, dt, b, c, chunk)));
  }

  /** The listing of the same numbers, y [length, HEAD]. */
  private static double[][] listed(float[] x, float[] dt, float[] b, float[] c, int chunk) {
    double[][] inputs = rows(x, HEAD);
    double[] decays = new double[dt.length];
    for (int t = 0; t < dt.length; t++) {
      decays[t] = (double) dt[t] * RATE;
      for (int p = 0; p < HEAD; p++) {
        inputs[t][p] *= dt[t];
      }
    }
    double[][] before = new double[HEAD][STATE];
    return new SsdListing(inputs, decays, rows(b, STATE), rows(c, STATE), before, chunk).run().y();
  }

  private static double distance(float[] got, double[][] wanted) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < got.length; i++) {
      double exact = wanted[i / HEAD][i % HEAD];
      difference = Math.max(difference, Math.abs(got[i] - exact));
      largest = Math.max(largest, Math.abs(exact));
    }
    return difference / largest;
  }

  private static CounterRandom random(int stream) {
    return new RandomKey(1, stream, 0).random();
  }

  private static float[] drawn(int count, int stream) {
    float[] values = new float[count];
    random(stream).normal(values, 0, count);
    return values;
  }

  private static double[][] rows(float[] values, int width) {
    double[][] rows = new double[values.length / width][width];
    for (int i = 0; i < values.length; i++) {
      rows[i / width][i % width] = values[i];
    }
    return rows;
  }

  /** The head of a table of such rows. */
  public static String header() {
    return "| steps | chunk | largest error, of the largest output |\n|---|---|---|";
  }

  /** A row of it. */
  public String row() {
    return String.format(Locale.ROOT, "| %d | %d | %.1e |", length, chunk, error);
  }
}
