package medsora.media.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of one video in the order of their instance numbers; those of the same number, and
 * those without one, as they came. A step of the numbers that is twice the usual one or more is a
 * gap, as in the names of pictures.
 *
 * @param places in order
 * @param remarks what a user should know of their order
 */
record Series(List<Place> places, List<String> remarks) {
  private static final int FEW = 4;

  /**
   * A file.
   *
   * @param begins it does not go on from the one before it
   */
  record Place(Entry file, boolean begins) {}

  Series {
    places = List.copyOf(places);
    remarks = List.copyOf(remarks);
  }

  /** Files that need not have an order: one of several frames, or single frames of one series. */
  static Series of(List<Entry> files) {
    List<Entry> ordered = files.stream().sorted(Comparator.comparingLong(Entry::number)).toList();
    long usual = usual(ordered);
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      places.add(
          new Place(ordered.get(i), i == 0 || gap(ordered.get(i - 1), ordered.get(i), usual)));
    }
    return new Series(places, files.size() > 1 ? remarks(places) : List.of());
  }

  Entry first() {
    return places.getFirst().file;
  }

  /** The middle one of all steps from number to number. */
  private static long usual(List<Entry> ordered) {
    long[] numbers = ordered.stream().filter(Entry::numbered).mapToLong(Entry::number).toArray();
    long[] steps = new long[Math.max(numbers.length - 1, 0)];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = numbers[i + 1] - numbers[i];
    }
    Arrays.sort(steps);
    return steps.length == 0 ? 1 : Math.max(1, steps[steps.length / 2]);
  }

  private static boolean gap(Entry before, Entry file, long usual) {
    if (!file.numbered()) {
      return before.numbered();
    }
    return (file.number() - before.number()) / 2 >= usual;
  }

  private static List<String> remarks(List<Place> places) {
    List<String> out = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    long absent = places.stream().filter(p -> !p.file.numbered()).count();
    long twice =
        places.stream().filter(p -> p.file.numbered() && !seen.add(p.file.number())).count();
    if (absent > 0) {
      out.add(
          "%d of %d files of a series have no instance number: they come last, in the order of their files"
              .formatted(absent, places.size()));
    }
    if (twice > 0) {
      out.add(
          "%d of %d files of a series have the instance number of another: they come in the order of their files"
              .formatted(twice, places.size()));
    }
    List<String> parts = parts(places);
    if (parts.size() > 1) {
      out.add(
          "%d parts by instance numbers, which no clip joins: %s"
              .formatted(parts.size(), few(parts)));
    }
    return out;
  }

  /** The first of many. */
  static String few(List<String> all) {
    int more = all.size() - FEW;
    String first = String.join("; ", all.subList(0, Math.min(FEW, all.size())));
    return first + (more > 0 ? "; and " + more + " more" : "");
  }

  /** As {@code 0 to 5 (6)}. */
  private static List<String> parts(List<Place> places) {
    List<String> out = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= places.size(); i++) {
      if (i == places.size() || places.get(i).begins) {
        Entry from = places.get(first).file;
        Entry to = places.get(i - 1).file;
        out.add(
            from.numbered()
                ? "%d to %d (%d)".formatted(from.number(), to.number(), i - first)
                : "without a number (%d)".formatted(i - first));
        first = i;
      }
    }
    return out;
  }
}
