package medsora.perceptual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.io.SafeTensorsWriter;
import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import nn.Outline;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LpipsTest {
  @TempDir Path folder;

  private static Tensor picture(int side, double phase) {
    return Tensor.generate(
        Shape.of(1, 3, side, side), i -> (float) Math.sin(0.3 * (i % side) + i / side + phase));
  }

  /** torchvision's features without their classifiers. */
  @Test
  void theTrunksArePublished() {
    assertEquals(2_469_696, Outline.of(() -> new Trunk(TrunkKind.ALEX)).parameterCount());
    assertEquals(14_714_688, Outline.of(() -> new Trunk(TrunkKind.VGG)).parameterCount());
    assertEquals(722_496, Outline.of(() -> new Trunk(TrunkKind.SQUEEZE)).parameterCount());
  }

  @ParameterizedTest
  @EnumSource(TrunkKind.class)
  void equalPicturesHaveNoDistance(TrunkKind kind) {
    Lpips lpips = new Lpips(kind);
    lpips.trunk().initialize(1);
    lpips.heads().initialize(1);
    Tensor a = picture(64, 0);
    assertArrayEquals(new float[1], lpips.distances(a, a).toArray());
    assertTrue(lpips.distances(a, picture(64, 1)).item() > 0);
    assertEquals(kind.channels().size(), lpips.layers(a, a).size());
  }

  /** Features that are all 0 have no direction: their distance is 0 and its gradient finite. */
  @Test
  void deadFeaturesHaveAFiniteGradient() {
    Lpips lpips = new Lpips(TrunkKind.ALEX);
    try (Tape tape = Tape.open()) {
      Tensor a = picture(64, 0).asParameter();
      Gradients g = tape.backward(Reduce.sum(lpips.distances(a, picture(64, 1))));
      Tensor gradient = g.find(a);
      if (gradient != null) {
        for (float v : gradient.toArray()) {
          assertEquals(0f, v);
        }
      }
    }
  }

  /** The published heads beside a trunk of the same kind; a trunk of another kind is refused. */
  @ParameterizedTest
  @EnumSource(TrunkKind.class)
  void thePublishedHeadsTellTheirTrunk(TrunkKind kind) throws IOException {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Path heads = SharedData.file("weights/lpips/v0.1/" + name + ".pth");
    Lpips lpips = Lpips.load(trunk(kind), heads);
    for (float w : lpips.heads().parameters().values().iterator().next().value().toArray()) {
      assertTrue(w >= 0, "heads weigh distances");
    }
    TrunkKind other = kind == TrunkKind.VGG ? TrunkKind.ALEX : TrunkKind.VGG;
    Exception e = assertThrows(IOException.class, () -> Lpips.load(trunk(other), heads));
    assertTrue(e.getMessage().contains("features."), e.getMessage());
  }

  private Path trunk(TrunkKind kind) throws IOException {
    Trunk trunk = new Trunk(kind);
    trunk.initialize(2);
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Weights.add(writer, "features.", trunk.stateDict());
    writer.floats("classifier.1.weight", new long[] {1}, new float[1]);
    Path file = folder.resolve(kind + ".safetensors");
    writer.write(file);
    return file;
  }

  @Test
  void otherHeadsAndShapesAreRefused() throws IOException {
    Path file = folder.resolve("heads.safetensors");
    new SafeTensorsWriter().floats("lin0.model.1.weight", new long[] {1}, new float[1]).write(file);
    Exception e = assertThrows(IOException.class, () -> Lpips.load(trunk(TrunkKind.ALEX), file));
    assertTrue(e.getMessage().contains("no heads of AlexNet"), e.getMessage());
    Lpips lpips = new Lpips(TrunkKind.ALEX);
    assertThrows(ShapeException.class, () -> lpips.distances(picture(64, 0), picture(65, 0)));
  }
}
