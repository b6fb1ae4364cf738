package engine.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.ThreadTransport;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
                      Duration.ZERO,
                      new Pulse(),
                      loss -> {
                        assertEquals(Loss.Kind.SILENT, loss.how());
                        named.set(loss.rank());
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

  private static Heart heart(Ranks ranks, Duration stillness, Pulse pulse, Consumer<Loss> lost) {
    return new Heart(ranks.transport(), Duration.ofSeconds(20), stillness, pulse, lost);
  }

  /** All hearts beat: one rank waits, one works on, and one is asleep. */
  @Test
  void aRankThatStandsStillIsNamedWhereAnotherWaits() throws Exception {
    CountDownLatch over = new CountDownLatch(3);
    List<Loss> lost =
        ThreadTransport.run(
            3,
            ranks -> {
              AtomicReference<Loss> named = new AtomicReference<>();
              Pulse pulse = new Pulse();
              if (ranks.rank() == 1) {
                pulse.beginWait();
              }
              Duration stillness = Duration.ofSeconds(4);
              try (Heart heart = heart(ranks, stillness, pulse, named::set)) {
                while (named.get() == null) {
                  if (ranks.rank() == 0) {
                    pulse.move();
                  }
                  sleep();
                }
                over.countDown();
                await(over);
              }
              return named.get();
            });
    assertEquals(Collections.nCopies(3, new Loss(2, Loss.Kind.STILL)), lost);
  }

  /** However long it takes: nobody waits for it. */
  @Test
  void aRankThatWorksLongIsLeftAloneWhereNobodyWaits() throws Exception {
    CountDownLatch over = new CountDownLatch(2);
    List<Boolean> lost =
        ThreadTransport.run(
            2,
            ranks -> {
              Duration stillness = Duration.ofMillis(200);
              try (Heart heart = heart(ranks, stillness, new Pulse(), loss -> {})) {
                for (int i = 0; i < 40; i++) {
                  sleep();
                }
                boolean any = heart.hasLost();
                over.countDown();
                await(over);
                return any;
              }
            });
    assertEquals(List.of(false, false), lost);
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
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
              try (Heart heart = heart(ranks, Duration.ZERO, new Pulse(), loss -> {})) {
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
