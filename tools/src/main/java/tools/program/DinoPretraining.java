package tools.program;

import engine.autodiff.Tape;
import engine.op.layout.Layout;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import medsora.align.AlignmentTargets;
import medsora.align.FrozenNetworks;
import medsora.config.TrainConfig;
import medsora.dino.Distillation;
import medsora.dino.VitConfig;
import medsora.flow.FlowEstimator;
import medsora.train.Clips;
import medsora.train.DinoObjective;
import medsora.train.Stage;
import medsora.train.Trainer;
import medsora.train.store.Checkpoint;
import medsora.train.store.RunFolder;
import nn.optim.LearningRate;

/**
 * Trains a small feature network on the flow pictures of the training clips.
 *
 * @param clips most of them that pictures are taken from, spread evenly
 */
public record DinoPretraining(
    TrainConfig config, VitConfig shape, Distillation settings, int clips) {
  /** The teacher's weights in the folder. */
  public static final String FEATURES = "features.safetensors";

  /** At a batch of 256, and in proportion; published 5e-4, for runs a thousand times as long. */
  private static final double PEAK_RATE = 2e-3;

  /**
   * Settings for some size of pictures, for batches of tens: fewer prototypes than published. The
   * small crops have half the side of the large ones.
   */
  public static Distillation settings(VitConfig shape, int size, int batch, long steps) {
    int patch = shape.patch();
    int large = Math.max(patch, size / patch * patch);
    int small = Math.max(patch, size / 2 / patch * patch);
    long warm = Math.max(1, steps / 10);
    double peak = PEAK_RATE * batch / 256;
    LearningRate rate =
        new LearningRate(
            List.of(
                new LearningRate.Phase(0, warm, 0.05 * peak, peak),
                new LearningRate.Phase(warm, Math.max(1, steps - warm), peak, 0.05 * peak)));
    return new Distillation(
        256, 64, 256, large, small, 4, batch, rate, 0.996, steps, Distillation.TEACHER, true);
  }

  /**
   * Trains, or continues what the folder holds.
   *
   * @return the file with the teacher's weights
   */
  public Path run(
      Clips data, FlowEstimator estimator, RunFolder folder, BooleanSupplier stop, long saveEvery)
      throws IOException {
    Tensor pictures = pictures(data, estimator);
    String about =
        "pictures of flow %s, %d of data %s, %s"
            .formatted(
                estimator.identity(), pictures.dim(0), data.sha256(), config.alignment().colours());
    DinoObjective objective = new DinoObjective(shape, settings, pictures, about, config.seed());
    Stage stage = new Stage(objective);
    Checkpoint.Info begun = Checkpoint.info(folder.checkpoint(DinoObjective.NAME));
    if (begun != null) {
      stage.adopt(begun);
    }
    try (StageProgress progress = new StageProgress(settings.steps())) {
      new Trainer(folder, data, progress, stop, saveEvery).run(stage, settings.steps());
    }
    Path file = folder.path().resolve(FEATURES);
    objective.writeTeacher(file, stage.state().ema());
    return file;
  }

  /** Pictures of flow as the network will see them, [M, 3, size, size]. */
  private Tensor pictures(Clips data, FlowEstimator estimator) {
    int taken = Math.min(clips, data.trainingClips());
    List<Tensor> all = new ArrayList<>();
    try (Progress progress = new Progress("flow", taken, 0);
        Tape scope = Tape.noGrad()) {
      for (int i = 0; i < taken; i++) {
        int clip = (int) ((long) i * data.trainingClips() / taken);
        float[] frames = data.video(clip, 0, false, data.frames() + 1).values();
        Tensor coded =
            AlignmentTargets.pictures(
                frames,
                data.size(),
                config.alignment(),
                estimator,
                FrozenNetworks.colours(config.alignment()));
        all.add(AlignmentTargets.seen(coded, config.alignment()));
        progress.at(i + 1, "");
      }
      Tensor joined = Layout.concat(0, all);
      return Tensor.of(joined.shape(), joined.toArray());
    }
  }
}
