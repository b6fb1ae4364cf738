package medsora.train;

import engine.numeric.NumericContract;
import engine.ranks.Ranks;
import engine.ranks.Transport;
import engine.tensor.HeapStorage;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import nn.optim.GradientNorm;

/**
 * What a rank owns of all parameters: its slice of every piece ({@link RowSlices}). A shard is one
 * tensor of rank 1, in which each stretch of a parameter begins at a block of numeric contract N5;
 * behind a stretch, up to the next block, there are zeros. What is done element by element can so
 * be done by each rank for its own alone, and the norm from sums of blocks.
 */
final class Shards {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int BLOCK = NumericContract.SUM_BLOCK;
  private static final int TAG = 3;

  /**
   * A stretch of a parameter.
   *
   * @param at its first float in the shard
   */
  private record Stretch(int parameter, int inside, int count, int at) {
    int blocks() {
      return Math.ceilDiv(count, BLOCK);
    }
  }

  private final Ranks ranks;
  private final RowSlices slices;

  /** By rank and piece. */
  private final List<List<List<Stretch>>> stretches = new ArrayList<>();

  /** The gradient of this rank, which each step writes anew. */
  private final Tensor gradient;

  Shards(Ranks ranks, RowSlices slices) {
    this.ranks = ranks;
    this.slices = slices;
    int size = 0;
    for (int r = 0; r < ranks.count(); r++) {
      int at = 0;
      List<List<Stretch>> ofRank = new ArrayList<>();
      for (int piece = 0; piece < slices.pieces(); piece++) {
        List<Stretch> ofPiece = new ArrayList<>();
        slices.slice(
            piece,
            r,
            (parameter, inside, from, n) -> ofPiece.add(new Stretch(parameter, inside, n, 0)));
        List<Stretch> placed = new ArrayList<>();
        for (Stretch s : ofPiece) {
          placed.add(new Stretch(s.parameter(), s.inside(), s.count(), at));
          at = Math.addExact(at, s.blocks() * BLOCK);
        }
        ofRank.add(placed);
      }
      stretches.add(ofRank);
      size = r == ranks.rank() ? at : size;
    }
    this.gradient = Tensor.zeros(Shape.of(size));
  }

  private List<List<Stretch>> own() {
    return stretches.get(ranks.rank());
  }

  /** A shard of zeros. */
  Tensor zeros() {
    return Tensor.zeros(gradient.shape());
  }

  /** The gradient of this rank. */
  Tensor gradient() {
    return gradient;
  }

  /** Puts floats of the row, all of one slice of this rank, into its gradient. */
  void put(int piece, long from, float[] values, int count) {
    float[] to = HeapStorage.array(gradient.storage());
    slices.stretches(
        from,
        count,
        (parameter, inside, at, n) -> {
          for (Stretch s : own().get(piece)) {
            if (s.parameter() == parameter) {
              System.arraycopy(values, (int) at, to, s.at() + inside - s.inside(), n);
            }
          }
        });
  }

  /** Copies this rank's stretches of a parameter into a shard. */
  void pick(int parameter, float[] whole, Tensor shard) {
    float[] to = HeapStorage.array(shard.storage());
    for (List<Stretch> piece : own()) {
      for (Stretch s : piece) {
        if (s.parameter() == parameter) {
          System.arraycopy(whole, s.inside(), to, s.at(), s.count());
        }
      }
    }
  }

  /** Copies this rank's stretches of all parameters into a shard. */
  void pick(List<Tensor> whole, Tensor shard) {
    for (int i = 0; i < whole.size(); i++) {
      pick(i, HeapStorage.readOnly(whole.get(i).storage()), shard);
    }
  }

  /** Gives all ranks the shards of all; done by all. */
  void spread(Tensor shard, List<Tensor> whole) {
    Arena arena = Arena.ofAuto();
    long bytes = (long) slices.longest() * Float.BYTES;
    MemorySegment all = arena.allocate(ranks.count() * bytes, Float.BYTES);
    MemorySegment mine = all.asSlice(ranks.rank() * bytes, bytes);
    for (int piece = 0; piece < slices.pieces(); piece++) {
      read(shard, piece, mine);
      ranks.await(ranks.transport().gather(mine, all));
      for (int r = 0; r < ranks.count(); r++) {
        write(all.asSlice(r * bytes, bytes), piece, r, whole);
      }
    }
  }

  /**
   * Brings the shards of all to rank 0; done by all.
   *
   * @return the whole parameter by parameter, and nothing on other ranks
   */
  List<Tensor> collect(Tensor shard) {
    MemorySegment slice =
        Arena.ofAuto().allocate((long) slices.longest() * Float.BYTES, Float.BYTES);
    List<Tensor> whole =
        ranks.isFirst() ? slices.shapes().stream().map(Tensor::zeros).toList() : List.of();
    for (int piece = 0; piece < slices.pieces(); piece++) {
      for (int r = 0; r < ranks.count(); r++) {
        MemorySegment part = slice.asSlice(0, (long) slices.length(piece, r) * Float.BYTES);
        if (r == ranks.rank()) {
          read(shard, piece, part);
        }
        if (ranks.isFirst() || r == ranks.rank()) {
          carry(part, r);
        }
        if (ranks.isFirst()) {
          write(part, piece, r, whole);
        }
      }
    }
    return whole;
  }

  /** From a rank to the first, on both of them. */
  private void carry(MemorySegment part, int from) {
    if (from > 0 && part.byteSize() > 0) {
      Transport t = ranks.transport();
      ranks.await(ranks.isFirst() ? t.receive(part, from, TAG) : t.send(part, 0, TAG));
    }
  }

  private void read(Tensor shard, int piece, MemorySegment to) {
    float[] from = HeapStorage.readOnly(shard.storage());
    long at = 0;
    for (Stretch s : own().get(piece)) {
      MemorySegment.copy(from, s.at(), to, FLOAT, at, s.count());
      at += (long) s.count() * Float.BYTES;
    }
  }

  private void write(MemorySegment from, int piece, int rank, List<Tensor> whole) {
    long at = 0;
    for (Stretch s : stretches.get(rank).get(piece)) {
      float[] to = HeapStorage.array(whole.get(s.parameter()).storage());
      MemorySegment.copy(from, FLOAT, at, to, s.inside(), s.count());
      at += (long) s.count() * Float.BYTES;
    }
  }

  /** The norm of the gradient of all ranks, with the bits of {@link GradientNorm#of}. */
  double norm() {
    float[] blocks = GradientNorm.blockSquares(gradient);
    ByteBuffer bytes = ByteBuffer.allocate(blocks.length * Float.BYTES);
    bytes.asFloatBuffer().put(blocks);
    List<byte[]> all = ranks.gather(bytes.array());
    List<float[]> squares =
        new ArrayList<>(
            slices.shapes().stream().map(s -> new float[Math.ceilDiv(s.size(), BLOCK)]).toList());
    for (int r = 0; r < ranks.count(); r++) {
      ByteBuffer of = ByteBuffer.wrap(all.get(r));
      for (List<Stretch> piece : stretches.get(r)) {
        for (Stretch s : piece) {
          of.asFloatBuffer().get(squares.get(s.parameter()), s.inside() / BLOCK, s.blocks());
          of.position(of.position() + (s.blocks() * Float.BYTES));
        }
      }
    }
    return GradientNorm.ofBlocks(squares);
  }
}
