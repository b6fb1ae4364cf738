package medsora.vae;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import nn.Mode;
import nn.Module;
import nn.Parameter;

/**
 * The 3-D causal video autoencoder with frequency compensation (paper section 3.3): CogVideoX's
 * autoencoder with modules added. Clips are worked on in chunks of 8 frames or 2 latents; causal
 * convolutions remember the frames before a chunk, norms see one chunk at a time.
 */
public final class Vae extends Module implements ClipAutoencoder {
  private final VaeConfig config;
  private final Encoder encoder;
  private final Decoder decoder;
  private boolean recompute;

  public Vae(VaeConfig config) {
    this.config = config;
    this.encoder = child("encoder", new Encoder(config));
    this.decoder = child("decoder", new Decoder(config));
  }

  @Override
  public VaeConfig config() {
    return config;
  }

  @Override
  public Module module() {
    return this;
  }

  /** Everything, or the compensation modules alone, as the paper does. */
  @Override
  public void setTrained(boolean everything) {
    setTrainable(everything);
    setCompensationTrainable(true);
  }

  /** Shows every stage's output to {@code watcher} from now on. */
  public void watch(StageWatcher watcher) {
    encoder.watch((stage, output) -> watcher.gave("encoder." + stage, output));
    decoder.watch((stage, output) -> watcher.gave("decoder." + stage, output));
  }

  /**
   * Whether training keeps only the inputs of blocks, with the frames that causal convolutions
   * remember, and runs each block again in backward. The bits are the same.
   */
  @Override
  public void setRecompute(boolean on) {
    this.recompute = on;
  }

  /** Freezes or thaws the compensation modules alone. */
  public void setCompensationTrainable(boolean trainable) {
    parameters()
        .forEach((name, p) -> {
          if (isCompensation(name)) {
            p.trainable(trainable);
          }
        });
  }

  /** Whether a state-dict name belongs to what MedSora adds to the autoencoder. */
  public static boolean isCompensation(String name) {
    return name.contains("frequency_compensation")
        || name.contains("up_freq_compensations")
        || name.contains("cosine_path");
  }

  /** The parameters that MedSora adds. */
  public List<Parameter> compensation() {
    List<Parameter> list = new ArrayList<>();
    parameters()
        .forEach((name, p) -> {
          if (isCompensation(name)) {
            list.add(p);
          }
        });
    return list;
  }

  /**
   * Mean and raw log-variance on one channel axis, [b, 2C, T/4, H/8, W/8].
   *
   * @param x frames in [-1, 1], [b, 3, T, H, W], T a multiple of 8, H and W of 8
   */
  @Override
  public Tensor encodeMoments(Tensor x, Mode mode) {
    int factor = config.spaceFactor();
    ShapeException.require(
        x.shape().rank() == 5
            && x.dim(1) == 3
            && x.dim(2) > 0
            && x.dim(2) % VaeConfig.FRAMES_PER_CHUNK == 0
            && x.dim(3) % factor == 0
            && x.dim(4) % factor == 0,
        "vae encode",
        "wants x=[b,3,T,H,W] with T a multiple of %d and H, W of %d: x=%s",
        VaeConfig.FRAMES_PER_CHUNK,
        factor,
        x.shape());
    return chunks(
        x,
        VaeConfig.FRAMES_PER_CHUNK,
        (chunk, caches) ->
            encoder.forward(chunk, new ChunkPass(null, caches, mode, isRecomputed(mode))));
  }

  /**
   * The frames of latents.
   *
   * @param z [b, C, t, h, w], t a multiple of 2
   * @return [b, 3, 4t, 8h, 8w]
   */
  @Override
  public Tensor decode(Tensor z, Mode mode) {
    ShapeException.require(
        z.shape().rank() == 5
            && z.dim(1) == config.latentChannels()
            && z.dim(2) > 0
            && z.dim(2) % VaeConfig.LATENTS_PER_CHUNK == 0,
        "vae decode",
        "wants z=[b,%d,t,h,w] with t a multiple of %d: z=%s",
        config.latentChannels(),
        VaeConfig.LATENTS_PER_CHUNK,
        z.shape());
    return chunks(
        z,
        VaeConfig.LATENTS_PER_CHUNK,
        (chunk, caches) -> decoder.forward(new ChunkPass(chunk, caches, mode, isRecomputed(mode))));
  }

  private boolean isRecomputed(Mode mode) {
    return recompute && mode.isTraining();
  }

  private static Tensor chunks(Tensor x, int size, BiFunction<Tensor, ConvCaches, Tensor> body) {
    return Tape.scoped(() -> {
      ConvCaches caches = new ConvCaches();
      List<Tensor> parts = new ArrayList<>();
      for (int from = 0; from < x.dim(2); from += size) {
        int start = from;
        if (start + size == x.dim(2)) {
          caches.end();
        }
        parts.add(Tape.scoped(() -> body.apply(slice(x, 2, start, start + size), caches)));
      }
      return parts.size() == 1 ? parts.get(0) : concat(2, parts);
    });
  }
}
