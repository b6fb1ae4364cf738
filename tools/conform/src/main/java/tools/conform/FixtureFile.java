package tools.conform;

import engine.io.SafeTensors;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One file of reference numbers. It remembers which tensors were asked for, so that a result that
 * nothing was compared with cannot go unseen. What the file lacks is an {@link UnfitException}.
 */
final class FixtureFile implements AutoCloseable {
  private final SafeTensors file;
  private final Set<String> used = new TreeSet<>();

  private FixtureFile(SafeTensors file) {
    this.file = file;
  }

  static FixtureFile open(Path path) throws IOException {
    return new FixtureFile(SafeTensors.open(path));
  }

  Path path() {
    return file.path();
  }

  SafeTensors safeTensors() {
    return file;
  }

  List<String> names() {
    return file.names();
  }

  /** Names that start with {@code prefix}, in the order of the file, the prefix taken off. */
  List<String> namesUnder(String prefix) {
    return names().stream()
        .filter(n -> n.startsWith(prefix))
        .map(n -> n.substring(prefix.length()))
        .toList();
  }

  boolean contains(String name) {
    return file.contains(name);
  }

  boolean isInteger(String name) {
    require(name);
    return file.dtype(name).isInteger();
  }

  Shape shape(String name) {
    require(name);
    long[] wide = file.shape(name);
    int[] dims = new int[wide.length];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Math.toIntExact(wide[i]);
    }
    return Shape.of(dims);
  }

  /** The shape of a tensor that must have {@code rank} axes. */
  Shape shape(String name, int rank) {
    Shape shape = shape(name);
    UnfitException.unless(shape.rank() == rank, "%s is %s, wanted are %d axes", name, shape, rank);
    return shape;
  }

  Tensor tensor(String name) {
    return Tensor.of(shape(name), floats(name));
  }

  float[] floats(String name) {
    use(name);
    return file.floats(name);
  }

  double[] doubles(String name) {
    use(name);
    return file.doubles(name);
  }

  long[] longs(String name) {
    use(name);
    try {
      return file.longs(name);
    } catch (IOException e) {
      throw new UnfitException(e.getMessage());
    }
  }

  int[] ints(String name) {
    return Arrays.stream(longs(name)).mapToInt(Math::toIntExact).toArray();
  }

  /** Diffusion steps for a network, which takes them as floats. */
  float[] steps(String name) {
    int[] steps = ints(name);
    float[] out = new float[steps.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = steps[i];
    }
    return out;
  }

  Map<String, String> metadata() {
    return file.metadata();
  }

  Optional<String> metadata(String key) {
    return Optional.ofNullable(file.metadata().get(key));
  }

  /** A whole number of the metadata, or {@code fallback} where the file says nothing. */
  int number(String key, int fallback) {
    return metadata(key).isEmpty() ? fallback : number(key);
  }

  /** A whole number that the metadata must have. */
  int number(String key) {
    String text = text(key);
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw new UnfitException("metadata " + key + "='" + text + "' is not a whole number");
    }
  }

  /** A number that the metadata must have. */
  double decimal(String key) {
    String text = text(key);
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      throw new UnfitException("metadata " + key + "='" + text + "' is not a number");
    }
  }

  private String text(String key) {
    return metadata(key).orElseThrow(() -> new UnfitException("the metadata has no '" + key + "'"));
  }

  /** Says that a tensor was looked at by other means. */
  void use(String name) {
    require(name);
    used.add(name);
  }

  private void require(String name) {
    UnfitException.unless(file.contains(name), "the file has no tensor '%s'", name);
  }

  /** Tensors that nothing asked for. */
  List<String> unused() {
    return names().stream().filter(n -> !used.contains(n)).toList();
  }

  @Override
  public void close() {
    file.close();
  }
}
