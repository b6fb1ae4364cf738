package tools.conform;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The check of one file: the file, its limits, and the rows that have come of it. */
final class Check {
  private final FixtureFile file;
  private final Limits limits;
  private final boolean overridden;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param limits of the file's kind
   * @param tolerance replaces every limit, those of integers too; null leaves them
   */
  Check(FixtureFile file, Limits limits, Double tolerance) {
    this.file = file;
    this.overridden = tolerance != null;
    this.limits = overridden ? name -> tolerance : limits;
  }

  FixtureFile file() {
    return file;
  }

  /** Another file of the same folder. */
  Path sibling(String name) {
    return file.path().resolveSibling(name);
  }

  List<Row> rows() {
    return rows;
  }

  void add(Row row) {
    rows.add(row);
  }

  double limit(String name) {
    return limits.of(name);
  }

  void floats(String name, Tensor got) {
    if (fits(name, got.size(), got.shape().toString())) {
      add(Row.of(name, Errors.of(got.toArray(), file.floats(name)), limits.of(name)));
    }
  }

  void floats(String name, float[] got) {
    floats(name, Tensor.of(Shape.of(got.length), got));
  }

  void doubles(String name, double[] got) {
    if (fits(name, got.length, got.length + " values")) {
      add(Row.of(name, Errors.of(got, file.doubles(name)), limits.of(name)));
    }
  }

  /** Integers are exact. */
  void integers(String name, long[] got) {
    if (fits(name, got.length, got.length + " values")) {
      double limit = overridden ? limits.of(name) : 0;
      add(Row.of(name, Errors.of(got, file.longs(name)), limit));
    }
  }

  /** Integers that may differ by what the limits say. */
  void integersWithin(String name, long[] got) {
    if (fits(name, got.length, got.length + " values")) {
      add(Row.of(name, Errors.of(got, file.longs(name)), limits.of(name)));
    }
  }

  void integers(String name, int[] got) {
    integers(name, Arrays.stream(got).asLongStream().toArray());
  }

  /** Rows of statistics of tensors, see {@link Statistics}. */
  void statistics(String name, List<Statistics> got) {
    int columns = got.isEmpty() ? 0 : file.shape(name).size() / got.size();
    boolean known = columns == 2 || columns == 4 || columns == Statistics.COLUMNS;
    if (!known || !fits(name, got.size() * columns, got.size() + " rows")) {
      if (!known) {
        add(Row.failure(name, limits.of(name), "rows of 2, 4 or 5 are known: " + file.shape(name)));
      }
      return;
    }
    double[] expected = file.doubles(name);
    double error = 0;
    for (int i = 0; i < got.size(); i++) {
      int from = i * columns;
      error = Math.max(error, got.get(i).error(Arrays.copyOfRange(expected, from, from + columns)));
    }
    add(Row.of(name, error, limits.of(name)));
  }

  private boolean fits(String name, int size, String got) {
    Shape wanted = file.shape(name);
    file.use(name);
    if (wanted.size() != size) {
      add(Row.failure(name, limits.of(name), "the file has " + wanted + ", ours is " + got));
    }
    return wanted.size() == size;
  }
}
