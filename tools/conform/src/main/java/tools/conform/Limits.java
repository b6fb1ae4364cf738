package tools.conform;

import java.util.function.Predicate;

/** The largest error that passes, by tensor name; integers are exact unless it is overridden. */
@FunctionalInterface
interface Limits {
  /** For float32 results of files whose noise is not listed, and for .f64 results of such state. */
  Limits STANDARD = name -> 1e-6;

  /** Tables that are computed in double. */
  Limits DOUBLE_TABLES = name -> 1e-12;

  double of(String name);

  /** Ten times the noise that the same run has in float32. */
  static Limits noise(double noise) {
    return name -> 10 * noise;
  }

  default Limits except(Predicate<String> names, double limit) {
    return name -> names.test(name) ? limit : of(name);
  }
}
