package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import medsora.RunCheck;
import medsora.SampleWatch;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.diffusion.NoisePredictor;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Networks;
import medsora.train.Stage;
import medsora.train.Trainer;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.InitialWeights;
import medsora.train.store.RunFolder;
import medsora.vae.ClipCodec;
import medsora.vae.Vae;
import nn.Module;
import nn.io.Weights;

/**
 * The two stages of training inside a run folder, after {@link RunCheck} found nothing wrong.
 *
 * @param stop asked after every step
 * @param saveEvery steps between checkpoints
 */
public record Training(
    TrainConfig config,
    Clips clips,
    Networks networks,
    RunFolder folder,
    BooleanSupplier stop,
    long saveEvery) {

  /**
   * The first stage of both: trains the autoencoder, or leaves it as it is where the folder holds a
   * denoiser, which could not be continued on another one.
   *
   * @return the hash of the weights
   */
  public String vaeForDenoiser(long steps) throws IOException {
    Checkpoint.Info trained = Checkpoint.info(folder.checkpoint(VaeObjective.NAME));
    if (trained == null || Checkpoint.info(folder.checkpoint(DenoiserObjective.NAME)) == null) {
      return vae(steps, null, Weights.Reading.WHOLE);
    }
    if (trained.step() != steps) {
      Output.say(
          "the autoencoder stays at step %d, which the denoiser here was trained on"
              .formatted(trained.step()));
    }
    return run(vaeStage(VaeObjective.fresh(config)), trained.step(), null);
  }

  /**
   * Trains the autoencoder.
   *
   * @param steps how many in all
   * @param init weights to begin from, or null
   * @param reading what these may lack
   * @return the hash of the weights
   */
  public String vae(long steps, Path init, Weights.Reading reading) throws IOException {
    Vae vae = VaeObjective.fresh(config);
    begin(vae, init, reading);
    return run(vaeStage(vae), steps, init);
  }

  private Stage vaeStage(Vae vae) {
    if (config.perceptual().weight() > 0 && networks.lpips() == null) {
      Output.say(
          "the perceptual term is off: --lpips-trunk and --lpips-heads give the weights it wants");
    }
    return new Stage(new VaeObjective(config, clips, vae, networks.lpips()));
  }

  /**
   * Trains the denoiser on the latents of an autoencoder.
   *
   * @param autoencoder a run folder or file, or null for the one in this run's folder
   */
  public String denoiser(long steps, Path autoencoder, Path init) throws IOException {
    Path source = autoencoder == null ? folder.path() : autoencoder;
    ClipCodec trained = RunCheck.autoencoder(config, source);
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
            trained.codec(),
            trained.statistics(),
            networks.alignment(),
            networks.precomputed());
    Trainer.Watch watch = SampleWatch.of(config, clips, denoiser, trained);
    return run(new Stage(objective), steps, init, watch);
  }

  private static void begin(Module module, Path init, Weights.Reading reading) throws IOException {
    if (init != null) {
      InitialWeights.load(init, module, InitialWeights.Kind.EMA, reading);
    }
  }

  private String run(Stage stage, long steps, Path init) throws IOException {
    return run(stage, steps, init, Trainer.Watch.NONE);
  }

  private String run(Stage stage, long steps, Path init, Trainer.Watch watch) throws IOException {
    Checkpoint.Info begun = Checkpoint.info(folder.checkpoint(stage.name()));
    if (begun != null && init == null) {
      stage.adopt(begun);
    }
    try (StageProgress progress = new StageProgress(steps)) {
      Trainer trainer = new Trainer(folder, clips, progress, stop, saveEvery);
      trainer.requireRoom(stage);
      keepConfig();
      return trainer.run(stage, steps, watch);
    }
  }

  /**
   * Writes the configuration into a folder that holds no checkpoint yet, so that it is there
   * however the run ends. Beside a checkpoint it is left alone until the run has been accepted.
   */
  private void keepConfig() throws IOException {
    if (Checkpoint.info(folder.checkpoint(VaeObjective.NAME)) == null
        && Checkpoint.info(folder.checkpoint(DenoiserObjective.NAME)) == null) {
      Config.write(folder.path(), config);
    }
  }
}
