package medsora.data.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The official folds of Kvasir-Capsule, {@code official_splits/split_0.csv} and {@code split_1.csv}
 * ({@code filename,label}): one to train on, the other to test. They divide pictures, and seven
 * videos have pictures in both; so that no video stands on both sides, each is on the side where
 * most of its pictures are, in a tie on that of fold 0.
 */
final class KvasirSplits {
  private final Map<String, String> sides;
  private final SortedMap<String, String> notes;

  private KvasirSplits(Map<String, String> sides, SortedMap<String, String> notes) {
    this.sides = Map.copyOf(sides);
    this.notes = notes;
  }

  static final KvasirSplits NONE = new KvasirSplits(Map.of(), new TreeMap<>());

  /**
   * Reads both folds.
   *
   * @param train number of the fold to train on
   */
  static KvasirSplits read(Contents contents, Path set, int train, Map<String, LabelSpans> labels)
      throws IOException {
    SortedMap<String, int[]> pictures = new TreeMap<>();
    for (int fold = 0; fold < 2; fold++) {
      Optional<Path> file = find(set, "split_" + fold + ".csv");
      if (file.isEmpty()) {
        throw contents.missing("official_splits/split_%d.csv (or --split none)".formatted(fold));
      }
      for (KvasirFrame frame : KvasirFrame.split(file.get())) {
        pictures.computeIfAbsent(frame.video(), v -> new int[2])[fold]++;
        labels
            .computeIfAbsent(frame.video(), v -> new LabelSpans())
            .add(frame.number(), frame.label());
      }
    }
    return of(pictures, train);
  }

  private static Optional<Path> find(Path set, String name) {
    return Contents.file(set.resolve("official_splits").resolve(name))
        .or(() -> Contents.file(set.resolve(name)));
  }

  private static KvasirSplits of(SortedMap<String, int[]> pictures, int train) {
    Map<String, String> sides = new HashMap<>();
    SortedMap<String, String> notes = new TreeMap<>();
    pictures.forEach((video, count) -> {
      int fold = count[1] > count[0] ? 1 : 0;
      String side = fold == train ? "train" : "test";
      sides.put(video, side);
      if (count[0] > 0 && count[1] > 0) {
        notes.put(
            video,
            "%s has pictures in both official folds (%d and %d): the whole video is in %s"
                .formatted(video, count[0], count[1], side));
      }
    });
    return new KvasirSplits(sides, notes);
  }

  /** The side of a video; videos without labels are in no test. */
  String side(String video) {
    return sides.getOrDefault(video, "train");
  }

  /** A line for each of these videos that the official folds divide. */
  List<String> notes(Set<String> present) {
    return notes.entrySet().stream()
        .filter(note -> present.contains(note.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }
}
