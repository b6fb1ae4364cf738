package medsora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rank computes which leaves of a step: neighbours, so that a rank joins most of its own
 * gradients by itself; a leaf more on some ranks where they do not divide, none on some where there
 * are more ranks than leaves.
 *
 * @param leaves of the step
 * @param ranks among whom
 */
record LeafShares(int leaves, int ranks) {
  /** Whole subtrees of numeric contract N4: some leaves from a first one on. */
  record Part(int first, int leaves) {}

  /** The first leaf of a rank, which is that behind the last one of the rank before. */
  private int begin(int rank) {
    return (int) ((((long) rank * leaves) + ranks - 1) / ranks);
  }

  /** The leaves of a rank, ascending. */
  List<Integer> of(int rank) {
    return IntStream.range(begin(rank), begin(rank + 1)).boxed().toList();
  }

  /** The subtrees that are left when a rank has joined what it can of its own, ascending. */
  List<Part> parts(int rank) {
    List<Part> parts = new ArrayList<>();
    int end = begin(rank + 1);
    for (int at = begin(rank); at < end; ) {
      int fits = Integer.highestOneBit(end - at);
      int size = at == 0 ? fits : Math.min(fits, Integer.lowestOneBit(at));
      parts.add(new Part(at, size));
      at += size;
    }
    return parts;
  }
}
