package tools.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import medsora.align.FrozenNetworks;
import medsora.config.TrainConfig;
import medsora.dino.DinoExtractor;
import medsora.flow.FlowEstimator;
import medsora.flow.raft.RaftConfig;
import medsora.flow.raft.RaftEstimator;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.train.Networks;
import medsora.train.store.Precomputed;
import medsora.train.store.WeightsFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which frozen networks training uses: flow, its features, and how alike frames look. */
public final class NetworkOptions {
  @Option(
      names = "--features",
      paramLabel = "FILE",
      description =
          "weights of DINO's vision transformer, published (DINO's names or Hugging Face's, a file or"
              + " its folder) or from pretrain-dino: aligns the denoiser with the motion of the"
              + " clips")
  Path features;

  @Option(
      names = "--flow-weights",
      paramLabel = "FILE",
      description =
          "weights of RAFT for that, the authors' or torchvision's (default: TV-L1, which needs"
              + " none)")
  Path flowWeights;

  @Mixin LpipsOptions lpips;

  @Option(
      names = "--precomputed",
      paramLabel = "DIR",
      description = "where results of frozen networks are found, and kept (default: in memory)")
  Path precomputed;

  /** The configuration with the alignment on, where features are given. */
  public TrainConfig applied(TrainConfig read) {
    return features == null ? read : read.with(read.alignment().enabled(true));
  }

  /**
   * Reads what was given.
   *
   * @throws IOException where a file is none of its kind
   */
  public Networks open(TrainConfig config) throws IOException {
    if (config.alignment().enabled() && features == null) {
      throw new IllegalArgumentException(
          "alignment.enabled wants --features FILE: published weights of DINO, or such as"
              + " pretrain-dino makes; --set alignment.enabled=false trains without");
    }
    lpips.check();
    if (flowWeights != null && features == null) {
      throw new IllegalArgumentException("--flow-weights goes with --features");
    }
    FrozenNetworks alignment =
        features == null
            ? null
            : DinoExtractor.load(WeightsFile.find(features, "features"))
                .frozen(config.alignment(), estimator(flowWeights, config));
    return new Networks(alignment, lpips.open(), folder());
  }

  private Precomputed folder() throws IOException {
    if (precomputed == null) {
      return null;
    }
    if (Files.exists(precomputed) && !Files.isDirectory(precomputed)) {
      throw new IOException("--precomputed " + precomputed + " is no folder");
    }
    return new Precomputed(precomputed);
  }

  /** The estimator with some weights, or the one without. */
  public static FlowEstimator estimator(Path weights, TrainConfig config) throws IOException {
    if (weights == null) {
      return new TvL1Estimator(TvL1Config.DEFAULT);
    }
    int size = config.data().size();
    if (size < RaftConfig.LEAST_SIDE) {
      throw new IllegalArgumentException(
          "--flow-weights: RAFT wants frames of at least %d pixels, data.size is %d; without the option TV-L1 takes any"
              .formatted(RaftConfig.LEAST_SIDE, size));
    }
    return RaftEstimator.load(WeightsFile.find(weights, "raft"), RaftEstimator.ITERATIONS);
  }
}
