package tools.program;

import engine.numeric.NumericContract;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import medsora.metric.phantom.FeatureTraining;
import medsora.metric.phantom.PhantomFeatures;
import medsora.metric.phantom.TrainingPictures;
import medsora.train.DinoObjective;
import medsora.train.Stage;
import medsora.train.Trainer;
import medsora.train.store.Checkpoint;
import medsora.train.store.RunFolder;

/**
 * Trains the feature networks of FD-phantom-frames and FD-phantom-motion: the same configuration
 * gives the same files, byte for byte.
 *
 * @param stop asked after every step
 * @param saveEvery steps between checkpoints
 */
public record FeaturePretraining(FeatureTraining training, BooleanSupplier stop, long saveEvery) {
  /** Makes pictures to learn from. */
  @FunctionalInterface
  private interface Rendering {
    Tensor pictures(long seed, int clips, int each, IntConsumer done);
  }

  /**
   * Trains both, or continues what the folder holds.
   *
   * @param out gets a run folder for each and the files of their weights
   * @return whether both are done
   */
  public boolean run(Path out) throws IOException {
    return run(
            out.resolve("frames"),
            training.frames(),
            TrainingPictures::frames,
            out.resolve(PhantomFeatures.FRAMES))
        && run(
            out.resolve("motion"),
            training.motion(),
            TrainingPictures::motion,
            out.resolve(PhantomFeatures.MOTION));
  }

  private boolean run(Path path, FeatureTraining.Network network, Rendering rendering, Path file)
      throws IOException {
    long steps = network.distillation().steps();
    String about =
        "phantom %s, seed %d, %d of each of %d clips, numeric contract %d"
            .formatted(
                path.getFileName(),
                training.seed(),
                network.each(),
                network.clips(),
                NumericContract.VERSION);
    Tensor pictures;
    try (Progress progress = new Progress("phantom", network.clips(), 0)) {
      pictures =
          rendering.pictures(
              training.seed(), network.clips(), network.each(), n -> progress.at(n, ""));
    }
    DinoObjective objective =
        new DinoObjective(
            network.network(), network.distillation(), pictures, about, training.seed());
    Stage stage = new Stage(objective);
    try (RunFolder folder = RunFolder.open(OutputFolder.ready(path))) {
      Checkpoint.Info begun = Checkpoint.info(folder.checkpoint(DinoObjective.NAME));
      if (begun != null) {
        stage.adopt(begun);
      }
      try (StageProgress progress = new StageProgress(steps)) {
        String hash = new Trainer(folder, about, progress, stop, saveEvery).run(stage, steps);
        Output.say("%s: raw weights sha256 %s".formatted(path.getFileName(), hash));
      }
    }
    if (stage.state().step() < steps) {
      return false;
    }
    objective.writeTeacher(file, stage.state().ema());
    return true;
  }
}
