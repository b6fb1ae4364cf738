package medsora.vae;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What causal convolutions remember from one chunk of frames to the next, for one call of encode or
 * decode. While a tape records, gradients flow through it; else the few frames are copied, since
 * their scope closes before the next chunk.
 */
final class ConvCaches {
  private final Map<CausalConv3d, Tensor> last = new IdentityHashMap<>();

  Tensor get(CausalConv3d conv) {
    return last.get(conv);
  }

  void put(CausalConv3d conv, Tensor frames) {
    last.put(conv, Tape.isRecordingNow() ? frames : Tensor.of(frames.shape(), frames.toArray()));
  }
}
