package medsora.metric.protocol;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import medsora.media.Clip;
import medsora.metric.distance.FeatureRows;
import medsora.metric.network.FeatureNetwork;

/**
 * Sends clips through a network, or takes their features from a cache. Each clip goes alone, in
 * memory for one; what has been computed is in the cache before the next one begins.
 */
public final class Extraction {
  /** Something that gives clips one after another, such as {@code set::clips}. */
  @FunctionalInterface
  public interface Clips {
    void forEach(ClipSet.Visitor visitor) throws IOException;
  }

  /** Thrown out of an extraction that was stopped. */
  public static final class Stopped extends IOException {
    private static final long serialVersionUID = 1L;

    /** For work of a similar kind. */
    public Stopped() {
      super("stopped; what was computed is kept, and the same command goes on");
    }
  }

  private final FeatureNetwork network;
  private final FeatureCache cache;
  private final BooleanSupplier stop;
  private final IntConsumer progress;
  private final FeaturesOfClips features;

  /** Clips that are to be computed next, by their hashes. */
  private final Map<String, Clip> waiting = new LinkedHashMap<>();

  private int computed;

  /**
   * Extracts by one network.
   *
   * @param stop asked before each clip
   * @param progress receives the number of clips done
   */
  public Extraction(
      FeatureNetwork network, FeatureCache cache, BooleanSupplier stop, IntConsumer progress) {
    this(network, cache, stop, progress, FeaturesOfClips.HERE);
  }

  /**
   * The same by others than this process.
   *
   * @param features compute what is not known
   */
  public Extraction(
      FeatureNetwork network,
      FeatureCache cache,
      BooleanSupplier stop,
      IntConsumer progress,
      FeaturesOfClips features) {
    this.features = features;
    this.network = network;
    this.cache = cache;
    this.stop = stop;
    this.progress = progress;
  }

  /** How many clips were computed rather than found. */
  public int computed() {
    return computed;
  }

  /**
   * What came of a set.
   *
   * @param rows a row for each clip
   * @param hashes of the clips, in the same order
   */
  public record Extracted(FeatureRows rows, List<String> hashes) {
    public Extracted {
      hashes = List.copyOf(hashes);
    }
  }

  /**
   * The features of a set.
   *
   * @param set its name, for messages
   * @throws Stopped where the user asked to stop
   */
  public Extracted of(String set, Clips clips) throws IOException {
    waiting.clear();
    List<String> hashes = new ArrayList<>();
    clips.forEach((number, clip) -> {
      if (stop.getAsBoolean()) {
        throw new Stopped();
      }
      requireFinite(clip);
      String hash = ClipHash.of(clip);
      hashes.add(hash);
      want(hash, clip);
      progress.accept(hashes.size());
      return true;
    });
    compute();
    List<float[]> rows = new ArrayList<>();
    for (String hash : hashes) {
      rows.add(cache.get(hash).orElseThrow());
    }
    return new Extracted(FeatureRows.of(set, rows), hashes);
  }

  private void want(String hash, Clip clip) throws IOException {
    if (cache.get(hash).isEmpty()) {
      waiting.put(hash, clip);
      if (waiting.size() == features.atOnce()) {
        compute();
      }
    }
  }

  private void compute() throws IOException {
    List<float[]> found = features.of(network, List.copyOf(waiting.values()));
    int number = 0;
    for (String hash : waiting.keySet()) {
      cache.put(hash, found.get(number));
      number++;
    }
    computed += number;
    waiting.clear();
  }

  /** A generated clip in memory may hold what no byte can say, and would show as black. */
  private static void requireFinite(Clip clip) {
    float[] values = clip.values();
    int plane = clip.height() * clip.width();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "[features] %s: frame %d holds %s; the model that made it has failed"
                .formatted(clip.source(), i / plane % clip.length(), values[i]));
      }
    }
  }

  /** A clip's bytes as 0..255, [1, 3, t, h, w]. */
  static Tensor bytes(Clip clip) {
    int plane = clip.height() * clip.width();
    float[] values = new float[3 * clip.length() * plane];
    List<byte[]> frames = clip.frames();
    for (int t = 0; t < clip.length(); t++) {
      byte[] frame = frames.get(t);
      for (int i = 0; i < frame.length; i++) {
        values[((i % 3) * clip.length() + t) * plane + i / 3] = frame[i] & 0xff;
      }
    }
    return Tensor.of(Shape.of(1, 3, clip.length(), clip.height(), clip.width()), values);
  }
}
