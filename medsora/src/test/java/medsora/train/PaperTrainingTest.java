package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.EmaArgs;
import java.util.List;
import java.util.Map;
import medsora.config.Profiles;
import medsora.config.Recipe;
import medsora.config.TrainConfig;
import medsora.config.Watching;
import medsora.data.Sampling;
import medsora.denoiser.DenoiserConfig;
import medsora.vae.LatentStatistics;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Parameter;
import nn.optim.LearningRate;
import org.junit.jupiter.api.Test;

/** The losses of both stages in profile {@code paper}, and what they train (Eq. 16 and 17). */
class PaperTrainingTest {
  private static final DenoiserConfig.Switches PAPER = Profiles.withoutDropout("paper");
  private static final DenoiserConfig.Switches REFERENCE = Profiles.switches("reference");

  private static final Clips CLIPS = new MovingStripes(16);

  private static TrainConfig config(double focal, DenoiserConfig.Switches switches) {
    return new TrainConfig(
        "test",
        7,
        new TrainConfig.Data(16, Sampling.PAPER, true, 0.25, 2),
        new VaeConfig(List.of(8, 8, 8, 8), 1, 4, 4, VaeConfig.Compensation.PAPER, 0.2f),
        new TrainConfig.VaeTraining(
            TrainConfig.VaeTraining.Scope.COMPENSATION,
            24,
            1,
            LearningRate.constant(1e-3),
            0.5,
            0.9,
            0,
            focal,
            0,
            0.9999,
            EmaArgs.Form.INCREMENTAL,
            false,
            2),
        new DenoiserConfig(4, 2, 1, 16, 1, 6, 4, 8, 8, 2, 4, 256, 4, switches),
        new TrainConfig.DenoiserTraining(
            TrainConfig.Opening.NONE,
            2,
            LearningRate.constant(1e-3),
            1,
            25,
            0.9999,
            EmaArgs.Form.INCREMENTAL,
            false,
            2),
        Profiles.alignment("paper").enabled(false),
        TrainConfig.EarlyStopping.NEVER,
        TrainConfig.Perceptual.NONE,
        Watching.NEVER,
        Recipe.PAPER);
  }

  /** Eq. 16 as far as it exists: L1 + lambda FFL; the weight is the one that is configured. */
  @Test
  void equation16() {
    for (double lambda : new double[] {0.1, 0.01, 0}) {
      TrainConfig config = config(lambda, PAPER);
      Map<String, Double> losses =
          new Stage(new VaeObjective(config, CLIPS, VaeObjective.fresh(config))).step().losses();
      assertTrue(losses.get("l1") > 0 && losses.get("focal") > 0);
      double wanted = losses.get("l1") + (lambda * losses.get("focal"));
      assertEquals(wanted, losses.get("loss"), 1e-6 * wanted);
    }
  }

  /** Section 3.3: the compensation modules learn, the rest of the autoencoder is frozen. */
  @Test
  void onlyCompensationLearns() {
    TrainConfig config = config(0.1, PAPER);
    Vae vae = (Vae) VaeObjective.fresh(config);
    Vae before = (Vae) VaeObjective.fresh(config);
    new Stage(new VaeObjective(config, CLIPS, vae)).step();
    Map<String, Parameter> old = before.parameters();
    boolean learned = false;
    for (Map.Entry<String, Parameter> e : vae.parameters().entrySet()) {
      boolean same =
          java.util.Arrays.equals(
              old.get(e.getKey()).value().toArray(), e.getValue().value().toArray());
      assertTrue(same || Vae.isCompensation(e.getKey()), e.getKey());
      learned |= !same;
    }
    assertTrue(learned);
  }

  /** Eq. 17 as far as it exists: the noise alone; a learned variance adds its bound. */
  @Test
  void equation17() {
    Map<String, Double> paper = denoiser(PAPER);
    assertEquals(paper.get("mse"), paper.get("loss"));
    assertNull(paper.get("bound"));
    Map<String, Double> reference = denoiser(REFERENCE);
    double sum = reference.get("mse") + reference.get("bound");
    assertEquals(sum, reference.get("loss"), 1e-5 * sum);
    assertFalse(reference.get("bound") == 0);
  }

  /** Section 4.1: 2 epochs of batch 16 at 1e-3, then batch 2 at 1e-4; clipping from epoch 25. */
  @Test
  void theOpeningHasItsOwnBatchAndRate() {
    TrainConfig.DenoiserTraining t =
        new TrainConfig.DenoiserTraining(
            new TrainConfig.Opening(2, 16, 1e-3),
            2,
            LearningRate.constant(1e-4),
            1,
            25,
            0.9999,
            EmaArgs.Form.INCREMENTAL,
            false,
            1000);
    int clips = 48;
    long samples = 0;
    for (long step = 0; step < 1000; step++) {
      TrainConfig.DenoiserTraining.Position p = t.at(step, clips);
      assertEquals(samples, p.first());
      assertEquals(samples / clips, p.epoch());
      assertEquals(samples < 2 * clips ? 16 : 2, p.batch());
      assertEquals(samples < 2 * clips ? 1e-3 : 1e-4, p.learningRate());
      samples += p.batch();
    }
  }

  private static Map<String, Double> denoiser(DenoiserConfig.Switches switches) {
    TrainConfig config = config(0.1, switches);
    Stage stage =
        new Stage(
            new DenoiserObjective(
                config,
                CLIPS,
                DenoiserObjective.fresh(config),
                VaeObjective.fresh(config),
                new LatentStatistics(0f, 1f)));
    return stage.step().losses();
  }
}
