package tools.conform;

import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Several inputs that the metadata describe together, {@code
 * inp(seed=11,k=700+j,(3,256,384),amp=2)}: tensor number i is of k = first + i.
 *
 * @param shape of each
 */
record FormulaInputs(long seed, long first, long[] shape, double amplitude) {
  private static final Pattern INPUT =
      Pattern.compile(
          "inp\\(seed=(\\d+),k=(\\d+)(?:\\+(\\d+))?\\+[ij],\\(([\\d,]+)\\),amp=([\\d.]+)\\)");

  /** More values would be no test's. */
  private static final long LARGEST = 1L << 28;

  /** What the metadata say under a key, of tensors with so many axes. */
  static FormulaInputs of(FixtureFile file, String key, int rank) {
    String text = file.metadata(key).orElse("");
    Matcher m = INPUT.matcher(text);
    UnfitException.unless(m.find(), "metadata %s='%s'", key, text);
    String[] extents = m.group(4).split(",");
    UnfitException.unless(extents.length == rank, "%s wants %d axes", key, rank);
    long[] shape = new long[extents.length];
    long size = 1;
    for (int i = 0; i < shape.length; i++) {
      UnfitException.unless(extents[i].matches("[1-9]\\d{0,6}"), "%s: %s", key, m.group(4));
      shape[i] = Long.parseLong(extents[i]);
      size = Math.min(LARGEST + 1, size * shape[i]);
    }
    UnfitException.unless(size <= LARGEST, "%s is too large: %s", key, m.group(4));
    long first = Long.parseLong(m.group(2)) + (m.group(3) == null ? 0 : Long.parseLong(m.group(3)));
    double amplitude = Double.parseDouble(m.group(5));
    return new FormulaInputs(Long.parseLong(m.group(1)), first, shape, amplitude);
  }

  Tensor tensor(int i) {
    int[] dims = new int[shape.length];
    for (int d = 0; d < dims.length; d++) {
      dims[d] = (int) shape[d];
    }
    return Tensor.of(Shape.of(dims), Formula.input(seed, first + i, shape, amplitude, 0));
  }

  int dim(int axis) {
    return (int) shape[axis];
  }
}
