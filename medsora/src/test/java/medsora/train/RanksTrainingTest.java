package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.ranks.Ranks;
import engine.testing.ThreadTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import medsora.config.TrainConfig;
import medsora.config.TrainConfig.EarlyStopping;
import medsora.train.store.RunFolder;
import medsora.vae.LatentStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs by several ranks, killed and continued by others: files are those of one. */
class RanksTrainingTest {
  private static final int BATCH = 3;
  private static final int STEPS = 6;
  private static final int KILLS = 4;

  @TempDir Path folder;

  /**
   * With validation, and with batch norms to whose running statistics the order of samples counts.
   */
  private static TrainConfig config() {
    TrainConfig c = TinyRun.config();
    TrainConfig.VaeTraining v = c.vaeTraining();
    TrainConfig.DenoiserTraining d = c.denoiserTraining();
    return new TrainConfig(
        c.name(),
        c.seed(),
        c.data(),
        c.vae(),
        new TrainConfig.VaeTraining(
            v.scope(),
            v.frames(),
            BATCH,
            v.learningRate(),
            v.beta1(),
            v.beta2(),
            v.clipNorm(),
            v.focal(),
            v.kl(),
            v.emaDecay(),
            v.emaForm(),
            v.recompute(),
            v.steps()),
        c.denoiser(),
        new TrainConfig.DenoiserTraining(
            d.opening(),
            BATCH,
            d.learningRate(),
            d.clipNorm(),
            d.clipFromEpoch(),
            d.emaDecay(),
            d.emaForm(),
            d.recompute(),
            d.steps()),
        c.alignment(),
        new EarlyStopping(2, 5, 3),
        c.perceptual(),
        c.watching(),
        c.recipe());
  }

  private static Objective objective(String name, TrainConfig config) {
    return name.equals(VaeObjective.NAME)
        ? new VaeObjective(config, TinyRun.CLIPS, VaeObjective.fresh(config))
        : new DenoiserObjective(
            config,
            TinyRun.CLIPS,
            DenoiserObjective.fresh(config),
            VaeObjective.fresh(config),
            new LatentStatistics(0.1f, 1.5f));
  }

  /** What a kill looks like to a rank. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Pieces of which the smallest model has several; three ranks and more have shards. */
  private static Reducer reducer(Ranks ranks) {
    boolean shards = ranks.count() > 2;
    return ranks.count() == 1
        ? new LocalReducer()
        : new RankReducer(ranks, new RankReducer.Settings(20_000, true, shards));
  }

  /**
   * Trains as one rank of some.
   *
   * @param kill step after which all are killed, before they save
   */
  private static String train(String name, Ranks ranks, Path out, long kill) {
    try (RunFolder run = ranks.isFirst() ? RunFolder.open(out) : RunFolder.heldByOther(out)) {
      Stage stage = new Stage(objective(name, config()), reducer(ranks));
      Trainer.Listener listener =
          report -> {
            if (report.step() == kill) {
              throw new Killed();
            }
          };
      return new Trainer(run, TinyRun.CLIPS, listener, () -> false, 2).run(stage, STEPS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void killedAndContinued(String name) throws Exception {
    Path whole = folder.resolve(name + "-whole");
    String wanted = train(name, Ranks.ALONE, whole, 0);
    Path run = folder.resolve(name);
    int[] counts = {1, 2, 3, 5};
    for (int kill = 0; kill < KILLS; kill++) {
      // Checkpoints are of every second step, so that a run goes on until it is killed behind one.
      int step = 1 + (kill * STEPS / KILLS);
      int count = counts[kill];
      ExecutionException e =
          assertThrows(
              ExecutionException.class,
              () -> ThreadTransport.run(count, r -> train(name, r, run, step)));
      assertInstanceOf(Killed.class, e.getCause());
    }
    List<String> hashes = ThreadTransport.run(2, r -> train(name, r, run, 0));
    assertEquals(List.of(wanted, wanted), hashes);
    String file = name + ".safetensors";
    assertEquals(-1, Files.mismatch(whole.resolve(file), run.resolve(file)));
  }

  @Test
  void autoencodersAreTheSame() throws Exception {
    killedAndContinued(VaeObjective.NAME);
  }

  @Test
  void denoisersAreTheSame() throws Exception {
    killedAndContinued(DenoiserObjective.NAME);
    for (String each : List.of("metrics.jsonl", "denoiser-best.safetensors")) {
      Path run = folder.resolve(DenoiserObjective.NAME);
      Path whole = folder.resolve(DenoiserObjective.NAME + "-whole");
      assertEquals(lines(whole.resolve(each)), lines(run.resolve(each)));
    }
  }

  /** Without the seconds of steps. */
  private static String lines(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    String text = new String(all, java.nio.charset.StandardCharsets.ISO_8859_1);
    return text.replaceAll(",\"seconds\":[^}]*", "");
  }
}
