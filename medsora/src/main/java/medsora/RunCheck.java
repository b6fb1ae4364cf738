package medsora;

import engine.kernel.EmaArgs.Form;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import medsora.align.FrozenNetworks;
import medsora.config.TrainConfig;
import medsora.config.TrainConfig.VaeTraining.Scope;
import medsora.train.DenoiserObjective;
import medsora.train.VaeObjective;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.InitialWeights;
import medsora.train.store.RunFolder;
import medsora.vae.VaeConfig;
import nn.Module;
import nn.Outline;
import nn.io.Weights;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a run as far as its options, the checkpoints in its folder, the weights given
 * and the heap can tell: found before the folder is touched and before any data are read.
 *
 * @param folder of the run; it need not be there
 * @param networks of the alignment, or null without one
 * @param room told the name of a stage before anything of its size is built; throws where the heap
 *     is too small
 */
public record RunCheck(
    TrainConfig config, Path folder, @Nullable FrozenNetworks networks, Consumer<String> room) {
  /** Steps that a stage has done in a folder, 0 where it has not begun. */
  public static long done(Path folder, String stage) throws IOException {
    Checkpoint.Info info = Checkpoint.info(RunFolder.checkpoint(folder, stage));
    return info == null ? 0 : info.step();
  }

  /**
   * What the stages in a folder began with and go on with, where configurations say otherwise since
   * then: the form of their moving averages.
   *
   * @return values by the paths of their keys, for {@link medsora.config.Config#read(String, Map)}
   * @throws IOException where a checkpoint there cannot be read
   */
  public static Map<String, String> begunWith(Path folder) throws IOException {
    Map<String, String> begun = new LinkedHashMap<>();
    for (String stage : List.of(VaeObjective.NAME, DenoiserObjective.NAME)) {
      Path file = RunFolder.checkpoint(folder, stage);
      Checkpoint.Info info = Checkpoint.info(file);
      String key = stage + "Training.emaForm";
      if (info != null && info.tree(file).part(key, Form.class) == Form.WEIGHTED) {
        begun.put(key, "weighted");
      }
    }
    return begun;
  }

  /** The first stage of both: the autoencoder stays as it is beside a denoiser. */
  public void vaeForDenoiser(long steps) throws IOException {
    Checkpoint.Info trained = begun(VaeObjective.NAME);
    if (trained == null || begun(DenoiserObjective.NAME) == null) {
      vae(steps, null, Weights.Reading.WHOLE);
    } else {
      refuseOtherSettings(VaeObjective.NAME, Identity.ofVae(config));
    }
  }

  /**
   * The autoencoder alone.
   *
   * @param steps how many in all
   * @param init weights to begin from, or null
   * @param reading what these may lack
   */
  public void vae(long steps, @Nullable Path init, Weights.Reading reading) throws IOException {
    refuseFewer(VaeObjective.NAME, steps);
    Scope scope = config.vaeTraining().scope();
    if (scope == Scope.COMPENSATION && init == null && begun(VaeObjective.NAME) == null) {
      throw new IllegalArgumentException(
          "[train] the configuration trains the compensation modules alone and freezes the rest,"
              + " which wants pretrained weights: give --init FILE, or train all with --set"
              + " vaeTraining.scope=everything");
    }
    if (scope == Scope.COMPENSATION && !(config.vae() instanceof VaeConfig)) {
      throw new IllegalArgumentException(
          "[train] vaeTraining.scope=compensation trains what MedSora adds to its autoencoder;"
              + " vae.kind="
              + config.vae().kind()
              + " has no such modules: --set vaeTraining.scope=everything");
    }
    refuseToLeaveDenoiserBehind(steps);
    refuseOtherSettings(VaeObjective.NAME, Identity.ofVae(config));
    if (init != null) {
      InitialWeights.check(init, Outline.of(config.vae()::network).module(), reading);
    }
    room.accept(VaeObjective.NAME);
    if (init != null && begun(VaeObjective.NAME) != null) {
      Module vae = VaeObjective.fresh(config).module();
      refuseOtherBeginning(VaeObjective.NAME, Identity.ofVae(config), vae, init, reading);
    }
  }

  /** The denoiser, on an autoencoder that the same run trains before it. */
  public void denoiser(long steps) throws IOException {
    refuseFewer(DenoiserObjective.NAME, steps);
    refuseOtherSettings(DenoiserObjective.NAME, Identity.ofDenoiser(config));
    room.accept(DenoiserObjective.NAME);
  }

  /**
   * The denoiser alone.
   *
   * @param autoencoder a run folder or file, or null for the one in this run's folder
   * @param init weights to begin from, or null
   */
  public void denoiser(long steps, @Nullable Path autoencoder, @Nullable Path init)
      throws IOException {
    if (init != null) {
      Module outline = Outline.of(config::newDenoiser).module();
      InitialWeights.check(init, outline, Weights.Reading.WHOLE);
    }
    Autoencoder trained = autoencoder(config, autoencoder == null ? folder : autoencoder);
    denoiser(steps);
    Identity identity =
        DenoiserObjective.identity(
            config, Weights.sha256(trained.vae().module().stateDict()), networks);
    refuseOtherSettings(DenoiserObjective.NAME, identity);
    if (init != null && begun(DenoiserObjective.NAME) != null) {
      Module denoiser = DenoiserObjective.fresh(config).module();
      refuseOtherBeginning(DenoiserObjective.NAME, identity, denoiser, init, Weights.Reading.WHOLE);
    }
  }

  /** Loads the autoencoder that a denoiser is trained on. */
  public static Autoencoder autoencoder(TrainConfig config, Path source) throws IOException {
    Autoencoder trained = Autoencoder.load(source, InitialWeights.Kind.EMA);
    if (!trained.vae().config().equals(config.vae())) {
      throw new IOException(
          "[train] the autoencoder of %s has another shape than the configuration: %s, wanted %s"
              .formatted(source, trained.vae().config(), config.vae()));
    }
    return trained;
  }

  /** Refuses a run that would have to go back. */
  private void refuseFewer(String stage, long wanted) throws IOException {
    long done = done(folder, stage);
    if (done > wanted) {
      Path file = RunFolder.checkpoint(folder, stage);
      throw new IllegalArgumentException(
          "%s already did %d steps, more than the %d asked for; ask for at least %d, or choose"
                  .formatted(file, done, wanted, done)
              + " another --out");
    }
  }

  private Checkpoint.@Nullable Info begun(String stage) throws IOException {
    return Checkpoint.info(RunFolder.checkpoint(folder, stage));
  }

  private void refuseOtherSettings(String stage, Identity identity) throws IOException {
    Checkpoint.Info begun = begun(stage);
    if (begun != null) {
      Checkpoint.refuseOtherSettings(RunFolder.checkpoint(folder, stage), begun, identity);
    }
  }

  private void refuseOtherBeginning(
      String stage, Identity identity, Module module, Path init, Weights.Reading reading)
      throws IOException {
    InitialWeights.load(init, module, InitialWeights.Kind.EMA, reading);
    String hash = Weights.sha256(module.stateDict());
    refuseOtherSettings(stage, identity.and(Identity.BEGUN_FROM, hash));
  }

  /** A denoiser is worth nothing without the very autoencoder that it was trained on. */
  private void refuseToLeaveDenoiserBehind(long steps) throws IOException {
    Checkpoint.Info trained = begun(VaeObjective.NAME);
    if (begun(DenoiserObjective.NAME) != null && trained != null && trained.step() < steps) {
      throw new IOException(
          "[train] %s holds a denoiser that was trained on this autoencoder at step %d: train it"
                  .formatted(folder, trained.step())
              + " further in another folder (--out), or move denoiser.safetensors away");
    }
  }
}
