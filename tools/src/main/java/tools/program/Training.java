package tools.program;

import engine.ranks.Ranks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.RunCheck;
import medsora.SampleWatch;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.train.Clips;
import medsora.train.DenoiserObjective;
import medsora.train.Intervals;
import medsora.train.Networks;
import medsora.train.Stage;
import medsora.train.Trainer;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.RunFolder;
import medsora.vae.ClipAutoencoder;
import medsora.vae.LatentStatistics;
import nn.io.Weights;
import tools.tensorboard.ClipEvents;
import tools.tensorboard.EventLog;

/**
 * The two stages of training inside a run folder, after {@link RunCheck} found nothing wrong.
 *
 * @param stop asked after every step
 * @param intervals how often something is put down
 * @param ranks that train together, each of which does the same with this
 * @param shards whether each of them has a part of the optimiser's state
 * @param events where the steps are written for TensorBoard, or null
 */
public record Training(
    TrainConfig config,
    Clips clips,
    Networks networks,
    RunFolder folder,
    BooleanSupplier stop,
    Intervals intervals,
    Ranks ranks,
    boolean shards,
    EventLog events) {
  private static final int SAMPLE_STEPS = 25;

  /** For one rank, and nothing for TensorBoard. */
  public Training(
      TrainConfig config,
      Clips clips,
      Networks networks,
      RunFolder folder,
      BooleanSupplier stop,
      Intervals intervals) {
    this(config, clips, networks, folder, stop, intervals, Ranks.ALONE, false, null);
  }

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
    return vae(stages().vae(null, Weights.Reading.WHOLE), trained.step(), null);
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
    return vae(stages().vae(init, reading), steps, init);
  }

  private String vae(TrainingStages.OfVae made, long steps, Path init) throws IOException {
    return run(
        made.stage(), steps, init, Trainer.Watch.NONE, "reconstruction", () -> rebuilt(made.vae()));
  }

  private TrainingStages stages() {
    return new TrainingStages(config, clips, networks, ranks, shards);
  }

  /**
   * Trains the denoiser on the latents of an autoencoder.
   *
   * @param autoencoder a run folder or file, or null for the one in this run's folder
   */
  public String denoiser(long steps, Path autoencoder, Path init) throws IOException {
    Path source = autoencoder == null ? folder.path() : autoencoder;
    TrainingStages.OfDenoiser made = stages().denoiser(source, init);
    // What a watch sees is for the log, which rank 0 alone writes.
    Trainer.Watch watch =
        ranks.isFirst()
            ? SampleWatch.of(config, clips, made.denoiser(), made.autoencoder())
            : Trainer.Watch.NONE;
    return run(
        made.stage(),
        steps,
        init,
        watch,
        "sample",
        () -> sample(made.denoiser(), made.autoencoder()));
  }

  /** A clip that is held out, or the first where none is, beside its reconstruction. */
  private Clip rebuilt(ClipAutoencoder vae) {
    Clip clip = clips.video(clips.heldOutClips() > 0 ? clips.trainingClips() : 0, 0, false);
    // What encoding does with the statistics decoding undoes; those of this one are not known yet.
    Autoencoder present =
        new Autoencoder(vae, LatentStatistics.RELEASED, clips.size(), config.vaeTraining());
    return SideBySide.clip(clip, present.reconstruct(clip).shown());
  }

  /** The first clip of the configuration's seed. */
  private Clip sample(NoisePredictor denoiser, Autoencoder autoencoder) {
    Generator.Settings settings =
        new Generator.Settings(SAMPLE_STEPS, new Sampler.Method.DpmSolver());
    return new Generator(denoiser, autoencoder, settings, config.recipe().drawing())
        .sample(config.seed(), 0, done -> {})
        .shown();
  }

  /**
   * Runs a stage.
   *
   * @param shown what the clips are called that are drawn for TensorBoard, and how one is drawn
   */
  private String run(
      Stage stage, long steps, Path init, Trainer.Watch watch, String shown, Supplier<Clip> clip)
      throws IOException {
    Checkpoint.Info begun = Checkpoint.info(folder.checkpoint(stage.name()));
    if (begun != null && init == null) {
      stage.adopt(begun);
    }
    ClipEvents showing = events == null ? null : events.showing(shown, stage, clip);
    try (StageProgress progress = new StageProgress(steps)) {
      Trainer.Listener told = showing == null ? progress : new BothListeners(progress, showing);
      Trainer trainer = new Trainer(folder, clips, told, stop, intervals);
      trainer.requireRoom(stage);
      keepConfig();
      String hash = trainer.run(stage, steps, watch);
      if (showing != null) {
        showing.end();
      }
      return hash;
    }
  }

  /**
   * Writes the configuration into a folder that holds no checkpoint yet, so that it is there
   * however the run ends. Beside a checkpoint it is left alone until the run has been accepted.
   */
  private void keepConfig() throws IOException {
    if (folder.isHeld()
        && Checkpoint.info(folder.checkpoint(VaeObjective.NAME)) == null
        && Checkpoint.info(folder.checkpoint(DenoiserObjective.NAME)) == null) {
      Config.write(folder.path(), config);
    }
  }
}
