package medsora.data.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import medsora.data.VideoToCut;
import medsora.media.VideoException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Annotations of one video of CholecT45 or CholecT50: action triplets, and the phase, by frame.
 *
 * @param triplets by frame
 * @param phases by frame
 */
record Triplets(Map<Long, SortedSet<String>> triplets, Map<Long, SortedSet<String>> phases) {
  private static final int MAX_JSON = 1 << 27;
  private static final int PHASE = 14;

  /** The annotation of a video, where there is one. */
  static Optional<Triplets> of(Path set, String video) throws IOException {
    Optional<Path> json = Contents.file(set.resolve("labels").resolve(video + ".json"));
    if (json.isPresent()) {
      return Optional.of(json(json.get()));
    }
    Optional<Path> table = Contents.file(set.resolve("triplet").resolve(video + ".txt"));
    return table.isPresent()
        ? Optional.of(table(table.get(), set.resolve("dict").resolve("triplet.txt")))
        : Optional.empty();
  }

  /** Columns of a clip whose frames stand at places of {@code frames}. */
  Map<String, String> of(long[] frames, long first, int stride, int count) {
    SortedSet<String> all = new TreeSet<>();
    SortedSet<String> phase = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      long place = first + (long) i * stride;
      if (place < frames.length) {
        long frame = frames[(int) place];
        all.addAll(triplets.getOrDefault(frame, new TreeSet<>()));
        phase.addAll(phases.getOrDefault(frame, new TreeSet<>()));
      }
    }
    SortedMap<String, String> out = new TreeMap<>();
    out.put(VideoToCut.LABEL, String.join(";", all));
    out.put("phase", String.join(";", phase));
    out.values().removeIf(String::isEmpty);
    return out;
  }

  /** A line a frame: its number, then 0 or 1 for each triplet. */
  private static Triplets table(Path file, Path names) throws IOException {
    Map<Integer, String> dictionary = dictionary(names);
    Map<Long, SortedSet<String>> out = new HashMap<>();
    for (long[] row : Contents.parsed(file, 0, Triplets::row)) {
      for (int id = 0; id + 1 < row.length; id++) {
        if (row[id + 1] == 1) {
          out.computeIfAbsent(row[0], f -> new TreeSet<>())
              .add(dictionary.getOrDefault(id, "triplet " + id));
        }
      }
    }
    return new Triplets(out, Map.of());
  }

  private static long[] row(String line) {
    String[] fields = line.strip().split("\\s*,\\s*", -1);
    long[] out = new long[fields.length];
    for (int i = 0; i < out.length; i++) {
      if (!fields[i].matches("-?\\d{1,9}")) {
        throw new IllegalArgumentException("a number is due in field " + (i + 1));
      }
      out[i] = Long.parseLong(fields[i]);
    }
    return out;
  }

  /** Lines such as {@code 1:grasper,dissect,gallbladder}. */
  private static Map<Integer, String> dictionary(Path file) throws IOException {
    Map<Integer, String> out = new HashMap<>();
    if (Contents.file(file).isPresent()) {
      for (String line : Contents.lines(file)) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).strip().matches("\\d{1,4}")) {
          out.put(
              Integer.parseInt(line.substring(0, colon).strip()),
              line.substring(colon + 1).strip().replace(';', ','));
        }
      }
    }
    return out;
  }

  private static Triplets json(Path file) throws IOException {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(MAX_JSON).setMaxAliasesForCollections(0).build();
    try (InputStream in = Files.newInputStream(file)) {
      Map<?, ?> root = map(new Load(settings).loadFromInputStream(in));
      Map<?, ?> categories = map(root.get("categories"));
      Map<?, ?> names = map(categories.get("triplet"));
      Map<?, ?> phaseNames = map(categories.get("phase"));
      Map<Long, SortedSet<String>> triplets = new HashMap<>();
      Map<Long, SortedSet<String>> phases = new HashMap<>();
      map(root.get("annotations"))
          .forEach((frame, instances) -> {
            for (Object instance : list(instances)) {
              List<?> values = list(instance);
              put(triplets, frame, values, 0, names, "triplet ");
              put(phases, frame, values, PHASE, phaseNames, "phase ");
            }
          });
      return new Triplets(triplets, phases);
    } catch (YamlEngineException | IllegalArgumentException e) {
      throw new VideoException(
          file.toString(), "no annotation of CholecT50: its JSON has another form", e);
    }
  }

  private static void put(
      Map<Long, SortedSet<String>> out,
      Object frame,
      List<?> values,
      int at,
      Map<?, ?> names,
      String kind) {
    if (values.size() <= at || !(values.get(at) instanceof Number id) || id.intValue() < 0) {
      return;
    }
    Object name = names.get(Integer.toString(id.intValue()));
    String text = name == null ? kind + id.intValue() : name.toString();
    out.computeIfAbsent(Long.parseLong(frame.toString()), f -> new TreeSet<>())
        .add(text.replace(';', ','));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("an object is due");
  }

  private static List<?> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("a list is due");
  }
}
