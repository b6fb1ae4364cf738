package tools.conform;

import engine.reference.Formula;
import engine.tensor.Tensor;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nn.Buffer;
import nn.Entry;
import nn.Module;
import nn.io.Weights;

/**
 * Weights by the formula, as the metadata {@code weights} say: {@code formula seed N}, and perhaps
 * {@code override NAME amplitude A} or {@code override NAME = O+A*s} for the names that end so.
 *
 * @param overridden the end of the names that have a range of their own, or null
 */
record FormulaWeights(long seed, String overridden, Formula.Range range) {
  private static final Pattern SEED = Pattern.compile("formula\\s+seed\\s+(-?\\d+)");
  private static final Pattern OVERRIDE =
      Pattern.compile(
          "override\\s+\\*?(\\S+)\\s+(?:amplitude\\s+([\\d.]+)|=\\s*([\\d.]+)\\+([\\d.]+)\\*s)");

  static FormulaWeights of(FixtureFile file) {
    String text = file.metadata("weights").orElse("");
    long number = seed(file);
    Matcher m = OVERRIDE.matcher(text);
    if (!m.find()) {
      UnfitException.unless(!text.contains("override"), "weights='%s': unknown override", text);
      return new FormulaWeights(number, null, null);
    }
    Formula.Range range =
        m.group(2) == null
            ? new Formula.Range(Double.parseDouble(m.group(3)), Double.parseDouble(m.group(4)))
            : new Formula.Range(0, Double.parseDouble(m.group(2)));
    return new FormulaWeights(number, m.group(1), range);
  }

  /** The range of an entry, by its name and shape; null where it keeps its module's constant. */
  @FunctionalInterface
  interface Ranges {
    Formula.Range of(String name, long... shape);
  }

  /** The seed that the metadata {@code weights} name, whatever they say beside it. */
  static long seed(FixtureFile file) {
    String text = file.metadata("weights").orElse("");
    Matcher seed = SEED.matcher(text);
    UnfitException.unless(
        seed.find(), "metadata weights='%s' does not say 'formula seed N', and no param.*", text);
    return Long.parseLong(seed.group(1));
  }

  /** Fills a module; p is the index in its state dict, buffers and second names counted. */
  void fill(Module module) {
    fill(module, seed, this::rangeOf);
  }

  /** The same with ranges by a rule. */
  static void fill(Module module, long seed, Ranges ranges) {
    int p = 0;
    for (Map.Entry<String, Entry> e : module.stateDict().entrySet()) {
      String name = e.getKey();
      Tensor value = e.getValue().value();
      boolean counter = e.getValue() instanceof Buffer b && b.integer();
      if (!counter && !Formula.keepsConstant(name)) {
        Formula.Range range = ranges.of(name, Weights.extents(value.shape()));
        if (range != null) {
          value.storage().write(Formula.value(range, value.size(), seed, p));
        }
      }
      p++;
    }
  }

  private Formula.Range rangeOf(String name, long... shape) {
    return overridden != null && name.endsWith(overridden) ? range : Formula.range(name, shape);
  }
}
