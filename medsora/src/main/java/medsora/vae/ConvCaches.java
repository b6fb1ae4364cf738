package medsora.vae;

import engine.autodiff.Tape;
import engine.tensor.MemoryScope;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What causal convolutions remember from one chunk of frames to the next. While a tape records,
 * gradients flow through it. Its frames live in the scope in which it was made, until the next
 * chunk has read them.
 */
final class ConvCaches {
  /** Null outside of all scopes, where memory is left to the garbage collector. */
  private final @Nullable MemoryScope home = MemoryScope.current();

  private final Map<CausalConv3d, Tensor> last = new IdentityHashMap<>();
  private boolean ending;

  /** Those of a clip, before its first chunk. */
  ConvCaches() {}

  /** Those of a part alone, with the frames that were given to it: all of its, or none. */
  ConvCaches(List<CausalConv3d> convs, List<Tensor> frames, boolean ending) {
    for (int i = 0; i < frames.size(); i++) {
      last.put(convs.get(i), frames.get(i));
    }
    this.ending = ending;
  }

  /** Says that the chunk that comes is the last: nothing is remembered from it. */
  void end() {
    ending = true;
  }

  boolean isEnding() {
    return ending;
  }

  /** The frames before this chunk, handed over: they are needed once; null in the first chunk. */
  @Nullable Tensor take(CausalConv3d conv) {
    return last.remove(conv);
  }

  /** Frames that were taken and that nobody reads any more, unless they came from elsewhere. */
  void discard(Tensor frames) {
    if (home != null && home.holds(frames.storage())) {
      Tape.discard(frames);
    }
  }

  void put(CausalConv3d conv, Supplier<Tensor> lastFrames) {
    if (ending) {
      return;
    }
    Tensor frames = lastFrames.get();
    if (home != null) {
      home.adopt(frames.storage());
    }
    last.put(conv, frames);
  }

  /** The frames of several convolutions, handed over in their order; none in the first chunk. */
  List<Tensor> takeAll(List<CausalConv3d> convs) {
    List<Tensor> frames = new ArrayList<>();
    for (CausalConv3d conv : convs) {
      Tensor taken = take(conv);
      if (taken != null) {
        frames.add(taken);
      }
    }
    return frames;
  }

  /** What a part leaves behind for the next chunk: nothing from the last one. */
  void putAll(List<CausalConv3d> convs, List<Tensor> frames) {
    for (int i = 0; i < frames.size(); i++) {
      Tensor each = frames.get(i);
      put(convs.get(i), () -> each);
    }
  }
}
