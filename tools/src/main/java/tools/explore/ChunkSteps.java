package tools.explore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.reference.SsdListing;
import java.util.Arrays;

/**
 * The five steps of {@link SsdListing} with their numbers, and the states of the recurrence. Each
 * number is one that the listing itself gives: a chunk alone from a zero state is step 1 and 2,
 * what all chunks before one leave behind is step 3, a chunk of zeros from that state is step 4,
 * the whole sequence is step 5, and a chunk of one step is the recurrence.
 *
 * @param diagonal step 1, the output of each chunk by itself [L]
 * @param added step 2, the state that each chunk adds [chunks][N]
 * @param passed step 3, the state before each chunk [chunks][N]
 * @param offDiagonal step 4, what that state gives to the outputs [L]
 * @param sum step 5 [L], without D x
 * @param states of the recurrence behind each step [L][N]
 */
record ChunkSteps(
    double[] diagonal,
    double[][] added,
    double[][] passed,
    double[] offDiagonal,
    double[] sum,
    double[][] states) {

  /**
   * A channel of a head.
   *
   * @param x dt_t x_t [L][1]
   * @param a dt_t A [L]
   * @param b [L][N]
   * @param c [L][N]
   */
  record Head(double[][] x, double[] a, double[][] b, double[][] c) {
    private SsdListing listing(int from, int to, double[][] initial, int chunk, boolean zeros) {
      double[][] inputs = zeros ? new double[to - from][1] : Arrays.copyOfRange(x, from, to);
      return new SsdListing(
          inputs,
          Arrays.copyOfRange(a, from, to),
          Arrays.copyOfRange(b, from, to),
          Arrays.copyOfRange(c, from, to),
          initial,
          chunk);
    }
  }

  static ChunkSteps of(Head head, int chunk) {
    int steps = head.x().length;
    int n = head.b()[0].length;
    int chunks = (steps + chunk - 1) / chunk;
    double[] diagonal = new double[steps];
    double[] offDiagonal = new double[steps];
    double[][] added = new double[chunks][];
    double[][] passed = new double[chunks][];
    double[][] state = new double[1][n];
    for (int k = 0; k < chunks; k++) {
      int from = k * chunk;
      int to = Math.min(steps, from + chunk);
      var alone = head.listing(from, to, new double[1][n], chunk, false).run();
      put(alone.y(), diagonal, from);
      added[k] = alone.finalState()[0];
      passed[k] = state[0];
      put(head.listing(from, to, state, chunk, true).run().y(), offDiagonal, from);
      state = head.listing(from, to, state, chunk, false).run().finalState();
    }
    double[] sum = new double[steps];
    put(head.listing(0, steps, new double[1][n], chunk, false).run().y(), sum, 0);
    return new ChunkSteps(diagonal, added, passed, offDiagonal, sum, recurrence(head, n));
  }

  private static double[][] recurrence(Head head, int n) {
    double[][] states = new double[head.x().length][];
    double[][] state = new double[1][n];
    for (int t = 0; t < states.length; t++) {
      state = head.listing(t, t + 1, state, 1, false).run().finalState();
      states[t] = state[0];
    }
    return states;
  }

  private static void put(double[][] y, double[] to, int from) {
    for (int t = 0; t < y.length; t++) {
      to[from + t] = y[t][0];
    }
  }

  /** Writes those of all heads side by side. */
  static void write(ChunkSteps[] heads, tools.explore.Arrays arrays, ObjectNode node) {
    int h = heads.length;
    int steps = heads[0].sum.length;
    int chunks = heads[0].added.length;
    int n = heads[0].added[0].length;
    node.set("diagonal", arrays.floats(joined(heads, s -> new double[][] {s.diagonal}), h, steps));
    node.set(
        "offDiagonal", arrays.floats(joined(heads, s -> new double[][] {s.offDiagonal}), h, steps));
    node.set("sum", arrays.floats(joined(heads, s -> new double[][] {s.sum}), h, steps));
    node.set("added", arrays.floats(joined(heads, ChunkSteps::added), h, chunks, n));
    node.set("passed", arrays.floats(joined(heads, ChunkSteps::passed), h, chunks, n));
    node.set("states", arrays.floats(joined(heads, ChunkSteps::states), h, steps, n));
  }

  private static double[] joined(
      ChunkSteps[] heads, java.util.function.Function<ChunkSteps, double[][]> part) {
    return Arrays.stream(heads)
        .flatMap(s -> Arrays.stream(part.apply(s)))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }
}
