package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.kernel.Engine;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import medsora.config.TrainConfig;
import medsora.denoiser.DenoiserConfig;
import medsora.train.store.StepReport;
import medsora.vae.LatentStatistics;
import nn.io.Weights;
import nn.optim.GradientTree;
import org.junit.jupiter.api.Test;

/** A step whose samples are computed in several places has the bits of one computed in one. */
class ReducerTest {
  private static final int BATCH = 5;
  private static final int STEPS = 2;

  private static TrainConfig config() {
    TrainConfig c = TinyRun.config();
    TrainConfig.DenoiserTraining t = c.denoiserTraining();
    return TinyRun.config(
        DenoiserConfig.of(c.denoiser()),
        new TrainConfig.DenoiserTraining(
            t.opening(),
            BATCH,
            t.learningRate(),
            t.clipNorm(),
            t.clipFromEpoch(),
            t.emaDecay(),
            t.emaForm(),
            t.recompute(),
            t.steps()));
  }

  private static List<Object> trained(Reducer reducer) {
    TrainConfig config = config();
    Stage stage =
        new Stage(
            new DenoiserObjective(
                config,
                TinyRun.CLIPS,
                DenoiserObjective.fresh(config),
                VaeObjective.fresh(config),
                new LatentStatistics(0.1f, 1.5f)),
            reducer);
    List<Object> seen = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      StepReport report = stage.step();
      seen.add(report.losses());
      seen.add(report.gradientNorm());
    }
    seen.add(Weights.sha256(stage.state().module().stateDict()));
    return seen;
  }

  /** Samples that are computed side by side, each on a thread of its own, show in nothing. */
  @Test
  void threadsDoNotShow() {
    List<List<Object>> seen = new ArrayList<>();
    for (int threads = 1; threads <= 3; threads++) {
      try (Engine engine = Engine.open("auto", threads)) {
        seen.add(engine.run(() -> trained(new LocalReducer())));
      }
    }
    assertEquals(seen.get(0), seen.get(1));
    assertEquals(seen.get(0), seen.get(2));
  }

  /** What the ranks of a test hand to each other: subtrees as values, losses by leaf. */
  private static final class Exchange {
    private final CyclicBarrier barrier;
    private final List<GradientTree.Subtree> parts = new ArrayList<>();
    private final TreeMap<Integer, Map<String, Double>> losses = new TreeMap<>();

    private Exchange(int ranks) {
      this.barrier = new CyclicBarrier(ranks);
    }

    private synchronized void give(
        List<GradientTree.Subtree> own, Map<Integer, Map<String, Double>> values) {
      own.stream().map(Exchange::copy).forEach(parts::add);
      losses.putAll(values);
    }

    private static GradientTree.Subtree copy(GradientTree.Subtree part) {
      return new GradientTree.Subtree(
          part.first(),
          part.leaves(),
          part.gradients().stream().map(g -> Tensor.of(g.shape(), g.toArray())).toList());
    }

    private void await() {
      try {
        barrier.await();
      } catch (InterruptedException | BrokenBarrierException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Leaf i is computed by the rank that {@code owner} says. */
  private record Rank(
      int number,
      int[] owner,
      Exchange exchange,
      GradientTree own,
      Map<Integer, Map<String, Double>> values)
      implements Reducer {
    private Rank(int number, int[] owner, Exchange exchange) {
      this(number, owner, exchange, new GradientTree(), new TreeMap<>());
    }

    @Override
    public List<Integer> begin(int count) {
      return IntStream.range(0, count).filter(i -> owner[i] == number).boxed().toList();
    }

    @Override
    public void add(int leaf, List<Tensor> gradients, Map<String, Double> losses) {
      own.add(leaf, gradients);
      values.put(leaf, losses);
    }

    @Override
    public Sum sum(int count) {
      exchange.give(own.take(), values);
      exchange.await();
      LocalReducer whole = new LocalReducer();
      GradientTree tree = new GradientTree();
      exchange.parts.stream().map(Exchange::copy).forEach(tree::add);
      List<Tensor> gradients = tree.sum(count);
      exchange.losses.forEach((leaf, v) -> whole.add(leaf, List.of(), v));
      Map<String, Double> losses = whole.sum(count).losses();
      values.clear();
      exchange.await();
      if (number == 0) {
        exchange.parts.clear();
        exchange.losses.clear();
      }
      exchange.await();
      return new Sum(gradients, losses);
    }
  }

  @Test
  void ranksOfUnevenSharesGiveTheSameWeights() throws Exception {
    List<Object> wanted = trained(new LocalReducer());
    Exchange exchange = new Exchange(3);
    int[] owner = {1, 0, 1, 1, 0};
    try (ExecutorService ranks = Executors.newFixedThreadPool(3)) {
      List<Future<List<Object>>> results = new ArrayList<>();
      for (int r = 0; r < 3; r++) {
        int number = r;
        Callable<List<Object>> task = () -> trained(new Rank(number, owner, exchange));
        results.add(ranks.submit(task));
      }
      for (Future<List<Object>> result : results) {
        assertEquals(wanted, result.get());
      }
    }
  }
}
