package engine.io;

import engine.tensor.HalfFloats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Named tensors at rest: one safetensors file, several of them with an index, a checkpoint of
 * PyTorch, or any of these under other names. Asking for a name that is not there, or for a kind
 * that the tensor does not have, is an IllegalArgumentException.
 */
public sealed interface TensorSource extends AutoCloseable
    permits SafeTensors, ShardedTensors, TorchCheckpoint, RenamedTensors, PermutedTensors {
  /** How the index of a set of files ends: {@code model.safetensors.index.json}. */
  String INDEX = ".index.json";

  /** What stands between a file and the name of a part: {@code run.pt#model}. */
  char PART = '#';

  /**
   * Which weights of a file that has several are meant.
   *
   * @param part the path of keys of a part, such as {@code model}, or null for what is meant where
   *     nobody says
   * @param averaged whether a moving average comes before the raw weights then
   */
  record Choice(@Nullable String part, boolean averaged) {
    /** A moving average where there is one, else the weights. */
    public static final Choice AVERAGED = new Choice(null, true);

    /** The weights as the last step of training left them. */
    public static final Choice RAW = new Choice(null, false);

    /** A part by its name. */
    public static Choice part(@Nullable String part) {
      return new Choice(part, true);
    }
  }

  /** Opens a file as {@link #open(Path, Choice)} does, averaged weights first. */
  static TensorSource open(Path path) throws IOException {
    return open(path, Choice.AVERAGED);
  }

  /**
   * Opens a safetensors file, the index of several, a folder with one index, or a checkpoint of
   * PyTorch; which of them is told by the first bytes, and by the name for an index alone. Where no
   * file has the name, but one that of its beginning up to a #, what follows is the name of a part:
   * {@code run.pt#model}.
   *
   * @param choice of the weights of a checkpoint of PyTorch; the others have no parts
   * @throws FormatException where what is found is not whole and well-formed, or of another kind
   * @throws IOException where it cannot be read
   */
  static TensorSource open(Path path, Choice choice) throws IOException {
    Path file = file(path);
    if (!file.equals(path)) {
      String said = path.toString();
      return open(file, Choice.part(said.substring(said.lastIndexOf(PART) + 1)));
    }
    if (Files.isDirectory(path)) {
      return open(ShardedTensors.index(path), choice);
    }
    Path name = path.getFileName();
    boolean index = name != null && name.toString().endsWith(INDEX);
    if (index && choice.part() == null) {
      return ShardedTensors.open(path);
    }
    if (Files.isRegularFile(path) && FileKind.of(path).isTorch()) {
      return TorchCheckpoint.open(path, choice);
    }
    if (choice.part() != null) {
      throw new IOException(
          "[weights] %s has no parts, and so no '%s': only checkpoints of PyTorch have them"
              .formatted(path, Printable.brief(choice.part())));
    }
    return SafeTensors.open(path);
  }

  /** The file that a path means: the path, or what stands before the name of a part. */
  static Path file(Path path) {
    String said = path.toString();
    int at = said.lastIndexOf(PART);
    if (at <= 0 || Files.exists(path)) {
      return path;
    }
    Path before = path.getFileSystem().getPath(said.substring(0, at));
    return Files.isRegularFile(before) ? before : path;
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
