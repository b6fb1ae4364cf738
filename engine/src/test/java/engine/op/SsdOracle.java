package engine.op;

import engine.reference.SsdListing;
import java.util.Arrays;

/**
 * The listing for all heads of all sequences, in the layout of the op: x [batch, length, heads,
 * headDim], dt [batch, length, heads], a and d [heads], b and c [batch, length, groups, state],
 * initial [batch, heads, headDim, state].
 */
record SsdOracle(SsdRecurrence size, int chunk) {

  /** y = listing + D x and the final states; c, d and initial may be null. */
  SsdRecurrence.Result run(
      double[] x, double[] dt, double[] a, double[] b, double[] c, double[] d, double[] initial) {
    double[] y = new double[x.length];
    double[] last = new double[size.batch() * size.heads() * size.headDim() * size.state()];
    for (int sample = 0; sample < size.batch(); sample++) {
      for (int head = 0; head < size.heads(); head++) {
        int group = head / (size.heads() / size.groups());
        double[][] u = rows(x, sample, head, size.heads(), size.headDim());
        double[][] width = rows(dt, sample, head, size.heads(), 1);
        SsdListing.Result result =
            new SsdListing(
                    scaled(u, width),
                    decays(width, a[head]),
                    rows(b, sample, group, size.groups(), size.state()),
                    c == null
                        ? new double[size.length()][size.state()]
                        : rows(c, sample, group, size.groups(), size.state()),
                    state(initial, sample, head),
                    chunk)
                .run();
        put(result.y(), u, d == null ? 0 : d[head], y, sample, head);
        put(result.finalState(), last, sample, head);
      }
    }
    return new SsdRecurrence.Result(y, last);
  }

  /** Rows [length, width] of one head or group out of [batch, length, count, width]. */
  private double[][] rows(double[] data, int sample, int index, int count, int width) {
    double[][] rows = new double[size.length()][];
    for (int t = 0; t < rows.length; t++) {
      int at = ((sample * size.length() + t) * count + index) * width;
      rows[t] = Arrays.copyOfRange(data, at, at + width);
    }
    return rows;
  }

  private static double[][] scaled(double[][] u, double[][] width) {
    double[][] x = new double[u.length][];
    for (int t = 0; t < x.length; t++) {
      double dt = width[t][0];
      x[t] = Arrays.stream(u[t]).map(v -> dt * v).toArray();
    }
    return x;
  }

  private static double[] decays(double[][] width, double a) {
    return Arrays.stream(width).mapToDouble(w -> w[0] * a).toArray();
  }

  private double[][] state(double[] initial, int sample, int head) {
    double[][] state = new double[size.headDim()][size.state()];
    for (int p = 0; initial != null && p < state.length; p++) {
      int at = stateAt(sample, head, p);
      state[p] = Arrays.copyOfRange(initial, at, at + size.state());
    }
    return state;
  }

  private void put(double[][] from, double[][] u, double d, double[] y, int sample, int head) {
    for (int t = 0; t < from.length; t++) {
      for (int p = 0; p < size.headDim(); p++) {
        int at = ((sample * size.length() + t) * size.heads() + head) * size.headDim() + p;
        y[at] = from[t][p] + d * u[t][p];
      }
    }
  }

  private void put(double[][] state, double[] last, int sample, int head) {
    for (int p = 0; p < state.length; p++) {
      System.arraycopy(state[p], 0, last, stateAt(sample, head, p), size.state());
    }
  }

  private int stateAt(int sample, int head, int p) {
    return ((sample * size.heads() + head) * size.headDim() + p) * size.state();
  }
}
