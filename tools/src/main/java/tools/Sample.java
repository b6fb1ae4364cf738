package tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import medsora.Codecs;
import medsora.Generator;
import medsora.Lvdm;
import medsora.MedSora;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.train.store.InitialWeights;
import medsora.vae.ClipCodec;
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

/** Draws new clips from a trained model. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Draws new clips from a trained model.",
      "Clip i depends on the weights, the method, the seed and i alone, not on how many are drawn."
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
      names = "--size",
      paramLabel = "PIXELS",
      description = {
        "side of the frames of a published LVDM, which draws any multiple of 64: 128 as it was"
            + " trained (default), 256 as its own program draws"
      })
  Integer size;

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

  @Mixin MemoryOptions memory;

  public static void main(String[] args) {
    System.exit(execute(new Sample(), args));
  }

  @Override
  protected void run() throws Exception {
    check();
    OutputFolder.ready(out);
    Generator generator = Lvdm.isOne(checkpoint) ? published() : trained();
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
    Output.result("%s in %s", Output.count(count, "clip"), out);
  }

  private void write(Clip clip, long number) {
    String stem = "sample-" + number;
    try {
      ClipFormat.write(out, stem, clip.from(stem).at(fps), formats);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From a model that was trained here, or MedSora's weights in another form. */
  private Generator trained() throws IOException {
    if (size != null) {
      throw new IllegalArgumentException("--size goes with a published LVDM alone");
    }
    MedSora model = load();
    Tiling tiling = tiles.read(model.codec().codec().spaceFactor());
    MemoryNeed.sampling(model, tiling).announce(memory.force);
    return model.generator(new Generator.Settings(steps, method(), tiling));
  }

  /** From a published LVDM. */
  private Generator published() throws IOException {
    int side = size == null ? Lvdm.TRAINED * LATENT_PIXEL : size;
    if (side < 1 || side % (LATENT_PIXEL * LATENT_PIXEL) != 0) {
      throw new IllegalArgumentException("--size wants a multiple of 64, got " + side);
    }
    ClipCodec codec = vae == null ? null : Codecs.load(vae);
    Lvdm model = Lvdm.load(checkpoint, side / LATENT_PIXEL, weights == Weights.ema, codec);
    Tiling tiling = tiles.read(model.codec().codec().spaceFactor());
    MemoryNeed.sampling(model.denoiser().config(), model.codec(), tiling).announce(memory.force);
    Sampler.Method walk = method == Method.ddim ? new Sampler.Method.LatentDdim(eta) : method();
    return model.generator(new Generator.Settings(steps, walk, tiling));
  }

  private MedSora load() throws IOException {
    InitialWeights.Kind kind =
        weights == Weights.ema ? InitialWeights.Kind.EMA : InitialWeights.Kind.RAW;
    if (vae == null) {
      return MedSora.load(checkpoint, kind);
    }
    return MedSora.load(checkpoint, kind, Codecs.load(vae));
  }

  private Sampler.Method method() {
    return switch (method) {
      case ddim -> new Sampler.Method.Ddim(eta);
      case ddpm -> new Sampler.Method.Ddpm();
      case dpmpp -> new Sampler.Method.DpmSolver();
      case unipc -> new Sampler.Method.UniPc(UNIPC_ORDER);
    };
  }

  private void check() {
    tiles.read(LATENT_PIXEL);
    if (count < 1 || first < 0) {
      throw new IllegalArgumentException("--count wants at least 1 and --first at least 0");
    }
    if (steps == null) {
      steps = method.steps();
    }
    if (steps < 1 || steps > 1000) {
      throw new IllegalArgumentException("--steps wants 1 to 1000, got " + steps);
    }
    ClipFormat.check(formats, fps);
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("--eta wants 0 to 1, got " + eta);
    }
    if (method != Method.ddim && eta != 0) {
      throw new IllegalArgumentException("--eta belongs to --sampler ddim");
    }
  }
}
