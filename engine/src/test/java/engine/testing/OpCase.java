package engine.testing;

import engine.autodiff.Op;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * One use of an op, from which {@link OpContract} makes every check: the op, the shapes of its
 * inputs with the range their values are drawn from, and the formula once more in double precision,
 * written as plainly as possible, as the oracle of values and of gradients.
 *
 * @param gradients whether input i takes part in the gradient checks
 * @param tolerance largest allowed error of float32 results, relative to the largest magnitude
 */
public record OpCase(
    String name,
    Op op,
    List<Shape> shapes,
    List<Range> ranges,
    List<Boolean> gradients,
    Oracle oracle,
    double tolerance) {

  /** y as a flat row-major array from the flat inputs. */
  @FunctionalInterface
  public interface Oracle {
    double[] apply(double[][] in);
  }

  /** Values are drawn uniformly from [low, high). */
  public record Range(double low, double high) {}

  public static OpCase of(Op op, Oracle oracle, Shape... shapes) {
    List<Range> ranges = new ArrayList<>();
    List<Boolean> gradients = new ArrayList<>();
    for (int i = 0; i < shapes.length; i++) {
      ranges.add(new Range(-1, 1));
      gradients.add(true);
    }
    return new OpCase(op.name(), op, List.of(shapes), ranges, gradients, oracle, 1e-5);
  }

  /** The same case with input i drawn from another range. */
  public OpCase range(int i, double low, double high) {
    List<Range> changed = new ArrayList<>(ranges);
    changed.set(i, new Range(low, high));
    return new OpCase(name, op, shapes, changed, gradients, oracle, tolerance);
  }

  /** The same case with input i left out of differentiation. */
  public OpCase constant(int i) {
    List<Boolean> changed = new ArrayList<>(gradients);
    changed.set(i, false);
    return new OpCase(name, op, shapes, ranges, changed, oracle, tolerance);
  }

  public OpCase tolerance(double value) {
    return new OpCase(name, op, shapes, ranges, gradients, oracle, value);
  }
}
