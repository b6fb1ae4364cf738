package medsora.train;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import medsora.vae.Moments;
import medsora.vae.Vae;
import nn.Mode;

/**
 * Latents of clips and image windows, so that the frozen VAE sees each (clip, begin, flip) and each
 * window once. Holds the posterior's mean and log-variance; the least recently used go first beyond
 * the bound. Whether something was cached never shows in a result.
 */
final class LatentCache {
  private record Key(int clip, int begin, boolean flip) {}

  /** Mean and log-variance, each [C, f, h, w]. */
  record Latents(Shape shape, float[] mean, float[] logVariance) {}

  private final Vae vae;
  private final Clips clips;
  private final long maxBytes;
  private final Map<Key, Latents> cache = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  LatentCache(Vae vae, Clips clips, long maxBytes) {
    this.vae = vae;
    this.clips = clips;
    this.maxBytes = maxBytes;
  }

  Latents video(int clip, int begin, boolean flip) {
    return get(
        new Key(clip, begin, flip),
        () -> encode(clips.video(clip, begin, flip), TrainConfig.VIDEO_FRAMES));
  }

  Latents images(int window) {
    return get(
        new Key(-1 - window, 0, false), () -> encode(clips.images(window), TrainConfig.IMAGES));
  }

  private Latents get(Key key, Supplier<Latents> compute) {
    Latents found = cache.get(key);
    if (found == null) {
      found = compute.get();
      cache.put(key, found);
      bytes += 8L * found.mean().length;
      var eldest = cache.entrySet().iterator();
      while (bytes > maxBytes && cache.size() > 1) {
        bytes -= 8L * eldest.next().getValue().mean().length;
        eldest.remove();
      }
    }
    return found;
  }

  private Latents encode(float[] frames, int count) {
    try (Tape scope = Tape.noGrad()) {
      int s = clips.size();
      Tensor x = Tensor.of(Shape.of(1, 3, count, s, s), frames);
      Moments m = vae.encode(x, Mode.EVAL);
      Shape shape = m.mean().shape();
      return new Latents(
          Shape.of(shape.dim(1), shape.dim(2), shape.dim(3), shape.dim(4)),
          m.mean().toArray(),
          m.logVariance().toArray());
    }
  }
}
