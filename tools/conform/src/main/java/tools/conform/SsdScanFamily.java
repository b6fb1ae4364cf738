package tools.conform;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.neg;
import static engine.op.elementwise.Elementwise.softplus;

import engine.autodiff.Tape;
import engine.op.scan.Scan;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code ssd_scan}: the selective state-space scan with dt = softplus(dt_raw + dt_bias), A =
 * -exp(A_log), and its last state. The result does not depend on the length of the chunks; short
 * ones are taken, unless the metadata give {@code chunk_size}, because a long sequence loses fewer
 * digits in them: decays are differences of sums over a chunk.
 */
final class SsdScanFamily implements Family {
  static final Limits LIMITS = Limits.noise(3e-7);

  private static final int CHUNK = 32;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    ModuleCheck in = new ModuleCheck(check, null);
    int chunk = file.number("chunk_size", CHUNK);
    try (Tape tape = Tape.open()) {
      Tensor x = in.input("x");
      Tensor dt = softplus(add(in.input("dt_raw"), in.input("dt_bias")));
      Tensor a = neg(exp(in.input("A_log")));
      Tensor b = in.input("B");
      Tensor skip = file.contains("in.D") ? in.input("D") : null;
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("y", Scan.ssdScan(x, dt, a, b, in.input("C"), skip, null, chunk));
      out.put("final_state", Scan.ssdFinalState(x, dt, a, b, null, chunk));
      in.outputs(tape, out);
    }
  }
}
