package tools.program;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.config.TrainConfig;
import medsora.media.ReadLimits;
import medsora.media.ReadOptions;
import medsora.media.VideoFolder;
import medsora.train.DatasetClips;
import picocli.CommandLine.Option;

/** Which data: a folder of videos, or the embedded phantom. */
public final class DataOptions {
  private static final String READ =
      "videos (mp4, mov, mkv, avi, webm, mpg, wmv, gif and more), png strips (such as prepare"
          + " writes), or folders of png, jpg, tif, bmp or webp pictures";

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
      description = "clips of the phantom that are rendered (default: ${DEFAULT-VALUE})")
  int phantomClips = 40;

  @Option(names = "--strips", description = STRIPS)
  boolean strips;

  /** What the data is called in reports. */
  public String name() {
    return data == null ? "phantom" : data.toString();
  }

  /** Reads or renders it, and says what was kept. */
  public DatasetClips open(TrainConfig config) throws IOException {
    check();
    DatasetClips clips = data == null ? phantom(config) : DatasetClips.open(data, config, read());
    if (data != null) {
      clips.report().forEach(Output::say);
    }
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
   * Says what is wrong before the work.
   *
   * @throws IOException where the folder is not there or holds nothing to read
   */
  public void check() throws IOException {
    if (phantomClips < 1) {
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

  private DatasetClips phantom(TrainConfig config) throws IOException {
    try (Progress progress = new Progress("rendering the phantom", phantomClips, 0)) {
      return DatasetClips.phantom(config, phantomClips, done -> progress.at(done, ""));
    }
  }
}
