package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.scalar.ScalarKernels;
import engine.op.elementwise.Elementwise;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Bits;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When an engine may close, and what becomes of those who use it or do not let it. */
class EngineCloseTest {
  private static final int SIZE = 5000;

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("engine-worker"))
        .count();
  }

  @Test
  @Timeout(20)
  void closingWaitsForTheBodyThatRuns() throws InterruptedException, ExecutionException {
    Engine engine = Engine.open("scalar", 1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Tensor x = Tensor.generate(Shape.of(SIZE), i -> i);
    try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
      Future<Tensor> body =
          callers.submit(() ->
              engine.run(() -> {
                begun.countDown();
                go.await();
                return engine.run(() -> Elementwise.scale(x, 2));
              }));
      begun.await();
      Future<?> closing = callers.submit(engine::close);
      while (accepts(engine)) {
        Thread.sleep(1);
      }
      assertFalse(closing.isDone());
      go.countDown();
      Bits.assertEqual(Elementwise.scale(x, 2).toArray(), body.get().toArray(), "whole");
      closing.get();
    }
    assertThrows(IllegalStateException.class, () -> engine.kernels().allocate(SIZE));
  }

  private static boolean accepts(Engine engine) {
    try {
      return engine.run(() -> true);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  @Timeout(20)
  void aBodyCannotCloseItsEngine() {
    AtomicReference<Workers> team = new AtomicReference<>();
    try (Engine engine =
        Engine.open(
            3,
            workers -> {
              team.set(workers);
              return new ScalarKernels(workers);
            })) {
      cannotClose(engine, "close it when run has returned", engine::close);
      cannotClose(
          engine,
          "called back into its own team",
          () -> team.get().forEach(8, i -> engine.close()));
      assertEquals(7, engine.run(() -> 7));
    }
  }

  private static void cannotClose(Engine engine, String why, Runnable body) {
    String said =
        assertThrows(
                IllegalStateException.class,
                () ->
                    engine.run(() -> {
                      body.run();
                      return null;
                    }))
            .getMessage();
    assertTrue(said.contains(why), said);
  }

  @Test
  void whatABodyThrowsComesOutAsItIs() {
    IOException thrown = new IOException("no file");
    try (Engine engine = Engine.open("scalar", 1)) {
      ScopedValue.CallableOp<Integer, IOException> body =
          () -> {
            throw thrown;
          };
      assertSame(thrown, assertThrows(IOException.class, () -> engine.run(body)));
      assertEquals(1, engine.run(() -> 1));
    }
  }

  @Test
  void aBackendThatDoesNotCloseLeavesNothingElseOpen() {
    long before = threads();
    int[] closed = {0};
    Engine engine =
        Engine.open(
            3,
            workers ->
                new ScalarKernels(workers) {
                  @Override
                  public void close() {
                    closed[0]++;
                    throw new IllegalStateException("lost");
                  }
                });
    engine.kernels().allocate(SIZE).release();
    assertThrows(IllegalStateException.class, engine::close);
    engine.close();
    assertEquals(1, closed[0]);
    assertEquals(before, threads());
    assertEquals(0, engine.idleBytes());
    assertThrows(IllegalStateException.class, () -> engine.kernels().allocate(SIZE));
  }

  @Test
  void theTeamThatAllShareStaysOpen() {
    Workers.SINGLE.close();
    int[] ran = {0};
    Workers.SINGLE.forEach(3, i -> ran[0]++);
    assertEquals(3, ran[0]);
  }
}
