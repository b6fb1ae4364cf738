package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.BrokenKernels.Fault;
import engine.kernel.ProbeReport.Check;
import engine.kernel.scalar.ScalarKernels;
import engine.testing.OpContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeTest {
  @Test
  void everyBackendIsExact() {
    OpContract.everyBackend()
        .forEach((name, k) -> {
          ProbeReport report = Probe.of(k);
          assertEquals(List.of(), report.failures(), name);
          assertEquals(Fidelity.EXACT, report.fidelity());
          assertEquals("backend " + k.name() + " is exact", report.summary());
        });
  }

  /** One fault, one check that fails, and it names the kernel. */
  @ParameterizedTest
  @CsvSource({
    "CONTRACTED_AFFINE, contraction, affine",
    "CONTRACTED_GATE, contraction, gateAdd",
    "CONTRACTED_MODULATE, contraction, modulate",
    "CONTRACTED_EMA, contraction, ema",
    "EMA_IN_TWO_ROUNDINGS, fma, ema",
    "DENORMAL_SUM_LOST, denormals, matmul",
    "CONTRACTED_PRODUCT_SUM, contraction, productSum",
    "CONTRACTED_SUM_SQUARES, contraction, sumSquares",
    "DIVIDE_BY_RECIPROCAL, divide, binary div",
    "MAX_DROPS_NAN, selection, binary max",
    "SUM_IN_ONE_CHAIN, sum order, reduceSum",
    "COLUMNS_IN_ONE_CHAIN, sum order, reduceSum",
    "MATMUL_WITHOUT_SEGMENTS, product order, matmul",
    "PLATFORM_EXP, function exp, hash of unary",
    "OTHER_DRAWS, uniform draws, hash of randomUniform",
    "OTHER_FOURIER_TABLES, Fourier transform, hash of fft2"
  })
  void eachFaultIsFoundByItsOwnCheck(Fault fault, String check, String kernel) {
    ProbeReport report = Probe.of(new BrokenKernels(fault));
    assertEquals(Fidelity.APPROXIMATE, report.fidelity());
    assertEquals(List.of(check), report.failures().stream().map(Check::name).toList());
    Check found = report.failures().get(0);
    assertTrue(found.where().startsWith(kernel), found.toString());
    assertFalse(found.passed());
    assertNotEquals(found.expected(), found.got());
    assertEquals(
        "backend broken is approximate: it fails 1 of %d checks (%s)"
            .formatted(report.checks().size(), check),
        report.summary());
  }

  /** These faults show in several checks, in their own first. */
  @Test
  void faultsThatSpread() {
    assertTrue(failures(new BrokenKernels(Fault.MATMUL_IN_TWO_ROUNDINGS)).contains("fma"));
    assertTrue(failures(new BrokenKernels(Fault.ROOT_OF_RECIPROCAL_ROOT)).contains("square root"));
    assertTrue(failures(BrokenKernels.flushing()).contains("denormals"));
    for (Kernels k : List.of(BrokenKernels.flushing())) {
      assertFalse(failures(k).contains("contraction"), failures(k).toString());
      assertFalse(failures(k).contains("fma"), failures(k).toString());
      assertFalse(failures(k).contains("sum order"), failures(k).toString());
      assertFalse(failures(k).contains("product order"), failures(k).toString());
    }
  }

  private static List<String> failures(Kernels k) {
    return Probe.of(k).failures().stream().map(Check::name).toList();
  }

  @Test
  void aFailureShowsBothBitPatterns() {
    Check check = new Check("divide", "binary div[3]", 0x3F800000L, 0x3F800001L);
    assertEquals("divide: binary div[3] is 3f800001, wants 3f800000", check.toString());
    assertEquals("divide: passed", new Check("divide", "", 1, 1).toString());
  }

  @Test
  void autoTakesNoApproximateBackend() {
    Kernels broken = new BrokenKernels(Fault.DIVIDE_BY_RECIPROCAL);
    Kernels sound = new ScalarKernels(Workers.SINGLE);
    assertSame(sound, Backends.firstExact(List.of(() -> broken, () -> sound)));
    String refusal =
        assertThrows(IllegalStateException.class, () -> Backends.firstExact(List.of(() -> broken)))
            .getMessage();
    assertTrue(refusal.contains("backend broken is approximate"), refusal);
    assertTrue(refusal.contains("(divide)"), refusal);
  }

  @Test
  void aBackendThatCannotBeProbedIsClosed() {
    int[] closed = {0};
    Kernels lost =
        new ScalarKernels(Workers.SINGLE) {
          @Override
          public ReduceKernels reduce() {
            throw new IllegalStateException("the device is lost");
          }

          @Override
          public void close() {
            closed[0]++;
          }
        };
    String said =
        assertThrows(IllegalStateException.class, () -> Backends.firstExact(List.of(() -> lost)))
            .getMessage();
    assertEquals("the device is lost", said);
    assertEquals(1, closed[0]);
  }

  @Test
  void namedItIsUsedAndKnownToBeApproximate() {
    Kernels broken = new BrokenKernels(Fault.OTHER_DRAWS);
    assertSame(broken, Backends.named(broken));
    assertEquals(Fidelity.APPROXIMATE, Backends.with(broken, Backends::fidelity));
    assertEquals(Fidelity.EXACT, Backends.fidelity());
    assertSame(Backends.report(broken), Backends.report(broken));
  }
}
