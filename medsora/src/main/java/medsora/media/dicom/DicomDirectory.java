package medsora.media.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import medsora.media.ReadLimits;
import org.jspecify.annotations.Nullable;

/**
 * A DICOMDIR (part 3, annex F): which files its folder offers, in the order of its records, each
 * with what is below it before the next.
 */
final class DicomDirectory {
  private DicomDirectory() {}

  /**
   * The files that it names and that are there, inside of its folder.
   *
   * @param missing receives how many are not there
   */
  static List<Path> files(Path directory, ReadLimits limits, List<Integer> missing)
      throws IOException {
    Path folder = Objects.requireNonNull(directory.toAbsolutePath().getParent());
    Path real = folder.toRealPath();
    Set<Path> out = new LinkedHashSet<>();
    int absent = 0;
    for (DataSet record : records(directory, limits)) {
      if (record.has(Tags.REFERENCED_FILE)) {
        Optional<Path> file = file(folder, real, record.text(Tags.REFERENCED_FILE));
        file.map(f -> directory.resolveSibling(folder.relativize(f))).ifPresent(out::add);
        absent += file.isPresent() ? 0 : 1;
      }
    }
    if (absent > 0) {
      missing.add(absent);
    }
    return List.copyOf(out);
  }

  /** The file of an identifier such as {@code IMAGES\PA1\IM1}; discs often lose its capitals. */
  private static Optional<Path> file(Path folder, Path real, String identifier) {
    for (String text : List.of(identifier, identifier.toLowerCase(Locale.ROOT))) {
      try {
        Path file = folder;
        for (String part : text.split("\\\\")) {
          file = file.resolve(part.strip());
        }
        if (Files.isRegularFile(file) && file.toRealPath().startsWith(real)) {
          return Optional.of(file);
        }
      } catch (IOException | InvalidPathException e) {
        // Not there under this name.
      }
    }
    return Optional.empty();
  }

  private static List<DataSet> records(Path directory, ReadLimits limits) throws IOException {
    try (DicomFile file = DicomFile.open(directory, limits)) {
      List<DataSet> stored = file.data().items(Tags.DIRECTORY_RECORDS);
      List<DataSet> linked = linked(stored, file.data().unsigned(Tags.FIRST_RECORD));
      // Links that lead to fewer records are broken; the order of the file is the next best.
      return linked.size() == stored.size() ? linked : stored;
    }
  }

  /** Records in the order of their links, each visited once. */
  private static List<DataSet> linked(List<DataSet> stored, @Nullable Long first) {
    Map<Long, DataSet> byOffset = new HashMap<>();
    stored.forEach(r -> byOffset.put(r.offset(), r));
    List<DataSet> out = new ArrayList<>();
    Deque<Long> next = new ArrayDeque<>();
    push(next, first);
    while (!next.isEmpty()) {
      DataSet record = byOffset.remove(next.pop());
      if (record != null) {
        out.add(record);
        push(next, record.unsigned(Tags.NEXT_RECORD));
        push(next, record.unsigned(Tags.LOWER_RECORD));
      }
    }
    return out;
  }

  private static void push(Deque<Long> stack, @Nullable Long offset) {
    if (offset != null && offset != 0) {
      stack.push(offset);
    }
  }
}
