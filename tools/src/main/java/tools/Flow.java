package tools;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import medsora.flow.EndPointError;
import medsora.flow.FlowColours;
import medsora.flow.FlowEstimator;
import medsora.flow.FlowFile;
import medsora.flow.FlowPictures;
import medsora.flow.HsvColours;
import medsora.flow.WheelColours;
import medsora.flow.raft.RaftEstimator;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.media.Clip;
import medsora.media.PictureReader;
import medsora.media.PngWriter;
import medsora.media.ReadLimits;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;

/** Estimates the optical flow from one picture to another. */
@Command(
    name = "flow",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Estimates where each pixel of picture A lies in picture B, and writes the flow (.flo) and a"
          + " picture of it in colours (.png beside it).",
      "Without weights by TV-L1 (Zach, Pock and Bischof 2007), which needs none; with those of"
          + " RAFT, basic or small, by that network."
    })
public final class Flow extends Program {
  private static final String ENDING = ".flo";

  /** How flow is shown. */
  enum Colours {
    /** Hue is direction, brightness is length over the longest (equation 13). */
    paper,
    /** Middlebury's colour wheel, as in RAFT's code. */
    wheel;

    FlowColours coding() {
      return this == paper ? new HsvColours() : new WheelColours();
    }
  }

  @Parameters(index = "0", paramLabel = "A", description = "first picture: png, jpeg or ppm")
  Path first;

  @Parameters(index = "1", paramLabel = "B", description = "second picture, of the same size")
  Path second;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "weights of RAFT, the authors' or torchvision's, PyTorch's (.pth) or safetensors; their"
              + " size is recognised")
  Path weights;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "steps of RAFT (default: " + RaftEstimator.ITERATIONS + ")")
  Integer iterations;

  @Option(
      names = "--out",
      paramLabel = "FILE.flo",
      description = "where the flow goes (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "flow.flo");

  @Option(
      names = "--colours",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}: the coding of the picture (default: paper)")
  Colours colours = Colours.paper;

  @Option(
      names = "--truth",
      paramLabel = "FILE.flo",
      description = "exact flow; prints the mean end-point error in pixels")
  Path truth;

  public static void main(String[] args) {
    System.exit(execute(new Flow(), args));
  }

  @Override
  protected void run() throws Exception {
    if (!out.getFileName().toString().endsWith(ENDING)) {
      throw new IllegalArgumentException("--out wants to end in " + ENDING + ", got " + out);
    }
    FlowEstimator estimator = estimator();
    Tensor a = picture(first);
    Tensor b = picture(second);
    if (!a.shape().equals(b.shape())) {
      throw new IOException(
          "[flow] the pictures differ in size: %s is %dx%d, %s is %dx%d"
              .formatted(first, a.dim(3), a.dim(2), second, b.dim(3), b.dim(2)));
    }
    Tensor known = truth == null ? null : exact(a.dim(2), a.dim(3));
    Tensor flow = estimator.flow(a, b);
    write(flow);
    if (known != null) {
      Output.result("mean end-point error %.3f px", EndPointError.mean(flow, known));
    }
  }

  private FlowEstimator estimator() throws IOException {
    if (weights == null) {
      if (iterations != null) {
        throw new IllegalArgumentException("--iterations is RAFT's: it wants --weights too");
      }
      Output.say("TV-L1; --weights FILE takes RAFT");
      return new TvL1Estimator(TvL1Config.DEFAULT);
    }
    if (iterations != null && iterations < 1) {
      throw new IllegalArgumentException("--iterations wants at least 1, got " + iterations);
    }
    int steps = iterations == null ? RaftEstimator.ITERATIONS : iterations;
    RaftEstimator raft = RaftEstimator.load(weights, steps);
    String size = raft.network().config().small() ? "small" : "basic";
    Output.say("RAFT " + size + ", " + Output.count(steps, "iteration"));
    return raft;
  }

  private static Tensor picture(Path file) throws IOException {
    return FlowPictures.of(PictureReader.read(file, ReadLimits.DEFAULT), 0, 1);
  }

  private Tensor exact(int height, int width) throws IOException {
    FlowFile.Flow flow = FlowFile.read(truth);
    if (flow.height() != height || flow.width() != width) {
      throw new IOException(
          "[flow] %s is %dx%d, the pictures are %dx%d"
              .formatted(truth, flow.width(), flow.height(), width, height));
    }
    return Tensor.of(Shape.of(1, 2, height, width), flow.uv());
  }

  private void write(Tensor flow) throws IOException {
    int height = flow.dim(2);
    int width = flow.dim(3);
    OutputFolder.readyFor(out);
    FlowFile.write(out, flow.toArray(), height, width);
    String name = out.getFileName().toString();
    String stem = name.substring(0, name.length() - ENDING.length());
    Path shown = out.resolveSibling(stem + ".png");
    Clip picture = FlowPictures.clip("flow", colours.coding().pictures(flow));
    PngWriter.write(shown, picture.frames().getFirst(), height, width);
    Output.result("%dx%d flow: %s, in colours: %s", width, height, out, shown);
  }
}
