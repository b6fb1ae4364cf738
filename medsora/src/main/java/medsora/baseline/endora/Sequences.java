package medsora.baseline.endora;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.tensor.Tensor;

/**
 * Which tokens of a sample [b, f*l, D] see each other.
 *
 * @param temporal those of one place in all frames; else those of one frame
 * @param frames f
 */
record Sequences(boolean temporal, int frames) {
  /** [b, f*l, D] -> [b f, l, D], or in time [b l, f, D]. */
  Tensor of(Tensor x) {
    int b = x.dim(0);
    int tokens = x.dim(1) / frames;
    if (!temporal) {
      return reshape(x, b * frames, tokens, x.dim(2));
    }
    Tensor places = permute(reshape(x, b, frames, tokens, x.dim(2)), 0, 2, 1, 3);
    return reshape(places, b * tokens, frames, x.dim(2));
  }

  /** The inverse, b samples. */
  Tensor back(Tensor x, int b) {
    int tokens = x.dim(0) * x.dim(1) / (b * frames);
    if (!temporal) {
      return reshape(x, b, frames * tokens, x.dim(2));
    }
    Tensor frame = permute(reshape(x, b, tokens, frames, x.dim(2)), 0, 2, 1, 3);
    return reshape(frame, b, frames * tokens, x.dim(2));
  }
}
