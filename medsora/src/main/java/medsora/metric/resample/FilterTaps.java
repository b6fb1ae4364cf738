package medsora.metric.resample;

import engine.kernel.ResampleTable;

/**
 * Which inputs an output of one axis is made of, by a filter that widens with the step from output
 * to output, so that shrinking averages (Pillow's rule). With scale = in / out and f = max(scale,
 * 1) output i has the centre c = (i + 0.5) scale and the inputs j from trunc(c - support f + 0.5),
 * at least 0, to below trunc(c + support f + 0.5), at most in; j weighs k((j - c + 0.5) / f), over
 * the sum of all of them.
 *
 * @param in extent of the axis
 * @param first the first input of each output
 * @param weights of the inputs from there on, in double
 */
record FilterTaps(int in, int[] first, double[][] weights) {
  static FilterTaps of(int in, int out, Filter filter) {
    double scale = (double) in / out;
    double stretch = Math.max(scale, 1);
    double support = filter.support() * stretch;
    int[] first = new int[out];
    double[][] weights = new double[out][];
    for (int i = 0; i < out; i++) {
      double centre = (i + 0.5) * scale;
      first[i] = Math.max((int) (centre - support + 0.5), 0);
      int end = Math.min((int) (centre + support + 0.5), in);
      weights[i] = normalised(filter, first[i] - centre + 0.5, 1 / stretch, end - first[i]);
    }
    return new FilterTaps(in, first, weights);
  }

  private static double[] normalised(Filter filter, double from, double step, int count) {
    double[] w = new double[count];
    double sum = 0;
    for (int x = 0; x < count; x++) {
      w[x] = filter.at((x + from) * step);
      sum += w[x];
    }
    for (int x = 0; x < count; x++) {
      w[x] = sum == 0 ? w[x] : w[x] / sum;
    }
    return w;
  }

  int out() {
    return first.length;
  }

  /** The same for a kernel of the engine, weights rounded to float32. */
  ResampleTable table() {
    int[] start = new int[out() + 1];
    for (int i = 0; i < out(); i++) {
      start[i + 1] = start[i] + weights[i].length;
    }
    int[] source = new int[start[out()]];
    float[] weight = new float[source.length];
    for (int i = 0; i < out(); i++) {
      for (int x = 0; x < weights[i].length; x++) {
        source[start[i] + x] = first[i] + x;
        weight[start[i] + x] = (float) weights[i][x];
      }
    }
    return new ResampleTable(in, out(), start, source, weight);
  }
}
