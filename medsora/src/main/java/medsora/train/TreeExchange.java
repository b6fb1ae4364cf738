package medsora.train;

import engine.ranks.Ranks;
import engine.ranks.Transport;
import engine.tensor.HeapStorage;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import nn.optim.SumTree;
import org.jspecify.annotations.Nullable;

/**
 * Joins the subtrees of all ranks to the sum of numeric contract N4. The gradients are one row of
 * floats, which is cut into pieces, and each piece into a slice for each rank ({@link RowSlices}):
 * a rank gets its slice of every subtree, joins them in the order of the tree, and all get its sum,
 * or it keeps that as its shard. The order of the additions of an element is that of the tree,
 * whoever makes them. A piece goes when the last of this rank's leaves has reached its parameters;
 * two are on their way while a third is summed; memory for three is all that is taken.
 *
 * <p>Bytes that a rank sends for N gradients on R ranks, each with one subtree: 4 N (R - 1) / R,
 * and as many again for the sums; every further subtree of a rank adds 4 N (R - 1) / R.
 */
final class TreeExchange {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int TAG = 2;
  private static final int TOGETHER = 3;

  /** Floats that are summed at a time: the caches hold as many of some subtrees. */
  private static final int CHUNK = 1 << 13;

  private final Ranks ranks;
  private final LeafShares shares;
  private final RowSlices slices;
  private final @Nullable Shards shards;
  private final List<Piece> pieces = new ArrayList<>();
  private final Deque<float[]> scratch = new ArrayDeque<>();

  /** Of chunks; what was added is used for another one. */
  private final SumTree<float[]> tree =
      new SumTree<>((into, from) -> {
        add(into, from);
        scratch.push(from);
      });

  /**
   * An exchange for steps of equal shapes.
   *
   * @param shards where each rank keeps its sums; null where all get all
   */
  TreeExchange(Ranks ranks, LeafShares shares, RowSlices slices, @Nullable Shards shards) {
    this.ranks = ranks;
    this.shares = shares;
    this.slices = slices;
    this.shards = shards;
    // Given back with this object: the transport may hold on to it where a step did not end well.
    Arena arena = Arena.ofAuto();
    for (int i = 0; i < Math.min(TOGETHER, slices.pieces()); i++) {
      pieces.add(new Piece(arena));
    }
  }

  /** Whether it is for such steps. */
  boolean isFor(LeafShares wanted, RowSlices cut) {
    return shares.equals(wanted) && slices == cut;
  }

  /** Where the sums of a step go. */
  interface Results {
    /** The tensor that gets the sum of a parameter; may be one of its subtrees. */
    Tensor of(int parameter);
  }

  /** A piece on its way: its buffers, which the one after the next but one has again. */
  private final class Piece {
    private final MemorySegment[] outgoing = new MemorySegment[ranks.count()];
    private final MemorySegment[] incoming = new MemorySegment[ranks.count()];
    private final MemorySegment ownSum;
    private final MemorySegment sums;
    private final List<Transport.Pending> sent = new ArrayList<>();
    private final List<Transport.Pending> received = new ArrayList<>();
    private Transport.@Nullable Pending gathered;
    private int number;

    Piece(Arena arena) {
      long bytes = (long) slices.longest() * Float.BYTES;
      int own = shares.parts(ranks.rank()).size();
      for (int r = 0; r < ranks.count(); r++) {
        boolean other = r != ranks.rank();
        outgoing[r] = arena.allocate(other ? own * bytes : 0, Float.BYTES);
        int parts = shares.parts(r).size();
        incoming[r] = arena.allocate(other ? parts * bytes : 0, Float.BYTES);
      }
      this.sums = arena.allocate(shards == null ? ranks.count() * bytes : 0, Float.BYTES);
      this.ownSum = shards == null ? sums.asSlice(ranks.rank() * bytes, bytes) : sums;
    }

    void begin(int piece, StepGradients own) {
      number = piece;
      int me = ranks.rank();
      for (int r = 0; r < ranks.count(); r++) {
        long bytes = (long) shares.parts(r).size() * slices.length(piece, me) * Float.BYTES;
        if (r != me && bytes > 0) {
          received.add(ranks.transport().receive(incoming[r].asSlice(0, bytes), r, TAG));
        }
      }
      int parts = shares.parts(me).size();
      for (int i = 1; i < ranks.count(); i++) {
        int to = (me + i) % ranks.count();
        int length = slices.length(piece, to);
        if (parts * length > 0) {
          fill(outgoing[to], to, own);
          MemorySegment filled = outgoing[to].asSlice(0, (long) parts * length * Float.BYTES);
          sent.add(ranks.transport().send(filled, to, TAG));
        }
      }
    }

    private void fill(MemorySegment out, int to, StepGradients own) {
      long length = slices.length(number, to);
      slices.slice(
          number,
          to,
          (parameter, inside, at, n) -> {
            List<SumTree.Subtree<Tensor>> parts = own.parts(parameter);
            for (int p = 0; p < parts.size(); p++) {
              float[] from = HeapStorage.readOnly(parts.get(p).sum().storage());
              long place = ((p * length) + at) * Float.BYTES;
              MemorySegment.copy(from, inside, out, FLOAT, place, n);
            }
          });
    }

    /** Adds this rank's slice of all subtrees, and begins to share the sum. */
    void join(StepGradients own, Results results) {
      received.forEach(ranks::await);
      received.clear();
      int length = slices.length(number, ranks.rank());
      for (int at = 0; at < length; at += CHUNK) {
        int n = Math.min(CHUNK, length - at);
        float[] sum = joined(at, n, own);
        put(sum, at, n, results);
        scratch.push(sum);
      }
      if (shards == null) {
        gathered = ranks.transport().gather(ownSum, sums);
      }
    }

    /** The sum of a chunk of this rank's slice. */
    private float[] joined(int at, int n, StepGradients own) {
      for (int r = 0; r < ranks.count(); r++) {
        List<LeafShares.Part> parts = shares.parts(r);
        for (int p = 0; p < parts.size(); p++) {
          float[] chunk = scratch.isEmpty() ? new float[CHUNK] : scratch.pop();
          if (r == ranks.rank()) {
            ownChunk(p, at, n, own, chunk);
          } else {
            long place = ((long) p * slices.length(number, ranks.rank())) + at;
            MemorySegment.copy(incoming[r], FLOAT, place * Float.BYTES, chunk, 0, n);
          }
          tree.add(new SumTree.Subtree<>(parts.get(p).first(), parts.get(p).leaves(), chunk));
        }
      }
      return tree.sum(shares.leaves());
    }

    private void ownChunk(int part, int at, int n, StepGradients own, float[] chunk) {
      slices.stretches(
          slices.begin(number, ranks.rank()) + at,
          n,
          (parameter, inside, to, count) -> {
            Tensor gradient = own.parts(parameter).get(part).sum();
            float[] from = HeapStorage.readOnly(gradient.storage());
            System.arraycopy(from, inside, chunk, (int) to, count);
          });
    }

    /** Puts a summed chunk where it stays here, and where the others get it from. */
    private void put(float[] sum, int at, int n, Results results) {
      long from = slices.begin(number, ranks.rank()) + at;
      if (shards != null) {
        shards.put(number, from, sum, n);
        return;
      }
      MemorySegment.copy(sum, 0, ownSum, FLOAT, (long) at * Float.BYTES, n);
      slices.stretches(
          from,
          n,
          (parameter, inside, begin, count) -> {
            float[] to = HeapStorage.array(results.of(parameter).storage());
            System.arraycopy(sum, (int) begin, to, inside, count);
          });
    }

    void end(Results results) {
      if (shards == null) {
        ranks.await(Objects.requireNonNull(gathered, "no sum is under way"));
        for (int r = 0; r < ranks.count(); r++) {
          if (r != ranks.rank()) {
            write(sums.asSlice((long) r * slices.longest() * Float.BYTES), r, results);
          }
        }
      }
      sent.forEach(ranks::await);
      sent.clear();
    }

    private void write(MemorySegment values, int from, Results results) {
      slices.slice(
          number,
          from,
          (parameter, inside, at, n) -> {
            float[] to = HeapStorage.array(results.of(parameter).storage());
            MemorySegment.copy(values, FLOAT, at * Float.BYTES, to, inside, n);
          });
    }
  }

  private static void add(float[] into, float[] from) {
    for (int i = 0; i < into.length; i++) {
      into[i] += from[i];
    }
  }

  /** Pieces that were begun, joined and ended of one step. */
  private final class Course {
    private final StepGradients own;
    private final Results results;
    private int begun;
    private int joined;
    private int ended;

    Course(StepGradients own, Results results) {
      this.own = own;
      this.results = results;
    }

    void begin() {
      piece(begun).begin(begun, own);
      begun++;
    }

    void joinTo(int count) {
      for (; joined < count; joined++) {
        piece(joined).join(own, results);
      }
    }

    void endTo(int count) {
      for (; ended < count; ended++) {
        piece(ended).end(results);
      }
    }

    /** Ends all that was begun. */
    void catchUp() {
      joinTo(begun);
      endTo(begun);
    }
  }

  private Piece piece(int k) {
    return pieces.get(k % pieces.size());
  }

  /**
   * Makes the sums over all leaves of the step, piece by piece as they are complete here.
   *
   * @param own what this rank's leaves give
   * @param results get the sums; none where they are kept as shards
   * @return false where the step was given up before the end
   */
  boolean run(StepGradients own, Results results) throws InterruptedException {
    Course course = new Course(own, results);
    for (int k = 0; k < slices.pieces(); k++) {
      List<Integer> wanted = slices.parameters(k);
      if (!wanted.stream().allMatch(own::isComplete)) {
        course.catchUp();
      }
      for (int parameter : wanted) {
        if (!own.await(parameter)) {
          return false;
        }
      }
      requireParts(wanted, own);
      course.begin();
      course.joinTo(k);
      course.endTo(k - 1);
    }
    course.catchUp();
    return true;
  }

  private void requireParts(List<Integer> parameters, StepGradients own) {
    List<LeafShares.Part> wanted = shares.parts(ranks.rank());
    for (int parameter : parameters) {
      List<LeafShares.Part> have =
          own.parts(parameter).stream()
              .map(part -> new LeafShares.Part(part.first(), part.leaves()))
              .toList();
      if (!have.equals(wanted)) {
        throw new IllegalStateException(
            "[gradients] %s wants subtrees %s, got %s"
                .formatted(ranks.name(ranks.rank()), wanted, have));
      }
    }
  }
}
