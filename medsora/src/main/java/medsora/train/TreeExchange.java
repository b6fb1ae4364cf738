package medsora.train;

import engine.ranks.Ranks;
import engine.ranks.Transport;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nn.optim.GradientTree;
import org.jspecify.annotations.Nullable;

/**
 * Joins the subtrees of all ranks to the sum of numeric contract N4. The gradients are one row of
 * floats, which is cut into pieces, and each piece into a slice for each rank: a rank gets its
 * slice of every subtree, joins them in the order of the tree, and all get its sum. The order of
 * the additions of an element is that of the tree, whoever makes them. Two pieces are on their way
 * while a third is summed; memory for three is all that is taken.
 *
 * <p>Bytes that a rank sends for N gradients on R ranks, each with one subtree: 4 N (R - 1) / R,
 * and as many again for the sums; every further subtree of a rank adds 4 N (R - 1) / R.
 */
final class TreeExchange {
  private static final int TAG = 2;
  private static final int TOGETHER = 3;

  private final Ranks ranks;
  private final LeafShares shares;
  private final long size;

  /** Floats of a slice. */
  private final int slice;

  private final List<Piece> pieces = new ArrayList<>();

  /**
   * An exchange for steps of equal shapes.
   *
   * @param size floats of all gradients
   * @param floats of a piece, about
   */
  TreeExchange(Ranks ranks, LeafShares shares, long size, int floats) {
    this.ranks = ranks;
    this.shares = shares;
    this.size = size;
    long whole = Math.ceilDiv(size, ranks.count());
    this.slice = (int) Math.clamp(floats / ranks.count(), 1, Math.max(1, whole));
    // Given back with this object: the transport may hold on to it where a step did not end well.
    Arena arena = Arena.ofAuto();
    for (int i = 0; i < TOGETHER; i++) {
      pieces.add(new Piece(arena));
    }
  }

  /** Whether it is for such steps. */
  boolean isFor(LeafShares wanted, long floats) {
    return shares.equals(wanted) && size == floats;
  }

  private long pieceFloats() {
    return (long) slice * ranks.count();
  }

  /** A piece on its way: its buffers, which the one after the next but one has again. */
  private final class Piece {
    private final MemorySegment[] outgoing;
    private final MemorySegment[] incoming;
    private final MemorySegment ownSum;
    private final MemorySegment sums;
    private final List<Transport.Pending> sent = new ArrayList<>();
    private final List<Transport.Pending> received = new ArrayList<>();
    private Transport.@Nullable Pending gathered;
    private long from;

    Piece(Arena arena) {
      int count = ranks.count();
      int own = shares.parts(ranks.rank()).size();
      long bytes = (long) slice * Float.BYTES;
      this.outgoing = new MemorySegment[count];
      this.incoming = new MemorySegment[count];
      for (int r = 0; r < count; r++) {
        outgoing[r] = arena.allocate(own * bytes, Float.BYTES);
        int parts = shares.parts(r).size();
        boolean local = r == ranks.rank();
        incoming[r] = local ? outgoing[r] : arena.allocate(parts * bytes, Float.BYTES);
      }
      this.ownSum = arena.allocate(bytes, Float.BYTES);
      this.sums = arena.allocate(count * bytes, Float.BYTES);
    }

    void begin(long first, List<FlatTensors> own) {
      from = first;
      int me = ranks.rank();
      for (int r = 0; r < ranks.count(); r++) {
        if (r != me && incoming[r].byteSize() > 0) {
          received.add(ranks.transport().receive(incoming[r], r, TAG));
        }
      }
      for (int i = 1; i <= ranks.count(); i++) {
        int to = (me + i) % ranks.count();
        fill(to, own);
        if (to != me && outgoing[to].byteSize() > 0) {
          sent.add(ranks.transport().send(outgoing[to], to, TAG));
        }
      }
    }

    private void fill(int to, List<FlatTensors> own) {
      long begin = from + ((long) to * slice);
      for (int p = 0; p < own.size(); p++) {
        own.get(p).read(begin, sliceOf(outgoing[to], p), slice);
      }
    }

    private MemorySegment sliceOf(MemorySegment all, int number) {
      long bytes = (long) slice * Float.BYTES;
      return all.asSlice(number * bytes, bytes);
    }

    /** Adds this rank's slice of all subtrees, and begins to share the sum. */
    void join() {
      received.forEach(ranks::await);
      received.clear();
      GradientTree tree = new GradientTree();
      for (int r = 0; r < ranks.count(); r++) {
        List<LeafShares.Part> parts = shares.parts(r);
        for (int p = 0; p < parts.size(); p++) {
          float[] values = sliceOf(incoming[r], p).toArray(ValueLayout.JAVA_FLOAT);
          Tensor part = Tensor.of(Shape.of(slice), values);
          tree.add(
              new GradientTree.Subtree(parts.get(p).first(), parts.get(p).leaves(), List.of(part)));
        }
      }
      float[] joined = tree.sum(shares.leaves()).getFirst().toArray();
      MemorySegment.copy(joined, 0, ownSum, ValueLayout.JAVA_FLOAT, 0, slice);
      gathered = ranks.transport().gather(ownSum, sums);
    }

    void end(FlatTensors sum) {
      ranks.await(Objects.requireNonNull(gathered, "no sum is under way"));
      sum.write(from, sums, (int) pieceFloats());
      sent.forEach(ranks::await);
      sent.clear();
    }
  }

  /**
   * The sum over all leaves of the step.
   *
   * @param own what this rank has joined
   * @param result gets the sum, parameter by parameter; may be the gradients of one of these
   */
  void sum(List<GradientTree.Subtree> own, List<Tensor> result) {
    requireParts(own);
    List<FlatTensors> parts = own.stream().map(p -> new FlatTensors(p.gradients())).toList();
    FlatTensors sum = new FlatTensors(result);
    int count = Math.toIntExact(Math.ceilDiv(size, pieceFloats()));
    for (int k = 0; k < count + 2; k++) {
      if (k < count) {
        piece(k).begin(k * pieceFloats(), parts);
      }
      if (k > 0 && k <= count) {
        piece(k - 1).join();
      }
      if (k > 1) {
        piece(k - 2).end(sum);
      }
    }
  }

  private Piece piece(int k) {
    return pieces.get(k % TOGETHER);
  }

  private void requireParts(List<GradientTree.Subtree> own) {
    List<LeafShares.Part> have =
        own.stream().map(part -> new LeafShares.Part(part.first(), part.leaves())).toList();
    if (!have.equals(shares.parts(ranks.rank()))) {
      throw new IllegalStateException(
          "[gradients] %s wants subtrees %s, got %s"
              .formatted(ranks.name(ranks.rank()), shares.parts(ranks.rank()), have));
    }
  }
}
