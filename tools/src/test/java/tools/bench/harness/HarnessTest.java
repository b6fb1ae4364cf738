package tools.bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.bench.Rows;

/** Plans, statistics, groups and what is said between processes; no time is asserted. */
class HarnessTest {
  @TempDir Path folder;

  @Test
  void quartilesAreInterpolated() {
    Statistics s = Statistics.of(List.of(4.0, 1.0, 2.0, 3.0));
    assertEquals(new Statistics(1.75, 2.5, 3.25), s);
    assertEquals(0.6, s.spread(), 1e-12);
    assertEquals(new Statistics(7, 7, 7), Statistics.of(List.of(7.0)));
  }

  @Test
  void aPlanEndsWithSamplesAndTime() {
    Plan plan = new Plan(1, 4, 7, 31, 40);
    assertFalse(plan.isEnough(0, 0, 100));
    assertFalse(plan.isEnough(6, 10, 0), "fewer than wanted");
    assertFalse(plan.isEnough(7, 3, 0), "time is left");
    assertTrue(plan.isEnough(7, 4, 0));
    assertTrue(plan.isEnough(31, 1, 0), "as many as allowed");
    assertTrue(plan.isEnough(2, 50, 0), "long ones need no company");
    assertTrue(plan.isEnough(1, 0.1, 41), "late");
    assertEquals(0, plan.warmUp(41));
    assertFalse(Plan.FULL.isEnough(1, 0.1, 1e6), "a full run is never late");
  }

  @Test
  void aRowIsColdUntilNeighboursAgree() {
    assertFalse(Harness.settled(List.of()));
    assertFalse(Harness.settled(List.of(3.1)), "one run may be the compiler's");
    assertFalse(Harness.settled(List.of(3.1, 1.4)));
    assertTrue(Harness.settled(List.of(3.1, 1.25, 1.2)));
  }

  @Test
  void familiesTakeTurnsInBoundedGroups() {
    for (int processes : new int[] {1, 2}) {
      List<List<tools.bench.Row>> groups = Harness.groups(Rows.all(), processes);
      assertEquals(Rows.all(), groups.stream().flatMap(List::stream).toList());
      for (List<tools.bench.Row> group : groups) {
        assertEquals(1, group.stream().map(tools.bench.Row::family).distinct().count());
        int most = Math.max(1, group.getFirst().family().together() / processes);
        assertTrue(group.size() <= most);
      }
    }
  }

  @Test
  void aServiceAnswersLineByLine() {
    AtomicInteger runs = new AtomicInteger();
    Service service =
        new Service(name -> {
          if (name.equals("none")) {
            throw new UnsupportedOperationException("no none");
          }
          return () -> {
            runs.incrementAndGet();
            return 0.25;
          };
        });
    assertEquals("unsupported no none", service.answer("open none"));
    assertEquals("ok", service.answer("open row"));
    assertEquals("ok false", service.answer("warm 0"), "one run agrees with nothing");
    assertTrue(runs.get() > 0);
    String answer = service.answer("sample");
    assertEquals(0.25, Sample.parse(answer.substring("ok ".length())).seconds(), 1e-12);
    assertTrue(Long.parseLong(service.answer("peak").substring("ok ".length())) > 1 << 20);
    assertTrue(service.answer("dance").startsWith("failed"));
  }

  @Test
  void anotherBuildIsFoundByItsCheckout() throws IOException {
    IOException e = assertThrows(IOException.class, () -> Peers.build(folder, Map.of()));
    assertTrue(e.getMessage().contains("mvn -B -q -DskipTests package"), e.getMessage());
    Path lib = Files.createDirectories(folder.resolve("tools/target/lib"));
    Path jar = Files.createFile(lib.resolveSibling("tools-0.1.0-SNAPSHOT.jar"));
    Files.createFile(lib.resolveSibling("tools-0.1.0-SNAPSHOT-sources.jar"));
    Rival rival = Peers.build(folder, Map.of("engine.backend", "scalar"));
    assertTrue(rival.inTurn());
    List<String> command = rival.launch().command(2);
    assertTrue(command.contains("-Dengine.backend=scalar"), command::toString);
    assertTrue(command.get(command.size() - 2).startsWith(jar.toAbsolutePath().toString()));
    assertFalse(command.toString().contains("sources"), command::toString);
    assertEquals(RowProcess.class.getName(), command.getLast());
  }

  @Test
  void anAbsentPeerSaysHowToGetIt() throws IOException {
    IOException e = assertThrows(IOException.class, () -> Peers.launch("djl", folder));
    assertTrue(e.getMessage().contains("mvn -B -q -Pdjl -DskipTests package"), e.getMessage());
    Path lib = Files.createDirectories(folder.resolve("djl/target/lib"));
    Files.createFile(lib.resolveSibling("tools-djl-0.1.0-SNAPSHOT.jar"));
    List<String> command = Peers.launch("djl", folder).command(3);
    assertTrue(command.contains("-Dengine.threads=3"), command::toString);
    assertEquals("tools.djl.DjlProcess", command.getLast());
  }
}
