package tools.systems;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import medsora.MedSora;
import medsora.RunCheck;
import medsora.audit.SampleModel;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.media.Clip;
import medsora.media.ReadLimits;
import medsora.media.VideoReader;
import medsora.metric.protocol.FeaturesOfClips;
import medsora.metric.protocol.Protocol;
import medsora.train.Intervals;
import medsora.train.Networks;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.Manifest;
import medsora.train.store.RunFolder;
import tools.evaluate.Draws;
import tools.evaluate.Evaluated;
import tools.evaluate.Evaluation;
import tools.evaluate.JudgeNetworks;
import tools.evaluate.Sets;
import tools.evaluate.page.EvaluationPage;
import tools.program.ClipFormat;
import tools.program.MemoryNeed;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Progress;
import tools.program.SampleSet;
import tools.program.Training;

/**
 * Trains systems, draws clips of each and measures them. Every part is kept in the folder and found
 * there again: a run that was stopped goes on where it was.
 */
public final class Contest {
  private static final double FPS = 6;
  private static final String SAMPLES = "sample-\\d+\\.png|" + Manifest.FILE;
  private static final int SAVED_EVERY = 50;

  private final List<Entrant> entrants;
  private final Settings settings;
  private final Path out;
  private final BooleanSupplier stop;

  /**
   * How systems are compared.
   *
   * @param count clips that are drawn of each, at least 2
   * @param seed of the draws
   * @param sampleSteps of DPM-Solver++
   * @param motionClips of each set whose flow is estimated
   * @param force train where the heap is too small
   */
  public record Settings(int count, long seed, int sampleSteps, int motionClips, boolean force) {
    public Settings {
      if (count < 2 || motionClips < 0) {
        throw new IllegalArgumentException(
            "--count wants at least 2 and --motion-clips at least 0, got %d and %d"
                .formatted(count, motionClips));
      }
      if (sampleSteps < 1 || sampleSteps > 1000) {
        throw new IllegalArgumentException("--sample-steps wants 1 to 1000, got " + sampleSteps);
      }
    }

    private DrawRecord.Settings drawing() {
      return new DrawRecord.Settings(
          seed, "dpmpp", 0, sampleSteps, 0, 0, FPS, DrawRecord.Condition.NONE);
    }
  }

  /**
   * A comparison in a folder.
   *
   * @param stop asked between steps, clips and parts
   */
  public Contest(List<Entrant> entrants, Settings settings, Path out, BooleanSupplier stop) {
    this.entrants = entrants;
    this.settings = settings;
    this.out = out;
    this.stop = stop;
  }

  /** What is wrong as far as it can be told before the work. */
  public void check() throws IOException {
    for (Entrant e : entrants) {
      TrainConfig config = e.config();
      RunCheck wrong =
          new RunCheck(config, folder(e), null, MemoryNeed.announced(config, settings.force));
      wrong.vaeForDenoiser(config.vaeTraining().steps());
      wrong.denoiser(config.denoiserTraining().steps());
    }
  }

  private Path folder(Entrant e) {
    return out.resolve(e.name());
  }

  /**
   * All of it.
   *
   * @return a result of each system in their order; empty where the user stopped it
   * @throws medsora.metric.protocol.Extraction.Stopped where that was while clips were measured
   */
  public List<Entry> run() throws IOException {
    RealClips real = null;
    for (Entrant e : entrants) {
      Output.say(e.name());
      real = real == null ? RealClips.write(out, e.clips()) : real;
      requireSame(real, e);
      train(e);
      if (stop.getAsBoolean()) {
        return List.of();
      }
    }
    List<Entry> entries = new ArrayList<>();
    for (Entrant e : entrants) {
      MedSora model = MedSora.load(folder(e));
      draw(e, model);
      if (stop.getAsBoolean()) {
        return List.of();
      }
      entries.add(
          new Entry(
              e,
              model.denoiser().module().parameterCount(),
              model.autoencoder().vae().module().parameterCount(),
              measure(e, real)));
    }
    return entries;
  }

  /** Equal configurations give equal clips; that they did is seen in the first one. */
  private static void requireSame(RealClips real, Entrant e) throws IOException {
    Clip own = e.clips().video(0, 0, false);
    Clip there =
        VideoReader.read(
            real.training().resolve("clip-0000.png"), ReadLimits.DEFAULT, own.length());
    for (int t = 0; t < own.length(); t++) {
      if (!Arrays.equals(own.frames().get(t), there.frames().get(t))) {
        throw new IllegalStateException(
            "[systems] frame %d of the first clip is another one for %s".formatted(t, e.name()));
      }
    }
  }

  private void train(Entrant e) throws IOException {
    TrainConfig config = e.config();
    try (RunFolder run = RunFolder.open(OutputFolder.ready(folder(e)))) {
      Training training =
          new Training(config, e.clips(), Networks.NONE, run, stop, Intervals.saving(SAVED_EVERY));
      training.vaeForDenoiser(config.vaeTraining().steps());
      if (!stop.getAsBoolean()) {
        training.denoiser(config.denoiserTraining().steps(), null, null);
      }
      Config.write(folder(e), config);
    }
  }

  private Path samples(Entrant e) {
    return folder(e).resolve("samples");
  }

  /** Draws the clips of a system, where they do not lie there already. */
  private void draw(Entrant e, MedSora model) throws IOException {
    SampleModel loaded = SampleModel.of(model, folder(e).toString(), "", SampleModel.AVERAGED);
    if (isDrawn(e, loaded)) {
      return;
    }
    RealClips.clear(samples(e), SAMPLES);
    MemoryNeed.sampling(model, null).announce(settings.force);
    List<Clip> drawn = new ArrayList<>();
    try (Progress progress =
        new Progress("drawing", (long) settings.count * settings.sampleSteps, 0)) {
      loaded
          .generator(settings.drawing())
          .samples(
              settings.seed,
              0,
              settings.count,
              done -> progress.at(done, e.name()),
              (clip, number) -> drawn.add(clip));
    }
    SampleSet set = new SampleSet(samples(e), loaded, settings.drawing(), List.of(ClipFormat.png));
    for (int i = 0; i < drawn.size(); i++) {
      set.add(drawn.get(i), i);
    }
    set.finish();
  }

  /** Whether the folder's manifest, which is written last, is of just these clips. */
  private boolean isDrawn(Entrant e, SampleModel model) throws IOException {
    if (!Files.isRegularFile(samples(e).resolve(Manifest.FILE))) {
      return false;
    }
    List<Long> wanted = LongStream.range(0, settings.count).boxed().toList();
    return Manifest.read(samples(e)).draws().stream()
        .anyMatch(d ->
            d.model().sha256().equals(model.record().sha256())
                && d.settings().equals(settings.drawing())
                && d.clips().stream().map(DrawRecord.Drawn::number).toList().equals(wanted));
  }

  /** Measures as {@code evaluate} does by the paper's protocol, whose networks want no weights. */
  private Evaluated measure(Entrant e, RealClips real) throws IOException {
    Path folder = folder(e).resolve("evaluation");
    Files.createDirectories(folder);
    Sets.Wish wish = new Sets.Wish(real.training(), samples(e), real.heldOut(), null, null);
    Sets sets = Sets.open(Protocol.PAPER, wish, settings.seed);
    Evaluation evaluation =
        new Evaluation(
            sets,
            // Of all systems: the real clips are looked at once.
            out.resolve("features"),
            settings.motionClips,
            Draws.of(null, settings.seed),
            null,
            stop,
            FeaturesOfClips.HERE);
    try (JudgeNetworks none = JudgeNetworks.open(Protocol.PAPER, List.of(), null)) {
      Evaluated found = evaluation.all(none, null, wish);
      found.result().write(folder.resolve("result.json"));
      EvaluationPage.write(folder, found, stop);
      return found;
    }
  }
}
