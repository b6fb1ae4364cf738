package tools.program;

import engine.ranks.Ranks;
import java.io.IOException;
import java.nio.file.Path;
import medsora.Autoencoder;
import medsora.RunCheck;
import medsora.config.TrainConfig;
import medsora.diffusion.NoisePredictor;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Networks;
import medsora.train.Objective;
import medsora.train.RankReducer;
import medsora.train.Stage;
import medsora.train.VaeObjective;
import medsora.train.store.InitialWeights;
import medsora.train.store.Precomputed;
import medsora.vae.ClipAutoencoder;
import nn.Module;
import nn.io.Weights;

/**
 * The two stages of training before their first step.
 *
 * @param ranks that train together, each of which makes its own
 * @param shards whether each of them has a part of the optimiser's state
 */
public record TrainingStages(
    TrainConfig config, Clips clips, Networks networks, Ranks ranks, boolean shards) {
  /** For one rank. */
  public TrainingStages(TrainConfig config, Clips clips, Networks networks) {
    this(config, clips, networks, Ranks.ALONE, false);
  }

  /** The autoencoder's stage with what it trains. */
  public record OfVae(Stage stage, ClipAutoencoder vae) {}

  /**
   * The autoencoder's.
   *
   * @param init weights to begin from, or null
   * @param reading what these may lack
   */
  public OfVae vae(Path init, Weights.Reading reading) throws IOException {
    ClipAutoencoder vae = VaeObjective.fresh(config);
    begin(vae.module(), init, reading);
    if (config.perceptual().weight() > 0 && networks.lpips() == null) {
      Output.say(
          "the perceptual term is off: --lpips-trunk and --lpips-heads give the weights it wants");
    }
    return new OfVae(stage(new VaeObjective(config, clips, vae, networks.lpips())), vae);
  }

  /** The denoiser's stage with what it trains, and on what. */
  public record OfDenoiser(Stage stage, NoisePredictor denoiser, Autoencoder autoencoder) {}

  /**
   * The denoiser's, on the latents of an autoencoder.
   *
   * @param source a run folder or file of the autoencoder
   * @param init weights to begin from, or null
   */
  public OfDenoiser denoiser(Path source, Path init) throws IOException {
    Autoencoder trained = RunCheck.autoencoder(config, source);
    NoisePredictor denoiser = DenoiserObjective.fresh(config);
    begin(denoiser.module(), init, Weights.Reading.WHOLE);
    if (networks.alignment() == null) {
      Output.say("without alignment: --features FILE turns it on");
    }
    DenoiserObjective objective =
        new DenoiserObjective(
            config,
            clips,
            denoiser,
            trained.vae(),
            trained.statistics(),
            networks.alignment(),
            precomputed());
    return new OfDenoiser(stage(objective), denoiser, trained);
  }

  private Stage stage(Objective objective) {
    return new Stage(objective, RankReducer.of(ranks, shards));
  }

  private Precomputed precomputed() {
    Precomputed kept = networks.precomputed();
    return kept == null || ranks.isFirst() ? kept : kept.readOnly();
  }

  private static void begin(Module module, Path init, Weights.Reading reading) throws IOException {
    if (init != null) {
      InitialWeights.load(init, module, InitialWeights.Kind.EMA, reading);
    }
  }
}
