package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.diffusion.LabelGuidance;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.phantom.Phantom;
import medsora.train.store.RunFolder;
import medsora.vae.LatentStatistics;
import nn.Mode;
import nn.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels, guidance, clips that go on from given frames, and clips of any length. */
class ConditionsTest {
  private static final int STEPS = 3;
  private static final LatentStatistics UNIT = new LatentStatistics(0.1f, 1.5f);

  @TempDir Path folder;

  private static TrainConfig config(String labels) {
    return Config.builtin(
        "tiny",
        Map.of(
            "recipe.labels",
            labels,
            "recipe.labelDropout",
            labels.equals("[]") ? "0" : "0.25",
            "recipe.phantomClips",
            "6",
            "recipe.phantomHeldOut",
            "2"));
  }

  private static TrainConfig labelled() {
    return config("[none, lesion]");
  }

  /** A network none of whose layers is zero. */
  private static NoisePredictor network(TrainConfig config) {
    NoisePredictor network = DenoiserObjective.fresh(config);
    for (Parameter p : network.module().trainable()) {
      float[] values = p.value().toArray();
      for (int i = 0; i < values.length; i++) {
        values[i] += (i % 7 - 3) * 0.03f;
      }
      p.value().storage().write(values);
    }
    return network;
  }

  private static float[] predicted(NoisePredictor network, Tensor x) {
    try (Tape scope = Tape.noGrad()) {
      return network.forward(x, new float[] {300}, Mode.EVAL).prediction().toArray();
    }
  }

  private static Tensor noised(NoisePredictor network) {
    return Tensor.generate(network.latents().of(1), i -> (float) StrictMath.sin(1.7 * i));
  }

  @Test
  void labelsTellPredictionsApart() {
    NoisePredictor network = network(labelled());
    assertEquals(2, network.labels());
    Tensor x = noised(network);
    float[] none = predicted(network, x);
    float[] first = predicted(network.under(0), x);
    float[] second = predicted(network.under(1), x);
    assertFalse(Arrays.equals(none, first));
    assertFalse(Arrays.equals(first, second));
    assertArrayEquals(none, predicted(network.under(1).under(NoisePredictor.NO_LABEL), x));
    try (Tape scope = Tape.noGrad()) {
      Tensor prepared = network.under(1).prepared(5, 300).predict(x, new float[] {300});
      assertArrayEquals(second, prepared.toArray());
    }
    assertThrows(IllegalArgumentException.class, () -> network.under(2));
    NoisePredictor plain = network(config("[]"));
    assertEquals(0, plain.labels());
    assertThrows(IllegalArgumentException.class, () -> plain.under(0));
  }

  /** eps = eps_none + w (eps_label - eps_none). */
  @Test
  void guidanceGoesBeyondTheLabel() {
    NoisePredictor network = network(labelled());
    Tensor x = noised(network);
    float[] none = predicted(network, x);
    float[] label = predicted(network.under(1), x);
    for (float w : new float[] {0, 1, 2.5f}) {
      float[] got;
      try (Tape scope = Tape.noGrad()) {
        got = new LabelGuidance(1, w).of(network, 300).predict(x, new float[] {300}).toArray();
      }
      for (int i = 0; i < got.length; i++) {
        assertEquals(none[i] + (w * (label[i] - none[i])), got[i], 1e-5);
      }
    }
    assertThrows(
        IllegalArgumentException.class, () -> new LabelGuidance(NoisePredictor.NO_LABEL, 2));
    assertThrows(IllegalArgumentException.class, () -> new LabelGuidance(0, Float.NaN));
  }

  /** What one label's clips teach changes that label's row, and the row of none where dropped. */
  @Test
  void labelsAreLearnedAndTrainingContinuesByteForByte() throws IOException {
    String whole = train("whole", 6);
    train("parts", 2);
    assertEquals(whole, train("parts", 6));
  }

  private String train(String name, long steps) throws IOException {
    TrainConfig config = labelled();
    Clips clips = new PhantomClips(PhantomClips.Settings.of(config));
    NoisePredictor network = DenoiserObjective.fresh(config);
    Stage stage =
        new Stage(new DenoiserObjective(config, clips, network, VaeObjective.fresh(config), UNIT));
    try (RunFolder run = RunFolder.open(folder.resolve(name))) {
      return new Trainer(run, clips, report -> {}, () -> false, 9).run(stage, steps);
    }
  }

  @Test
  void thePhantomSaysWhatItShows() {
    TrainConfig config = labelled();
    Clips clips = new PhantomClips(PhantomClips.Settings.of(config));
    int lesions = 0;
    for (int i = 0; i < 8; i++) {
      assertEquals(new Phantom(config.seed(), i, 60).label(), clips.label(i));
      lesions += "lesion".equals(clips.label(i)) ? 1 : 0;
    }
    assertTrue(lesions > 0 && lesions < 8, lesions + " of 8");
    assertEquals(1, config.recipe().label("lesion"));
    assertEquals(0, config.recipe().label("instrument;none"));
    assertEquals(NoisePredictor.NO_LABEL, config.recipe().label("instrument"));
    assertEquals(NoisePredictor.NO_LABEL, config.recipe().label(null));
  }

  @Test
  void theDenoiserMeetsTheFirstClipsAlone() {
    Clips all = new PhantomClips(PhantomClips.Settings.of(labelled()));
    Clips first = FirstClips.of(all, 2);
    assertEquals(2, first.trainingClips());
    assertEquals(all.label(1), first.label(1));
    assertArrayEquals(all.video(1, 0, true).values(), first.video(1, 0, true).values());
    // The held-out ones are those of all.
    assertArrayEquals(all.video(7, 0, false).values(), first.video(3, 0, false).values());
    assertEquals(all.label(6), first.label(2));
    assertThrows(IllegalArgumentException.class, () -> FirstClips.of(all, 7));
    assertEquals(all, FirstClips.of(all, 0));
  }

  @Test
  void labelsThatNoClipHasAreRefused() {
    TrainConfig config = config("[instrument]");
    Clips clips = new PhantomClips(PhantomClips.Settings.of(config));
    NoisePredictor network = DenoiserObjective.fresh(config);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new DenoiserObjective(config, clips, network, VaeObjective.fresh(config), UNIT));
    assertTrue(e.getMessage().contains("[instrument]"), e.getMessage());
  }

  private static Generator generator(LabelGuidance guidance, Generator.Span span) {
    TrainConfig config = labelled();
    Autoencoder autoencoder =
        new Autoencoder(
            VaeObjective.fresh(config), UNIT, config.data().size(), config.vaeTraining());
    return new Generator(
        network(config),
        autoencoder,
        new Generator.Settings(STEPS, new Sampler.Method.DpmSolver(), null, guidance, span));
  }

  private static Clip drawn(Generator.Span span) {
    return generator(LabelGuidance.NONE, span).sample(3, 1, done -> {});
  }

  /** A longer clip begins with the frames of a shorter one; causal decoders see none later. */
  @Test
  void longerClipsGoOnFromShorterOnes() {
    Clip whole = drawn(Generator.Span.WHOLE);
    assertEquals(16, whole.length());
    Clip longer = drawn(new Generator.Span(37, null));
    assertEquals(37, longer.length());
    assertArrayEquals(whole.values(), longer.first(16).values());
    assertArrayEquals(whole.first(5).values(), drawn(new Generator.Span(5, null)).values());
    assertEquals(
        STEPS * 4, generator(LabelGuidance.NONE, new Generator.Span(37, null)).stepsOfClip());
  }

  @Test
  void clipsBeginWithTheFramesThatAreGiven() {
    TrainConfig config = labelled();
    int size = config.data().size();
    Clip given = Phantom.render(5, 0, 10, size);
    Autoencoder autoencoder =
        new Autoencoder(VaeObjective.fresh(config), UNIT, size, config.vaeTraining());
    float[] known = autoencoder.encode(given.first(8)).toArray();
    float[] latents =
        generator(LabelGuidance.NONE, new Generator.Span(0, given))
            .latents(3, 1, (i, x, start) -> {})
            .toArray();
    // Frames stand one after the other, so the known two of six are the first third.
    assertArrayEquals(known, Arrays.copyOf(latents, known.length), 1e-5f);
    assertEquals(latents.length, 3 * known.length);
  }

  @Test
  void whatStartsAClipMayBeOnePicture() {
    int size = labelled().data().size();
    Clip picture = Phantom.render(5, 0, 1, size);
    Clip clip = drawn(new Generator.Span(24, picture));
    assertEquals(24, clip.length());
    assertFalse(Arrays.equals(clip.values(), drawn(new Generator.Span(24, null)).values()));
  }
}
