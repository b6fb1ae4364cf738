package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ConfigTextTest {
  enum Colour {
    RED,
    GREEN
  }

  record Inner(double a, float b, boolean c) {}

  record Outer(String name, long seed, List<Integer> sizes, List<Inner> parts, Colour colour) {}

  @Property(tries = 200)
  void everyNumberComesBack(@ForAll double a, @ForAll float b, @ForAll long seed) {
    Outer o = new Outer("n-1.x", seed, List.of(), List.of(new Inner(a, b, true)), Colour.GREEN);
    assertEquals(o.toString(), ConfigText.of(o));
    assertEquals(o, ConfigText.parse(Outer.class, ConfigText.of(o)));
  }

  @Test
  void listsComeBack() {
    Outer o = new Outer("n", 0, List.of(1, 2, 3), List.of(), Colour.RED);
    assertEquals(o, ConfigText.parse(Outer.class, ConfigText.of(o)));
  }

  @Test
  void otherTextIsRefused() {
    String good = ConfigText.of(new Inner(1, 2, true));
    for (String bad :
        List.of(
            "",
            "Inner[",
            good + "]",
            good.replace("a=", "z="),
            good.replace("true", "yes"),
            good.replace("1.0", "one"))) {
      assertThrows(IllegalArgumentException.class, () -> ConfigText.parse(Inner.class, bad), bad);
    }
    Outer unclear = new Outer("a, b", 0, List.of(), List.of(), Colour.RED);
    assertThrows(IllegalArgumentException.class, () -> ConfigText.of(unclear));
  }
}
