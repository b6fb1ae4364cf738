package medsora.baseline.downstream;

import engine.tensor.Tensor;
import medsora.baseline.timesformer.ClipClassifier;
import medsora.baseline.timesformer.TimeSformerConfig;
import nn.Mode;
import nn.Module;

/** A classifier of clips of two classes. */
public interface ClipNetwork {
  /** What is learned. */
  Module module();

  /** Frames that it sees of a clip. */
  int frames();

  /** Side of these in pixels. */
  int side();

  /** Outputs before the softmax: clips [N, 3, frames, side, side], normalised -> [N, 2]. */
  Tensor forward(Tensor clips, Mode mode);

  /** TimeSformer, ViT-B/16 as published unless other sizes are given. */
  static ClipNetwork timesformer(TimeSformerConfig config) {
    ClipClassifier network = new ClipClassifier(config, Examples.CLASSES);
    return new ClipNetwork() {
      @Override
      public Module module() {
        return network;
      }

      @Override
      public int frames() {
        return config.frames();
      }

      @Override
      public int side() {
        return config.image();
      }

      @Override
      public Tensor forward(Tensor clips, Mode mode) {
        return network.forward(clips, mode);
      }
    };
  }
}
