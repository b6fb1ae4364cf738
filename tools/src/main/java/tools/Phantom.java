package tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import medsora.flow.FlowFile;
import medsora.media.Clip;
import medsora.media.PngWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.program.ClipFormat;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Progress;
import tools.program.Version;

/** Writes clips of the embedded data set. */
@Command(
    name = "phantom",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Writes clips of the embedded data set, a rendered endoscopy of a tube with folds, vessels,"
          + " wet highlights and polyps, and on demand its exact optical flow.",
      "contact.png shows frames of the first eight clips.",
      "Every byte depends on the seed, the clip's number, the frame and the size alone."
    })
public final class Phantom extends Program {
  private static final int SHEET_ROWS = 8;
  private static final int SHEET_COLUMNS = 6;

  @Option(names = "--clips", paramLabel = "N", description = "clips (default: ${DEFAULT-VALUE})")
  int clips = 1;

  @Option(
      names = "--first",
      paramLabel = "I",
      description = "number of the first clip (default: ${DEFAULT-VALUE})")
  int first;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "frames of a clip (default: ${DEFAULT-VALUE})")
  int frames = 49;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "side of the frames (default: ${DEFAULT-VALUE})")
  int size = 128;

  @Option(names = "--seed", paramLabel = "S", description = "seed (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}, several with commas (default: mp4,png)")
  List<ClipFormat> formats = List.of(ClipFormat.mp4, ClipFormat.png);

  @Option(
      names = "--flow",
      description =
          "write the motion from each frame to the next as .flo (Middlebury), and as .png where it"
              + " is visible in both (white)")
  boolean flow;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "write every N-th of these frames alone (default: ${DEFAULT-VALUE})")
  int every = 1;

  @Option(
      names = "--by-class",
      description = "write clips with a polyp into the folder polyp, those without into none")
  boolean byClass;

  @Option(
      names = "--fps",
      paramLabel = "X",
      description = "frames per second of the files (default: ${DEFAULT-VALUE})")
  double fps = 20;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where the clips go (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "phantom");

  public static void main(String[] args) {
    System.exit(execute(new Phantom(), args));
  }

  @Override
  protected void run() throws Exception {
    if (clips < 1 || first < 0 || frames < 1 || every < 1) {
      throw new IllegalArgumentException(
          "--clips, --frames and --every want at least 1 and --first at least 0");
    }
    if (size < 1) {
      throw new IllegalArgumentException("--size wants at least 1, got " + size);
    }
    ClipFormat.check(formats, fps);
    OutputFolder.ready(out);
    List<Clip> sheet = new ArrayList<>();
    try (Progress progress = new Progress("rendering", clips, 0)) {
      for (int i = first; i < first + clips; i++) {
        Clip clip = rendered(i);
        ClipFormat.write(folder(i), stem(i), clip.at(fps / every), formats);
        if (sheet.size() < SHEET_ROWS) {
          sheet.add(spread(clip));
        }
        if (flow) {
          writeFlow(i);
        }
        progress.at(i - first + 1L, "");
      }
    }
    PngWriter.contactSheet(out.resolve("contact.png"), sheet);
    Output.result("%s in %s", Output.count(clips, "clip"), out);
  }

  private Clip rendered(int clip) {
    medsora.phantom.Phantom phantom = new medsora.phantom.Phantom(seed, clip, frames);
    List<byte[]> pictures =
        IntStream.rangeClosed(0, (frames - 1) / every)
            .parallel()
            .mapToObj(k -> phantom.frame(every * k, size))
            .toList();
    return Clip.of(stem(clip), size, size, pictures);
  }

  private Path folder(int clip) {
    if (!byClass) {
      return out;
    }
    String label = new medsora.phantom.Phantom(seed, clip, frames).label();
    return out.resolve(label.equals("lesion") ? "polyp" : label);
  }

  /** Frames from the first to the last at equal distances. */
  private static Clip spread(Clip clip) {
    return clip.pick(
        IntStream.range(0, SHEET_COLUMNS)
            .map(i -> i * (clip.length() - 1) / (SHEET_COLUMNS - 1))
            .toArray());
  }

  private static String stem(int clip) {
    return "phantom-%04d".formatted(clip);
  }

  private void writeFlow(int clip) throws IOException {
    medsora.phantom.Phantom phantom = new medsora.phantom.Phantom(seed, clip, frames);
    Path folder = Files.createDirectories(out.resolve(stem(clip) + "-flow"));
    for (int k = 0; k + 1 < frames; k++) {
      medsora.phantom.Phantom.Flow f = phantom.flow(k, size);
      FlowFile.write(folder.resolve("%04d.flo".formatted(k)), f.uv(), size, size);
      byte[] mask = new byte[3 * size * size];
      for (int i = 0; i < mask.length; i++) {
        mask[i] = (byte) (f.valid()[i / 3] == 0 ? 0 : 255);
      }
      PngWriter.write(folder.resolve("%04d.png".formatted(k)), mask, size, size);
    }
  }
}
