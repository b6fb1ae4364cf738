package nn.layer;

import engine.op.norm.BatchStatistics;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import nn.Module;

/**
 * How a sample moves the running statistics of batch norms, kept to be done later: samples that are
 * computed side by side, or in other processes, then move them one after the other in their order.
 * A pass in training does not read running statistics, so that it does not matter to it when.
 */
public final class RunningMoves {
  private static final ScopedValue<RunningMoves> KEPT = ScopedValue.newInstance();

  /** The statistics of a batch for a norm. */
  private record Move(BatchNorm norm, float[] mean, float[] variance, int count) {}

  private final List<Move> moves = new ArrayList<>();

  private RunningMoves() {}

  /** A result, and what the way to it would have moved. */
  public record Kept<T>(T result, RunningMoves moves) {}

  /** Runs a body on this thread and keeps what it would move. */
  public static <T> Kept<T> of(Supplier<T> body) {
    RunningMoves kept = new RunningMoves();
    return new Kept<>(ScopedValue.where(KEPT, kept).call(body::get), kept);
  }

  /** Keeps the move of a norm where that is wished for, else does it. */
  static void take(BatchNorm norm, BatchStatistics statistics) {
    if (KEPT.isBound()) {
      KEPT.get()
          .moves
          .add(
              new Move(
                  norm,
                  statistics.mean().toArray(),
                  statistics.variance().toArray(),
                  statistics.count()));
    } else {
      norm.move(statistics);
    }
  }

  /** The batch norms of some modules and of all below them, in the order of the state dict. */
  public static List<BatchNorm> norms(List<Module> modules) {
    List<BatchNorm> norms = new ArrayList<>();
    for (Module module : modules) {
      if (module instanceof BatchNorm norm) {
        norms.add(norm);
      }
      norms.addAll(norms(List.copyOf(module.children().values())));
    }
    return norms;
  }

  /**
   * The moves as bytes, norms by their place.
   *
   * @param norms all that were moved are among them
   */
  public byte[] bytes(List<BatchNorm> norms) {
    int size = 0;
    for (Move move : moves) {
      size += (3 * Integer.BYTES) + (2 * Float.BYTES * move.mean.length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (Move move : moves) {
      bytes.putInt(norms.indexOf(move.norm)).putInt(move.count).putInt(move.mean.length);
      for (float mean : move.mean) {
        bytes.putFloat(mean);
      }
      for (float variance : move.variance) {
        bytes.putFloat(variance);
      }
    }
    return bytes.array();
  }

  /** Does what {@link #bytes} tells of. */
  public static void apply(byte[] moves, List<BatchNorm> norms) {
    ByteBuffer bytes = ByteBuffer.wrap(moves);
    while (bytes.hasRemaining()) {
      BatchNorm norm = norms.get(bytes.getInt());
      int count = bytes.getInt();
      int channels = bytes.getInt();
      norm.move(new BatchStatistics(floats(bytes, channels), floats(bytes, channels), count));
    }
  }

  private static Tensor floats(ByteBuffer bytes, int count) {
    float[] values = new float[count];
    bytes.asFloatBuffer().get(values);
    bytes.position(bytes.position() + (count * Float.BYTES));
    return Tensor.of(Shape.of(count), values);
  }
}
