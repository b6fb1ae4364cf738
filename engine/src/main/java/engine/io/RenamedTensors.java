package engine.io;

import engine.tensor.HalfFloats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors of another source under other names. A name may stand for several tensors, which are then
 * one below the other along the first axis, as query, key and value are in one projection.
 */
public final class RenamedTensors implements TensorSource {
  private final TensorSource source;
  private final Map<String, List<String>> names;

  /**
   * Takes a source over: closing this closes it.
   *
   * @param names for each new name the names in the source
   * @throws IllegalArgumentException where tensors that shall be joined are of other types, or
   *     differ in more than their first extent
   */
  public RenamedTensors(TensorSource source, Map<String, List<String>> names) {
    this.source = source;
    this.names = new LinkedHashMap<>(names);
    this.names.forEach(this::requireJoinable);
  }

  private void requireJoinable(String name, List<String> parts) {
    long[] first = source.shape(parts.getFirst());
    for (String part : parts) {
      long[] shape = source.shape(part);
      boolean fits =
          parts.size() == 1
              || (shape.length > 0
                  && shape.length == first.length
                  && Arrays.equals(shape, 1, shape.length, first, 1, first.length)
                  && source.dtype(part) == source.dtype(parts.getFirst()));
      if (!fits) {
        throw new IllegalArgumentException(
            "[weights] %s: '%s' wants tensors that can be joined, '%s' is %s %s and '%s' %s %s"
                .formatted(
                    source.path(),
                    Printable.brief(name),
                    Printable.brief(parts.getFirst()),
                    source.dtype(parts.getFirst()),
                    Arrays.toString(first),
                    Printable.brief(part),
                    source.dtype(part),
                    Arrays.toString(shape)));
      }
    }
  }

  private List<String> parts(String name) {
    List<String> parts = names.get(name);
    if (parts == null) {
      throw new IllegalArgumentException(
          "[weights] %s: no tensor '%s'".formatted(source.path(), Printable.brief(name)));
    }
    return parts;
  }

  @Override
  public Path path() {
    return source.path();
  }

  @Override
  public List<String> names() {
    return List.copyOf(names.keySet());
  }

  @Override
  public boolean contains(String name) {
    return names.containsKey(name);
  }

  @Override
  public long[] shape(String name) {
    List<String> parts = parts(name);
    long[] shape = source.shape(parts.getFirst());
    for (String part : parts.subList(1, parts.size())) {
      shape[0] = Math.addExact(shape[0], source.shape(part)[0]);
    }
    return shape;
  }

  @Override
  public Dtype dtype(String name) {
    return source.dtype(parts(name).getFirst());
  }

  @Override
  public Map<String, String> metadata() {
    return source.metadata();
  }

  @Override
  public float[] floats(String name) {
    List<float[]> read = new ArrayList<>();
    parts(name).forEach(part -> read.add(source.floats(part)));
    float[] out = Arrays.copyOf(read.getFirst(), read.stream().mapToInt(a -> a.length).sum());
    int at = read.getFirst().length;
    for (float[] more : read.subList(1, read.size())) {
      System.arraycopy(more, 0, out, at, more.length);
      at += more.length;
    }
    return out;
  }

  @Override
  public HalfFloats halves(String name) {
    List<HalfFloats> read = new ArrayList<>();
    parts(name).forEach(part -> read.add(source.halves(part)));
    short[] first = read.getFirst().bits();
    short[] out = Arrays.copyOf(first, read.stream().mapToInt(HalfFloats::size).sum());
    int at = first.length;
    for (HalfFloats more : read.subList(1, read.size())) {
      System.arraycopy(more.bits(), 0, out, at, more.size());
      at += more.size();
    }
    return HalfFloats.ofBits(read.getFirst().format(), out);
  }

  @Override
  public long[] longs(String name) throws FormatException {
    List<String> parts = parts(name);
    long[] out = source.longs(parts.getFirst());
    for (String part : parts.subList(1, parts.size())) {
      long[] more = source.longs(part);
      int at = out.length;
      out = Arrays.copyOf(out, at + more.length);
      System.arraycopy(more, 0, out, at, more.length);
    }
    return out;
  }

  @Override
  public void verify() throws FormatException {
    source.verify();
  }

  @Override
  public void close() {
    source.close();
  }
}
