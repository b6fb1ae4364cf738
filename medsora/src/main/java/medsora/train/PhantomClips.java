package medsora.train;

import engine.random.CounterRandom;
import engine.random.RandomKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import medsora.config.TrainConfig;
import medsora.media.Clip;
import medsora.phantom.Phantom;
import medsora.train.manifest.DataOrigin;

/**
 * Clips of the embedded phantom, as many as are wanted, each rendered when it is asked for: clip i
 * is a function of the seed, i and the size alone, on any number of threads. Every third frame is
 * taken, from the first; the frames between are never rendered. Image k of a window is a frame of a
 * training clip, both drawn.
 *
 * <p>Some of what was rendered is kept in memory, the least recently used going first.
 */
public final class PhantomClips implements Clips {
  private static final int SPACING = 3;
  private static final long IMAGE_STREAM = 8L << 32;
  private static final long CACHE_BYTES = 384L << 20;

  /** Clips whose bytes enter the hash: that of all would want all rendered. */
  private static final int HASHED = 4;

  private final Settings settings;
  private final Map<Integer, Clip> rendered = new LinkedHashMap<>(16, 0.75f, true);
  private final String sha256;

  /**
   * Which clips.
   *
   * @param size side of the frames
   * @param frames T of a clip; one more is rendered
   * @param images M of a window
   * @param windows how many windows of images
   * @param training clips, at least 1
   * @param heldOut clips behind them
   */
  public record Settings(
      long seed, int size, int frames, int images, int windows, int training, int heldOut) {
    public Settings {
      if (training < 1 || heldOut < 0) {
        throw new IllegalArgumentException(
            "[clips] wants a phantom of at least 1 clip, got %d and %d held out"
                .formatted(training, heldOut));
      }
    }

    /** As the recipe of a configuration has it. */
    public static Settings of(TrainConfig config) {
      return new Settings(
          config.seed(),
          config.data().size(),
          config.clipFrames(),
          config.clipImages(),
          config.data().imageWindows(),
          config.recipe().phantomClips(),
          config.recipe().phantomHeldOut());
    }
  }

  public PhantomClips(Settings settings) {
    this.settings = settings;
    this.sha256 = hash();
  }

  @Override
  public int trainingClips() {
    return settings.training();
  }

  @Override
  public int heldOutClips() {
    return settings.heldOut();
  }

  /** {@link Phantom#LABELS}. */
  @Override
  public String label(int clip) {
    return new Phantom(settings.seed(), clip, length()).label();
  }

  @Override
  public int frames() {
    return settings.frames();
  }

  @Override
  public int imagesOfWindow() {
    return settings.images();
  }

  @Override
  public int begins(int clip) {
    return 1;
  }

  @Override
  public Clip video(int clip, int begin, boolean flip, int frames) {
    if (begin != 0) {
      throw new IllegalArgumentException("[clips] a phantom begins at 0 alone, got " + begin);
    }
    Clip cut = first(clip, frames);
    return flip ? cut.mirrored() : cut;
  }

  /** The first frames of a clip, of which no more are rendered than were ever asked for. */
  private Clip first(int clip, int count) {
    Clip found = rendered.get(clip);
    if (found == null || found.length() < count) {
      found = render(clip, count);
      rendered.put(clip, found);
      long each = 3L * size() * size() * (frames() + 1);
      if (rendered.size() > Math.max(1, CACHE_BYTES / each)) {
        rendered.remove(rendered.keySet().iterator().next());
      }
    }
    return found.first(count);
  }

  private Clip render(int clip, int count) {
    Phantom phantom = new Phantom(settings.seed(), clip, length());
    List<byte[]> frames =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(k -> phantom.frame(SPACING * k, size()))
            .toList();
    return Clip.of(
        "phantom-" + settings.seed() + "-" + clip, size(), size(), new ArrayList<>(frames));
  }

  /** Frames of a phantom from the first that is taken to the last. */
  private int length() {
    return (SPACING * frames()) + 1;
  }

  @Override
  public int imageWindows() {
    return settings.windows();
  }

  @Override
  public Clip images(int window) {
    CounterRandom random = new RandomKey(settings.seed(), IMAGE_STREAM, window).random();
    int count = imagesOfWindow();
    List<byte[]> frames =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(k -> {
              int clip = random.below(trainingClips(), 2L * k);
              int frame = random.below(length(), (2L * k) + 1);
              return new Phantom(settings.seed(), clip, length()).frame(frame, size());
            })
            .toList();
    return Clip.of("images " + window, size(), size(), new ArrayList<>(frames));
  }

  @Override
  public int size() {
    return settings.size();
  }

  /**
   * SHA-256 over what decides the clips, and the bytes of the first ones: a change of the phantom
   * shows in these.
   */
  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public DataOrigin origin() {
    return DataOrigin.RECIPE;
  }

  private String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String rule =
          "phantom, seed %d, %d pixels, %d and %d clips, %d frames, spaced %d"
              .formatted(
                  settings.seed(), size(), trainingClips(), heldOutClips(), frames(), SPACING);
      digest.update(rule.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < Math.min(HASHED, trainingClips()); i++) {
        first(i, frames()).frames().forEach(digest::update);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
