package medsora.baseline.timesformer;

import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.layer.Linear;

/** A network of clips and a linear layer from its class token to classes. */
public final class ClipClassifier extends Module {
  private static final double DEVIATION = 0.01;

  private final TimeSformer backbone;
  private final Linear head;

  public ClipClassifier(TimeSformerConfig config, int classes) {
    this.backbone = child("backbone", new TimeSformer(config));
    this.head = child("head", new Linear(config.width(), classes, true, Init.normal(DEVIATION)));
  }

  /** The network below the head. */
  public TimeSformer backbone() {
    return backbone;
  }

  /** Outputs before the softmax: [N, 3, frames, image, image] -> [N, classes]. */
  public Tensor forward(Tensor clips, Mode mode) {
    return head.forward(backbone.forward(clips, mode));
  }
}
