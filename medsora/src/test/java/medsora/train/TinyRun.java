package medsora.train;

import engine.kernel.EmaArgs;
import java.util.List;
import medsora.align.FrozenNetworks;
import medsora.config.Profiles;
import medsora.config.Recipe;
import medsora.config.TrainConfig;
import medsora.config.Watching;
import medsora.data.Sampling;
import medsora.denoiser.DenoiserConfig;
import medsora.dino.DinoExtractor;
import medsora.dino.Vit;
import medsora.dino.VitConfig;
import medsora.flow.HsvColours;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.train.store.Precomputed;
import medsora.vae.LatentStatistics;
import medsora.vae.VaeConfig;
import nn.optim.LearningRate;

/** The smallest whole configuration, and networks that fit it. */
final class TinyRun {
  static final Clips CLIPS = new MovingStripes(16);

  private TinyRun() {}

  static TrainConfig config() {
    return config(16);
  }

  /** For frames of some size. */
  static TrainConfig config(int size) {
    return config(new TrainConfig.Data(size, Sampling.PAPER, true, 0.25, 2));
  }

  /** For other data. */
  static TrainConfig config(TrainConfig.Data data) {
    return new TrainConfig(
        "test",
        7,
        data,
        new VaeConfig(List.of(8, 8, 8, 8), 1, 4, 4, VaeConfig.Compensation.PAPER, 0.2f),
        new TrainConfig.VaeTraining(
            TrainConfig.VaeTraining.Scope.EVERYTHING,
            8,
            1,
            LearningRate.constant(1e-3),
            0.5,
            0.9,
            0,
            0.1,
            1e-6,
            0.9999,
            EmaArgs.Form.INCREMENTAL,
            false,
            10),
        new DenoiserConfig(
            4,
            data.size() / 8,
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
            Profiles.withoutDropout("paper")),
        new TrainConfig.DenoiserTraining(
            TrainConfig.Opening.NONE,
            2,
            LearningRate.constant(1e-3),
            1,
            0,
            0.9,
            EmaArgs.Form.INCREMENTAL,
            false,
            10),
        Profiles.alignment("paper").enabled(false),
        TrainConfig.EarlyStopping.NEVER,
        TrainConfig.Perceptual.NONE,
        Watching.NEVER,
        Recipe.PAPER);
  }

  /** With another denoiser and training of it. */
  static TrainConfig config(DenoiserConfig denoiser, TrainConfig.DenoiserTraining training) {
    TrainConfig c = config();
    return new TrainConfig(
        c.name(),
        c.seed(),
        c.data(),
        c.vae(),
        c.vaeTraining(),
        denoiser,
        training,
        c.alignment(),
        c.stopping(),
        c.perceptual(),
        c.watching(),
        Recipe.PAPER);
  }

  /** The embedded flow and a small extractor of random weights. */
  static FrozenNetworks networks() {
    Vit vit = new Vit(new VitConfig(8, 16, 3, 2, 2));
    vit.initialize(5);
    return new FrozenNetworks(
        new TvL1Estimator(TvL1Config.DEFAULT),
        new HsvColours(),
        new DinoExtractor(vit),
        3,
        "tv-l1 hsv vit-5");
  }

  static Stage denoiser(TrainConfig config, Precomputed folder) {
    return new Stage(
        new DenoiserObjective(
            config,
            CLIPS,
            DenoiserObjective.fresh(config),
            VaeObjective.fresh(config),
            new LatentStatistics(0.1f, 1.5f),
            config.alignment().enabled() ? networks() : null,
            folder));
  }
}
