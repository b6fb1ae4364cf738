package tools.conform;

import static engine.op.attention.Attention.inverseFrequency;
import static engine.op.attention.Attention.rotaryTable;
import static engine.op.attention.Attention.windowed;

import engine.autodiff.Tape;
import engine.op.attention.WindowSpec.Bucketed;
import engine.tensor.Tensor;
import java.util.Map;

/** {@code local_attention_*}: the released code's attention in windows, on q, k and v. */
final class LocalAttentionFamily implements Family {
  static final Limits LIMITS = Limits.noise(5e-7);

  private static final String FREQUENCIES = "param.rel_pos.inv_freq";

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    int width = file.shape("in.q", 3).dim(2);
    Tensor frequencies = file.tensor(FREQUENCIES);
    int headDim = 2 * frequencies.size();
    UnfitException.unless(
        headDim > 0 && width % headDim == 0, "heads of %d do not fill %d", headDim, width);
    Bucketed spec = spec(file, width / headDim);
    check.floats(FREQUENCIES, inverseFrequency(headDim));
    ModuleCheck module = new ModuleCheck(check, null);
    try (Tape tape = Tape.open()) {
      Tensor table = rotaryTable(frequencies, spec);
      Tensor y = windowed(module.input("q"), module.input("k"), module.input("v"), table, spec);
      module.outputs(tape, Map.of("y", y));
    }
  }

  private static Bucketed spec(FixtureFile file, int heads) {
    Bucketed released = Bucketed.REFERENCE;
    return new Bucketed(
        heads,
        file.number("window", file.number("window_size", released.window())),
        file.number("look_backward", released.lookBackward()),
        file.number("look_forward", released.lookForward()),
        released.exact());
  }
}
