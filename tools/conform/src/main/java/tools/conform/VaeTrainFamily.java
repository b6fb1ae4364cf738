package tools.conform;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.op.elementwise.Elementwise;
import engine.op.reduce.Reduce;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Mode;

/**
 * {@code vae_small_train}: the L1 loss of a reconstruction in training mode without dropout, the
 * gradients of the compensation modules, and the batch-norm buffers after the step.
 *
 * <p>The weights are those of the evaluation file in the same folder; without it, the formula's.
 *
 * <p>Gradients are compared at the file's input first. A ReLU whose argument lies within float32
 * noise of 0 makes them jump there: inputs that differ by a few units in the last place fall on
 * either side. So gradients that fail are tried at the input's nearest neighbours too, and the row
 * says which one met them.
 */
final class VaeTrainFamily implements Family {
  static final Limits LIMITS = Limits.noise(6e-6);

  private static final int NEIGHBOURS = 8;

  /** Of the small modules (testdata/reference/README.md), where the metadata name none. */
  private static final long SMALL_SEED = 11;

  private static final String COUNTER = "num_batches_tracked";
  private static final String GRADIENT = "grad.param.";

  @Override
  public void check(Check check) throws IOException {
    String name = check.file().path().getFileName().toString();
    Path weights = check.sibling(name.replace("train", "eval"));
    if (name.contains("train") && Files.isRegularFile(weights)) {
      try (FixtureFile evaluation = FixtureFile.open(weights)) {
        new Step(check, evaluation).check();
      }
    } else {
      new Step(check, null).check();
    }
  }

  /** What one training step at one input gave. */
  private record Result(float[] recon, float l1, Map<String, float[]> gradients, Vae vae) {}

  /** The step of one file. */
  private static final class Step {
    private final Check check;
    private final FixtureFile file;
    private final FixtureFile evaluation;
    private final VaeConfig config;

    Step(Check check, FixtureFile evaluation) {
      this.check = check;
      this.file = check.file();
      this.evaluation = evaluation;
      this.config =
          evaluation == null ? VaeSizes.ofMetadata(file) : VaeSizes.ofParameters(evaluation);
    }

    void check() throws IOException {
      Result result = run(0);
      check.floats("out.recon", result.recon());
      check.floats("out.l1", new float[] {result.l1()});
      gradients(result);
      buffers(result.vae());
    }

    /** A step at the file's input, or at a neighbour: each value moved by a few ulp at most. */
    private Result run(int neighbour) throws IOException {
      Vae vae = loaded();
      float[] values = file.floats("in.x");
      for (int i = 0; i < values.length; i++) {
        values[i] *= 1f + (neighbour * 0x1p-23f * ((((i * 7919L) + neighbour) % 3) - 1));
      }
      Tensor x = Tensor.of(file.shape("in.x", 5), values);
      Mode mode = Mode.training(0, 0);
      if (hasSeenLatents() && evaluation != null) {
        vae.decode(evaluation.tensor("in.z"), mode);
      }
      try (Tape tape = Tape.open()) {
        Tensor recon = vae.decode(vae.encode(x, mode).mean(), mode);
        Tensor l1 = Reduce.mean(Elementwise.abs(Elementwise.sub(recon, x)));
        float[] decoded = recon.toArray();
        float loss = l1.item();
        Gradients g = tape.backward(l1);
        Map<String, float[]> gradients = new LinkedHashMap<>();
        vae.parameters()
            .forEach((name, p) -> {
              if (p.isTrainable()) {
                gradients.put(name, g.of(p.value()).toArray());
              }
            });
        return new Result(decoded, loss, gradients, vae);
      }
    }

    private Vae loaded() throws IOException {
      Vae vae = new Vae(config);
      if (evaluation != null) {
        ModuleCheck.loadParameters(evaluation, vae);
      } else {
        boolean named = file.metadata("weights").isPresent();
        FormulaWeights weights =
            named ? FormulaWeights.of(file) : new FormulaWeights(SMALL_SEED, null, null);
        weights.fill(vae);
      }
      vae.parameters().forEach((name, p) -> p.trainable(file.contains(GRADIENT + name)));
      return vae;
    }

    private void gradients(Result result) throws IOException {
      List<String> failing = compared(result, List.copyOf(result.gradients().keySet()));
      Map<String, Row> rows = new LinkedHashMap<>();
      result.gradients().forEach((name, values) -> rows.put(name, row(name, values)));
      for (int k = 1; k < NEIGHBOURS && !failing.isEmpty(); k++) {
        Result near = run(k);
        if (compared(near, failing).isEmpty()) {
          String remark = "met by an input within " + k + " ulp; a ReLU stands at its kink";
          for (String name : failing) {
            rows.put(name, row(name, near.gradients().get(name)).remarked(remark));
          }
          failing = List.of();
        }
      }
      rows.values().forEach(check::add);
    }

    /** The names whose gradients fail. */
    private List<String> compared(Result result, List<String> names) {
      return names.stream().filter(n -> row(n, result.gradients().get(n)).failed()).toList();
    }

    private Row row(String name, float[] got) {
      String key = GRADIENT + name;
      float[] expected = file.floats(key);
      return got.length == expected.length
          ? Row.of(key, Errors.of(got, expected), check.limit(key))
          : Row.failure(key, check.limit(key), "the file has " + file.shape(key));
    }

    /**
     * Whether the file's buffers have seen the latents of the evaluation file before this step: the
     * counters then stand at more updates than the step's own chunks make.
     */
    private boolean hasSeenLatents() {
      int own = file.shape("in.x", 5).dim(2) / VaeConfig.FRAMES_PER_CHUNK;
      return file.namesUnder("after.").stream()
          .filter(name -> name.endsWith(COUNTER))
          .anyMatch(name -> file.longs("after." + name)[0] > own);
    }

    private void buffers(Vae vae) {
      boolean checkable = evaluation != null || !hasSeenLatents();
      for (String name : file.namesUnder("after.")) {
        String key = "after." + name;
        if (!checkable) {
          file.use(key);
          String why =
              "not checkable: earlier updates are from the evaluation file, which is absent";
          check.add(new Row(key, Double.NaN, check.limit(key), Row.Verdict.UNCHECKED, why));
        } else if (!vae.stateDict().containsKey(name)) {
          file.use(key);
          check.add(Row.failure(key, check.limit(key), "no buffer of ours has this name"));
        } else if (file.isInteger(key)) {
          check.integers(key, new int[] {(int) vae.stateDict().get(name).value().item()});
        } else {
          check.floats(key, vae.stateDict().get(name).value());
        }
      }
    }
  }
}
