package tools.conform;

import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An input that the metadata describe, {@code inp(seed=91,k=40,[210, 400],amp=1.2,off=0.1)}, or one
 * that the file holds.
 *
 * @param values row-major
 */
record FormulaInput(Shape shape, float[] values) {
  private static final Pattern INPUT =
      Pattern.compile(
          "inp\\(seed=(\\d+),k=(\\d+),[\\[(](\\d{1,9}(?:,\\s*\\d{1,9}){1,4})[\\])]"
              + "(?:,amp=([\\d.]+))?(?:,off=([\\d.]+))?\\)");

  /** More values would be no test's. */
  private static final int MOST = 1 << 24;

  /** The tensor {@code in.NAME} of so many axes, or what the metadata say of NAME. */
  static FormulaInput of(FixtureFile file, String name, int rank) {
    if (file.contains("in." + name)) {
      return new FormulaInput(file.shape("in." + name, rank), file.floats("in." + name));
    }
    String text = file.metadata(name).orElse("");
    Matcher m = INPUT.matcher(text);
    UnfitException.unless(m.matches(), "no in.%s, and metadata %s='%s'", name, name, text);
    long seed = Long.parseLong(m.group(1));
    long k = Long.parseLong(m.group(2));
    long[] extents = Arrays.stream(m.group(3).split(",\\s*")).mapToLong(Long::parseLong).toArray();
    long count = 1;
    for (long extent : extents) {
      count = extent < 1 || count > MOST ? 0 : count * extent;
    }
    UnfitException.unless(
        extents.length == rank && count > 0 && count <= MOST,
        "metadata %s='%s': wanted are %d axes of at most %d values",
        name,
        text,
        rank,
        MOST);
    float[] values = Formula.input(seed, k, extents, number(m.group(4), 1), number(m.group(5), 0));
    return new FormulaInput(
        Shape.of(Arrays.stream(extents).mapToInt(Math::toIntExact).toArray()), values);
  }

  int rows() {
    return shape.dim(0);
  }

  int columns() {
    return shape.dim(1);
  }

  Tensor tensor() {
    return Tensor.of(shape, values);
  }

  private static double number(String text, double otherwise) {
    return text == null ? otherwise : Double.parseDouble(text);
  }
}
