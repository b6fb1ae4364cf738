package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.scale;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Multistep solvers against data whose probability-flow ODE has a closed solution. */
class MultistepTest {
  private static final double MEAN = 0.4;
  private static final double DEVIATION = 0.7;

  /** abar whose lambdas lie evenly from 4 (index 0) down to -4. */
  private static double[] evenly(int steps) {
    double[] abar = new double[steps];
    for (int i = 0; i < steps; i++) {
      double lambda = 4 - (8.0 * i / (steps - 1));
      abar[i] = 1 / (1 + StrictMath.exp(-2 * lambda));
    }
    return abar;
  }

  /** Of data N(mean, deviation^2): the state at abar that lies on the way of the normal draw z. */
  private static double exact(double z, double abar) {
    double spread = Math.sqrt((abar * DEVIATION * DEVIATION) + 1 - abar);
    return (Math.sqrt(abar) * MEAN) + (spread * z);
  }

  /** The mean of x_0 where x is seen at abar. */
  private static double start(double x, double abar) {
    double variance = (abar * DEVIATION * DEVIATION) + 1 - abar;
    double gain = Math.sqrt(abar) * DEVIATION * DEVIATION / variance;
    return MEAN + (gain * (x - (Math.sqrt(abar) * MEAN)));
  }

  private static double apply(MultistepTable.Move move, double x, List<Double> starts) {
    double sum = move.sample() * x;
    for (int k = 0; k < move.starts().length; k++) {
      sum += move.starts()[k] * starts.get(k);
    }
    return sum;
  }

  /** The state at index 0, before the last move takes the estimate itself. */
  private static double dpmSolver(double[] abar, ToDoubleBiFunction<Double, Double> network) {
    MultistepTable table = new MultistepTable(abar);
    double x = exact(1.3, abar[abar.length - 1]);
    List<Double> starts = new ArrayList<>();
    for (int i = abar.length - 1; i > 0; i--) {
      starts.addFirst(network.applyAsDouble(x, abar[i]));
      x = apply(table.dpmSolver(i, Math.min(2, starts.size())), x, starts);
    }
    return x;
  }

  private static double uniPc(
      double[] abar, int order, ToDoubleBiFunction<Double, Double> network) {
    MultistepTable table = new MultistepTable(abar);
    double x = exact(1.3, abar[abar.length - 1]);
    double from = x;
    int last = 0;
    List<Double> starts = new ArrayList<>();
    for (int i = abar.length - 1; i >= 0; i--) {
      double start = network.applyAsDouble(x, abar[i]);
      starts.addFirst(start);
      if (last > 0) {
        x = apply(table.corrector(i, last), from, starts);
      }
      if (i > 0) {
        last = Math.min(order, starts.size());
        from = x;
        x = apply(table.predictor(i, last), x, starts);
      }
    }
    return x;
  }

  private interface Walk {
    double to(double[] abar);
  }

  /** log2 of the error's ratio when the steps are doubled, from {@code steps} on. */
  private static double order(Walk walk, int steps) {
    double coarse = Math.abs(walk.to(evenly(steps + 1)) - exact(1.3, evenly(2)[0]));
    double fine = Math.abs(walk.to(evenly((2 * steps) + 1)) - exact(1.3, evenly(2)[0]));
    return StrictMath.log(coarse / fine) / StrictMath.log(2);
  }

  @Test
  void convergesInThePublishedOrders() {
    double dpm = order(abar -> dpmSolver(abar, MultistepTest::start), 80);
    double first = order(abar -> uniPc(abar, 1, MultistepTest::start), 80);
    double second = order(abar -> uniPc(abar, 2, MultistepTest::start), 80);
    double third = order(abar -> uniPc(abar, 3, MultistepTest::start), 80);
    assertTrue(dpm > 1.8 && dpm < 2.3, "DPM-Solver++(2M): " + dpm);
    assertTrue(first > 1.8, "UniPC of order 1, corrected: " + first);
    assertTrue(second > 2.7, "UniPC of order 2, corrected: " + second);
    assertTrue(third > 3.5, "UniPC of order 3, corrected: " + third);
  }

  @Test
  void aPointOfDataIsReachedInTheFewestSteps() {
    double[] abar = evenly(2);
    double there = Math.sqrt(abar[0]) * MEAN;
    double noise = (exact(1.3, abar[1]) - (Math.sqrt(abar[1]) * MEAN)) / Math.sqrt(1 - abar[1]);
    double wanted = there + (Math.sqrt(1 - abar[0]) * noise);
    assertEquals(wanted, dpmSolver(abar, (x, a) -> MEAN), 1e-14);
    assertEquals(wanted, uniPc(abar, 1, (x, a) -> MEAN), 1e-14);
  }

  @Test
  void firstOrderIsDdim() {
    Schedule schedule = Schedule.full().respacedByLambda(7);
    MultistepTable table = MultistepTable.of(schedule);
    for (int i = 1; i < 7; i++) {
      double a = schedule.alphaCumprod(i);
      double p = schedule.alphaCumprodPrevious(i);
      double ratio = Math.sqrt((1 - p) / (1 - a));
      double[] start = {Math.sqrt(p) - (ratio * Math.sqrt(a))};
      assertEquals(ratio, table.dpmSolver(i, 1).sample(), 1e-14);
      assertArrayEquals(start, table.dpmSolver(i, 1).starts(), 1e-14);
      assertArrayEquals(start, table.predictor(i, 1).starts(), 1e-14);
    }
  }

  @Test
  void factorsOfAllMovesKeepAConstant() {
    MultistepTable table = MultistepTable.of(Schedule.full().respacedByLambda(9));
    for (int i = 1; i < 7; i++) {
      double one = table.dpmSolver(i, 1).starts()[0];
      for (int order = 1; order <= 3; order++) {
        double sum = 0;
        for (double factor : table.predictor(i, order).starts()) {
          sum += factor;
        }
        assertEquals(one, sum, 1e-12);
      }
    }
  }

  @Test
  void stepsLieEvenlyInLambda() {
    Schedule full = Schedule.full();
    Schedule some = full.respacedByLambda(20);
    assertEquals(20, some.steps());
    assertEquals(0, some.originalStep(0));
    assertEquals(999, some.originalStep(19));
    double gap = (full.lambda(0) - full.lambda(999)) / 19;
    for (int i = 1; i < 20; i++) {
      assertEquals(gap, some.lambda(i - 1) - some.lambda(i), 0.5 * gap);
    }
    for (int n : new int[] {1, 2, 3, 333, 999, 1000}) {
      Schedule each = full.respacedByLambda(n);
      assertEquals(n, each.steps());
      assertEquals(999, each.originalStep(n - 1));
      assertTrue(
          IntStream.range(1, n).allMatch(i -> each.originalStep(i) > each.originalStep(i - 1)));
    }
    assertThrows(IllegalArgumentException.class, () -> full.respacedByLambda(0));
    assertThrows(IllegalArgumentException.class, () -> full.respacedByLambda(1001));
  }

  /** The noise that {@link #start} implies, as a network of tensors; every sample its own step. */
  private static Sampler.Network network(Schedule schedule) {
    return (x, t) -> {
      int i =
          IntStream.range(0, schedule.steps())
              .filter(k -> schedule.originalStep(k) == (int) t[0])
              .findFirst()
              .orElseThrow();
      double a = schedule.alphaCumprod(i);
      double gain = start(1, a) - start(0, a);
      double sigma = Math.sqrt(1 - a);
      float factor = (float) ((1 - (Math.sqrt(a) * gain)) / sigma);
      return affine(x, factor, (float) (-Math.sqrt(a) * start(0, a) / sigma));
    };
  }

  private static float[] drawn(Sampler.Method method, int steps, float[] z) {
    Schedule schedule = method.spaced(Schedule.full(), steps);
    return new Sampler(schedule, method, Sampler.UNBOUND)
        .sample(
            network(schedule),
            Tensor.of(Shape.of(1, z.length, 1, 1, 1), z),
            (i, shape) -> {
              throw new AssertionError("drew noise");
            },
            (i, x, start) -> {})
        .toArray();
  }

  @Test
  void twentyStepsAreNearerThanManyOfDdim() {
    float[] z = {-2, -0.5f, 0, 0.3f, 1.3f, 2.1f};
    float[] wanted = new float[z.length];
    double first = Schedule.full().alphaCumprod(999);
    for (int k = 0; k < z.length; k++) {
      double spread = Math.sqrt((first * DEVIATION * DEVIATION) + 1 - first);
      double way = (z[k] - (Math.sqrt(first) * MEAN)) / spread;
      wanted[k] = (float) (MEAN + (DEVIATION * way));
    }
    double ddim = error(wanted, drawn(new Sampler.Method.Ddim(0), 100, z));
    double dpm = error(wanted, drawn(new Sampler.Method.DpmSolver(), 20, z));
    double uni = error(wanted, drawn(new Sampler.Method.UniPc(2), 20, z));
    double three = error(wanted, drawn(new Sampler.Method.UniPc(3), 20, z));
    assertTrue(dpm < 0.8 * ddim, dpm + " " + ddim);
    assertTrue(uni < 0.5 * ddim, uni + " " + ddim);
    assertTrue(three < 0.5 * ddim, three + " " + ddim);
    assertEquals(1, drawn(new Sampler.Method.UniPc(3), 1, new float[] {1}).length);
    assertThrows(IllegalArgumentException.class, () -> new Sampler.Method.UniPc(4));
  }

  private static double error(float[] wanted, float[] got) {
    double most = 0;
    for (int k = 0; k < wanted.length; k++) {
      most = Math.max(most, Math.abs(wanted[k] - got[k]));
    }
    return most;
  }

  /** What is remembered survives its step, and the caller's noise its walk. */
  @Test
  void memoryOfTheWalk() {
    float[] z = {0.3f, -1};
    for (Sampler.Method method :
        List.of(new Sampler.Method.DpmSolver(), new Sampler.Method.UniPc(3))) {
      Schedule schedule = method.spaced(Schedule.full(), 6);
      Tensor noise = Tensor.of(Shape.of(1, 2, 1, 1, 1), z.clone());
      Sampler sampler = new Sampler(schedule, method, 1);
      Sampler.Network two =
          (x, t) -> engine.op.layout.Layout.concat(2, scale(x, 0.5f), add(x, Tensor.scalar(1)));
      float[] once = sampler.sample(two, noise, (i, s) -> noise, (i, x, start) -> {}).toArray();
      float[] again = sampler.sample(two, noise, (i, s) -> noise, (i, x, start) -> {}).toArray();
      assertArrayEquals(once, again);
      assertArrayEquals(z, noise.toArray());
    }
  }
}
