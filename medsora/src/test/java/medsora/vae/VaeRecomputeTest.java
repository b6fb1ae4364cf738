package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.reduce.Reduce.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import medsora.paper.Doubles;
import medsora.vae.VaeConfig.Compensation;
import nn.Mode;
import nn.Parameter;
import org.junit.jupiter.api.Test;

/**
 * Running the autoencoder's blocks again in backward must not show; what is frozen costs little.
 */
class VaeRecomputeTest {
  private static final int FRAMES = 24;
  private static final int SIDE = 16;
  private static final int WIDEST = 4 * FRAMES * SIDE * SIDE;

  private static Vae vae(Compensation compensation, boolean everything, boolean recompute) {
    Vae vae = new Vae(new VaeConfig(List.of(4, 4, 8, 8), 1, 2, 2, compensation, 0.2f));
    vae.initialize(1);
    // Layers that begin at zero would let no gradient through.
    vae.parameters()
        .forEach((name, p) -> {
          if (Vae.isCompensation(name)) {
            int n = p.shape().size();
            p.value().storage().write(Doubles.normal(n, name.hashCode()));
          }
        });
    vae.setTrainable(everything);
    vae.setCompensationTrainable(true);
    vae.setRecompute(recompute);
    return vae;
  }

  private static Tensor clip() {
    Shape shape = Shape.of(1, 3, FRAMES, SIDE, SIDE);
    return Tensor.of(shape, Doubles.normal(shape.size(), 3));
  }

  /** Loss, gradients by name, and everything that a step leaves behind in the model. */
  private static Map<String, float[]> step(Vae vae) {
    Map<String, float[]> results = new LinkedHashMap<>();
    try (Tape tape = Tape.open()) {
      Mode mode = Mode.training(1, 2);
      Moments moments = vae.encode(clip(), mode);
      Tensor y = vae.decode(moments.sample(new RandomKey(1, 0, 0)), mode);
      Tensor loss = add(sum(square(y)), sum(square(moments.mean())));
      results.put("loss", loss.toArray());
      Gradients gradients = tape.backward(loss);
      vae.parameters()
          .forEach((name, p) -> {
            Tensor g = p.isTrainable() ? gradients.of(p.value()) : gradients.find(p.value());
            results.put("gradient of " + name, g == null ? new float[0] : g.toArray());
          });
      results.put("next key", new float[] {mode.nextKey().stream()});
    }
    vae.stateDict().forEach((name, e) -> results.put(name, e.value().toArray()));
    return results;
  }

  @Test
  void recomputationGivesTheSameBits() {
    for (Compensation compensation : Compensation.values()) {
      for (boolean everything : new boolean[] {false, true}) {
        if (!everything && compensation == Compensation.NONE) {
          continue;
        }
        Map<String, float[]> plain = step(vae(compensation, everything, false));
        Map<String, float[]> again = step(vae(compensation, everything, true));
        assertEquals(plain.keySet(), again.keySet());
        plain.forEach((name, values) ->
            assertArrayEquals(values, again.get(name), compensation + ", " + name));
      }
    }
  }

  /** Statistics move once per chunk and not again in backward. */
  @Test
  void chunksAreCountedOnce() {
    Map<String, float[]> after = step(vae(Compensation.PAPER, false, true));
    after.forEach((name, values) -> {
      if (name.endsWith("num_batches_tracked")) {
        assertArrayEquals(new float[] {FRAMES / VaeConfig.FRAMES_PER_CHUNK}, values, name);
      }
    });
  }

  /** Trains one module alone and gives what the tape of an encoding would read. */
  private static Set<Storage> savedByEncoding(String trained, boolean recompute) {
    Vae vae = vae(Compensation.RELEASED, false, recompute);
    vae.parameters().forEach((name, p) -> p.trainable(name.startsWith(trained)));
    try (Tape tape = Tape.open()) {
      assertNotNull(vae.encode(clip(), Mode.training(0, 0)).mean());
      Set<Storage> saved = tape.savedStorages();
      vae.parameters().values().stream()
          .map(Parameter::value)
          .forEach(t -> saved.remove(t.storage()));
      return saved;
    }
  }

  @Test
  void nothingIsSavedBeforeTheFirstTrainedModule() {
    for (boolean recompute : new boolean[] {false, true}) {
      assertTrue(savedByEncoding("decoder.", recompute).isEmpty());
      // Behind the middle blocks a tensor has a fraction of the elements of the first levels.
      Set<Storage> behind = savedByEncoding("encoder.frequency_compensation", recompute);
      assertTrue(!behind.isEmpty());
      assertTrue(behind.stream().allMatch(s -> s.size() <= WIDEST / 64), behind::toString);
    }
  }
}
