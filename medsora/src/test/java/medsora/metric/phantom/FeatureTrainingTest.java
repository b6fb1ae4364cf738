package medsora.metric.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import medsora.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the networks learn from. */
class FeatureTrainingTest {
  @TempDir Path folder;

  @Test
  void theConfigurationInTheJarIsThatOfTheFolder() throws IOException {
    FeatureTraining there = FeatureTraining.read(Path.of("../testdata/features/features.yaml"));
    assertEquals(there, FeatureTraining.builtin());
    Path file = folder.resolve("wrong.yaml");
    Files.writeString(file, "seed: 1\nframes: {clips: 3}\n");
    ConfigException e = assertThrows(ConfigException.class, () -> FeatureTraining.read(file));
    assertTrue(e.getMessage().contains("frames.each"), e.getMessage());
  }

  @Test
  void picturesAreOfBothKinds() {
    Tensor frames = TrainingPictures.frames(3, 2, 2, done -> {});
    assertEquals(Shape.of(4, 3, 64, 64), frames.shape());
    Tensor motion = TrainingPictures.motion(3, 2, 4, done -> {});
    assertEquals(Shape.of(8, 3, 48, 48), motion.shape());
    for (float x : motion.toArray()) {
      assertTrue(x > -1 && x < 1, "flow " + x);
    }
  }

  /** A mirror turns a motion to the left into one to the right. */
  @Test
  void flowIsMirroredWithItsDirection() {
    float[] flow = {1, 2, 3, 4, 5, 6, 7, 8};
    assertArrayEquals(new float[] {-2, -1, -4, -3, 6, 5, 8, 7}, TrainingPictures.mirrored(flow, 2));
  }

  @Test
  void flowBecomesAPictureWithoutItsScale() {
    Tensor flow = Tensor.of(Shape.of(1, 2, 1, 2), 0, 0.6f, 0, 0.8f);
    float r = (float) Math.sqrt(2);
    assertArrayEquals(
        new float[] {0, 0.6f / r, 0, 0.8f / r, 0, 1 / r}, Seen.motion(flow).toArray(), 1e-6f);
  }

  /** An even surface has no detail; one bright pixel stands out from what is around it. */
  @Test
  void detailIsWhatStandsOut() {
    Tensor bytes = Tensor.generate(Shape.of(1, 3, 64, 64), i -> i % 4096 == 2080 ? 116 : 100);
    float[] seen = Seen.frames(bytes).toArray();
    assertEquals(3 * 4096, seen.length);
    assertEquals(100 / 127.5f - 1, seen[0], 1e-5f);
    assertEquals(0, seen[4096 + 2080], 1e-6);
    float h = 16 * 0.75f / 4;
    assertEquals(h / Math.sqrt(1 + h * h), seen[2 * 4096 + 2080], 1e-5);
    assertEquals(0, seen[2 * 4096], 1e-5);
  }
}
