package engine.io;

import engine.tensor.HalfFloats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Named tensors at rest: one safetensors file, several of them with an index, or a checkpoint of
 * PyTorch. Asking for a name that is not there, or for a kind that the tensor does not have, is an
 * IllegalArgumentException.
 */
public sealed interface TensorSource extends AutoCloseable
    permits SafeTensors, ShardedTensors, TorchCheckpoint, RenamedTensors, PermutedTensors {
  /** How the index of a set of files ends: {@code model.safetensors.index.json}. */
  String INDEX = ".index.json";

  /**
   * Opens a safetensors file, the index of several, or a checkpoint of PyTorch, which is known by
   * its first bytes.
   *
   * @throws FormatException where what is found is not whole and well-formed
   * @throws IOException where it cannot be read
   */
  static TensorSource open(Path path) throws IOException {
    Path name = path.getFileName();
    boolean index = name != null && name.toString().endsWith(INDEX);
    if (index) {
      return ShardedTensors.open(path);
    }
    return TorchCheckpoint.isOne(path) ? TorchCheckpoint.open(path) : SafeTensors.open(path);
  }

  /** What was opened. */
  Path path();

  /** Names of all tensors. */
  List<String> names();

  boolean contains(String name);

  /** Extents of the tensor, outermost first; empty for a scalar. */
  long[] shape(String name);

  Dtype dtype(String name);

  /** The strings of {@code __metadata__}; empty where there are none. */
  Map<String, String> metadata();

  /**
   * The whole tensor, row-major; any floating type. F64 is rounded to nearest, all else is exact.
   */
  float[] floats(String name);

  /** The whole tensor, row-major, as its 16 bits; F16 and BF16 only. */
  HalfFloats halves(String name);

  /**
   * The whole tensor, row-major; any integer type, BOOL as 0 or 1.
   *
   * @throws FormatException for a BOOL byte other than 0 and 1, or a U64 above 2^63 - 1
   */
  long[] longs(String name) throws FormatException;

  /**
   * Checks the sums that {@link SafeTensorsWriter#checksummed} left; a file without one passes.
   *
   * @throws FormatException where anything is not as it was written
   */
  void verify() throws FormatException;

  /** Unmaps what was opened; reads after this throw IllegalStateException. */
  @Override
  void close();
}
