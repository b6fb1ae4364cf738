package medsora.train;

import engine.numeric.NumericContract;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * All parameters as one row of floats, the last ones first, since backward comes to these first;
 * cut into pieces, and each piece into a slice for each rank. Slices are about equal; one that ends
 * inside a parameter ends at a block of numeric contract N5, so that the sums of a parameter's
 * blocks are each made by one rank.
 */
final class RowSlices {
  private final List<Shape> shapes;
  private final int ranks;
  private final int pieces;

  /** The first float of each parameter in the row, by its place in it, and behind the last. */
  private final long[] begins;

  /** The first float of each slice, by piece and rank, and behind the last. */
  private final long[] slices;

  /** A stretch of one parameter: {@code count} floats from {@code inside} on, at a place. */
  interface Stretch {
    /**
     * Told of it.
     *
     * @param at floats from the beginning of what was asked for
     */
    void of(int parameter, int inside, long at, int count);
  }

  /**
   * Cuts parameters.
   *
   * @param floats of a piece, about
   */
  RowSlices(List<Shape> shapes, int ranks, int floats) {
    this.shapes = List.copyOf(shapes);
    this.ranks = ranks;
    this.begins = new long[shapes.size() + 1];
    for (int place = 0; place < shapes.size(); place++) {
      begins[place + 1] = begins[place] + shapes.get(parameter(place)).size();
    }
    this.pieces = (int) Math.max(1, Math.ceilDiv(size(), (long) floats));
    this.slices = new long[(pieces * ranks) + 1];
    for (int i = 1; i < slices.length; i++) {
      slices[i] = Math.max(slices[i - 1], cut(size() * i / (slices.length - 1)));
    }
  }

  /** Whether it is that of such parameters. */
  boolean isOf(List<Shape> wanted) {
    return shapes.equals(wanted);
  }

  List<Shape> shapes() {
    return shapes;
  }

  /** The last place at which a slice may end, not behind this one. */
  private long cut(long at) {
    if (at == size()) {
      return at;
    }
    int place = find(at);
    long inside = at - begins[place];
    return begins[place] + inside - (inside % NumericContract.SUM_BLOCK);
  }

  private int parameter(int place) {
    return shapes.size() - 1 - place;
  }

  private long size() {
    return begins[begins.length - 1];
  }

  int pieces() {
    return pieces;
  }

  int ranks() {
    return ranks;
  }

  long begin(int piece, int rank) {
    return slices[(piece * ranks) + rank];
  }

  /** Floats of a slice. */
  int length(int piece, int rank) {
    return (int) (begin(piece, rank + 1) - begin(piece, rank));
  }

  /** Floats of the longest slice. */
  int longest() {
    long most = 0;
    for (int i = 1; i < slices.length; i++) {
      most = Math.max(most, slices[i] - slices[i - 1]);
    }
    return (int) most;
  }

  /** Tells the stretches of a slice, ascending. */
  void slice(int piece, int rank, Stretch told) {
    stretches(begin(piece, rank), length(piece, rank), told);
  }

  /** Tells the stretches of some floats of the row, ascending. */
  void stretches(long from, long count, Stretch told) {
    long end = from + count;
    long at = from;
    for (int place = find(from); at < end; place++) {
      int n = (int) (Math.min(end, begins[place + 1]) - at);
      if (n > 0) {
        told.of(parameter(place), (int) (at - begins[place]), at - from, n);
      }
      at += n;
    }
  }

  /** The parameters that have floats in a piece. */
  List<Integer> parameters(int piece) {
    List<Integer> all = new ArrayList<>();
    long from = begin(piece, 0);
    stretches(from, slices[(piece + 1) * ranks] - from, (p, inside, at, n) -> all.add(p));
    return all;
  }

  /** The place in the row of the parameter that holds a float; behind the last one, that. */
  private int find(long at) {
    int low = 0;
    int high = Math.max(0, begins.length - 2);
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (begins[middle] <= at) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
