package tools.conform;

import engine.reference.Formula;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An input that the metadata describe, {@code inp(seed=91,k=40,[210, 400],amp=1.2,off=0.1)}, or one
 * that the file holds.
 *
 * @param rows first extent
 * @param columns second extent
 * @param values row-major
 */
record FormulaInput(int rows, int columns, float[] values) {
  private static final Pattern INPUT =
      Pattern.compile(
          "inp\\(seed=(\\d+),k=(\\d+),[\\[(](\\d+),\\s*(\\d+)[\\])]"
              + "(?:,amp=([\\d.]+))?(?:,off=([\\d.]+))?\\)");

  /** More values would be no test's. */
  private static final int MOST = 1 << 24;

  /** The tensor {@code in.NAME}, or what the metadata say of NAME. */
  static FormulaInput of(FixtureFile file, String name) {
    if (file.contains("in." + name)) {
      int rows = file.shape("in." + name, 2).dim(0);
      return new FormulaInput(rows, file.shape("in." + name).dim(1), file.floats("in." + name));
    }
    String text = file.metadata(name).orElse("");
    Matcher m = INPUT.matcher(text);
    UnfitException.unless(m.matches(), "no in.%s, and metadata %s='%s'", name, name, text);
    long seed = Long.parseLong(m.group(1));
    long k = Long.parseLong(m.group(2));
    long[] shape = {Long.parseLong(m.group(3)), Long.parseLong(m.group(4))};
    UnfitException.unless(
        shape[0] > 0 && shape[1] > 0 && shape[0] <= MOST && shape[0] * shape[1] <= MOST,
        "metadata %s='%s': too large",
        name,
        text);
    float[] values = Formula.input(seed, k, shape, number(m.group(5), 1), number(m.group(6), 0));
    return new FormulaInput((int) shape[0], (int) shape[1], values);
  }

  private static double number(String text, double otherwise) {
    return text == null ? otherwise : Double.parseDouble(text);
  }
}
