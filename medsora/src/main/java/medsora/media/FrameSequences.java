package medsora.media;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which pictures of one folder follow each other, by their names alone.
 *
 * <p>Names that are alike but for their numbers belong together. Their counter is the first number
 * that, with those before it, tells all of them apart; different numbers before it are different
 * sequences ({@code p1_f1, p1_f2; p2_f1, p2_f2}). A step of the counter that is twice the usual one
 * or more is a gap, and what follows it a part of its own. Names without numbers are one part.
 */
final class FrameSequences {
  private FrameSequences() {}

  /** The parts in natural order of their first names; each has one picture at least. */
  static List<List<Path>> parts(Collection<Path> pictures) {
    Map<String, List<FrameName>> alike = new TreeMap<>();
    for (Path file : pictures) {
      FrameName name = FrameName.of(file);
      String form = name.numbers().isEmpty() ? "" : name.form();
      alike.computeIfAbsent(form, f -> new ArrayList<>()).add(name);
    }
    List<List<Path>> parts = new ArrayList<>();
    alike.forEach((form, names) -> {
      names.sort(Comparator.comparing(n -> text(n.file()), NaturalOrder.INSTANCE));
      if (form.isEmpty()) {
        parts.add(names.stream().map(FrameName::file).toList());
      } else {
        split(names, counter(names), parts);
      }
    });
    parts.sort(Comparator.comparing(part -> text(part.getFirst()), NaturalOrder.INSTANCE));
    return parts;
  }

  private static String text(Path file) {
    return file.getFileName().toString();
  }

  private static int counter(List<FrameName> names) {
    int last = names.getFirst().numbers().size() - 1;
    for (int i = 0; i < last; i++) {
      Set<List<Long>> seen = new HashSet<>();
      int upTo = i + 1;
      if (names.stream().allMatch(n -> seen.add(n.numbers().subList(0, upTo)))) {
        return i;
      }
    }
    return last;
  }

  private static void split(List<FrameName> names, int counter, List<List<Path>> parts) {
    int from = 0;
    for (int i = 1; i <= names.size(); i++) {
      if (i == names.size() || !before(names, i, counter).equals(before(names, from, counter))) {
        splitAtGaps(names.subList(from, i), counter, parts);
        from = i;
      }
    }
  }

  private static List<Long> before(List<FrameName> names, int i, int counter) {
    return names.get(i).numbers().subList(0, counter);
  }

  private static void splitAtGaps(List<FrameName> names, int counter, List<List<Path>> parts) {
    long[] steps = new long[names.size() - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = names.get(i + 1).numbers().get(counter) - names.get(i).numbers().get(counter);
    }
    long[] sorted = steps.clone();
    Arrays.sort(sorted);
    long usual = steps.length == 0 ? 1 : Math.max(1, sorted[steps.length / 2]);
    List<Path> part = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (i > 0 && (steps[i - 1] < 1 || steps[i - 1] / 2 >= usual)) {
        parts.add(part);
        part = new ArrayList<>();
      }
      part.add(names.get(i).file());
    }
    parts.add(part);
  }
}
