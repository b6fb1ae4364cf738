package medsora.vae;

import engine.autodiff.Recompute;
import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Mode;
import nn.Module;
import org.jspecify.annotations.Nullable;

/**
 * The way of one chunk of frames through the encoder or the decoder.
 *
 * @param z the latent that is being decoded, null in the encoder
 * @param recompute whether training keeps the inputs of parts alone, the frames before the chunk
 *     among them, and runs each part again in backward
 */
record ChunkPass(@Nullable Tensor z, ConvCaches caches, Mode mode, boolean recompute) {
  /**
   * The latent that is being decoded.
   *
   * @throws IllegalStateException in the encoder
   */
  Tensor latent() {
    if (z == null) {
      throw new IllegalStateException("[vae] the encoder has no latent that norms could follow");
    }
    return z;
  }

  /** A part of a model: the next activations out of the last ones. */
  @FunctionalInterface
  interface Part {
    Tensor forward(Tensor x, ChunkPass pass);
  }

  /** Runs a part whose causal convolutions lie below these modules. Consumes x. */
  Tensor run(Tensor x, List<? extends Module> modules, Part part) {
    if (!recompute || !Tape.isRecordingNow()) {
      return Tape.consume(x, t -> part.forward(t, this));
    }
    List<CausalConv3d> convs = new ArrayList<>();
    modules.forEach(m -> CausalConv3d.collect(m, convs));
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(x);
    if (z != null) {
      inputs.add(z);
    }
    List<Tensor> before = caches.takeAll(convs);
    inputs.addAll(before);
    Mode start = mode.fork();
    // Asked now: when the part runs again, the clip has come to its end.
    boolean ending = caches.isEnding();
    return Tape.consume(
        x,
        t -> {
          List<Tensor> out =
              Recompute.checkpointAll(
                  in -> again(in, convs, ending, start, part), inputs.toArray(Tensor[]::new));
          before.forEach(caches::discard);
          caches.putAll(convs, out.subList(1, out.size()));
          return out.get(0);
        });
  }

  /** The result and the frames for the next chunk, out of x, z and the frames before. */
  private List<Tensor> again(
      List<Tensor> in, List<CausalConv3d> convs, boolean ending, Mode start, Part part) {
    Tensor latent = z == null ? null : in.get(1);
    Mode own = start.fork();
    ConvCaches inside = new ConvCaches(convs, in.subList(z == null ? 1 : 2, in.size()), ending);
    Tensor y = part.forward(in.get(0), new ChunkPass(latent, inside, own, false));
    mode.join(own);
    List<Tensor> out = new ArrayList<>(List.of(y));
    out.addAll(inside.takeAll(convs));
    return out;
  }
}
