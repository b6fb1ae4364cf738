package engine.testing;

import engine.io.Dtype;
import engine.io.SafeTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** The tensors of one file of reference numbers, read whole. See {@link Fixtures#load}. */
public final class Fixture {
  private record Values(Dtype dtype, long[] shape, Object array) {}

  private final String name;
  private final Map<String, Values> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata;

  Fixture(String name, Path path) {
    this.name = name;
    try (SafeTensors file = SafeTensors.open(path)) {
      metadata = file.metadata();
      for (String tensor : file.names()) {
        Dtype dtype = file.dtype(tensor);
        Object array =
            dtype.isInteger()
                ? file.longs(tensor)
                : dtype == Dtype.F64 ? file.doubles(tensor) : file.floats(tensor);
        tensors.put(tensor, new Values(dtype, file.shape(tensor), array));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  /** Names in the order of the file; for parameters that is the state-dict order. */
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** Names that start with {@code prefix}, in the order of the file, the prefix taken off. */
  public List<String> namesUnder(String prefix) {
    return tensors.keySet().stream()
        .filter(n -> n.startsWith(prefix))
        .map(n -> n.substring(prefix.length()))
        .toList();
  }

  public boolean contains(String tensor) {
    return tensors.containsKey(tensor);
  }

  public Dtype dtype(String tensor) {
    return values(tensor).dtype;
  }

  public long[] shape(String tensor) {
    return values(tensor).shape.clone();
  }

  /** The extents as ints. */
  public int[] dims(String tensor) {
    long[] shape = values(tensor).shape;
    int[] dims = new int[shape.length];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = Math.toIntExact(shape[i]);
    }
    return dims;
  }

  /** Row-major values; an F64 tensor is rounded to float. */
  public float[] floats(String tensor) {
    return switch (values(tensor).array) {
      case float[] values -> values.clone();
      case double[] values -> {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = (float) values[i];
        }
        yield out;
      }
      default ->
          throw new IllegalArgumentException(
              "[fixture] " + name + ": " + tensor + " holds integers");
    };
  }

  /** Row-major values; an F32 tensor is widened. */
  public double[] doubles(String tensor) {
    return switch (values(tensor).array) {
      case double[] values -> values.clone();
      case float[] values -> {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
          out[i] = values[i];
        }
        yield out;
      }
      default ->
          throw new IllegalArgumentException(
              "[fixture] " + name + ": " + tensor + " holds integers");
    };
  }

  public long[] longs(String tensor) {
    if (values(tensor).array instanceof long[] values) {
      return values.clone();
    }
    throw new IllegalArgumentException("[fixture] " + name + ": " + tensor + " holds floats");
  }

  /** {@link #longs} as ints, for index lists. */
  public int[] ints(String tensor) {
    long[] wide = longs(tensor);
    int[] out = new int[wide.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.toIntExact(wide[i]);
    }
    return out;
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  public String metadata(String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw new NoSuchElementException(
          "[fixture] " + name + ": no metadata '" + key + "' in " + metadata);
    }
    return value;
  }

  private Values values(String tensor) {
    Values values = tensors.get(tensor);
    if (values == null) {
      throw new NoSuchElementException(
          "[fixture] " + name + ": no '" + tensor + "' in " + tensors.keySet());
    }
    return values;
  }
}
