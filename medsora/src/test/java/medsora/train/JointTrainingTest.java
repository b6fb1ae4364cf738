package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.testing.OpContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import medsora.align.AlignmentConfig.Sampling;
import medsora.config.Profiles;
import medsora.config.Recipe;
import medsora.config.TrainConfig;
import medsora.config.Watching;
import medsora.train.store.Checkpoint;
import medsora.train.store.InitialWeights;
import medsora.train.store.Precomputed;
import medsora.train.store.RunFolder;
import medsora.vae.LatentStatistics;
import nn.Module;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training with the alignment (section 3.4, Eq. 17), what it precomputes, and when it ends. */
class JointTrainingTest {
  private static final TrainConfig PLAIN = TinyRun.config();
  private static final TrainConfig ALIGNED = PLAIN.with(Profiles.alignment("paper"));

  @TempDir Path folder;

  private static TrainConfig sampled(Sampling sampling) {
    return PLAIN.with(Profiles.alignment("paper").with(sampling));
  }

  private String train(String name, TrainConfig config, long steps) throws IOException {
    try (RunFolder run = RunFolder.open(folder.resolve(name))) {
      return new Trainer(run, TinyRun.CLIPS, report -> {}, () -> false, 2)
          .run(TinyRun.denoiser(config, null), steps);
    }
  }

  /** Eq. 17: the noise loss and alpha times the alignment. */
  @Test
  void theLossIsTheNoisesAndAlphaTimesTheAlignments() {
    Map<String, Double> losses = TinyRun.denoiser(ALIGNED, null).step().losses();
    double wanted = losses.get("noise") + ALIGNED.alignment().alpha() * losses.get("align");
    assertEquals(wanted, losses.get("loss"), 1e-6 * wanted);
    assertTrue(losses.get("align_weighted") > 0, losses.toString());
    assertTrue(Math.abs(losses.get("correlation_0")) <= 1, losses.toString());
    Map<String, Double> plain = TinyRun.denoiser(PLAIN, null).step().losses();
    assertEquals(plain.get("loss"), losses.get("noise"));
    assertFalse(plain.containsKey("align"));
  }

  /** One answer whatever computes; and another one than without alignment. */
  @ParameterizedTest
  @EnumSource(Sampling.class)
  void everyBackendGivesTheSameWeights(Sampling sampling) throws IOException {
    List<String> hashes = new ArrayList<>();
    for (Map.Entry<String, Kernels> backend : OpContract.backends().entrySet()) {
      String name = sampling + "" + hashes.size();
      hashes.add(Backends.with(backend.getValue(), () -> train(name, sampled(sampling), 4)));
    }
    assertEquals(1, hashes.stream().distinct().count(), hashes.toString());
    assertNotEquals(train("plain" + sampling, PLAIN, 4), hashes.getFirst());
  }

  /**
   * The learned sampling is in the checkpoint with its moments, and the denoiser is found beside.
   */
  @Test
  void continuingEqualsNeverHavingStopped() throws IOException {
    TrainConfig config = sampled(Sampling.LEARNED).with(new TrainConfig.EarlyStopping(2, 9, 2));
    String whole = train("whole", config, 6);
    train("parts", config, 3);
    assertEquals(whole, train("parts", config, 6));
    Path a = folder.resolve("whole").resolve("denoiser.safetensors");
    Path b = folder.resolve("parts").resolve("denoiser.safetensors");
    assertEquals(-1, Files.mismatch(a, b));
    Module denoiser = DenoiserObjective.fresh(config).module();
    InitialWeights.load(a, denoiser, InitialWeights.Kind.EMA);
    assertThrows(IOException.class, () -> train("parts", PLAIN, 8));
  }

  /** Where results come from never shows, and nothing is computed twice. */
  @Test
  void precomputedResultsGiveTheSameBits() throws IOException {
    Path place = folder.resolve("frozen");
    String direct = steps(ALIGNED, null);
    Precomputed first = new Precomputed(place);
    assertEquals(direct, steps(ALIGNED, first));
    assertTrue(first.computed() > 0 && first.computed() == first.results());
    Precomputed second = new Precomputed(place);
    assertEquals(direct, steps(ALIGNED, second));
    assertEquals(0, second.computed());
  }

  /** A file that a bad disk changed, or a kill cut, is computed again. */
  @Test
  void damagedResultsAreComputedAgain() throws IOException {
    Path place = folder.resolve("frozen");
    Precomputed first = new Precomputed(place);
    String direct = steps(ALIGNED, first);
    List<Path> files;
    try (Stream<Path> all = Files.walk(place)) {
      files = all.filter(p -> p.toString().endsWith(".safetensors")).sorted().toList();
    }
    byte[] content = Files.readAllBytes(files.getFirst());
    content[content.length - 3] ^= 4;
    Files.write(files.getFirst(), content);
    Files.write(files.getLast(), new byte[17]);
    Precomputed again = new Precomputed(place);
    assertEquals(direct, steps(ALIGNED, again));
    assertEquals(2, again.computed());
  }

  /** Another seed, network or setting has folders of its own; what is common is shared. */
  @Test
  void settingsKeepTheirResultsApart() {
    Path place = folder.resolve("frozen");
    Precomputed first = new Precomputed(place);
    steps(ALIGNED, first);
    Precomputed other = new Precomputed(place);
    steps(sampled(Sampling.MEAN), other);
    assertTrue(other.computed() > 0 && other.computed() < first.computed());
  }

  private static String steps(TrainConfig config, Precomputed place) {
    Stage stage = TinyRun.denoiser(config, place);
    stage.step();
    stage.step();
    return nn.io.Weights.sha256(stage.state().module().stateDict());
  }

  /** Section 4.1: training ends once the held-out loss no longer falls; the best is kept. */
  @Test
  void endsWhenTheHeldOutLossNoLongerFalls() throws IOException {
    // A rate at which nothing gets better.
    TrainConfig.DenoiserTraining t = PLAIN.denoiserTraining();
    TrainConfig wild =
        new TrainConfig(
                PLAIN.name(),
                PLAIN.seed(),
                PLAIN.data(),
                PLAIN.vae(),
                PLAIN.vaeTraining(),
                PLAIN.denoiser(),
                new TrainConfig.DenoiserTraining(
                    t.opening(),
                    t.batch(),
                    nn.optim.LearningRate.constant(0.5),
                    t.clipNorm(),
                    t.clipFromEpoch(),
                    0,
                    t.emaForm(),
                    false,
                    t.steps()),
                Profiles.alignment("paper").enabled(false),
                TrainConfig.EarlyStopping.NEVER,
                TrainConfig.Perceptual.NONE,
                Watching.NEVER,
                Recipe.PAPER)
            .with(new TrainConfig.EarlyStopping(1, 3, 2));
    train("wild", wild, 40);
    Checkpoint.Info last = Checkpoint.info(folder.resolve("wild").resolve("denoiser.safetensors"));
    Checkpoint.Info best =
        Checkpoint.info(folder.resolve("wild").resolve("denoiser-best.safetensors"));
    assertTrue(last.step() < 40, "step " + last.step());
    assertEquals(last.step(), best.step() + 3);
    // Asked again, it has nothing to do.
    train("wild", wild, 40);
    assertEquals(
        last.step(),
        Checkpoint.info(folder.resolve("wild").resolve("denoiser.safetensors")).step());
  }

  @Test
  void alignmentWantsItsNetworks() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new DenoiserObjective(
                ALIGNED,
                TinyRun.CLIPS,
                DenoiserObjective.fresh(ALIGNED),
                VaeObjective.fresh(ALIGNED),
                new LatentStatistics(0, 1)));
  }
}
