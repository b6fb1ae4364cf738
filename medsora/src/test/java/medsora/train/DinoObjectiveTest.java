package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.OpContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import medsora.dino.DinoExtractor;
import medsora.dino.Distillation;
import medsora.dino.VitConfig;
import medsora.train.store.RunFolder;
import nn.io.Weights;
import nn.optim.LearningRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Self-distillation on a few pictures. */
class DinoObjectiveTest {
  private static final VitConfig SHAPE = new VitConfig(4, 16, 2, 2, 3);
  private static final Clips CLIPS = new MovingStripes(16);

  @TempDir Path folder;

  /** Stripes of five directions; another size than the grid's, and not square. */
  private static DinoObjective objective(long steps) {
    Tensor pictures =
        Tensor.generate(
            Shape.of(5, 3, 14, 18),
            i -> {
              int n = i / (3 * 14 * 18);
              double angle = 0.6 * n;
              double along = Math.cos(angle) * (i % 18) + Math.sin(angle) * (i / 18 % 14);
              return (float) Math.sin(along + i / (14 * 18) % 3);
            });
    Distillation settings =
        new Distillation(
            16, 8, 24, 12, 8, 2, 4, LearningRate.constant(2e-3), 0.95, steps, 0.07, true);
    return new DinoObjective(SHAPE, settings, pictures, "stripes", 3);
  }

  private static Stage stage(long steps) {
    return new Stage(objective(steps));
  }

  private String train(String name, long steps) throws IOException {
    try (RunFolder run = RunFolder.open(folder.resolve(name))) {
      return new Trainer(run, CLIPS, report -> {}, () -> false, 9).run(stage(steps), steps);
    }
  }

  @Test
  void everyBackendGivesTheSameWeightsAndSoDoesContinuing() throws IOException {
    List<String> hashes = new ArrayList<>();
    for (Map.Entry<String, Kernels> backend : OpContract.backends().entrySet()) {
      hashes.add(Backends.with(backend.getValue(), () -> train("b" + hashes.size(), 4)));
    }
    train("parts", 2);
    hashes.add(train("parts", 4));
    assertEquals(1, hashes.stream().distinct().count(), hashes.toString());
  }

  /** The cross entropy of a uniform teacher is log K; learning brings it below. */
  @Test
  void studentAndTeacherComeToAgree() {
    Stage stage = stage(60);
    double first = stage.step().losses().get("loss");
    double last = 0;
    for (int i = 0; i < 60; i++) {
      last = stage.step().losses().get("loss");
      assertTrue(Double.isFinite(last));
    }
    assertTrue(first < Math.log(24) + 1, "first " + first);
    assertTrue(last < Math.log(24) + 0.5, "last " + last);
  }

  /** What is kept for features is the teacher, and its file tells its shape. */
  @Test
  void theTeacherIsWritten() throws IOException {
    DinoObjective objective = objective(4);
    Stage stage = new Stage(objective);
    stage.step();
    stage.step();
    Path file = folder.resolve("features.safetensors");
    objective.writeTeacher(file, stage.state().ema());
    DinoExtractor read = DinoExtractor.load(file);
    assertEquals(SHAPE, read.network().config());
    Path student = folder.resolve("student");
    try (RunFolder run = RunFolder.open(student)) {
      String raw = new Trainer(run, CLIPS, r -> {}, () -> false, 9).run(stage(2), 2);
      assertNotEquals(raw, Weights.sha256(read.network().stateDict()));
    }
  }

  @Test
  void impossibleSettingsAreRefused() {
    LearningRate rate = LearningRate.constant(1);
    assertThrows(
        IllegalArgumentException.class,
        () -> new Distillation(16, 8, 24, 12, 8, 2, 0, rate, 0.9, 1, 0.07, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Distillation(16, 8, 24, 12, 8, 2, 1, rate, 1, 1, 0.07, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Distillation(16, 8, 24, 12, 8, 2, 1, rate, 0.9, 1, 0, true));
  }
}
