package medsora.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.config.Profiles;
import medsora.denoiser.DenoiserConfig;
import medsora.flow.FlowEstimator;
import medsora.flow.HsvColours;
import org.junit.jupiter.api.Test;

class AlignmentTargetsTest {
  private static final AlignmentConfig PAPER = Profiles.alignment("paper");
  private static final AlignmentConfig REFERENCE = Profiles.alignment("reference");

  private static final int SIZE = 4;
  private static final int PAIRS = 8;
  private static final DenoiserConfig SHAPE =
      new DenoiserConfig(1, 4, 2, 8, 3, 6, 4, 4, 8, 1, 4, 16, 4, Profiles.switches("paper"));

  /** What the two networks were shown. */
  private final List<Tensor> shown = new ArrayList<>();

  private final FlowEstimator estimator =
      (a, b) -> {
        shown.add(kept(a));
        shown.add(kept(b));
        return Tensor.full(Shape.of(a.dim(0), 2, SIZE, SIZE), 1f);
      };

  private static Tensor kept(Tensor x) {
    return Tensor.of(x.shape(), x.toArray());
  }

  private FrozenNetworks networks(int layers) {
    FeatureExtractor extractor =
        pictures -> {
          shown.add(kept(pictures));
          Tensor f = Tensor.generate(Shape.of(pictures.dim(0), 9, 6), i -> i % 31);
          return java.util.Collections.nCopies(layers, f);
        };
    return new FrozenNetworks(estimator, new HsvColours(), extractor, 5, "test");
  }

  /** Every frame is one value: frame f of colour c is (f + c) / 10 - 0.5. */
  private static float[] frames() {
    float[] out = new float[3 * (PAIRS + 1) * SIZE * SIZE];
    for (int i = 0; i < out.length; i++) {
      int frame = i / (SIZE * SIZE) % (PAIRS + 1);
      out[i] = (frame + i / (SIZE * SIZE * (PAIRS + 1))) / 10f - 0.5f;
    }
    return out;
  }

  private void prepare(AlignmentConfig config, int layers) {
    AlignmentLoss loss = new AlignmentLoss(config, SHAPE.hiddenSizes(), PAIRS, 5);
    AlignmentTargets targets = new AlignmentTargets(config, networks(layers), loss);
    assertEquals(loss.layers().size(), targets.of(targets.pictures(frames(), SIZE)).size());
  }

  /** Eq. 12: flow from each frame to the next; 0..255 or -1..1, normalised pictures or raw ones. */
  @Test
  void theNetworksSeeWhatIsConfigured() {
    prepare(PAPER, 5);
    assertEquals(Shape.of(PAIRS, 3, SIZE, SIZE), shown.get(0).shape());
    float[] first = shown.get(0).toArray();
    float[] second = shown.get(1).toArray();
    assertEquals(127.5f * 0.5f, first[0], 1e-4);
    assertEquals(127.5f * 0.6f, second[0], 1e-4);
    int lastBlue = (3 * PAIRS - 1) * SIZE * SIZE;
    assertEquals(127.5f * 1.4f, first[lastBlue], 1e-4);
    // (1, 1): 45 degrees, full value.
    float[] seen = shown.get(2).toArray();
    float[] raw = new HsvColours().pictures(Tensor.full(Shape.of(1, 2, 1, 1), 1f)).toArray();
    assertEquals((raw[0] / 255 - 0.485) / 0.229, seen[0], 1e-5);
    assertEquals((raw[1] / 255 - 0.456) / 0.224, seen[SIZE * SIZE], 1e-5);
    assertEquals((raw[2] / 255 - 0.406) / 0.225, seen[2 * SIZE * SIZE], 1e-5);
    shown.clear();
    prepare(REFERENCE, 5);
    assertEquals(-0.5f, shown.get(0).toArray()[0]);
    assertArrayEquals(
        raw,
        new float[] {
          shown.get(2).toArray()[0],
          shown.get(2).toArray()[SIZE * SIZE],
          shown.get(2).toArray()[2 * SIZE * SIZE]
        });
  }

  @Test
  void anExtractorOfOtherLayersIsRefused() {
    Exception e = assertThrows(ShapeException.class, () -> prepare(PAPER, 4));
    assertTrue(e.getMessage().contains("4 layers"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new FrozenNetworks(estimator, new HsvColours(), null, 0, "test"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new FrozenNetworks(estimator, new HsvColours(), null, 1, "a, b"));
  }
}
