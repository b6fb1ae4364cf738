package tools;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.Generator.Settings;
import medsora.MedSora;
import medsora.config.Recipe;
import medsora.diffusion.Drawing;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler.Method;
import medsora.diffusion.SkipGuidance;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.metric.FrameQuality;
import medsora.metric.distance.ColourGamut;
import medsora.train.DenoiserObjective;
import medsora.train.PhantomClips;
import medsora.train.store.InitialWeights;
import medsora.train.store.RunFolder;
import medsora.train.store.WeightsFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;
import tools.report.ClipJudge;
import tools.report.ClipJudge.Figures;
import tools.trace.DecoderTrace;
import tools.trace.DenoiserTrace;
import tools.trace.LatentClips;
import tools.trace.LatentClips.Latents;
import tools.trace.LatentRange;
import tools.trace.SamplingTrace;

/** Says where the faults of a trained model's clips come from. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Says in numbers where the faults of a trained model's clips come from: the range of the"
          + " latents, what the decoder makes of wrong ones, how far off the denoiser is at each"
          + " diffusion step, when samples leave the range, and what they look like.",
      "Clips of the embedded phantom that no training here sees are the data, the same for every"
          + " model of a size. docs/quality.md explains the figures."
    })
public final class Trace extends Program {
  /** Seeds of no training: what is compared with, and the clips that are sent through a model. */
  private static final long DATA_SEED = 900;

  private static final long HELD_OUT_SEED = 901;
  private static final int DATA_CLIPS = 24;
  private static final int VIDEO_FRAMES = 16;
  private static final int SHOWN = 2;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description = "run folder; several are traced one after the other")
  List<Path> checkpoints;

  @Option(
      names = "--clips",
      paramLabel = "N",
      description = "clips that are drawn each time (default: ${DEFAULT-VALUE})")
  int count = 16;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "diffusion steps of DPM-Solver++ (default: ${DEFAULT-VALUE})")
  int steps = 20;

  @Option(
      names = "--gain",
      paramLabel = "X",
      description = "of the estimates of x_0, where the recipe is followed (default: its own)")
  Double gain;

  @Option(
      names = "--tilt",
      paramLabel = "X",
      description = "less gain for each doubling of a channel's deviation^evenness, likewise")
  Double tilt;

  @Option(
      names = "--skip-weight",
      paramLabel = "W",
      description = "how far predictions are led away from those without a temporal part, likewise")
  Double skipWeight;

  @Option(
      names = "--skip-block",
      paramLabel = "N",
      description = "the block of that part, likewise")
  Integer skipBlock;

  @Option(
      names = "--brief",
      description = "the autoencoder, the denoiser and one row of samples alone")
  boolean brief;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where contact.png goes (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "trace");

  private Path checkpoint;
  private Autoencoder autoencoder;
  private List<Clip> data;
  private ClipJudge judge;
  private final List<Clip> heldOut = new ArrayList<>();
  private final List<Latents> latents = new ArrayList<>();
  private final List<Clip> rows = new ArrayList<>();
  private LatentRange range;

  public static void main(String[] args) {
    System.exit(execute(new Trace(), args));
  }

  @Override
  protected void run() throws Exception {
    if (count < 2) {
      throw new IllegalArgumentException("--clips wants at least 2, got " + count);
    }
    for (Path each : checkpoints) {
      // A wrong option shall not cost the work before it.
      modelOf(each).ifPresent(this::check);
    }
    OutputFolder.ready(out);
    for (Path each : checkpoints) {
      checkpoint = each;
      autoencoder = Autoencoder.load(checkpoint, InitialWeights.Kind.EMA);
      look();
      Output.result("%s", checkpoint);
      trace();
    }
    PngWriter.contactSheet(out.resolve("contact.png"), rows);
  }

  /** Looks at the data, once for all checkpoints of a size. */
  private void look() {
    if (data == null || data.getFirst().width() != autoencoder.size()) {
      data = clips(DATA_SEED, DATA_CLIPS);
      heldOut.clear();
      heldOut.addAll(clips(HELD_OUT_SEED, count));
      judge = new ClipJudge(data, done -> {});
    }
  }

  private void trace() throws IOException {
    latentsOf();
    List<String> table = new ArrayList<>();
    table.add(String.join(" | ", Figures.heads()));
    if (!brief) {
      table.add(row("held-out clips", heldOut));
    }
    table.add(row("reconstructed", reconstructed()));
    modelOf(checkpoint).ifPresent(model -> table.addAll(samples(model)));
    table.forEach(line -> Output.result("%s", line));
  }

  /** The whole model of a folder, unless its denoiser has not begun. */
  private static Optional<MedSora> modelOf(Path folder) throws IOException {
    Path denoiser = RunFolder.checkpoint(folder, DenoiserObjective.NAME);
    boolean begun = Files.exists(denoiser) && WeightsFile.info(denoiser).step() > 0;
    return begun ? Optional.of(MedSora.load(folder)) : Optional.empty();
  }

  private List<Clip> clips(long seed, int number) {
    int frames = VIDEO_FRAMES;
    PhantomClips phantom =
        new PhantomClips(
            new PhantomClips.Settings(seed, autoencoder.size(), frames, 8, 1, number, 0));
    return IntStream.range(0, number).mapToObj(i -> phantom.video(i, 0, false)).toList();
  }

  private void latentsOf() {
    LatentClips encoder = new LatentClips(autoencoder);
    List<float[]> values = new ArrayList<>();
    data.forEach(clip -> values.add(encoder.of(clip).mean().toArray()));
    latents.clear();
    heldOut.forEach(clip -> latents.add(encoder.of(clip)));
    range = LatentRange.of(values, autoencoder.vae().config().latentChannels());
    if (!brief) {
      range.lines().forEach(line -> Output.result("%s", line));
      ColourGamut gamut = new ColourGamut();
      data.forEach(gamut::add);
      new DecoderTrace(autoencoder, heldOut, latents, gamut)
          .lines()
          .forEach(line -> Output.result("%s", line));
    }
  }

  private List<Clip> reconstructed() {
    double error = 0;
    List<Clip> out = new ArrayList<>();
    for (Clip clip : heldOut) {
      out.add(autoencoder.reconstruct(clip).shown());
      error += DecoderTrace.error(clip, out.getLast()) / heldOut.size();
    }
    Output.result("held-out PSNR %.2f dB", FrameQuality.psnr(error));
    for (int i = 0; i < SHOWN; i++) {
      rows.add(heldOut.get(i));
      rows.add(out.get(i));
    }
    return out;
  }

  private List<String> samples(MedSora model) {
    List<String> table = new ArrayList<>();
    Method solver = new Method.DpmSolver();
    denoiser(model);
    if (brief) {
      table.addAll(drawn(model, "samples", new Settings(steps, solver), configured(model)));
      return table;
    }
    for (int n : new int[] {10, 50, 250}) {
      table.addAll(drawn(model, "DDIM, " + n + " steps", Settings.ddim(n), Drawing.PLAIN));
    }
    String name = "DPM-Solver++, " + steps + " steps";
    table.addAll(drawn(model, name, new Settings(steps, solver), Drawing.PLAIN));
    table.addAll(
        drawn(
            model,
            name + ", x_0 within 3",
            new Settings(steps, solver),
            new Drawing(1, 0, 3, SkipGuidance.NONE)));
    table.addAll(
        drawn(model, name + ", by the recipe", new Settings(steps, solver), configured(model)));
    return table;
  }

  private void check(MedSora model) {
    configured(model);
    model.generator(new Settings(steps, new Method.DpmSolver()));
  }

  private Drawing configured(MedSora model) {
    Recipe own = model.config().recipe();
    Recipe asked =
        own.drawnBy(
            Objects.requireNonNullElse(gain, own.gain()),
            Objects.requireNonNullElse(tilt, own.tilt()),
            Objects.requireNonNullElse(skipWeight, own.skipWeight()),
            Objects.requireNonNullElse(skipBlock, own.skipBlock()));
    return model.config().with(asked).recipe().drawing();
  }

  private void denoiser(MedSora model) {
    NoisePredictor network = model.denoiser();
    Shape shape = network.latents().of(1);
    List<Tensor> starts = new ArrayList<>();
    for (int i = 0; i < latents.size(); i++) {
      // The images of a sample: the video of another clip stands in for their frames.
      float[] video = LatentClips.frames(latents.get(i).mean());
      float[] other = LatentClips.frames(latents.get((i + 1) % latents.size()).mean());
      float[] all = Arrays.copyOf(video, shape.size());
      System.arraycopy(other, 0, all, video.length, all.length - video.length);
      starts.add(Tensor.of(shape, all));
    }
    new DenoiserTrace(network, starts, range).lines().forEach(line -> Output.result("%s", line));
  }

  private List<String> drawn(MedSora model, String name, Settings settings, Drawing drawing) {
    Generator generator = new Generator(model.denoiser(), autoencoder, settings, drawing);
    int frames = model.denoiser().latents().videoFrames();
    SamplingTrace trace = SamplingTrace.of(generator, range, count, settings.steps(), frames);
    Output.result(
        "%s: the drawn latents vary %.3f times as much as the data's, %.2f %% beyond their range",
        name, trace.spread(range), 100 * trace.beyond(range));
    if (!brief) {
      trace.lines().forEach(line -> Output.result("  %s", line));
    }
    List<Clip> clips = trace.clips(autoencoder, range, false);
    rows.addAll(clips.subList(0, SHOWN));
    List<String> table = new ArrayList<>(List.of(row(name, clips)));
    if (!brief) {
      table.add(row(name + ", then into the range", trace.clips(autoencoder, range, true)));
    }
    return table;
  }

  private String row(String name, List<Clip> clips) {
    return String.join(" | ", judge.of(name, clips, done -> {}).cells());
  }
}
