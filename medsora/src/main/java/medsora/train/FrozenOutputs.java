package medsora.train;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import medsora.align.Guidance;
import medsora.media.Clip;
import medsora.train.store.Precomputed;
import medsora.vae.ClipAutoencoder;
import medsora.vae.Moments;
import nn.Mode;
import org.jspecify.annotations.Nullable;

/**
 * What the frozen networks make of the data: latents of clips and of image windows, and alignment
 * targets of clips. Each is computed once for a (clip, begin, flip) or window, kept in memory up to
 * a bound, the least recently used going first, and read from or written to a folder if there is
 * one. Where a value comes from never shows in a result.
 */
final class FrozenOutputs {
  private static final String MEAN = "mean";
  private static final String LOG_VARIANCE = "log_variance";

  /** Mean and log-variance of a posterior, each [C, f, h, w]. */
  record Latents(Tensor mean, Tensor logVariance) {}

  private record Key(Precomputed.Kind kind, int number, int begin, boolean flip) {
    /** The name of its file. */
    String name() {
      return kind == Precomputed.Kind.IMAGES || kind == Precomputed.Kind.IMAGE_TARGETS
          ? "%08d".formatted(number)
          : "%06d-%06d-%s".formatted(number, begin, flip ? "flipped" : "plain");
    }
  }

  private final ClipAutoencoder vae;
  private final Clips clips;

  /** Null without. */
  private final @Nullable Guidance guidance;

  /** Null for memory alone. */
  private final @Nullable Precomputed folder;

  private final long maxBytes;
  private final Map<Key, Map<String, Tensor>> memory = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * @param guidance null where no targets will be asked for
   * @param folder null for memory alone
   */
  FrozenOutputs(
      ClipAutoencoder vae,
      Clips clips,
      @Nullable Guidance guidance,
      @Nullable Precomputed folder,
      long maxBytes) {
    this.vae = vae;
    this.clips = clips;
    this.guidance = guidance;
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /** Latents of the frames of a clip. */
  Latents video(int clip, int begin, boolean flip) {
    return latents(
        new Key(Precomputed.Kind.LATENTS, clip, begin, flip),
        () -> encode(clips.video(clip, begin, flip)));
  }

  /** Latents of the images of a window, encoded as one clip. */
  Latents images(int window) {
    return latents(
        new Key(Precomputed.Kind.IMAGES, window, 0, false), () -> encode(clips.images(window)));
  }

  /** The guidance's targets of a clip, layer by layer. */
  List<Tensor> targets(int clip, int begin, boolean flip) {
    Guidance guided = guided();
    Key key = new Key(Precomputed.Kind.TARGETS, clip, begin, flip);
    return List.copyOf(
        get(key, () -> guided.targets(clips.video(clip, begin, flip, guided.frames()))).values());
  }

  /** Those of a window of images; none where the guidance does not see them. */
  List<Tensor> imageTargets(int window) {
    Guidance guided = guided();
    if (!guided.seesImages()) {
      return List.of();
    }
    Key key = new Key(Precomputed.Kind.IMAGE_TARGETS, window, 0, false);
    return List.copyOf(get(key, () -> guided.targets(clips.images(window))).values());
  }

  private Guidance guided() {
    if (guidance == null) {
      throw new IllegalStateException("[train] a training without alignment has no targets");
    }
    return guidance;
  }

  private Latents latents(Key key, Supplier<Map<String, Tensor>> compute) {
    Map<String, Tensor> found = get(key, compute);
    return new Latents(part(key, found, MEAN), part(key, found, LOG_VARIANCE));
  }

  private static Tensor part(Key key, Map<String, Tensor> found, String name) {
    Tensor part = found.get(name);
    if (part == null) {
      throw new IllegalStateException(
          "[train] the precomputed %s of %s lacks '%s': delete the file to have it computed again"
              .formatted(key.kind(), key.name(), name));
    }
    return part;
  }

  private Map<String, Tensor> get(Key key, Supplier<Map<String, Tensor>> compute) {
    Map<String, Tensor> found = memory.get(key);
    if (found == null) {
      found = new LinkedHashMap<>(fetched(key, compute));
      found.remove(Precomputed.PICTURES);
      memory.put(key, found);
      bytes += bytes(found);
      var eldest = memory.entrySet().iterator();
      while (bytes > maxBytes && memory.size() > 1) {
        bytes -= bytes(eldest.next().getValue());
        eldest.remove();
      }
    }
    return found;
  }

  private Map<String, Tensor> fetched(Key key, Supplier<Map<String, Tensor>> compute) {
    return folder == null ? compute.get() : folder.get(key.kind(), key.name(), compute);
  }

  private static long bytes(Map<String, Tensor> tensors) {
    return tensors.values().stream().mapToLong(t -> 4L * t.size()).sum();
  }

  private Map<String, Tensor> encode(Clip clip) {
    try (Tape scope = Tape.noGrad()) {
      Moments m = vae.encode(clip.tensor(), Mode.EVAL);
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put(MEAN, first(m.mean()));
      out.put(LOG_VARIANCE, first(m.logVariance()));
      return out;
    }
  }

  /** [1, C, f, h, w] -> [C, f, h, w], out of the scope. */
  private static Tensor first(Tensor x) {
    Shape s = x.shape();
    return Tensor.of(Shape.of(s.dim(1), s.dim(2), s.dim(3), s.dim(4)), x.toArray());
  }
}
