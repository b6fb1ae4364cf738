package tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import medsora.Generator;
import medsora.MedSora;
import medsora.audit.SampleModel;
import medsora.baseline.gan.GanFile;
import medsora.media.Clip;
import medsora.train.manifest.DrawRecord;
import medsora.vae.Tiling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.program.ClipFormat;
import tools.program.ConditionOptions;
import tools.program.MemoryNeed;
import tools.program.MemoryOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Progress;
import tools.program.SampleSet;
import tools.program.SharedClips;
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

  /** Which weights of a checkpoint. */
  enum Weights {
    ema,
    raw
  }

  /** Pixels per latent pixel of every model that is trained here. */
  private static final int LATENT_PIXEL = 8;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR|FILE",
      description = {
        "what to draw from (default: phantom-64, the model that comes with the program):",
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

  @Mixin ConditionOptions conditions;

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
    boolean isGan = checkpoint != null && GanFile.isOne(checkpoint);
    if (isGan) {
      requireNoDiffusion();
    } else {
      gan.refuse();
      check();
    }
    if (ranks().isFirst()) {
      OutputFolder.ready(out);
    }
    if (!isGan) {
      diffuse();
    } else if (ranks().isFirst()) {
      gan.sample(checkpoint, seed, first, count, conditions.frames(), this::write);
    }
    Output.result("%s in %s", Output.count(count, "clip"), out);
  }

  private void diffuse() throws Exception {
    SampleModel loaded = SampleModel.load(checkpoint, vae, weights.name(), size == null ? 0 : size);
    MedSora model = loaded.model();
    Tiling tiling = tiles.read(model.autoencoder().vae().config().spaceFactor());
    MemoryNeed.sampling(model, tiling).announce(memory.force);
    DrawRecord.Settings settings = settings(loaded, tiling);
    requireSameRun(loaded, settings);
    SampleSet set = new SampleSet(out, loaded, settings, formats);
    Generator generator = loaded.generator(settings);
    long all = (long) count * generator.stepsOfClip();
    try (Progress progress = new Progress("sampling", all, 0);
        SharedClips clips =
            new SharedClips(ranks(), first, count, (clip, number) -> write(set, clip, number))) {
      if (clips.count() > 0) {
        generator.samples(
            seed,
            clips.first(),
            clips.count(),
            done ->
                progress.at(
                    ranks().doneByAll(done),
                    "%d of %d clips written".formatted(clips.written(), count)),
            clips::drawn);
      }
      clips.finish();
    }
    if (ranks().isFirst()) {
      set.finish();
    }
  }

  @Override
  protected boolean isShared() {
    return true;
  }

  /** Ranks that were told different things would make one set of clips of two models. */
  private void requireSameRun(SampleModel loaded, DrawRecord.Settings settings) {
    ranks().requireSame("model", loaded.record().sha256());
    ranks().requireSame("command", "--count %d --first %d, %s".formatted(count, first, settings));
  }

  /** A clip of a network whose draws no manifest describes. */
  private void write(Clip clip, long number) {
    String stem = "sample-" + number;
    try {
      ClipFormat.write(out, stem, clip.from(stem).at(fps), formats);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(SampleSet set, Clip clip, long number) {
    try {
      set.add(clip, number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DrawRecord.Settings settings(SampleModel loaded, Tiling tiling) throws IOException {
    int tile = tiling == null ? 0 : tiling.tile();
    int overlap = tiling == null ? 0 : tiling.overlap();
    return new DrawRecord.Settings(
        seed, method.name(), eta, steps, tile, overlap, fps, conditions.record(loaded));
  }

  private void checkClips() {
    if (count < 1 || first < 0) {
      throw new IllegalArgumentException("--count wants at least 1 and --first at least 0");
    }
    ClipFormat.check(formats, fps);
  }

  private void requireNoDiffusion() {
    if (vae != null
        || size != null
        || steps != null
        || eta != 0
        || method != Method.ddim
        || conditions.areOfDiffusion()) {
      throw new IllegalArgumentException(
          "--vae, --size, --steps, --sampler, --eta, --label, --guidance and --start belong to diffusion, and "
              + checkpoint
              + " has none");
    }
  }

  private void check() {
    if (checkpoint == null && (vae != null || weights == Weights.raw)) {
      throw new IllegalArgumentException("--vae and --weights raw belong to a --checkpoint");
    }
    if (size != null && (size < 1 || size % (LATENT_PIXEL * LATENT_PIXEL) != 0)) {
      throw new IllegalArgumentException("--size wants a multiple of 64, got " + size);
    }
    tiles.read(LATENT_PIXEL);
    conditions.check();
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
