package tools.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.media.VideoFolder;

/**
 * Which video of one folder belongs to which of another: those whose names are equal but for the
 * ending, and of the rest those whose last whole number is equal, leading zeros aside, so that
 * {@code 01_recon.mp4} finds {@code test_1_origin.mp4}.
 *
 * @param found in the order of the second folder
 * @param alone videos of either folder that have no other one
 */
record Pairs(List<Pair> found, List<String> alone) {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Two videos, and the name of the second one. */
  record Pair(Path first, Path second, String name) {}

  /**
   * Pairs two folders.
   *
   * @throws IOException where a folder has no videos, where nothing is paired, or where a number
   *     occurs twice
   */
  static Pairs of(Path first, Path second) throws IOException {
    Map<String, Path> originals = names(first);
    Map<String, Path> others = names(second);
    List<Pair> found = new ArrayList<>();
    List<String> alone = new ArrayList<>();
    Map<String, Path> left = new LinkedHashMap<>(originals);
    Map<String, Path> rest = new LinkedHashMap<>();
    others.forEach((name, path) -> {
      Path same = left.remove(name);
      if (same == null) {
        rest.put(name, path);
      } else {
        found.add(new Pair(same, path, name));
      }
    });
    Map<String, String> byNumber = numbers(first, left);
    Map<String, String> otherNumbers = numbers(second, rest);
    otherNumbers.forEach((number, name) -> {
      String original = byNumber.remove(number);
      if (original == null) {
        alone.add(name);
      } else {
        found.add(new Pair(left.remove(original), rest.get(name), name));
      }
    });
    left.keySet().forEach(alone::add);
    rest.keySet().stream().filter(n -> !otherNumbers.containsValue(n)).forEach(alone::add);
    if (found.isEmpty()) {
      throw new IOException(
          "[compare] no two videos of %s and %s have one name, or one last number in it: %s and %s"
              .formatted(
                  first,
                  second,
                  originals.keySet().iterator().next(),
                  others.keySet().iterator().next()));
    }
    return new Pairs(found, alone);
  }

  /** Names without their endings. */
  private static Map<String, Path> names(Path folder) throws IOException {
    VideoFolder list = VideoFolder.list(folder);
    Map<String, Path> out = new LinkedHashMap<>();
    for (Path path : list.videos()) {
      String name = list.name(path);
      int dot = name.lastIndexOf('.');
      String stem = dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
      if (out.put(stem, path) != null) {
        throw new IOException("[compare] %s has two videos of the name %s".formatted(folder, stem));
      }
    }
    if (out.isEmpty()) {
      throw new IOException("[compare] " + folder + " holds no videos");
    }
    return out;
  }

  /** Names by their last number; such as have none are left out. */
  private static Map<String, String> numbers(Path folder, Map<String, Path> names)
      throws IOException {
    Map<String, String> out = new LinkedHashMap<>();
    for (String name : names.keySet()) {
      String number = "";
      Matcher matcher = NUMBER.matcher(name);
      while (matcher.find()) {
        number = matcher.group().replaceFirst("^0+(?=\\d)", "");
      }
      String other = number.isEmpty() ? null : out.put(number, name);
      if (other != null) {
        throw new IOException(
            "[compare] %s: %s and %s have one last number, %s; give the pairs equal names"
                .formatted(folder, other, name, number));
      }
    }
    return out;
  }
}
