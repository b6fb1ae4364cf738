package medsora;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nn.Buffer;
import nn.Module;
import nn.Parameter;

/**
 * Holds a module against a fixture of the reference implementation: parameters and inputs come from
 * the file, outputs and the gradients of {@code sum(out * lossw)} are compared with it. Errors are
 * relative to each tensor's largest magnitude, as testdata/reference/README.md lays down.
 */
public final class ModuleFixture {
  private final Fixture fixture;
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  public ModuleFixture(String name) {
    this.fixture = Fixtures.load(name);
  }

  public Fixture file() {
    return fixture;
  }

  /** The input {@code in.name}, whose gradient will be compared if the file has one. */
  public Tensor input(String name) {
    return inputs.computeIfAbsent(name, n -> tensor("in." + n).asParameter());
  }

  public Tensor tensor(String name) {
    return Tensor.of(Shape.of(fixture.dims(name)), fixture.floats(name));
  }

  /** Copies every {@code param.*} into the module; names and shapes must agree exactly. */
  public void loadParameters(Module module) {
    List<String> names = fixture.namesUnder("param.");
    List<String> wanted = List.copyOf(module.stateDict().keySet());
    if (!names.equals(wanted)) {
      throw new AssertionError("state dict differs:\n file   " + names + "\n module " + wanted);
    }
    module
        .stateDict()
        .forEach((name, entry) -> {
          if (entry instanceof Buffer b && b.integer()) {
            return;
          }
          if (!Shape.of(fixture.dims("param." + name)).equals(entry.value().shape())) {
            throw new AssertionError(name + " is " + entry.value().shape());
          }
          entry.value().storage().write(fixture.floats("param." + name));
        });
  }

  public void compare(String name, Tensor got, double tolerance) {
    compare(name, got.toArray(), tolerance);
  }

  public void compare(String name, float[] got, double tolerance) {
    double error = Fixtures.error(got, fixture.floats(name));
    if (!(error <= tolerance)) {
      failures.add("%s: error %.3g, limit %.3g".formatted(name, error, tolerance));
    }
  }

  /** Backward from {@code sum(out.X * lossw.X)}; compares all {@code grad.*} that the file has. */
  public void compareGradients(
      Tape tape, Map<String, Tensor> outputs, Module module, double tolerance, Limits special) {
    List<Tensor> seeds = outputs.keySet().stream().map(n -> tensor("lossw." + n)).toList();
    Gradients g = tape.backward(List.copyOf(outputs.values()), seeds);
    inputs.forEach((name, tensor) -> {
      String key = "grad.in." + name;
      if (fixture.contains(key)) {
        compare(key, g.of(tensor), special.of(key, tolerance));
      }
    });
    if (module != null) {
      module.parameters().forEach((name, p) -> gradient(g, name, p, tolerance, special));
    }
  }

  private void gradient(Gradients g, String name, Parameter p, double tolerance, Limits special) {
    String key = "grad.param." + name;
    if (fixture.contains(key) && p.isTrainable()) {
      compare(key, g.of(p.value()), special.of(key, tolerance));
    }
    String stat = "gradstat." + name;
    if (fixture.contains(stat) && p.isTrainable()) {
      compareStat(stat, g.of(p.value()).toArray(), special.of(stat, tolerance));
    }
  }

  /** [sum, L2 norm, first, last]; the norm sets the scale. */
  private void compareStat(String key, float[] values, double tolerance) {
    float[] expected = fixture.floats(key);
    double sum = 0;
    double square = 0;
    for (float v : values) {
      sum += v;
      square += (double) v * v;
    }
    double norm = Math.max(expected[1], 1e-30);
    double[] got = {sum, Math.sqrt(square), values[0], values[values.length - 1]};
    for (int i = 0; i < 4; i++) {
      double scale = i == 0 ? norm * Math.sqrt(values.length) : norm;
      if (!(Math.abs(got[i] - expected[i]) <= tolerance * scale)) {
        failures.add("%s[%d]: %g, wants %g".formatted(key, i, got[i], expected[i]));
      }
    }
  }

  /** Exceptions from the file's tolerance, by name. */
  @FunctionalInterface
  public interface Limits {
    Limits NONE = (name, standard) -> standard;

    double of(String name, double standard);
  }

  /** Throws with every comparison that failed. */
  public void verify() {
    if (!failures.isEmpty()) {
      throw new AssertionError(fixture.name() + ":\n  " + String.join("\n  ", failures));
    }
  }
}
