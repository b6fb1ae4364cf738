package engine.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.ThreadTransport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Signs of life, and who is missed. */
class HeartTest {
  private static final Duration SILENCE = Duration.ofSeconds(2);

  @Test
  void aSilentRankIsNamedByTheFirstAndByTheOthers() throws Exception {
    CountDownLatch over = new CountDownLatch(2);
    List<Integer> lost =
        ThreadTransport.run(
            3,
            ranks -> {
              AtomicInteger named = new AtomicInteger(-1);
              // Rank 1 has no heart: as if it were stopped.
              if (ranks.rank() == 1) {
                await(over);
                return named.get();
              }
              CountDownLatch told = new CountDownLatch(1);
              try (Heart heart =
                  new Heart(
                      ranks.transport(),
                      SILENCE,
                      rank -> {
                        named.set(rank);
                        told.countDown();
                      })) {
                await(told);
                over.countDown();
                await(over);
              }
              return named.get();
            });
    assertEquals(List.of(1, -1, 1), lost);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatAllHaveDoneAddsUp() throws Exception {
    CountDownLatch counted = new CountDownLatch(1);
    List<Long> seen =
        ThreadTransport.run(
            2,
            ranks -> {
              try (Heart heart = new Heart(ranks.transport(), Duration.ofSeconds(60), rank -> {})) {
                heart.done(ranks.rank() == 0 ? 3 : 4);
                while (ranks.rank() == 0 && heart.doneByAll() < 7) {
                  Thread.onSpinWait();
                }
                long all = heart.doneByAll();
                if (ranks.rank() == 0) {
                  counted.countDown();
                }
                await(counted);
                assertFalse(heart.hasLost());
                return all;
              }
            });
    assertEquals(7, seen.getFirst());
  }
}
