package tools.conform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Checks the files of reference numbers that lie directly in a folder against the modules in
 * profile {@code reference}. Formats, names and limits are those of testdata/reference/README.md. A
 * file that cannot be read or that no module fits has failed, and the next one is checked.
 */
public final class Conformance {
  private static final String SUFFIX = ".safetensors";

  /** Beginnings of the names of results; one that nothing was compared with is a failure. */
  private static final List<String> RESULTS =
      List.of("out.", "u8.", "grad.", "gradstat.", "stats.", "after.");

  private final Double tolerance;

  /**
   * @param tolerance in place of every limit, or null
   */
  public Conformance(Double tolerance) {
    this.tolerance = tolerance;
  }

  /** The files in a folder that may be fixtures, by name. */
  public static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(p -> p.getFileName().toString().endsWith(SUFFIX))
          .sorted()
          .toList();
    }
  }

  /** Checks one file; one whose name is no fixture's is skipped. */
  public FileResult check(Path path) {
    String name = path.getFileName().toString();
    return Families.of(name)
        .map(kind -> checked(path, name, kind))
        .orElseGet(() -> FileResult.skipped(name, "no fixture has such a name"));
  }

  // A file is foreign: whatever reading or running it throws is that file's failure.
  private FileResult checked(Path path, String name, Families.Kind kind) {
    long start = System.nanoTime();
    List<Row> rows = List.of();
    String reason = "";
    try (FixtureFile file = FixtureFile.open(path)) {
      Check check = new Check(file, kind.limits(), tolerance);
      rows = check.rows();
      kind.family().check(check);
      uncompared(check);
      reason = rows.isEmpty() ? "nothing in the file could be compared" : "";
    } catch (OutOfMemoryError e) {
      reason = "the memory does not hold a module of this size (" + e.getMessage() + ")";
    } catch (IOException | RuntimeException | StackOverflowError e) {
      reason = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    return FileResult.of(name, reason, rows, (System.nanoTime() - start) / 1e9);
  }

  private static void uncompared(Check check) {
    for (String name : check.file().unused()) {
      if (RESULTS.stream().anyMatch(name::startsWith)) {
        check.add(Row.failure(name, check.limit(name), "nothing of ours computes this"));
      }
    }
  }

  /** Checks files one after another and shows each result as it comes. */
  public void run(List<Path> files, Consumer<FileResult> show) {
    files.forEach(path -> show.accept(check(path)));
  }
}
