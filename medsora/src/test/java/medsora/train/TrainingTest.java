package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.kernel.EmaArgs;
import engine.kernel.InterceptedKernels;
import engine.kernel.Kernels;
import engine.kernel.opencl.OpenClKernels;
import engine.kernel.opencl.Transfers;
import engine.testing.OpContract;
import engine.testing.OpenClBackends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import medsora.config.Profiles;
import medsora.config.Recipe;
import medsora.config.TrainConfig;
import medsora.config.Watching;
import medsora.data.Sampling;
import medsora.denoiser.DenoiserConfig;
import medsora.train.store.Checkpoint;
import medsora.train.store.RunFolder;
import medsora.vae.ClipAutoencoder;
import medsora.vae.LatentStatistics;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.layer.RunningMoves;
import nn.optim.LearningRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of training: the same bits on every backend, and after stopping and continuing. */
class TrainingTest {
  private static final Clips CLIPS = new MovingStripes(16);

  /** Numbers of a sample's latents: 4 + 2 frames of 4 channels of 2 x 2. */
  private static final int LATENTS = 96;

  @TempDir Path folder;

  private static TrainConfig config(boolean paper, int batch) {
    return new TrainConfig(
        "test",
        7,
        new TrainConfig.Data(16, Sampling.PAPER, true, 0.25, 2),
        new VaeConfig(
            List.of(8, 8, 8, 8),
            1,
            4,
            4,
            paper ? VaeConfig.Compensation.PAPER : VaeConfig.Compensation.RELEASED,
            0.2f),
        new TrainConfig.VaeTraining(
            TrainConfig.VaeTraining.Scope.EVERYTHING,
            8,
            1,
            LearningRate.cosine(5e-3, 3e-3, 20),
            0.9,
            0.999,
            1.0,
            0.1,
            1e-6,
            0.9999,
            paper ? EmaArgs.Form.INCREMENTAL : EmaArgs.Form.WEIGHTED,
            false,
            10),
        new DenoiserConfig(
            4,
            2,
            1,
            16,
            2,
            6,
            4,
            8,
            8,
            2,
            4,
            256,
            4,
            paper ? Profiles.withoutDropout("paper") : Profiles.switches("reference")),
        new TrainConfig.DenoiserTraining(
            new TrainConfig.Opening(1, 2, 2e-3),
            batch,
            LearningRate.constant(1e-3),
            1.0,
            1,
            0.9999,
            paper ? EmaArgs.Form.INCREMENTAL : EmaArgs.Form.WEIGHTED,
            false,
            10),
        Profiles.alignment("paper").enabled(false),
        TrainConfig.EarlyStopping.NEVER,
        TrainConfig.Perceptual.NONE,
        Watching.NEVER,
        Recipe.PAPER);
  }

  private static Stage stage(String name, TrainConfig config) {
    Vae vae = (Vae) VaeObjective.fresh(config);
    return name.equals(VaeObjective.NAME)
        ? new Stage(new VaeObjective(config, CLIPS, vae))
        : new Stage(
            new DenoiserObjective(
                config,
                CLIPS,
                DenoiserObjective.fresh(config),
                vae,
                new LatentStatistics(0.1f, 1.5f)));
  }

  private String train(Path out, String name, TrainConfig config, long steps) throws IOException {
    try (RunFolder run = RunFolder.open(out)) {
      return new Trainer(run, CLIPS, report -> {}, () -> false, 3).run(stage(name, config), steps);
    }
  }

  @Test
  void tenStepsGiveTheSameWeightsOnEveryBackend() throws IOException {
    for (boolean paper : new boolean[] {true, false}) {
      for (String name : List.of(VaeObjective.NAME, DenoiserObjective.NAME)) {
        List<String> hashes = new ArrayList<>();
        for (Map.Entry<String, Kernels> backend : OpContract.backends().entrySet()) {
          Path out = folder.resolve(name + paper + hashes.size());
          hashes.add(
              Backends.with(backend.getValue(), () -> train(out, name, config(paper, 3), 10)));
        }
        assertEquals(1, hashes.stream().distinct().count(), name + " " + hashes);
      }
    }
  }

  /**
   * A step of the denoiser on a device sends its batch: the posterior's draw, the noise and the
   * timestep's waves. It reads the losses together, and the gradients' norms together. Neither
   * grows with the depth of the model.
   */
  @Test
  void aStepOnADeviceCopiesItsBatchAndItsLosses() {
    for (Kernels kernels : OpenClBackends.ALL.values()) {
      for (boolean paper : new boolean[] {true, false}) {
        Transfers step = copiesOfAStep((OpenClKernels) kernels, DenoiserObjective.NAME, paper);
        assertEquals(3, step.uploads(), step.toString());
        assertTrue(step.uploaded() < 8 * LATENTS * Float.BYTES, step.toString());
        assertEquals(2, step.downloads(), step.toString());
        assertTrue(step.downloaded() < 4 * LATENTS * Float.BYTES, step.toString());
      }
    }
  }

  /**
   * The frequency loss goes through the host: its pictures there and back, forward and backward. So
   * do the statistics of each batch norm, two tensors of a number a channel: samples move the
   * running ones in their order, whichever rank computed them.
   */
  @Test
  void aStepOfTheAutoencoderOnADeviceCopiesForTheFourierTransformAlone() {
    for (Kernels kernels : OpenClBackends.ALL.values()) {
      Transfers step = copiesOfAStep((OpenClKernels) kernels, VaeObjective.NAME, true);
      int copies = 4 + (2 * batchNorms());
      assertEquals(copies, step.uploads(), step.toString());
      assertEquals(copies, step.downloads(), step.toString());
    }
  }

  private static int batchNorms() {
    ClipAutoencoder vae = VaeObjective.fresh(TinyRun.config());
    return RunningMoves.norms(List.of(vae.module())).size();
  }

  private static Transfers copiesOfAStep(OpenClKernels device, String name, boolean paper) {
    return Backends.with(
        device,
        () -> {
          Stage stage = stage(name, config(paper, 1));
          stage.step();
          stage.step();
          Transfers before = device.transfers();
          stage.step();
          return device.transfers().since(before);
        });
  }

  /** Kernels that answer to so many calls. */
  private static final class Mortal implements InterceptedKernels.Handler {
    private final Kernels kernels;
    private long left;

    Mortal(Kernels kernels, long left) {
      this.kernels = kernels;
      this.left = left;
    }

    Kernels kernels() {
      return InterceptedKernels.of(this);
    }

    @Override
    public Object answer(InterceptedKernels.Call call) {
      if (!call.name().equals("name") && left-- <= 0) {
        throw new IllegalStateException("the device is lost");
      }
      return call.on(kernels);
    }
  }

  @Test
  void aDeviceThatIsLostLeavesTheCheckpointBefore() throws IOException {
    String name = DenoiserObjective.NAME;
    String whole = train(folder.resolve("whole"), name, config(true, 2), 10);
    for (Kernels kernels : OpenClBackends.ALL.values()) {
      Path out = folder.resolve("lost" + kernels.hashCode());
      Mortal counted = new Mortal(kernels, Long.MAX_VALUE);
      Backends.with(
          counted.kernels(),
          () -> train(folder.resolve("counted" + kernels.hashCode()), name, config(true, 2), 10));
      Mortal mortal = new Mortal(kernels, (Long.MAX_VALUE - counted.left) * 3 / 4);
      assertThrows(
          IllegalStateException.class,
          () -> Backends.with(mortal.kernels(), () -> train(out, name, config(true, 2), 10)));
      long saved = Checkpoint.info(out.resolve(name + ".safetensors")).step();
      assertTrue(saved >= 3 && saved < 10, "step " + saved);
      assertEquals(
          whole, Backends.with(kernels, () -> train(out, name, config(true, 2), 10)), "continued");
    }
  }

  @Test
  void continuingEqualsNeverHavingStopped() throws IOException {
    for (String name : List.of(VaeObjective.NAME, DenoiserObjective.NAME)) {
      String whole = train(folder.resolve("whole" + name), name, config(true, 3), 10);
      Path parts = folder.resolve("parts" + name);
      train(parts, name, config(true, 3), 5);
      assertEquals(whole, train(parts, name, config(true, 3), 10), name);
      assertEquals(-1L, mismatch(name, folder.resolve("whole" + name), parts));
      assertEquals(10, Files.readAllLines(parts.resolve("metrics.jsonl")).size());
    }
  }

  private static long mismatch(String name, Path a, Path b) throws IOException {
    return Files.mismatch(a.resolve(name + ".safetensors"), b.resolve(name + ".safetensors"));
  }

  @Test
  void recomputationGivesTheSameWeights() throws IOException {
    TrainConfig plain = config(false, 2);
    TrainConfig.DenoiserTraining t = plain.denoiserTraining();
    TrainConfig again =
        new TrainConfig(
            plain.name(),
            plain.seed(),
            plain.data(),
            plain.vae(),
            plain.vaeTraining(),
            plain.denoiser(),
            new TrainConfig.DenoiserTraining(
                t.opening(),
                t.batch(),
                t.learningRate(),
                t.clipNorm(),
                t.clipFromEpoch(),
                t.emaDecay(),
                t.emaForm(),
                true,
                t.steps()),
            Profiles.alignment("paper").enabled(false),
            TrainConfig.EarlyStopping.NEVER,
            TrainConfig.Perceptual.NONE,
            Watching.NEVER,
            Recipe.PAPER);
    assertEquals(
        train(folder.resolve("plain"), DenoiserObjective.NAME, plain, 4),
        train(folder.resolve("again"), DenoiserObjective.NAME, again, 4));
  }

  @Test
  void anotherConfigurationIsRefused() throws IOException {
    train(folder, VaeObjective.NAME, config(true, 3), 2);
    IOException e =
        assertThrows(
            IOException.class,
            () -> train(folder, VaeObjective.NAME, config(true, 3).withSeed(8), 4));
    assertTrue(e.getMessage().contains("other settings"), e.getMessage());
  }

  @Test
  void twoRunsInOneFolderAreRefused() throws IOException {
    try (RunFolder first = RunFolder.open(folder)) {
      IOException e = assertThrows(IOException.class, () -> RunFolder.open(folder));
      assertTrue(e.getMessage().contains(first.path().toString()), e.getMessage());
    }
    RunFolder.open(folder).close();
  }

  @Test
  void lossFalls() {
    for (String name : List.of(VaeObjective.NAME, DenoiserObjective.NAME)) {
      Stage stage = stage(name, config(true, 2));
      double first = mean(stage, 10);
      mean(stage, 80);
      double last = mean(stage, 10);
      assertTrue(last < 0.95 * first, name + ": " + first + " -> " + last);
    }
  }

  private static double mean(Stage stage, int steps) {
    double sum = 0;
    for (int i = 0; i < steps; i++) {
      sum += stage.step().losses().get("loss");
    }
    return sum / steps;
  }
}
