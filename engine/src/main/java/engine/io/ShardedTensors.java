package engine.io;

import engine.tensor.HalfFloats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tensors that are spread over several files beside an index, a JSON object whose {@code
 * weight_map} says for each name the file that holds it:
 *
 * <pre>{"metadata": {"total_size": 862000000},
 * "weight_map": {"encoder.conv_in.conv.weight": "model-00001-of-00002.safetensors", ...}}
 * </pre>
 *
 * Whatever else the object holds is passed over. Files are named without folders, safetensors or
 * PyTorch's {@code .bin}. A tensor of a file that the index does not name is not seen.
 */
public final class ShardedTensors implements TensorSource {
  private static final long MAX_INDEX_BYTES = 100_000_000;
  private static final String WEIGHT_MAP = "weight_map";
  private static final String SHARD = "[\\w.-]+\\.(safetensors|bin|pt|pth)";

  private final Path path;
  private final Map<String, TensorSource> files;
  private final Map<String, TensorSource> byTensor = new LinkedHashMap<>();

  private ShardedTensors(Path path, Map<String, TensorSource> files) {
    this.path = path;
    this.files = files;
  }

  /**
   * Opens an index and every file that it names.
   *
   * @throws FormatException where the index is not such an object, or a file lacks what it should
   *     hold
   * @throws IOException where a file cannot be read
   */
  public static ShardedTensors open(Path index) throws IOException {
    Map<String, String> places = places(index);
    ShardedTensors opened = new ShardedTensors(index, new LinkedHashMap<>());
    try {
      for (Map.Entry<String, String> e : places.entrySet()) {
        opened.add(e.getKey(), e.getValue());
      }
      return opened;
    } catch (IOException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /**
   * The index of a folder.
   *
   * @throws IOException where it has none or several, saying what to give instead
   */
  public static Path index(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.sorted().toList();
    }
    List<Path> indices = files.stream().filter(f -> f.toString().endsWith(INDEX)).toList();
    if (indices.size() == 1) {
      return indices.getFirst();
    }
    List<String> names =
        (indices.isEmpty() ? files : indices)
            .stream()
                .map(f -> f.getFileName().toString())
                .filter(f -> f.endsWith(INDEX) || f.matches(SHARD))
                .toList();
    throw new IOException(
        "[weights] %s is a folder %s: %s"
            .formatted(
                folder,
                indices.isEmpty()
                    ? "without an index of weights (model.safetensors.index.json)"
                    : "with several indices of weights",
                names.isEmpty()
                    ? "it holds no file of weights"
                    : "give one of " + Printable.some(names)));
  }

  /** The files that an index names, in the order of their names. */
  public static List<Path> files(Path index) throws IOException {
    return places(index).values().stream().distinct().sorted().map(index::resolveSibling).toList();
  }

  private void add(String tensor, String file) throws IOException {
    TensorSource shard = files.get(file);
    if (shard == null) {
      Path beside = path.resolveSibling(file);
      if (!Files.exists(beside)) {
        throw new IOException(
            "[safetensors] %s names %s, which is not beside it: fetch all of its files"
                .formatted(path, file));
      }
      shard = TensorSource.open(beside);
      files.put(file, shard);
    }
    if (!shard.contains(tensor)) {
      throw new FormatException(
          "[safetensors] %s: '%s' should be in %s, which lacks it"
              .formatted(path, Printable.brief(tensor), file));
    }
    byTensor.put(tensor, shard);
  }

  private static Map<String, String> places(Path index) throws IOException {
    if (Files.size(index) > MAX_INDEX_BYTES) {
      throw FormatException.unsupported(
          "[safetensors] " + index + ": an index of more than 100 MB");
    }
    byte[] text = Files.readAllBytes(index);
    HeaderJson json = new HeaderJson(index.toString(), text, 0);
    Map<String, String> places = new LinkedHashMap<>();
    json.expect('{');
    do {
      boolean map = json.string().equals(WEIGHT_MAP);
      json.expect(':');
      if (map) {
        places(index, json, places);
      } else {
        json.skipValue();
      }
    } while (json.more('}'));
    json.end();
    if (places.isEmpty()) {
      throw json.unreadAt(
          0, "no " + WEIGHT_MAP + " that names a tensor: this is no index of weights");
    }
    return places;
  }

  private static void places(Path index, HeaderJson json, Map<String, String> places)
      throws FormatException {
    json.expect('{');
    if (json.accept('}')) {
      return;
    }
    do {
      String tensor = json.string();
      json.expect(':');
      String file = json.string();
      if (!file.matches(SHARD)) {
        throw json.unreadAt(
            json.offset(),
            "'%s' is not the name of a safetensors or PyTorch file beside %s"
                .formatted(Printable.brief(file), index));
      }
      if (places.put(tensor, file) != null) {
        throw json.fault("'" + Printable.brief(tensor) + "' twice");
      }
    } while (json.more('}'));
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<String> names() {
    return List.copyOf(byTensor.keySet());
  }

  @Override
  public boolean contains(String name) {
    return byTensor.containsKey(name);
  }

  @Override
  public long[] shape(String name) {
    return file(name).shape(name);
  }

  @Override
  public Dtype dtype(String name) {
    return file(name).dtype(name);
  }

  /** The metadata of all files; where they disagree, that of the first. */
  @Override
  public Map<String, String> metadata() {
    Map<String, String> all = new LinkedHashMap<>();
    files.values().forEach(file -> file.metadata().forEach(all::putIfAbsent));
    return all;
  }

  @Override
  public float[] floats(String name) {
    return file(name).floats(name);
  }

  @Override
  public HalfFloats halves(String name) {
    return file(name).halves(name);
  }

  @Override
  public long[] longs(String name) throws FormatException {
    return file(name).longs(name);
  }

  @Override
  public void verify() throws FormatException {
    for (TensorSource file : files.values()) {
      file.verify();
    }
  }

  private TensorSource file(String name) {
    TensorSource file = byTensor.get(name);
    if (file == null) {
      throw new IllegalArgumentException(
          "[safetensors] " + path + ": no tensor '" + Printable.brief(name) + "'");
    }
    return file;
  }

  @Override
  public void close() {
    files.values().forEach(TensorSource::close);
  }
}
