package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.OpContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import medsora.config.TrainConfig;
import medsora.perceptual.Lpips;
import medsora.perceptual.PatchDiscriminator;
import medsora.perceptual.TrunkKind;
import medsora.train.store.RunFolder;
import nn.Parameter;
import nn.optim.Adam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The autoencoder's loss (Eq. 16) with what frames look like. */
class PerceptualTrainingTest {
  private static final int SIZE = 32;
  private static final Clips CLIPS = new MovingStripes(SIZE);

  @TempDir Path folder;

  private static TrainConfig config(double weight, double adversarial, long from) {
    return TinyRun.config(SIZE).with(new TrainConfig.Perceptual(weight, adversarial, from));
  }

  private static Lpips lpips() {
    Lpips lpips = new Lpips(TrunkKind.ALEX);
    lpips.trunk().initialize(3);
    lpips.heads().initialize(3);
    return lpips;
  }

  private static Stage stage(TrainConfig config, Lpips lpips) {
    return new Stage(new VaeObjective(config, CLIPS, VaeObjective.fresh(config), lpips));
  }

  @Test
  void equation16() {
    Map<String, Double> losses = stage(config(0.5, 0, 0), lpips()).step().losses();
    double wanted =
        losses.get("l1")
            + 0.1 * losses.get("focal")
            + 1e-6 * losses.get("kl")
            + 0.5 * losses.get("lpips");
    assertTrue(losses.get("lpips") > 0);
    assertEquals(wanted, losses.get("loss"), 1e-6 * wanted);
  }

  @Test
  void withoutItsWeightsTheTermIsOff() {
    TrainConfig with = config(1, 0, 0);
    Stage stage = stage(with, null);
    assertFalse(stage.step().losses().containsKey("lpips"));
    // The same run as one that never heard of it.
    assertEquals(
        stage(config(0, 0, 0), null).identity().deciding(),
        stage(with, null).identity().deciding());
  }

  /** It learns from the first step, and is heard from the one that is set. */
  @Test
  void theDiscriminatorIsHeardFromItsStepOn() {
    Stage stage = stage(config(0, 0.8, 1), null);
    Map<String, Double> first = stage.step().losses();
    assertEquals(1, first.get("discriminator"), 0.5);
    assertFalse(first.containsKey("adversarial"));
    Map<String, Double> second = stage.step().losses();
    double wanted =
        second.get("l1")
            + 0.1 * second.get("focal")
            + 1e-6 * second.get("kl")
            + 0.8 * second.get("adversarial");
    assertEquals(wanted, second.get("loss"), 1e-5);
  }

  /** Told apart: stripes, and the same stripes blurred. */
  @Test
  void theDiscriminatorLearns() {
    PatchDiscriminator d = new PatchDiscriminator();
    d.initialize(1);
    Tensor real = Tensor.of(Shape.of(8, 3, SIZE, SIZE), CLIPS.images(0).values());
    Tensor made = Resample.bilinear2d(Resample.avgPool2d(real, 4, 4), SIZE, SIZE, false);
    List<Tensor> parameters = d.trainable().stream().map(Parameter::value).toList();
    Adam adam = new Adam(parameters, new Adam.Settings(0.5, 0.9, 1e-8, 0));
    List<Float> losses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      try (Tape tape = Tape.open()) {
        Tensor loss = d.loss(real, made);
        losses.add(loss.item());
        Gradients g = tape.backward(loss);
        adam.step(parameters.stream().map(g::of).toList(), 1e-4, 1);
      }
    }
    assertTrue(losses.getLast() < 0.5 * losses.getFirst(), losses.toString());
  }

  @Test
  void everyBackendGivesTheSameWeightsAndSoDoesContinuing() throws IOException {
    TrainConfig config = config(1, 0.1, 1);
    List<String> hashes = new ArrayList<>();
    // Single kernels are compared elsewhere on every width and team; here two ends of the list.
    List<Kernels> all = List.copyOf(OpContract.backends().values());
    for (Kernels backend : List.of(all.get(1), all.getLast())) {
      hashes.add(Backends.with(backend, () -> train("b" + hashes.size(), config, 2)));
    }
    train("parts", config, 1);
    hashes.add(train("parts", config, 2));
    assertEquals(1, hashes.stream().distinct().count(), hashes.toString());
  }

  private String train(String name, TrainConfig config, long steps) throws IOException {
    try (RunFolder run = RunFolder.open(folder.resolve(name))) {
      return new Trainer(run, CLIPS, report -> {}, () -> false, 9)
          .run(stage(config, lpips()), steps);
    }
  }
}
