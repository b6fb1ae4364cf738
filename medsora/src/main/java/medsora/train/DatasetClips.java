package medsora.train;

import engine.random.CounterRandom;
import engine.random.RandomKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;
import medsora.config.TrainConfig;
import medsora.data.ClipDataset;
import medsora.data.ClipSampler;
import medsora.data.ImageSampler;
import medsora.data.Sampling;
import medsora.media.Clip;
import medsora.media.ReadOptions;
import medsora.phantom.Phantom;
import medsora.train.manifest.DataOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Training data out of a set of videos.
 *
 * <p>{@code PAPER}: every third frame, and each of the eight images of a window is drawn on its
 * own. {@code REFERENCE}: the released code's spacing, and window w holds entries w to w + 7 of the
 * list of all frames, which is shuffled once. Images come from the training videos alone.
 */
public final class DatasetClips implements Clips {
  /** The spacing for which a phantom is long enough, whatever rule its frames are picked by. */
  private static final int PHANTOM_SPACING = 3;

  private static final long IMAGE_STREAM = 8L << 32;
  private static final long SHUFFLE_STREAM = 9L << 32;
  private static final long CACHE_BYTES = 512L << 20;

  private final ClipDataset set;
  private final TrainConfig config;
  private final TrainConfig.Data settings;
  private final ImageSampler images;
  private final int[] shuffled;
  private final DataOrigin origin;

  /**
   * @param set opened with {@link #options} of the same configuration
   * @param config its seed decides about the images
   */
  public DatasetClips(ClipDataset set, TrainConfig config) {
    this(set, config, DataOrigin.GIVEN);
  }

  private DatasetClips(ClipDataset set, TrainConfig config, DataOrigin origin) {
    TrainConfig.Data settings = config.data();
    if (set.size() != settings.size() || settings.imageWindows() < 1) {
      throw new IllegalArgumentException(
          "[clips] frames of %d and %d image windows do not fit %s"
              .formatted(set.size(), settings.imageWindows(), settings));
    }
    this.set = set;
    this.config = config;
    this.settings = settings;
    this.origin = origin;
    this.images = new ImageSampler(settings.sampling(), config.clipImages());
    this.shuffled =
        settings.sampling() == Sampling.REFERENCE
            ? ImageSampler.shuffle(set.train().frames(), uniform(SHUFFLE_STREAM, 0))
            : new int[0];
  }

  /** How a set for this configuration is opened, with its videos read by default. */
  public static ClipDataset.Options options(TrainConfig config) {
    return options(config, ReadOptions.DEFAULT);
  }

  private static ClipDataset.Options options(TrainConfig config, ReadOptions read) {
    TrainConfig.Data settings = config.data();
    return new ClipDataset.Options(
        settings.size(),
        new ClipSampler(settings.sampling(), config.readFrames()),
        settings.heldOut(),
        CACHE_BYTES,
        read);
  }

  /** The videos of a folder. */
  public static DatasetClips open(Path folder, TrainConfig config) throws IOException {
    return open(folder, config, ReadOptions.DEFAULT);
  }

  /** The videos of a folder, read with some options. */
  public static DatasetClips open(Path folder, TrainConfig config, ReadOptions read)
      throws IOException {
    return new DatasetClips(
        ClipDataset.open(folder, options(config, read)),
        config,
        DataOrigin.folder(folder.toString(), read.strips()));
  }

  /**
   * Clips of the embedded phantom.
   *
   * @param clips how many
   * @param rendered is told the number of clips rendered so far
   */
  public static DatasetClips phantom(TrainConfig config, int clips, IntConsumer rendered)
      throws IOException {
    // A few places to begin.
    int frames = (PHANTOM_SPACING * config.readFrames()) + 1;
    List<Clip> videos = new ArrayList<>();
    for (int i = 0; i < clips; i++) {
      videos.add(Phantom.render(config.seed(), i, frames, config.data().size()));
      rendered.accept(i + 1);
    }
    ClipDataset set = ClipDataset.of(videos, options(config));
    return new DatasetClips(set, config, DataOrigin.phantom(clips));
  }

  /** What was kept and dropped, in words. */
  public List<String> report() {
    return set.report();
  }

  @Override
  public int trainingClips() {
    return set.train().videos();
  }

  @Override
  public int heldOutClips() {
    return set.heldOut().videos();
  }

  @Override
  public @Nullable String label(int clip) {
    return split(clip).entry(within(clip)).label();
  }

  @Override
  public int frames() {
    return config.clipFrames();
  }

  @Override
  public int imagesOfWindow() {
    return config.clipImages();
  }

  @Override
  public int begins(int clip) {
    return split(clip).begins(within(clip));
  }

  @Override
  public Clip video(int clip, int begin, boolean flip, int frames) {
    try {
      Clip cut = split(clip).clip(within(clip), begin).first(frames);
      return flip ? cut.mirrored() : cut;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ClipDataset.Split split(int clip) {
    return clip < trainingClips() ? set.train() : set.heldOut();
  }

  private int within(int clip) {
    return clip < trainingClips() ? clip : clip - trainingClips();
  }

  @Override
  public int imageWindows() {
    return settings.imageWindows();
  }

  @Override
  public Clip images(int window) {
    int[] numbers =
        shuffled.length == 0
            ? images.draw(set.train().frames(), uniform(IMAGE_STREAM, window))
            : images.window(shuffled, window);
    try {
      return set.train().images(numbers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DoubleSupplier uniform(long stream, long step) {
    CounterRandom random = new RandomKey(config.seed(), stream, step).random();
    AtomicLong next = new AtomicLong();
    return () -> random.uniform(next.getAndIncrement());
  }

  @Override
  public int size() {
    return set.size();
  }

  @Override
  public String sha256() {
    return set.sha256();
  }

  @Override
  public DataOrigin origin() {
    return origin;
  }
}
