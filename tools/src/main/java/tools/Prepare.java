package tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import medsora.data.ClipCutter;
import medsora.data.layout.Layout;
import medsora.media.ReadLimits;
import medsora.media.ReadOptions;
import medsora.media.VideoFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.program.DataOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;

/** Cuts long videos into training clips. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Cuts long videos into training clips and writes their list, clips.tsv.",
      "Says how many were kept, and how many were dropped and why. No clip runs across a seam, such"
          + " as a gap in the numbers of pictures; what is read and what becomes a clip:"
          + " docs/data.md."
    })
public final class Prepare extends Program {
  /** How clips are stored. */
  enum Format {
    strip,
    folder,
    mp4
  }

  /** What becomes of black frames. */
  enum Black {
    drop,
    keep
  }

  @Parameters(paramLabel = "DIR|VIDEO", description = "folder of videos, or one video")
  Path source;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "where the clips go; gives --data of train and demo")
  Path out;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "side of the frames (default: ${DEFAULT-VALUE})")
  int size = 128;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description =
          "frames of a clip, 17 at least for training (default: 17, with --layout the paper's 16)")
  Integer frames;

  @Option(
      names = "--stride",
      paramLabel = "N",
      description = "every how many-th frame is taken (default: ${DEFAULT-VALUE})")
  int stride = 3;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description =
          "${COMPLETION-CANDIDATES}: one lossless png with all frames, a folder of png files, or"
              + " mp4 with losses (default: ${DEFAULT-VALUE})")
  Format format = Format.strip;

  @Option(
      names = "--min-brightness",
      paramLabel = "X",
      description = "darker clips are dropped, 0 to 255 (default: ${DEFAULT-VALUE})")
  double minBrightness = 8;

  @Option(
      names = "--min-change",
      paramLabel = "X",
      description = "clips that stand still are dropped, 0 to 255 (default: ${DEFAULT-VALUE})")
  double minChange;

  @Option(
      names = "--black",
      paramLabel = "NAME",
      description =
          "${COMPLETION-CANDIDATES}: whether a clip ends before black frames (98 of 100 pixels below"
              + " 16 of 255) and the next begins after them, or has them as frames (default:"
              + " ${DEFAULT-VALUE})")
  Black black = Black.drop;

  @Option(names = "--strips", description = DataOptions.STRIPS)
  boolean strips;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      description =
          "colonoscopic, cholectriplet or kvasir-capsule: DIR is this data set as it is published;"
              + " clips.tsv gets its labels, groups and split (docs/data-sets.md)")
  String layout;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description =
          "official split of the layout: crossval-1 to crossval-5, rendezvous or challenge of"
              + " cholectriplet, 0 or 1 of kvasir-capsule, or none (default: the first)")
  String split = "";

  public static void main(String[] args) {
    System.exit(execute(new Prepare(), args));
  }

  @Override
  protected void run() throws Exception {
    check();
    ClipCutter.Format stored =
        switch (format) {
          case strip -> ClipCutter.Format.STRIP;
          case folder -> ClipCutter.Format.FOLDER;
          case mp4 -> ClipCutter.Format.MP4;
        };
    ClipCutter.Options options =
        new ClipCutter.Options(
            clipFrames(),
            stride,
            size,
            stored,
            minBrightness,
            minChange,
            black == Black.drop ? ClipCutter.Black.DROP : ClipCutter.Black.KEEP,
            new ReadOptions(ReadLimits.DEFAULT, strips));
    OutputFolder.ready(out);
    ClipCutter.Report report =
        layout == null
            ? ClipCutter.cut(source, out, options, Output::say)
            : ClipCutter.cut(
                Layout.named(layout).read(source, split, options.read()),
                out,
                options,
                Output::say);
    Map<String, Integer> reasons = new TreeMap<>();
    for (VideoFolder.Dropped d : report.dropped()) {
      Output.say("dropped " + d.what() + ": " + d.reason());
      // What follows the colon differs from clip to clip.
      reasons.merge(d.reason().split(":", 2)[0], 1, Integer::sum);
    }
    Output.result(
        "kept %s, listed in %s",
        Output.count(report.kept().size(), "clip"), out.resolve("clips.tsv"));
    Output.result("dropped %d", report.dropped().size());
    if (report.black() > 0) {
      Output.result("  of them %s", Output.count(report.black(), "black frame"));
    }
    reasons.forEach((reason, n) -> Output.result("  %d %s", n, reason));
  }

  private void check() throws IOException {
    if (!Files.exists(source)) {
      throw new NoSuchFileException(source.toString());
    }
    if (layout != null) {
      Layout.named(layout);
    } else if (!split.isEmpty()) {
      throw new IllegalArgumentException("--split belongs to --layout, and there is none");
    }
    atLeast("--frames", 2, clipFrames());
    atLeast("--stride", 1, stride);
    atLeast("--size", 1, size);
  }

  private int clipFrames() {
    if (frames != null) {
      return frames;
    }
    return layout == null ? 17 : Layout.FRAMES;
  }

  private static void atLeast(String option, int least, int got) {
    if (got < least) {
      throw new IllegalArgumentException(option + " wants at least " + least + ", got " + got);
    }
  }
}
