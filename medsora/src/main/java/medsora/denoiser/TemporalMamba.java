package medsora.denoiser;

import static engine.op.layout.Layout.reshape;

import engine.kernel.Walks;
import engine.tensor.Tensor;
import java.util.Map;

/** Temporal Mamba (paper Eq. 10): one causal scan over the frames of each token position. */
final class TemporalMamba extends MambaMixer {
  TemporalMamba(DenoiserConfig config) {
    super(config, Map.of());
  }

  /** Sequences of frames [b l, f, D] to the same shape. */
  Tensor forward(Tensor u) {
    return forward(u, Walks.straight(u.dim(1), u.dim(1)));
  }

  /** Tokens [b, T, D] to the same shape; each sequence of the walk is one token's frames. */
  Tensor forward(Tensor u, Walks alongFrames) {
    return reshape(mix(u, alongFrames, 1), u.shape().dims());
  }

  /** The walk through tokens in the order (frame, place) that follows each place in turn. */
  static Walks alongFrames(int frames, int places) {
    int[] order = new int[frames * places];
    for (int place = 0; place < places; place++) {
      for (int frame = 0; frame < frames; frame++) {
        order[(place * frames) + frame] = (frame * places) + place;
      }
    }
    return Walks.of(frames, order);
  }
}
