package tools.bench;

import java.util.List;
import tools.inspect.PaperModel;

/**
 * Whole models: predictions, training steps, the autoencoder both ways, frozen networks and those
 * of metrics, a sample.
 */
final class ModelRows {
  private static final int CLIP_FRAMES = 16;
  private static final int FINE_TUNING_FRAMES = 24;

  private ModelRows() {}

  static List<Row> all() {
    return List.of(
        row("denoiser-S-forward", new DenoiserRun(6, false)),
        row("denoiser-B-forward", new DenoiserRun(12, false)).inQuick(),
        row("denoiser-L-forward", new DenoiserRun(24, false)),
        row("denoiser-B-forward-4", new DenoiserPieces(12, 4)),
        row("denoiser-B-step", new DenoiserRun(12, true)).inQuick(),
        row("endora-B-forward", new DenoiserRun(PaperModel.ENDORA_B.ofVideo(), false)),
        row("endora-B-step", new DenoiserRun(PaperModel.ENDORA_B.ofVideo(), true)),
        row("demo-step", new DemoStep()),
        row("vae-encode-16x128x128", new VaeRun(false, CLIP_FRAMES)),
        row("vae-decode-16x128x128", new VaeRun(true, CLIP_FRAMES)),
        row("vae-finetune-24x128x128", new VaeTuning(FINE_TUNING_FRAMES)),
        row("raft-16x128x128", new FrozenRun(FrozenRun.Network.RAFT, CLIP_FRAMES, 128)),
        row("dino-16x128x128", new FrozenRun(FrozenRun.Network.DINO, CLIP_FRAMES, 128)),
        row("i3d-16x224x224", new FeatureRun(FeatureRun.Network.I3D)),
        row("inception-299", new FeatureRun(FeatureRun.Network.INCEPTION)),
        row("inception-8x299", new FeatureRun(FeatureRun.Network.INCEPTION_8)),
        row("sample-B-250", new SampleRun(12, 250)));
  }

  /** A training step of one clip with its images. */
  static Row figure6(PaperModel model) {
    return row("figure6-" + model.shown(), new DenoiserRun(model.config(), true));
  }

  private static Row row(String name, Operation operation) {
    return Row.of(name, Row.Family.MODEL, operation);
  }
}
