package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import medsora.config.TrainConfig;
import medsora.dino.DinoExtractor;
import medsora.dino.Distillation;
import medsora.dino.VitConfig;
import medsora.flow.FlowEstimator;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.train.Clips;
import medsora.train.Networks;
import medsora.train.store.RunFolder;

/**
 * The alignment's networks for those who have no published weights: TV-L1 flow, and features that
 * are learned from its pictures of the clips at hand, in seconds.
 */
public final class EmbeddedMotion {
  /** The embedded estimator. */
  public static final FlowEstimator ESTIMATOR = new TvL1Estimator(TvL1Config.DEFAULT);

  private static final int PATCH = 8;
  private static final int WIDTH = 96;
  private static final int DEPTH = 4;
  private static final int HEADS = 3;
  private static final int BATCH = 16;
  private static final int STEPS = 50;

  /** Clips whose motion the features are learned from. */
  public static final int CLIPS = 12;

  private EmbeddedMotion() {}

  /** Trains the features in a run folder, or finds them there. */
  public static Networks networks(
      TrainConfig config, Clips clips, RunFolder folder, BooleanSupplier stop) throws IOException {
    int size = config.data().size();
    VitConfig shape = new VitConfig(PATCH, WIDTH, DEPTH, HEADS, size / PATCH);
    Distillation settings = DinoPretraining.settings(shape, size, BATCH, STEPS);
    Path file =
        new DinoPretraining(config, shape, settings, CLIPS)
            .run(clips, ESTIMATOR, folder, stop, STEPS);
    DinoExtractor extractor = DinoExtractor.load(file);
    return new Networks(extractor.frozen(config.alignment(), ESTIMATOR), null, null);
  }
}
