package tools.accuracy;

import java.util.Locale;

/**
 * What was found of one function.
 *
 * @param unit what errors are counted in
 * @param inputs arguments that were tried, NaN and infinities among them
 * @param measured those whose exact result is a normal float32 and not one that the contract fixes
 * @param largest the largest error of these
 * @param at the argument that has it
 * @param correctlyRounded the share of these, evenly spread ones, whose result is the float32
 *     nearest to the exact one
 * @param denormal the largest error where the exact result is below 2^-126, in units of 2^-149
 * @param wrong arguments for which a stated result (NaN, infinity, zero) did not come
 * @param firstWrong one of those, or NaN
 */
public record Finding(
    String function,
    String unit,
    long inputs,
    long measured,
    double largest,
    float at,
    double correctlyRounded,
    double denormal,
    long wrong,
    float firstWrong) {
  /** The first two lines of the table. */
  public static String header() {
    return "| function | inputs | largest error, ulp | at | correctly rounded | denormal results, in"
        + " 2^-149 | wrong |\n|---|---|---|---|---|---|---|";
  }

  /** A row of the table of docs/numerics.md. */
  public String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %.4f%s | %s | %.2f%% | %.2f | %d |",
        function,
        inputs,
        largest,
        unit.equals("ulp") ? "" : " of max(1, abs(x))",
        Float.toHexString(at),
        100 * correctlyRounded,
        denormal,
        wrong);
  }
}
