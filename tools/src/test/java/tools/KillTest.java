package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import medsora.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.soak.Crews;
import tools.soak.KillRuns;
import tools.soak.Moment;

/** A few of the kills that {@code ./run soak} does many of, one of each kind. */
class KillTest {
  private static final int STEPS = 5;

  @TempDir Path folder;

  @Test
  void killedRunsEndAsIfNothingHadHappened() throws Exception {
    Iterator<Moment> moments =
        List.<Moment>of(
                new Moment.Writing(2, 0.5),
                new Moment.Writing(1, 1),
                new Moment.Renamed(2),
                new Moment.Age(2))
            .iterator();
    StringBuilder told = new StringBuilder();
    KillRuns runs =
        new KillRuns(
            Train.class,
            new Crews.Alone(),
            folder,
            List.of("--config", "tiny"),
            STEPS,
            life -> moments.hasNext() ? moments.next() : new Moment.Writing(1, 0.3),
            line -> told.append(line).append('\n'));
    assertEquals(List.of(), runs.run(4), told.toString());
    assertEquals(4, runs.kills().size(), told.toString());
    Path config = folder.resolve("run-1").resolve(Config.FILE);
    assertEquals(Config.read("tiny"), Config.read(config.toString()));
    assertTrue(Files.exists(folder.resolve("undisturbed").resolve("metrics.jsonl")));
  }
}
