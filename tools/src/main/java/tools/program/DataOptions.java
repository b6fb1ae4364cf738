package tools.program;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.config.TrainConfig;
import medsora.media.ReadLimits;
import medsora.media.ReadOptions;
import medsora.media.VideoFolder;
import medsora.train.Clips;
import medsora.train.DatasetClips;
import medsora.train.PhantomClips;
import medsora.train.manifest.DataOrigin;
import picocli.CommandLine.Option;

/** Which data: a folder of videos, or the embedded phantom. */
public final class DataOptions {
  private static final String READ =
      "videos (mp4, mov, mkv, avi, webm, mpg, wmv, gif and more), png strips (such as prepare"
          + " writes), or folders of png, jpg, tif, bmp or webp pictures";

  private static final int PHANTOM_CLIPS = 40;

  /** What the option says, wherever it is. */
  public static final String STRIPS =
      "take every png whose longer edge is a multiple of the shorter for a strip of square frames"
          + " (default: such as are marked as strips)";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder of videos (default: the embedded phantom)")
  Path data;

  @Option(
      names = "--phantom-clips",
      paramLabel = "N",
      description =
          "clips of the phantom that are rendered at once (default: as many as the configuration's"
              + " recipe has, each when it is asked for; 40 where it has none)")
  Integer phantomClips;

  @Option(names = "--strips", description = STRIPS)
  boolean strips;

  /** What the data is called in reports. */
  public String name() {
    return data == null ? "phantom" : data.toString();
  }

  /** Whether videos were given in place of the phantom. */
  public boolean isGiven() {
    return data != null;
  }

  /** Reads or renders it, and says what was kept. */
  public Clips open(TrainConfig config) throws IOException {
    check();
    Clips clips = data == null ? phantom(config) : folder(config);
    Output.say(
        "%s: %s for training, %d held out, data sha256 %s"
            .formatted(
                name(),
                Output.count(clips.trainingClips(), "clip"),
                clips.heldOutClips(),
                clips.sha256()));
    return clips;
  }

  /**
   * The data that a manifest names, but for what the options say of them otherwise.
   *
   * @throws IOException where they are not here, with what to give
   */
  public Clips openAs(DataOrigin origin, TrainConfig config) throws IOException {
    if (data == null && phantomClips == null) {
      switch (origin.kind()) {
        case RECIPE -> phantomClips = null;
        case PHANTOM -> phantomClips = origin.clips();
        case FOLDER -> {
          data = Path.of(origin.name());
          strips = strips || origin.strips();
        }
        case GIVEN ->
            throw new IOException("the manifest does not say where the data are from: --data DIR");
      }
    }
    return open(config);
  }

  /**
   * Says what is wrong before the work.
   *
   * @throws IOException where the folder is not there or holds nothing to read
   */
  public void check() throws IOException {
    if (phantomClips != null && phantomClips < 1) {
      throw new IllegalArgumentException("--phantom-clips wants at least 1, got " + phantomClips);
    }
    if (data == null) {
      return;
    }
    VideoFolder found = VideoFolder.list(data, read());
    if (found.videos().isEmpty()) {
      List<String> why =
          found.ignored().stream().map(d -> "not used: " + d.what() + ": " + d.reason()).toList();
      throw new IOException(
          "--data " + data + " holds nothing to read; it wants " + READ + Printable.some(why));
    }
  }

  private ReadOptions read() {
    return new ReadOptions(ReadLimits.DEFAULT, strips);
  }

  private DatasetClips folder(TrainConfig config) throws IOException {
    DatasetClips clips = DatasetClips.open(data, config, read());
    clips.report().forEach(Output::say);
    return clips;
  }

  private Clips phantom(TrainConfig config) throws IOException {
    if (phantomClips == null && config.recipe().phantomClips() > 0) {
      return new PhantomClips(PhantomClips.Settings.of(config));
    }
    int count = phantomClips == null ? PHANTOM_CLIPS : phantomClips;
    try (Progress progress = new Progress("rendering the phantom", count, 0)) {
      return DatasetClips.phantom(config, count, done -> progress.at(done, ""));
    }
  }
}
