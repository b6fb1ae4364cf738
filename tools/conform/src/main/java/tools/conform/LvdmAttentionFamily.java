package tools.conform;

import static engine.op.layout.Layout.permute;

import engine.autodiff.Tape;
import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.baseline.lvdm.SpaceTimeAttention;

/** {@code lvdm_attention_*}: one block of LVDM's attention over space and time. */
final class LvdmAttentionFamily implements Family {
  static final Limits LIMITS = Limits.noise(1.1e-6);

  private static final Pattern INPUT =
      Pattern.compile(
          "inp\\(seed=(\\d{1,9}),\\s*k=(\\d{1,9}),\\s*\\((\\d{1,4}),\\s*(\\d{1,4}),\\s*(\\d{1,4}),"
              + "\\s*(\\d{1,4}),\\s*(\\d{1,4})\\)(?:,\\s*amp=([\\d.]+))?\\)");

  /** More values would be no test's. */
  private static final long MOST = 1 << 24;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    Tensor x = input(file);
    SpaceTimeAttention attention =
        new SpaceTimeAttention(
            x.dim(1), file.number("heads"), file.number("temporal_length", x.dim(2)));
    ModuleCheck module = new ModuleCheck(check, attention);
    module.formulaParameters();
    try (Tape tape = Tape.open()) {
      Tensor y =
          attention.forward(
              module.input("x", x),
              (name, tokens) -> held(check, "out." + name + "_sub", permute(tokens, 0, 2, 1)));
      held(check, "out.y_sub", y);
      if (file.contains("stats.y")) {
        check.statistics("stats.y", List.of(Statistics.of(y.toArray())));
      }
      module.outputs(tape, Map.of("y", y));
    }
  }

  private static void held(Check check, String name, Tensor whole) {
    if (check.file().contains(name)) {
      check.floats(name, Sub.like(check.file().shape(name), whole));
    }
  }

  private static Tensor input(FixtureFile file) {
    String text = file.metadata("x").orElse("");
    Matcher m = INPUT.matcher(text);
    UnfitException.unless(m.matches(), "metadata x='%s' is no input of 5 axes", text);
    long[] shape = new long[5];
    int[] dims = new int[5];
    long size = 1;
    for (int i = 0; i < shape.length; i++) {
      dims[i] = Integer.parseInt(m.group(3 + i));
      shape[i] = dims[i];
      size = Math.min(MOST + 1, size * shape[i]);
    }
    UnfitException.unless(size > 0 && size <= MOST, "metadata x='%s': too large", text);
    double amplitude = m.group(8) == null ? 1 : Double.parseDouble(m.group(8));
    long seed = Long.parseLong(m.group(1));
    return Tensor.of(
        Shape.of(dims), Formula.input(seed, Long.parseLong(m.group(2)), shape, amplitude, 0));
  }
}
