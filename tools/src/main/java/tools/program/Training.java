package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import medsora.Autoencoder;
import medsora.denoiser.Denoiser;
import medsora.train.Checkpoint;
import medsora.train.Clips;
import medsora.train.DenoiserStage;
import medsora.train.InitialWeights;
import medsora.train.RunFolder;
import medsora.train.Stage;
import medsora.train.TrainConfig;
import medsora.train.TrainConfig.VaeTraining.Scope;
import medsora.train.Trainer;
import medsora.train.VaeStage;
import medsora.vae.Vae;
import nn.Module;
import nn.io.Weights;
import tools.config.Configs;

/**
 * The two stages of training inside a run folder.
 *
 * @param stop asked after every step
 * @param saveEvery steps between checkpoints
 * @param force begin even where the heap seems too small
 */
public record Training(
    TrainConfig config,
    Clips clips,
    RunFolder folder,
    BooleanSupplier stop,
    long saveEvery,
    boolean force) {

  /**
   * Writes the configuration into a folder that holds no checkpoint yet, so that it is there
   * however the run ends. Beside a checkpoint it is left alone until the run has been accepted.
   */
  public void keepConfig() throws IOException {
    if (Checkpoint.info(folder.checkpoint(VaeStage.NAME)) == null
        && Checkpoint.info(folder.checkpoint(DenoiserStage.NAME)) == null) {
      Configs.write(folder.path(), config);
    }
  }

  /**
   * The first stage of both: trains the autoencoder, or leaves it as it is where the folder holds a
   * denoiser, which could not be continued on another one.
   *
   * @return the hash of the weights
   */
  public String vaeForDenoiser(long steps) throws IOException {
    Checkpoint.Info trained = Checkpoint.info(folder.checkpoint(VaeStage.NAME));
    if (trained == null || Checkpoint.info(folder.checkpoint(DenoiserStage.NAME)) == null) {
      return vae(steps, null, false);
    }
    if (trained.step() != steps) {
      Output.say(
          "the autoencoder stays at step %d, which the denoiser here was trained on"
              .formatted(trained.step()));
    }
    return run(new VaeStage(config, clips, VaeStage.fresh(config)), trained.step(), null);
  }

  /**
   * Trains the autoencoder.
   *
   * @param steps how many in all
   * @param init weights to begin from, or null
   * @param freshCompensation whether these may lack compensation modules, which then start fresh
   * @return the hash of the weights
   */
  public String vae(long steps, Path init, boolean freshCompensation) throws IOException {
    boolean begun = Checkpoint.info(folder.checkpoint(VaeStage.NAME)) != null;
    if (config.vaeTraining().scope() == Scope.COMPENSATION && init == null && !begun) {
      throw new IllegalArgumentException(
          "[train] the configuration trains the compensation modules alone and freezes the rest,"
              + " which wants pretrained weights: give --init FILE, or train all with --set"
              + " vaeTraining.scope=everything");
    }
    refuseToLeaveDenoiserBehind(steps);
    Vae vae = VaeStage.fresh(config);
    begin(
        vae,
        init,
        new Weights.Reading(freshCompensation ? Vae::isCompensation : name -> false, false));
    MemoryNeed.vae(config).announce(force);
    return run(new VaeStage(config, clips, vae), steps, init);
  }

  /**
   * Trains the denoiser on the latents of an autoencoder.
   *
   * @param autoencoder a run folder or file, or null for the one in this run's folder
   */
  public String denoiser(long steps, Path autoencoder, Path init) throws IOException {
    Path source = autoencoder == null ? folder.path() : autoencoder;
    Autoencoder trained = Autoencoder.load(source, InitialWeights.Kind.EMA);
    if (!trained.vae().config().equals(config.vae())) {
      throw new IOException(
          "[train] the autoencoder of %s has another shape than the configuration: %s, wanted %s"
              .formatted(source, trained.vae().config(), config.vae()));
    }
    Denoiser denoiser = DenoiserStage.fresh(config);
    begin(denoiser, init, Weights.Reading.WHOLE);
    MemoryNeed.denoiser(config).announce(force);
    return run(
        new DenoiserStage(config, clips, denoiser, trained.vae(), trained.statistics()),
        steps,
        init);
  }

  /** A denoiser is worth nothing without the very autoencoder that it was trained on. */
  private void refuseToLeaveDenoiserBehind(long steps) throws IOException {
    Checkpoint.Info trained = Checkpoint.info(folder.checkpoint(VaeStage.NAME));
    boolean used = Checkpoint.info(folder.checkpoint(DenoiserStage.NAME)) != null;
    if (used && trained != null && trained.step() < steps) {
      throw new IOException(
          "[train] %s holds a denoiser that was trained on this autoencoder at step %d: train it"
                  .formatted(folder.path(), trained.step())
              + " further in another folder (--out), or move denoiser.safetensors away");
    }
  }

  private static void begin(Module module, Path init, Weights.Reading reading) throws IOException {
    if (init != null) {
      InitialWeights.load(init, module, InitialWeights.Kind.EMA, reading);
    }
  }

  private String run(Stage stage, long steps, Path init) throws IOException {
    Checkpoint.Info begun = Checkpoint.info(folder.checkpoint(stage.name()));
    if (begun != null && init == null) {
      stage.adopt(begun);
    }
    try (StageProgress progress = new StageProgress(steps)) {
      return new Trainer(folder, clips, progress, stop, saveEvery).run(stage, steps);
    }
  }
}
