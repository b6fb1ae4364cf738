package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.tensor.Shape;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SpecialValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Every op, drawn shapes, drawn kinds of values in its inputs and in the gradient of its result:
 * the same bits on every backend.
 */
class SameBitsTest {
  /** Numbers for the sizes of one case. */
  private static final int SIZES = 24;

  /**
   * What the values of one case are.
   *
   * @param kinds the special kinds; ordinary values surround them
   * @param share how many of a thousand values are special
   * @param where bit i: input i has special values; bit 7: the gradient of the result has
   */
  record Values(List<SpecialValues> kinds, int share, int where, long seed) {
    /** Ordinary values are of the case's range, which is (low + high) / 2 +- (high - low) / 2. */
    float[] draw(OpCase.Range range, int n, int input) {
      int own = (where >> input & 1) == 1 ? share : 0;
      float[] x = SpecialValues.mixed(kinds, own, seed * 131 + input, n);
      float[] plain = SpecialValues.mixed(kinds, 0, seed * 131 + input, n);
      for (int i = 0; i < n; i++) {
        double middle = (range.low() + range.high()) / 2;
        boolean special = Float.floatToRawIntBits(x[i]) != Float.floatToRawIntBits(plain[i]);
        x[i] = special ? x[i] : (float) (middle + (range.high() - middle) * x[i]);
      }
      return x;
    }
  }

  @Provide
  Arbitrary<String> ops() {
    return Arbitraries.of(OpCases.ALL.keySet());
  }

  @Provide
  Arbitrary<List<Integer>> sizes() {
    return Arbitraries.integers().between(0, 9999).list().ofSize(SIZES);
  }

  @Provide
  Arbitrary<Values> values() {
    return Combinators.combine(
            Arbitraries.of(SpecialValues.values()).list().uniqueElements().ofMinSize(1),
            Arbitraries.of(10, 50, 200, 1000),
            Arbitraries.integers().between(1, 255),
            Arbitraries.longs())
        .as(Values::new);
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void everyOp(
      @ForAll("ops") String op,
      @ForAll("sizes") List<Integer> sizes,
      @ForAll("values") Values values) {
    OpCase c = OpCases.ALL.get(op).apply(new Drawn(sizes));
    float[][] in = new float[c.shapes().size()][];
    for (int i = 0; i < in.length; i++) {
      in[i] = values.draw(c.ranges().get(i), c.shapes().get(i).size(), i);
    }
    Shape y = c.op().infer(c.shapes());
    OpContract.sameBits(c, in, values.draw(new OpCase.Range(-1, 1), y.size(), 7), values.seed());
  }

  /** An op that docs/ops.md names (DocsTest sees to it that it names all) has cases here. */
  @Example
  void everyOpHasCases() throws IOException {
    Set<String> named = new TreeSet<>();
    boolean inside = false;
    Pattern row = Pattern.compile("\\| \\[(\\w+)]\\(.*");
    for (String line : Files.readAllLines(docs().resolve("ops.md"))) {
      inside = line.startsWith("## ") ? line.equals("## Ops") : inside;
      Matcher found = row.matcher(line);
      if (inside && found.matches()) {
        named.add(found.group(1));
      }
    }
    assertEquals(named, OpCases.ALL.keySet());
  }

  private static Path docs() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("docs/ops.md"))) {
      at = at.getParent();
    }
    return at.resolve("docs");
  }
}
