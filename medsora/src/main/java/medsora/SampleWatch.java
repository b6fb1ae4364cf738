package medsora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.config.TrainConfig;
import medsora.config.Watching;
import medsora.diffusion.NoisePredictor;
import medsora.media.Clip;
import medsora.metric.phantom.PhantomDistances;
import medsora.metric.phantom.PhantomDistances.Distance;
import medsora.metric.phantom.PhantomDistances.Features;
import medsora.train.Clips;
import medsora.train.Stage;
import medsora.train.Trainer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the training of a denoiser: draws a few clips from its averaged weights, of the same
 * noise at every look, and measures how far they are from the first training clips by the networks
 * that come with the program. Their numbers are too few for a value that means something by itself;
 * that of one look compares with that of the next.
 */
public final class SampleWatch implements Trainer.Watch {
  /** Training clips that samples are held against. */
  private static final int MOST_DATA = 64;

  private final Watching settings;
  private final Clips clips;
  private final Generator generator;
  private final long seed;
  private final PhantomDistances judge;
  private @Nullable Features data;

  /**
   * A watch by a configuration.
   *
   * @param clips the training data
   * @param denoiser that is trained
   * @param autoencoder whose latents it is trained on
   */
  public SampleWatch(
      TrainConfig config, Clips clips, NoisePredictor denoiser, Autoencoder autoencoder) {
    this.settings = config.watching();
    this.clips = clips;
    this.generator =
        new Generator(
            denoiser,
            autoencoder,
            Generator.Settings.ddim(settings.sampleSteps()),
            config.recipe().drawing());
    this.seed = config.seed();
    this.judge = new PhantomDistances(config.clipFrames());
  }

  /** A watch as configured, or none where it is off or there are too few clips to compare with. */
  public static Trainer.Watch of(
      TrainConfig config, Clips clips, NoisePredictor denoiser, Autoencoder autoencoder) {
    boolean on = config.watching().evaluateEvery() > 0 && clips.trainingClips() > 1;
    return on ? new SampleWatch(config, clips, denoiser, autoencoder) : Trainer.Watch.NONE;
  }

  @Override
  public boolean isDue(long step) {
    return step % settings.evaluateEvery() == 0;
  }

  @Override
  public Map<String, Double> look(Stage stage) {
    if (data == null) {
      int count = Math.min(MOST_DATA, clips.trainingClips());
      data = judge.features("data", count, i -> clips.video(i, 0, false), done -> {});
    }
    List<Clip> drawn = stage.state().ema().swapped(this::samples);
    Distance found = data.distance(judge.features("samples", drawn.size(), drawn::get, done -> {}));
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(PhantomDistances.FRAMES, found.frames());
    values.put(PhantomDistances.MOTION, found.motion());
    return values;
  }

  private List<Clip> samples() {
    List<Clip> drawn = new ArrayList<>();
    generator.samples(
        seed, 0, settings.clips(), done -> {}, (clip, number) -> drawn.add(clip.shown()));
    return drawn;
  }
}
