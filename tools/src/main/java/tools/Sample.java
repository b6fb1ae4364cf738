package tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.MedSora;
import medsora.baseline.gan.GanFile;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.train.store.InitialWeights;
import medsora.vae.Tiling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.program.ClipFormat;
import tools.program.MemoryNeed;
import tools.program.MemoryOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Progress;
import tools.program.TilingOptions;
import tools.program.Version;
import tools.sample.GanOptions;

/** Draws new clips from a trained model. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Draws new clips from a trained model.",
      "Clip i depends on the weights, the method, the seed and i alone, not on how many are drawn.",
      "Published generators of StyleGAN-V and MoStGAN-V (.pkl) are sampled too, clips of any"
          + " length."
    })
public final class Sample extends Program {
  /** How the reverse process is walked. */
  enum Method {
    ddim,
    ddpm,
    dpmpp,
    unipc;

    /** Steps where none are said. */
    int steps() {
      return this == ddim || this == ddpm ? 250 : 25;
    }
  }

  /** Second order, which no network that is a little wrong throws off its way. */
  private static final int UNIPC_ORDER = 2;

  /** Which weights of a checkpoint. */
  enum Weights {
    ema,
    raw
  }

  /** Pixels per latent pixel of every model that is trained here. */
  private static final int LATENT_PIXEL = 8;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR|FILE",
      description = {
        "run folder, the denoiser's file in it, or weights in another form: a .pt of the released"
            + " form, plain safetensors, the .index.json of several;",
        "FILE#PART names the part of a .pt (default: by --weights)"
      })
  Path checkpoint;

  @Option(
      names = "--vae",
      paramLabel = "DIR|FILE",
      description =
          "autoencoder, in any of these forms or a folder of diffusers (default: the one beside the"
              + " denoiser)")
  Path vae;

  @Mixin TilingOptions tiles;

  @Option(names = "--count", paramLabel = "N", description = "clips (default: ${DEFAULT-VALUE})")
  int count = 4;

  @Option(
      names = "--first",
      paramLabel = "I",
      description = "number of the first clip (default: ${DEFAULT-VALUE})")
  long first;

  @Option(names = "--seed", paramLabel = "S", description = "seed (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "diffusion steps, 1 to 1000 (default: 250, of dpmpp and unipc 25)")
  Integer steps;

  @Option(
      names = {"--sampler", "--method"},
      paramLabel = "NAME",
      description = {
        "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE});",
        "dpmpp (DPM-Solver++ 2M) and unipc go ddim's way in a tenth of the steps"
      })
  Method method = Method.ddim;

  @Option(
      names = "--eta",
      paramLabel = "X",
      description = "noise of ddim, 0 to 1 (default: ${DEFAULT-VALUE})")
  double eta;

  @Option(
      names = "--weights",
      paramLabel = "KIND",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Weights weights = Weights.ema;

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}, several with commas (default: mp4)")
  List<ClipFormat> formats = List.of(ClipFormat.mp4);

  @Option(
      names = "--fps",
      paramLabel = "X",
      description = "frames per second of the files (default: ${DEFAULT-VALUE})")
  double fps = 6;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where the clips go (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "samples");

  @Mixin GanOptions gan;

  @Mixin MemoryOptions memory;

  public static void main(String[] args) {
    System.exit(execute(new Sample(), args));
  }

  @Override
  protected void run() throws Exception {
    checkClips();
    boolean isGan = GanFile.isOne(checkpoint);
    if (isGan) {
      requireNoDiffusion();
    } else {
      gan.refuse();
      check();
    }
    OutputFolder.ready(out);
    if (isGan) {
      gan.sample(checkpoint, seed, first, count, this::write);
    } else {
      diffuse();
    }
    Output.result("%s in %s", Output.count(count, "clip"), out);
  }

  private void diffuse() throws Exception {
    MedSora model = load();
    Tiling tiling = tiles.read(model.autoencoder().vae().config().spaceFactor());
    MemoryNeed.sampling(model, tiling).announce(memory.force);
    Generator generator = model.generator(new Generator.Settings(steps, method(), tiling));
    try (Progress progress = new Progress("sampling", (long) count * steps, 0)) {
      int[] written = new int[1];
      generator.samples(
          seed,
          first,
          count,
          done -> progress.at(done, "%d of %d clips written".formatted(written[0], count)),
          (clip, number) -> {
            write(clip, number);
            written[0]++;
          });
    }
  }

  private void write(Clip clip, long number) {
    String stem = "sample-" + number;
    try {
      ClipFormat.write(out, stem, clip.from(stem).at(fps), formats);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MedSora load() throws Exception {
    InitialWeights.Kind kind =
        weights == Weights.ema ? InitialWeights.Kind.EMA : InitialWeights.Kind.RAW;
    if (vae == null) {
      return MedSora.load(checkpoint, kind);
    }
    Autoencoder autoencoder = Autoencoder.load(vae, InitialWeights.Kind.EMA);
    return MedSora.load(checkpoint, kind, autoencoder);
  }

  private Sampler.Method method() {
    return switch (method) {
      case ddim -> new Sampler.Method.Ddim(eta);
      case ddpm -> new Sampler.Method.Ddpm();
      case dpmpp -> new Sampler.Method.DpmSolver();
      case unipc -> new Sampler.Method.UniPc(UNIPC_ORDER);
    };
  }

  private void checkClips() {
    if (count < 1 || first < 0) {
      throw new IllegalArgumentException("--count wants at least 1 and --first at least 0");
    }
    ClipFormat.check(formats, fps);
  }

  private void requireNoDiffusion() {
    if (vae != null || steps != null || eta != 0 || method != Method.ddim) {
      throw new IllegalArgumentException(
          "--vae, --steps, --sampler and --eta belong to diffusion, and "
              + checkpoint
              + " has none");
    }
  }

  private void check() {
    tiles.read(LATENT_PIXEL);
    if (steps == null) {
      steps = method.steps();
    }
    if (steps < 1 || steps > 1000) {
      throw new IllegalArgumentException("--steps wants 1 to 1000, got " + steps);
    }
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("--eta wants 0 to 1, got " + eta);
    }
    if (method != Method.ddim && eta != 0) {
      throw new IllegalArgumentException("--eta belongs to --sampler ddim");
    }
  }
}
