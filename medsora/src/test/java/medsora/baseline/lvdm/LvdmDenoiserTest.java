package medsora.baseline.lvdm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;
import medsora.cost.ModelRuns;
import nn.Mode;
import nn.Outline;
import nn.Parameter;
import org.junit.jupiter.api.Test;

class LvdmDenoiserTest {
  private static final LvdmConfig TINY =
      new LvdmConfig(2, 4, 3, 32, List.of(1, 2), 1, List.of(2), 4);
  private static final float[] T = {420};

  private static Tensor latents(Shape shape) {
    return Tensor.generate(shape, i -> StrictMath.sin(1.7 * i));
  }

  private static Tensor predicted(LvdmDenoiser network, Tensor x) {
    return network.forward(x, T, Mode.EVAL).prediction();
  }

  /** The counts of the released network, and what a prediction costs. */
  @Test
  void thePublishedSizeIsThePublishedOnes() {
    LvdmDenoiser network = Outline.of(LvdmConfig.SHORT::network);
    assertEquals(548_904_580, network.parameterCount());
    List<String> names = List.copyOf(network.stateDict().keySet());
    assertEquals(668, names.size());
    assertEquals("time_embed.0.weight", names.getFirst());
    assertEquals("out.2.bias", names.getLast());
    assertTrue(names.contains("input_blocks.12.0.op.weight"), names.toString());
    assertTrue(names.contains("output_blocks.11.2.conv.bias"), names.toString());
    assertTrue(
        names.contains("middle_block.1.relative_position_v.embeddings_table"), names.toString());
    assertEquals(44.7e9, (double) ModelRuns.predict(network).total().total(), 0.3e9);
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    LvdmDenoiser network = Differences.filled(new LvdmDenoiser(TINY), 5);
    Tensor x = latents(TINY.latents().of(1));
    Differences.compare(network, () -> Differences.weighted(predicted(network, x)), 1f / 16, 3e-3);
  }

  @Test
  void recomputationChangesNoBit() {
    LvdmDenoiser network = Differences.filled(new LvdmDenoiser(TINY), 5);
    Tensor x = latents(TINY.latents().of(1));
    List<float[]> kept = gradients(network, x);
    network.setRecompute(true);
    List<float[]> again = gradients(network, x);
    for (int i = 0; i < kept.size(); i++) {
      assertArrayEquals(kept.get(i), again.get(i));
    }
  }

  private static List<float[]> gradients(LvdmDenoiser network, Tensor x) {
    try (Tape tape = Tape.open()) {
      Gradients g = tape.backward(Differences.weighted(predicted(network, x)));
      return network.trainable().stream()
          .map(Parameter::value)
          .map(v -> g.of(v).toArray())
          .toList();
    }
  }

  /** The last layers begin at zero, as in the released code. */
  @Test
  void predictsNothingAtFirst() {
    LvdmDenoiser network = new LvdmDenoiser(TINY);
    network.initialize(3);
    for (float v : predicted(network, latents(TINY.latents().of(1))).toArray()) {
      assertEquals(0f, v);
    }
  }

  /** The same weights draw larger frames, which is how the released program samples. */
  @Test
  void weightsServeOtherSizes() {
    LvdmDenoiser network = Differences.filled(new LvdmDenoiser(TINY), 5);
    Shape larger = TINY.sized(8).latents().of(1);
    assertEquals(larger, predicted(network, latents(larger)).shape());
    Tensor odd = latents(Shape.of(1, 3, 2, 4, 5));
    ShapeException e = assertThrows(ShapeException.class, () -> predicted(network, odd));
    assertTrue(e.getMessage().contains("multiples of 2"), e.getMessage());
  }

  @Test
  void impossibleSizesAreRefused() {
    for (Runnable wrong :
        List.<Runnable>of(
            () -> new LvdmConfig(4, 16, 4, 40, List.of(1), 1, List.of(), 4),
            () -> new LvdmConfig(4, 12, 4, 32, List.of(1, 1, 1, 1), 1, List.of(), 4),
            () -> new LvdmConfig(4, 16, 0, 32, List.of(1), 1, List.of(), 4),
            () -> new LvdmConfig(4, 16, 4, 32, List.of(), 1, List.of(), 4),
            () -> new LvdmConfig(4, 16, 4, 32, List.of(1), 1, List.of(), 3))) {
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, wrong::run);
      assertTrue(e.getMessage().startsWith("[lvdm] the configuration wants"), e.getMessage());
    }
  }
}
