package tools.conform;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.reference.Formula;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nn.Module;
import nn.Parameter;
import nn.io.Weights;

/**
 * A module's outputs and the gradients of {@code sum(out.X * lossw.X)} against {@code out.*},
 * {@code grad.*} and {@code gradstat.*} of a file.
 */
final class ModuleCheck {
  private static final Pattern INPUT =
      Pattern.compile(
          "inp\\(seed=(-?\\d+),\\s*k=(\\d+)(?:,\\s*amp=([^,)]+))?(?:,\\s*off=([^,)]+))?\\)");

  private final Check check;
  private final FixtureFile file;
  private final Module module;
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();

  /**
   * @param module whose parameters have gradients in the file, or null
   */
  ModuleCheck(Check check, Module module) {
    this.check = check;
    this.file = check.file();
    this.module = module;
    if (module != null) {
      module.parameters().forEach((name, p) -> p.trainable(p.isTrainable() || wanted(name)));
    }
  }

  private boolean wanted(String parameter) {
    return file.contains("grad.param." + parameter) || file.contains("gradstat." + parameter);
  }

  /** Copies every {@code param.*} into the module; all that does not fit is listed at once. */
  void loadParameters() throws IOException {
    loadParameters(file, module);
  }

  static void loadParameters(FixtureFile from, Module into) throws IOException {
    Weights.load(from.safeTensors(), "param.", into);
    from.namesUnder("param.").forEach(name -> from.use("param." + name));
  }

  /** Fills the module by the formula that the metadata name. */
  void formulaParameters() {
    FormulaWeights.of(file).fill(module);
  }

  /** The input {@code in.name}; its gradient is compared if the file has one. */
  Tensor input(String name) {
    return inputs.computeIfAbsent(name, n -> watched(n, file.tensor("in." + n)));
  }

  /** The same of an input that the file does not hold. */
  Tensor input(String name, Tensor value) {
    return inputs.computeIfAbsent(name, n -> watched(n, value));
  }

  private Tensor watched(String name, Tensor value) {
    boolean wanted =
        file.contains("grad.in." + name)
            || file.contains("grad.in." + name + "_sub")
            || file.contains("gradstat.in." + name);
    return wanted ? value.asParameter() : value;
  }

  /** Compares outputs that the file has, then walks back and compares all gradients. */
  void outputs(Tape tape, Map<String, Tensor> outputs) {
    List<Tensor> inLoss = new ArrayList<>();
    List<Tensor> seeds = new ArrayList<>();
    outputs.forEach((name, tensor) -> {
      if (file.contains("out." + name)) {
        check.floats("out." + name, tensor);
      }
      Tensor weight = lossWeight(name, tensor);
      if (weight != null) {
        inLoss.add(tensor);
        seeds.add(weight);
      }
    });
    if (file.names().stream().anyMatch(n -> n.startsWith("grad"))) {
      UnfitException.unless(!seeds.isEmpty(), "gradients, but no lossw.* and no metadata lossw");
      gradients(tape.backward(inLoss, seeds));
    }
  }

  /** Stored, or made by the formula that the metadata give for the only output. */
  private Tensor lossWeight(String name, Tensor output) {
    String stored = "lossw." + name;
    if (file.contains(stored)) {
      float[] values = file.floats(stored);
      UnfitException.unless(
          values.length == output.size(),
          "%s is %s, ours is %s",
          stored,
          file.shape(stored),
          output.shape());
      return Tensor.of(output.shape(), values);
    }
    Matcher m = INPUT.matcher(file.metadata("lossw").orElse(""));
    if (!name.equals("y") || !m.find()) {
      return null;
    }
    long[] shape = Weights.extents(output.shape());
    double amplitude = m.group(3) == null ? 1 : Double.parseDouble(m.group(3).trim());
    double offset = m.group(4) == null ? 0 : Double.parseDouble(m.group(4).trim());
    long seed = Long.parseLong(m.group(1));
    long k = Long.parseLong(m.group(2));
    return Tensor.of(output.shape(), Formula.input(seed, k, shape, amplitude, offset));
  }

  /** Compares all gradients that the file has with those of a loss of its own. */
  void gradients(Gradients g) {
    inputs.forEach((name, tensor) -> {
      if (file.contains("grad.in." + name)) {
        check.floats("grad.in." + name, gradient(g, tensor));
      }
      String part = "grad.in." + name + "_sub";
      if (file.contains(part)) {
        check.floats(part, Sub.like(file.shape(part), gradient(g, tensor)));
      }
      statistics("gradstat.in." + name, g, tensor);
    });
    if (module != null) {
      module.parameters().forEach((name, p) -> gradient(g, name, p));
    }
  }

  private void gradient(Gradients g, String name, Parameter p) {
    if (file.contains("grad.param." + name)) {
      check.floats("grad.param." + name, gradient(g, p.value()));
    }
    statistics("gradstat." + name, g, p.value());
  }

  private void statistics(String held, Gradients g, Tensor leaf) {
    if (file.contains(held)) {
      check.statistics(held, List.of(Statistics.of(gradient(g, leaf).toArray())));
    }
  }

  /** Zero where the loss does not depend on the leaf. */
  private static Tensor gradient(Gradients g, Tensor leaf) {
    Tensor found = g.find(leaf);
    return found == null ? Tensor.zeros(leaf.shape()) : found;
  }
}
