package tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.Autoencoder;
import medsora.media.Clip;
import medsora.media.ClipSource;
import medsora.media.FrameCursor;
import medsora.media.FrameSource;
import medsora.media.Mp4Writer;
import medsora.media.PngWriter;
import medsora.media.ReadLimits;
import medsora.media.ReadOptions;
import medsora.media.VideoReader;
import medsora.metric.FrameQuality;
import medsora.phantom.Phantom;
import medsora.vae.Tiling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.program.AutoencoderOptions;
import tools.program.ClipFormat;
import tools.program.DataOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Progress;
import tools.program.Segments;
import tools.program.SideBySide;
import tools.program.TilingOptions;
import tools.program.Version;
import tools.report.Machine;
import tools.report.TilingError;

/** Sends a video through the autoencoder and compares. */
@Command(
    name = "reconstruct",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Sends a video through the autoencoder and compares what comes out.",
      "Frames are resized and cropped to squares; 16 at a time go through, never over a seam between"
          + " two recordings, and a rest of fewer than 8 is left out. PSNR is of the mean squared error of all bytes, SSIM has an 11x11"
          + " Gaussian window (deviation 1.5) and is the mean over channels and frames.",
      "Large frames go through in tiles that overlap and are blended (--tile). 512x512 at the size"
          + " of CogVideoX within 4 GB: JAVA_OPTS=-Xmx3g ./run reconstruct --random-weights 1"
          + " --size 512 --frames 16 --tile 160 --overlap 32"
    })
public final class Reconstruct extends Program {

  @Parameters(
      arity = "0..1",
      paramLabel = "VIDEO",
      description =
          "a video file or a folder of pictures (default: a clip of the embedded data set)")
  Path video;

  @Mixin AutoencoderOptions weights;

  @Option(names = "--strips", description = DataOptions.STRIPS)
  boolean strips;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "side of the frames, a multiple of 8 (default: that of the training)")
  Integer size;

  @Mixin TilingOptions tiles;

  @Option(
      names = "--compare-untiled",
      description = "with --tile: how far the result is from that of whole frames")
  boolean compareUntiled;

  @Option(names = "--frames", paramLabel = "N", description = "frames at most (default: all)")
  int frames = Integer.MAX_VALUE;

  @Option(
      names = "--fps",
      paramLabel = "X",
      description = "frames per second of the mp4 (default: those of the video, or 6)")
  Double fps;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where the comparison goes (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "reconstruct");

  private static final double USUAL_RATE = 6;

  private final List<Clip> shown = new ArrayList<>();
  private final TilingError tilingError = new TilingError();
  private double seconds;
  private double squaredError;
  private double similarity;
  private int done;

  public static void main(String[] args) {
    System.exit(execute(new Reconstruct(), args));
  }

  @Override
  protected void run() throws Exception {
    check();
    OutputFolder.ready(out);
    Autoencoder autoencoder = weights.open();
    Tiling tiling = tiles.read(autoencoder.vae().config().spaceFactor());
    int side = size == null ? autoencoder.size() : size;
    Path compared = out.resolve("side-by-side.mp4");
    try (FrameSource source =
            video == null
                ? phantom(side)
                : VideoReader.open(video, new ReadOptions(ReadLimits.DEFAULT, strips));
        Mp4Writer writer = new Mp4Writer(compared, side, 2 * side, rate(source));
        Progress progress = new Progress("reconstructing", -1, 0)) {
      Segments segments = new Segments(new FrameCursor(source), side, frames, Output::say);
      Clip before;
      while ((before = segments.next()).length() > 0) {
        Clip after = rebuilt(autoencoder, before, tiling, progress).shown();
        compare(before, after, writer);
        progress.at(done, "");
      }
      segments.remarks().forEach(Output::say);
      if (done == 0) {
        throw new IOException(
            "[reconstruct] "
                + video
                + " has fewer than "
                + Segments.CHUNK
                + " frames, which is too short");
      }
    }
    PngWriter.contactSheet(out.resolve("frames.png"), shown);
    Output.result("frames %d", done);
    Output.result("psnr %.3f dB", FrameQuality.psnr(squaredError / done));
    Output.result("ssim %.5f", similarity / done);
    Output.result(
        "%.1f s in the autoencoder, peak resident memory %s", seconds, Machine.peakMemory());
    if (compareUntiled) {
      Output.result("%s", tilingError);
    }
    Output.result("left the video, right its reconstruction: %s", compared);
  }

  private Clip rebuilt(Autoencoder autoencoder, Clip before, Tiling tiling, Progress progress) {
    long started = System.nanoTime();
    Clip after =
        tiling == null
            ? autoencoder.reconstruct(before)
            : inTiles(autoencoder, before, tiling, progress);
    seconds += (System.nanoTime() - started) * 1e-9;
    if (compareUntiled) {
      tilingError.add(autoencoder.reconstruct(before), after);
    }
    return after;
  }

  private Clip inTiles(Autoencoder autoencoder, Clip before, Tiling tiling, Progress progress) {
    int tiles = autoencoder.tiles(before.height(), before.width(), tiling);
    return autoencoder.reconstruct(
        before,
        tiling,
        n -> {
          boolean encoded = n <= tiles;
          String note = encoded ? "encoded tile %d of %d" : "decoded tile %d of %d";
          progress.at(done, note.formatted(encoded ? n : n - tiles, tiles));
        });
  }

  /** The embedded clip, so that a size can be tried where no video is at hand. */
  private FrameSource phantom(int side) {
    int length = frames == Integer.MAX_VALUE ? Segments.LENGTH : frames;
    return new ClipSource(Phantom.render(0, 0, length, side));
  }

  private void check() {
    weights.check();
    // Said before anything is loaded; the factor of the weights is looked at later.
    if (tiles.read(Segments.CHUNK) == null && compareUntiled) {
      throw new IllegalArgumentException("--compare-untiled wants --tile beside it");
    }
    if (size != null && (size < 16 || size % 8 != 0)) {
      throw new IllegalArgumentException("--size wants a multiple of 8 from 16, got " + size);
    }
    if (frames < Segments.CHUNK) {
      throw new IllegalArgumentException(
          "--frames wants at least " + Segments.CHUNK + ", got " + frames);
    }
    if (fps != null) {
      ClipFormat.check(List.of(ClipFormat.mp4), fps);
    }
  }

  private double rate(FrameSource source) {
    if (fps != null) {
      return fps;
    }
    double known = source.rate().orElse(USUAL_RATE);
    // A file may say anything.
    return known >= 1 && known <= 1000 ? known : USUAL_RATE;
  }

  private void compare(Clip before, Clip after, Mp4Writer writer) throws IOException {
    int side = before.width();
    for (int t = 0; t < before.length(); t++) {
      byte[] left = before.frames().get(t);
      byte[] right = after.frames().get(t);
      squaredError += FrameQuality.squaredError(left, right);
      similarity += FrameQuality.ssim(left, right, side, side);
      writer.add(SideBySide.frame(left, right, side));
      done++;
    }
    if (shown.isEmpty()) {
      shown.add(before);
      shown.add(after);
    }
  }
}
