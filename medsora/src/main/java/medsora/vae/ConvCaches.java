package medsora.vae;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What causal convolutions remember from one chunk of frames to the next, for one call of encode or
 * decode. While a tape records, gradients flow through it; else the few frames are copied, since
 * their scope closes before the next chunk.
 */
final class ConvCaches {
  private final Map<CausalConv3d, Tensor> last = new IdentityHashMap<>();

  private boolean ending;

  /** Says that the chunk that comes is the last: nothing is remembered from it. */
  void end() {
    ending = true;
  }

  /** The frames before this chunk, handed over: they are needed once; null in the first chunk. */
  Tensor take(CausalConv3d conv) {
    return last.remove(conv);
  }

  void put(CausalConv3d conv, Supplier<Tensor> lastFrames) {
    if (ending) {
      return;
    }
    Tensor frames = lastFrames.get();
    last.put(conv, Tape.isRecordingNow() ? frames : Tensor.of(frames.shape(), frames.toArray()));
  }
}
