package tools.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The arithmetic of Eq. 11. */
class Equation11Test {
  /** The sizes of MedSora: f=6, l=64, d=512, w=8, N=128. */
  private static final Equation11 MEDSORA = new Equation11(6, 64, 512, 8, 128);

  @Test
  void theAttentionTermsAddUpToThePrintedSum() {
    assertEquals(832_831_488, MEDSORA.attention());
    for (Equation11 e : new Equation11[] {MEDSORA, new Equation11(7, 25, 33, 5, 11)}) {
      long fld = e.f() * e.l() * e.d();
      assertEquals((8 * fld * e.d()) + (2 * fld * e.l()) + (2 * fld * e.f()), e.attention());
    }
  }

  @Test
  void ourTermsDoNotAddUpToThePrintedSum() {
    assertEquals(405_798_912, MEDSORA.localAttention());
    assertEquals(26_373_783_552L, MEDSORA.spatialMamba());
    assertEquals(13_086_228_480L, MEDSORA.temporalMamba());
    assertEquals(39_865_810_944L, MEDSORA.ours());
    assertEquals(20_186_136_576L, MEDSORA.oursAsPrinted());
  }

  @Test
  void thePageOnThePaperNamesTheseNumbers() throws IOException {
    String page = Files.readString(Path.of("../docs/paper-vs-reference.md"));
    for (long n : new long[] {MEDSORA.ours(), MEDSORA.oursAsPrinted(), MEDSORA.attention()}) {
      assertTrue(page.contains(String.format(Locale.ROOT, "%,d", n)), "the page lacks " + n);
    }
  }

  @Test
  void ourTermsAddUpTo32And12() {
    for (Equation11 e : new Equation11[] {MEDSORA, new Equation11(7, 25, 33, 5, 11)}) {
      long fld = e.f() * e.l() * e.d();
      long sum =
          (4 * fld * e.d()) + (2 * fld * e.w()) + (32 * fld * e.n()) + (12 * fld * e.n() * e.n());
      assertEquals(sum, e.ours());
      assertEquals(sum - (14 * fld * e.n()) - (6 * fld * e.n() * e.n()), e.oursAsPrinted());
    }
  }

  @Test
  void attentionCostsMoreBeyondTheCrossover() {
    for (long n : new long[] {4, 128}) {
      long l = 64;
      long terms = Equation11.crossover(512, 8, n) - l;
      long printed = Equation11.crossoverAsPrinted(512, 8, n) - l;
      for (long f : new long[] {terms, terms + 1}) {
        if (f > 0) {
          Equation11 e = new Equation11(f, l, 512, 8, n);
          assertEquals(f > terms, e.attention() > e.ours());
        }
      }
      for (long f : new long[] {printed, printed + 1}) {
        if (f > 0) {
          Equation11 e = new Equation11(f, l, 512, 8, n);
          assertEquals(f > printed, e.attention() > e.oursAsPrinted());
        }
      }
    }
    assertEquals(99_336, Equation11.crossover(512, 8, 128));
    assertEquals(49_288, Equation11.crossoverAsPrinted(512, 8, 128));
    assertTrue(MEDSORA.attention() < MEDSORA.oursAsPrinted());
  }

  @Test
  void tokensFormASquare() {
    assertThrows(
        IllegalArgumentException.class, () -> new Equation11(6, 60, 512, 8, 128).spatialMamba());
  }
}
