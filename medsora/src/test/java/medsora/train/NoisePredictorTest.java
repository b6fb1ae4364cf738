package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.config.Profiles;
import medsora.config.TrainConfig;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.NoisePredictor;
import medsora.media.Clip;
import medsora.train.store.RunFolder;
import medsora.vae.LatentStatistics;
import medsora.vae.Vae;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another network than MedSora's, and other numbers of frames, in the same loop and generator. */
class NoisePredictorTest {
  private static final LatentStatistics UNIT = new LatentStatistics(0, 1);

  @TempDir Path folder;

  /** Clips of 8 frames and 8 images, which are 2 and 2 latent frames. */
  private static TrainConfig config() {
    DenoiserConfig d =
        new DenoiserConfig(4, 2, 1, 16, 1, 4, 2, 8, 8, 2, 4, 256, 4, Profiles.switches("paper"));
    return TinyRun.config(d, TinyRun.config().denoiserTraining());
  }

  private static PixelNetwork network(TrainConfig config) {
    return network(config, NoisePredictor.SPATIAL);
  }

  private static PixelNetwork network(TrainConfig config, String hidden) {
    PixelNetwork network = new PixelNetwork(config.denoiser().latents(), 8, hidden);
    network.initialize(3);
    return network;
  }

  private static Stage stage(TrainConfig config, Clips clips, NoisePredictor network) {
    Vae vae = (Vae) VaeObjective.fresh(config);
    return new Stage(
        new DenoiserObjective(config, clips, network, vae, UNIT, TinyRun.networks(), null));
  }

  @Test
  void framesFollowFromTheParts() throws IOException {
    TrainConfig config = config();
    assertEquals(8, config.clipFrames());
    assertEquals(8, config.clipImages());
    assertEquals(16, TinyRun.config().clipFrames());
    Clips clips = DatasetClips.phantom(config, 2, done -> {});
    assertEquals(Shape.of(1, 3, 8, 16, 16), clips.video(0, 0, false).tensor().shape());
    assertEquals(Shape.of(1, 3, 8, 16, 16), clips.images(0).tensor().shape());
    assertEquals(Shape.of(1, 4, 4, 2, 2), network(config).latents().of(1));
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    TrainConfig.DenoiserTraining training = TinyRun.config().denoiserTraining();
    for (DenoiserConfig wrong :
        List.of(frames(4, 6, 3), frames(4, 5, 4), frames(4, 3, 3), frames(8, 6, 4))) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> TinyRun.config(wrong, training));
      assertTrue(e.getMessage().startsWith("[config] wants that d"), e.getMessage());
    }
    // Without images: as LVDM is.
    assertEquals(0, TinyRun.config(frames(4, 4, 4), training).clipImages());
  }

  private static DenoiserConfig frames(int side, int frames, int video) {
    return new DenoiserConfig(
        4, side / 2, 1, 16, 1, frames, video, 8, 8, 2, 4, 256, 4, Profiles.switches("paper"));
  }

  /** Trained with an alignment, saved, continued, and sampled. */
  @Test
  void aSecondNetworkIsTrainedAndSampled() throws IOException {
    TrainConfig config = config().with(Profiles.alignment("paper"));
    Clips clips = DatasetClips.phantom(config, 2, done -> {});
    PixelNetwork network = network(config);
    float[] before = network.trainable().getFirst().value().toArray();
    Stage stage = stage(config, clips, network);
    Map<String, Double> losses = stage.step().losses();
    assertTrue(Double.isFinite(losses.get("loss")), losses.toString());
    assertTrue(losses.containsKey("correlation_0"), losses.toString());
    assertFalse(Arrays.equals(before, network.trainable().getFirst().value().toArray()));

    assertEquals(train("whole", config, clips, 3), trainInTwoParts(config, clips));

    Autoencoder autoencoder =
        new Autoencoder(VaeObjective.fresh(config), UNIT, 16, config.vaeTraining());
    Generator generator = new Generator(network, autoencoder, Generator.Settings.ddim(3));
    Clip clip = generator.sample(1, 0, done -> {});
    assertEquals(8, clip.length());
    assertEquals(16, clip.height());
    assertArrayEquals(clip.values(), generator.sample(1, 0, done -> {}).values());
    assertFalse(Arrays.equals(clip.values(), generator.sample(1, 1, done -> {}).values()));
  }

  private String trainInTwoParts(TrainConfig config, Clips clips) throws IOException {
    train("parts", config, clips, 1);
    return train("parts", config, clips, 3);
  }

  private String train(String name, TrainConfig config, Clips clips, long steps)
      throws IOException {
    try (RunFolder run = RunFolder.open(folder.resolve(name))) {
      return new Trainer(run, clips, report -> {}, () -> false, 9)
          .run(stage(config, clips, network(config)), steps);
    }
  }

  /** An alignment with activations that a network does not give is refused. */
  @Test
  void activationsThatAreNotThereAreRefused() throws IOException {
    TrainConfig config = config().with(Profiles.alignment("paper"));
    Clips clips = DatasetClips.phantom(config, 2, done -> {});
    Stage stage = stage(config, clips, network(config, NoisePredictor.BLOCKS));
    ShapeException e = assertThrows(ShapeException.class, stage::step);
    assertTrue(e.getMessage().startsWith("[align] wants 1 activations"), e.getMessage());
  }
}
