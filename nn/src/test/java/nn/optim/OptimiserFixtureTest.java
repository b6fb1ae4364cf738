package nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.EmaArgs;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AdamW with clipping and moving averages against five steps of the released code. */
class OptimiserFixtureTest {
  private static final Fixture FILE = Fixtures.load("optimizer_adamw_clip_ema");

  @ParameterizedTest
  @EnumSource
  void fiveSteps(EmaArgs.Form form) {
    List<Tensor> parameters = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      parameters.add(tensor("p" + p + ".init"));
    }
    double clip = Double.parseDouble(FILE.metadata("clip"));
    double rate = Double.parseDouble(FILE.metadata("lr"));
    Adam adam = new Adam(parameters, Adam.Settings.DEFAULT);
    Ema ema = new Ema(parameters, form, Double.parseDouble(FILE.metadata("ema")), false);
    double[] norms = FILE.doubles("grad_norms.f64");
    for (int step = 0; step < 5; step++) {
      List<Tensor> gradients = new ArrayList<>();
      for (int p = 0; p < 3; p++) {
        gradients.add(tensor("step" + step + ".grad" + p));
      }
      double norm = GradientNorm.of(gradients);
      assertEquals(norms[step], norm, 1e-6 * norms[step]);
      adam.step(gradients, rate, GradientNorm.clip(norm, clip));
      ema.update();
      for (int p = 0; p < 3; p++) {
        close("step" + step + ".p" + p + ".f64", parameters.get(p));
        close("step" + step + ".ema" + p + ".f64", ema.averages().get(p));
      }
    }
  }

  private static Tensor tensor(String name) {
    return Tensor.of(Shape.of(FILE.dims(name)), FILE.floats(name));
  }

  private static void close(String name, Tensor got) {
    float[] values = got.toArray();
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    double error = Fixtures.error(wide, FILE.doubles(name));
    assertTrue(error <= 1e-6, name + ": error " + error);
  }

  @Test
  void warmUpFollowsItsFormula() {
    Tensor p = Tensor.of(Shape.of(1), 0f);
    Ema ema = new Ema(List.of(p), EmaArgs.Form.INCREMENTAL, 0.9999, true);
    p.storage().write(new float[] {1f});
    ema.update();
    assertEquals(1 - 0.1, ema.averages().get(0).item(), 1e-6);
    ema.update();
    assertEquals(1 - (0.1 * 2 / 11), ema.averages().get(0).item(), 1e-6);
  }

  /**
   * Weights to and fro by a quarter: both factors rounded add up to less than 1 at this decay, and
   * take of the average with each step; its difference does not.
   */
  @Test
  void anAverageOfWeightsThatComeBackStaysThere() {
    float[] mean = new float[64];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = 1f + i / 64f;
    }
    Tensor p = Tensor.generate(Shape.of(64), i -> mean[i]);
    Ema weighted = new Ema(List.of(p), EmaArgs.Form.WEIGHTED, 0.9999, false);
    Ema incremental = new Ema(List.of(p), EmaArgs.Form.INCREMENTAL, 0.9999, false);
    float[] now = new float[64];
    for (int step = 0; step < 20_000; step++) {
      for (int i = 0; i < now.length; i++) {
        now[i] = mean[i] * (step % 2 == 0 ? 1.25f : 0.75f);
      }
      p.storage().write(now);
      weighted.update();
      incremental.update();
    }
    double shrunk = lost(mean, weighted);
    assertTrue(shrunk > 5e-5 && shrunk < 2e-4, "shrunk by " + shrunk);
    assertEquals(0, lost(mean, incremental), 2e-5);
  }

  @Test
  void anIncrementalAverageOfEqualWeightsIsThem() {
    Tensor p = Tensor.generate(Shape.of(64), i -> 1f + i / 64f);
    Ema ema = new Ema(List.of(p), EmaArgs.Form.INCREMENTAL, 0.9999, false);
    for (int step = 0; step < 1_000; step++) {
      ema.update();
    }
    assertArrayEquals(p.toArray(), ema.averages().get(0).toArray());
  }

  /** The mean share that an average lacks. */
  private static double lost(float[] wanted, Ema ema) {
    float[] got = ema.averages().get(0).toArray();
    double sum = 0;
    for (int i = 0; i < got.length; i++) {
      sum += 1 - (double) got[i] / wanted[i];
    }
    return sum / got.length;
  }

  @Test
  void swappingPutsTheParametersBack() {
    Tensor p = Tensor.of(Shape.of(2), 1f, 2f);
    Ema ema = new Ema(List.of(p), EmaArgs.Form.INCREMENTAL, 0.5, false);
    p.storage().write(new float[] {3f, 4f});
    ema.swapped(() -> assertEquals(1f, p.toArray()[0]));
    assertEquals(3f, p.toArray()[0]);
    assertEquals(1f, ema.averages().get(0).toArray()[0]);
  }

  @Test
  void learningRatePhases() {
    LearningRate rate =
        new LearningRate(
            List.of(
                new LearningRate.Phase(0, 10, 1e-3, 1e-4), new LearningRate.Phase(20, 0, 1, 5e-5)));
    assertEquals(1e-3, rate.at(0), 1e-12);
    assertEquals(5.5e-4, rate.at(5), 1e-12);
    assertEquals(1e-4, rate.at(15), 1e-12);
    assertEquals(5e-5, rate.at(20), 1e-12);
    assertThrows(
        IllegalArgumentException.class,
        () -> new LearningRate(List.of(new LearningRate.Phase(5, 0, 1, 1))));
  }

  @Test
  void gradientsJoinInABalancedTree() {
    SumTree<Tensor> tree = SumTree.ofGradients();
    float[] values = {1e8f, 1f, -1e8f, 1f, 3f};
    for (int i = 0; i < values.length; i++) {
      tree.add(i, leaf(values[i]));
    }
    float expected = ((1e8f + 1f) + (-1e8f + 1f)) + 3f;
    assertEquals(expected, tree.sum(values.length).item());
  }

  private static Tensor leaf(float value) {
    return Tensor.of(Shape.of(1), value);
  }

  /** Leaves in any order, and parts that other trees have joined, give the bits of one tree. */
  @Test
  void whereALeafComesFromDoesNotShow() {
    for (int count = 1; count <= 13; count++) {
      float[] values = new float[count];
      SumTree<Tensor> whole = SumTree.ofGradients();
      for (int i = 0; i < count; i++) {
        values[i] = (float) StrictMath.sin(i) * (i % 3 == 0 ? 1e7f : 1f);
        whole.add(i, leaf(values[i]));
      }
      float wanted = whole.sum(count).item();
      SumTree<Tensor> backwards = SumTree.ofGradients();
      List<SumTree<Tensor>> uneven =
          List.of(SumTree.ofGradients(), SumTree.ofGradients(), SumTree.ofGradients());
      for (int i = count - 1; i >= 0; i--) {
        backwards.add(i, leaf(values[i]));
        uneven.get(i < 5 ? 0 : i < 6 ? 1 : 2).add(i, leaf(values[i]));
      }
      SumTree<Tensor> joined = SumTree.ofGradients();
      for (SumTree<Tensor> part : List.of(uneven.get(2), uneven.get(0), uneven.get(1))) {
        part.take().forEach(joined::add);
      }
      assertEquals(wanted, backwards.sum(count).item(), count + " leaves");
      assertEquals(wanted, joined.sum(count).item(), count + " leaves");
    }
  }

  @Test
  void aTreeThatIsNotWholeIsRefused() {
    SumTree<Tensor> tree = SumTree.ofGradients();
    tree.add(0, leaf(1));
    tree.add(2, leaf(1));
    assertThrows(IllegalStateException.class, () -> tree.sum(3));
    tree.add(0, leaf(1));
    assertThrows(IllegalStateException.class, () -> tree.add(0, leaf(1)));
    assertThrows(IllegalStateException.class, () -> SumTree.ofGradients().sum(0));
    assertThrows(IllegalArgumentException.class, () -> new SumTree.Subtree<>(1, 2, leaf(1)));
  }
}
