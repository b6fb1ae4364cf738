package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
  private final List<Workers> teams = new ArrayList<>();

  private Workers team(int threads) {
    Workers team = new Workers(threads);
    teams.add(team);
    return team;
  }

  @AfterEach
  void end() {
    teams.forEach(Workers::close);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void runsEachTaskOnce(int threads) {
    Workers workers = team(threads);
    for (int round = 0; round < 2000; round++) {
      int tasks = round % 23;
      AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
      workers.forEach(tasks, runs::incrementAndGet);
      for (int i = 0; i < tasks; i++) {
        assertEquals(1, runs.get(i), "round " + round + " task " + i);
      }
    }
  }

  /** What the tasks wrote is visible to the caller without any help of its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void publishesPlainWrites(int threads) {
    Workers workers = team(threads);
    int[] out = new int[64];
    for (int round = 1; round <= 2000; round++) {
      int value = round;
      workers.forEach(out.length, i -> out[i] = value);
      for (int v : out) {
        assertEquals(round, v);
      }
    }
  }

  /** Pauses longer than the spinning put the daemons to sleep; none may miss its call. */
  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void wakesAfterSleep(int threads) throws InterruptedException {
    Workers workers = team(threads);
    for (int round = 0; round < 100; round++) {
      Thread.sleep(0, 30_000 + (round % 10) * 10_000);
      // Passes only if every thread of the team takes one task.
      CountDownLatch all = new CountDownLatch(threads);
      workers.forEach(
          threads,
          i -> {
            all.countDown();
            try {
              assertTrue(all.await(30, TimeUnit.SECONDS), "a daemon slept through its call");
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void failureOfTheLowestTaskReachesTheCallerAndTheTeamGoesOn(int threads) {
    Workers workers = team(threads);
    for (int round = 0; round < 50; round++) {
      AtomicInteger ran = new AtomicInteger();
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  workers.forEach(
                      20,
                      i -> {
                        ran.incrementAndGet();
                        if (i % 5 == 3) {
                          throw new IllegalArgumentException("task " + i);
                        }
                      }));
      assertEquals("task 3", e.getMessage());
      assertEquals(20, ran.get());
      AtomicInteger after = new AtomicInteger();
      workers.forEach(20, i -> after.incrementAndGet());
      assertEquals(20, after.get());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void errorsKeepTheirType(int threads) {
    Workers workers = team(threads);
    assertThrows(
        StackOverflowError.class,
        () ->
            workers.forEach(
                3,
                i -> {
                  throw new StackOverflowError();
                }));
  }

  /** From the caller's own tasks and from a daemon's: an error, never a deadlock. */
  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void reentryIsAnError(int threads) {
    Workers workers = team(threads);
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> workers.forEach(100, i -> workers.forEach(2, j -> {})));
    assertTrue(e.getMessage().contains("called back"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void callersFromSeveralThreadsTakeTurns(int threads) throws InterruptedException {
    Workers workers = team(threads);
    AtomicInteger total = new AtomicInteger();
    Thread[] callers = new Thread[4];
    for (int c = 0; c < callers.length; c++) {
      callers[c] =
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < 200; round++) {
                  workers.forEach(5, i -> total.incrementAndGet());
                }
              });
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(4 * 200 * 5, total.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void rangesCoverEachElementOnce(int threads) {
    Workers workers = team(threads);
    for (int n : new int[] {0, 1, 2, 63, 64, 1000, 8191, 8192, 100_003, 393_216}) {
      for (int grain : new int[] {1, 7, 8192}) {
        byte[] hits = new byte[n];
        workers.ranges(
            n,
            grain,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                hits[i]++;
              }
            });
        byte[] once = new byte[n];
        java.util.Arrays.fill(once, (byte) 1);
        assertArrayEquals(once, hits, "n " + n + " grain " + grain);
      }
    }
  }

  /** The ends of the last ranges lie beyond the largest int. */
  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void rangesReachTheLargestIndex(int threads) {
    Workers workers = team(threads);
    java.util.concurrent.atomic.AtomicLong total = new java.util.concurrent.atomic.AtomicLong();
    workers.ranges(Integer.MAX_VALUE - 8, 8192, (from, to) -> total.addAndGet(to - from));
    assertEquals(Integer.MAX_VALUE - 8, total.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void wantsAThread(int threads) {
    assertThrows(IllegalArgumentException.class, () -> new Workers(threads));
  }
}
