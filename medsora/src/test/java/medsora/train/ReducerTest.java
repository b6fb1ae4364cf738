package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.kernel.Engine;
import engine.testing.ThreadTransport;
import java.util.ArrayList;
import java.util.List;
import medsora.config.TrainConfig;
import medsora.denoiser.DenoiserConfig;
import medsora.train.store.StepReport;
import medsora.vae.LatentStatistics;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /**
   * Uneven shares, and more ranks than samples; gradients that go while backward goes on and behind
   * it, in pieces of any size; the optimiser's state in all ranks and in each a part.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 7})
  void ranksGiveTheSameWeights(int count) throws Exception {
    List<Object> wanted = trained(new LocalReducer());
    for (RankReducer.Settings settings :
        List.of(
            new RankReducer.Settings(1 << 20, true, false),
            new RankReducer.Settings(10_000, false, false),
            new RankReducer.Settings(10_000, true, true))) {
      List<List<Object>> found =
          ThreadTransport.run(count, r -> trained(new RankReducer(r, settings)));
      found.forEach(each -> assertEquals(wanted, each, settings.toString()));
    }
  }

  /** Samples side by side in each rank: a piece goes when the last of them has reached it. */
  @Test
  void threadsOfRanksDoNotShow() throws Exception {
    List<Object> wanted = trained(new LocalReducer());
    RankReducer.Settings settings = new RankReducer.Settings(10_000, true, true);
    List<List<Object>> found =
        ThreadTransport.run(
            2,
            r -> {
              try (Engine engine = Engine.open("auto", 2)) {
                return engine.run(() -> trained(new RankReducer(r, settings)));
              }
            });
    found.forEach(each -> assertEquals(wanted, each));
  }
}
