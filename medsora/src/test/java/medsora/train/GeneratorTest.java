package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.kernel.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.config.TrainConfig;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.vae.LatentStatistics;
import nn.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clips that are drawn side by side are those that are drawn one by one. */
class GeneratorTest {
  private static final int STEPS = 3;
  private static final int COUNT = 5;
  private static final long SEED = 4;

  static Stream<Sampler.Method> methods() {
    return Stream.of(
        new Sampler.Method.Ddim(0.5),
        new Sampler.Method.Ddpm(),
        new Sampler.Method.DpmSolver(),
        new Sampler.Method.UniPc(2));
  }

  private static Generator generator(Sampler.Method method) {
    TrainConfig config = TinyRun.config();
    NoisePredictor network = DenoiserObjective.fresh(config);
    // Layers that begin at zero would hide what comes before them.
    for (Parameter p : network.module().trainable()) {
      float[] values = p.value().toArray();
      for (int i = 0; i < values.length; i++) {
        values[i] += (i % 7 - 3) * 0.01f;
      }
      p.value().storage().write(values);
    }
    Autoencoder autoencoder =
        new Autoencoder(
            VaeObjective.fresh(config),
            new LatentStatistics(0.1f, 1.5f),
            config.data().size(),
            config.vaeTraining());
    return new Generator(network, autoencoder, new Generator.Settings(STEPS, method));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void manyAtOnceAreThoseOfOneByOne(Sampler.Method method) {
    Generator generator = generator(method);
    List<float[]> alone = new ArrayList<>();
    try (Engine engine = Engine.open("auto", 1)) {
      engine.run(() -> {
        for (int i = 0; i < COUNT; i++) {
          alone.add(generator.sample(SEED, 2 + i, done -> {}).values());
        }
        return engine;
      });
    }
    for (int threads = 1; threads <= 3; threads++) {
      List<Integer> told = new ArrayList<>();
      List<Long> numbers = new ArrayList<>();
      try (Engine engine = Engine.open("auto", threads)) {
        engine.run(() -> {
          generator.samples(
              SEED,
              2,
              COUNT,
              told::add,
              (clip, number) -> {
                assertArrayEquals(alone.get(numbers.size()), clip.values(), "clip " + number);
                numbers.add(number);
              });
          return engine;
        });
      }
      assertEquals(List.of(2L, 3L, 4L, 5L, 6L), numbers);
      assertEquals(COUNT * STEPS, told.size());
      assertEquals(COUNT * STEPS, told.getLast());
    }
  }
}
