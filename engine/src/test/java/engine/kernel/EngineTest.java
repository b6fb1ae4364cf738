package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.scalar.ScalarKernels;
import engine.op.elementwise.Elementwise;
import engine.op.linalg.Linalg;
import engine.op.reduce.Reduce;
import engine.tensor.HalfFloats;
import engine.tensor.MemoryScope;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.SplitMix;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads, memory and backend that live and end together. */
class EngineTest {
  private static final int SIZE = 5000;

  private static Tensor drawn(long seed, int... dims) {
    return Tensor.generate(Shape.of(dims), i -> 2 * SplitMix.unit(seed, i) - 1);
  }

  /** Products, elementwise loops and sums, forward and backward. */
  private static float[] gradient() {
    Tensor x = drawn(1, 67, 131).asParameter();
    Tensor w = drawn(2, 131, 259);
    try (Tape tape = Tape.open()) {
      Gradients g = tape.backward(Reduce.sum(Elementwise.silu(Linalg.matmul(x, w))));
      return g.of(x).toArray();
    }
  }

  @Test
  void twoEnginesOfDifferentThreadsComputeTheSameBitsAtOnce() throws Exception {
    float[] expected = Backends.with(new ScalarKernels(Workers.SINGLE), EngineTest::gradient);
    CountDownLatch both = new CountDownLatch(2);
    try (Engine one = Engine.open("scalar", 1);
        Engine three = Engine.open("auto", 3);
        ExecutorService callers = Executors.newFixedThreadPool(2)) {
      assertEquals(1, one.threads());
      assertEquals(3, three.threads());
      Future<float[]> first = callers.submit(repeatedly(one, both));
      Future<float[]> second = callers.submit(repeatedly(three, both));
      Bits.assertEqual(expected, first.get(), "one thread");
      Bits.assertEqual(expected, second.get(), "three threads");
    }
  }

  private static Callable<float[]> repeatedly(Engine engine, CountDownLatch both) {
    return () ->
        engine.run(() -> {
          assertEquals(engine.kernels(), Backends.current());
          both.countDown();
          both.await();
          float[] last = gradient();
          for (int i = 0; i < 10; i++) {
            assertArrayEquals(last, gradient());
          }
          return last;
        });
  }

  @Test
  void closingEndsTheThreads() {
    long before = countAll();
    Engine engine = Engine.open("scalar", 4);
    engine.run(EngineTest::gradient);
    assertEquals(before + 3, countAll());
    engine.close();
    engine.close();
    assertEquals(before, countAll());
  }

  @Test
  void closingGivesTheIdleMemoryBack() {
    Engine engine = Engine.open("scalar", 1);
    long probed = engine.idleBytes();
    engine.kernels().allocate(SIZE).release();
    assertEquals(probed + 4L * SIZE, engine.idleBytes());
    Storage late = engine.kernels().allocate(SIZE);
    engine.close();
    late.release();
    assertEquals(0, engine.idleBytes());
  }

  @Test
  void whatComesAfterTheEndIsRefused() {
    Engine engine = Engine.open("scalar", 2);
    Kernels kernels = engine.kernels();
    Tensor kept = engine.run(() -> Elementwise.scale(drawn(3, SIZE), 2));
    engine.close();
    refused("this engine is closed", () -> engine.run(() -> 1));
    refused("the engine of this pool is closed", () -> kernels.allocate(SIZE));
    refused("its threads have ended", () -> kernels.copies().fill(kept.storage(), 1, SIZE));
    Bits.assertEqual(
        Elementwise.scale(drawn(3, SIZE), 2).toArray(), kept.toArray(), "outlives its engine");
  }

  private static void refused(String why, Runnable use) {
    String said = assertThrows(IllegalStateException.class, use::run).getMessage();
    assertTrue(said.contains(why) && said.contains("or open another"), said);
  }

  @Test
  void memoryGoesBackToThePoolItCameFrom() {
    try (Engine a = Engine.open("scalar", 1);
        Engine b = Engine.open("scalar", 1)) {
      long ofA = a.idleBytes();
      long ofB = b.idleBytes();
      try (MemoryScope scope = MemoryScope.open()) {
        Tensor x = a.run(() -> Elementwise.scale(drawn(4, SIZE), 2));
        Tensor y = b.run(() -> Elementwise.scale(x, 3));
        assertTrue(scope.holds(x.storage()) && scope.holds(y.storage()));
        assertEquals(ofA, a.idleBytes());
        assertEquals(ofB, b.idleBytes());
      }
      assertEquals(ofA + 4L * SIZE, a.idleBytes());
      assertEquals(ofB + 4L * SIZE, b.idleBytes());
      a.run(() -> Elementwise.scale(drawn(4, SIZE), 2));
      assertEquals(ofA, a.idleBytes());
      assertEquals(ofB + 4L * SIZE, b.idleBytes());
    }
  }

  @Test
  void memoryThatNoKernelAllocatesIsTheEnginesToo() {
    HalfFloats half = HalfFloats.round(HalfFloats.Format.FLOAT16, new float[SIZE]);
    try (Engine engine = Engine.open("scalar", 1)) {
      long probed = engine.idleBytes();
      engine.run(() -> {
        half.widen(Shape.of(SIZE)).storage().release();
        return null;
      });
      assertEquals(probed + 4L * SIZE, engine.idleBytes());
    }
  }

  @Test
  void anotherChoiceForTheProcessEndsTheOneBefore() {
    Tensor x = drawn(5, SIZE);
    Kernels before = Backends.configure("scalar", 2);
    before.copies().fill(x.storage(), 1, SIZE);
    Kernels after = Backends.configure("auto", 0);
    assertEquals(after, Backends.current());
    refused("its threads have ended", () -> before.copies().fill(x.storage(), 2, SIZE));
    after.copies().fill(x.storage(), 3, SIZE);
    assertEquals(3, x.toArray()[SIZE - 1]);
  }

  @Test
  void aBackendThatDoesNotOpenLeavesNoThreads() {
    long before = countAll();
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Engine.open(
                5,
                workers -> {
                  throw new IllegalArgumentException("no");
                }));
    assertEquals(before, countAll());
    assertThrows(IllegalArgumentException.class, () -> Engine.open("auto", -1));
  }

  private static long countAll() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("engine-worker"))
        .count();
  }

  @Test
  void closingWaitsForTheLoopThatRuns() throws InterruptedException, ExecutionException {
    Workers team = new Workers(3);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    int[] done = new int[6];
    try (ExecutorService caller = Executors.newFixedThreadPool(2)) {
      Future<?> loop =
          caller.submit(() ->
              team.forEach(
                  6,
                  i -> {
                    begun.countDown();
                    await(go);
                    done[i]++;
                  }));
      begun.await();
      Future<?> closing = caller.submit(team::close);
      assertFalse(closing.isDone());
      go.countDown();
      loop.get();
      closing.get();
    }
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1}, done);
    assertThrows(IllegalStateException.class, () -> team.forEach(2, i -> {}));
    assertThrows(IllegalStateException.class, () -> team.ranges(1, 1, (from, to) -> {}));
  }

  @Test
  @Timeout(20)
  void closingWaitsForTheBodyThatRuns() throws InterruptedException, ExecutionException {
    Engine engine = Engine.open("scalar", 1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Tensor x = drawn(6, SIZE);
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
    long before = countAll();
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
    assertEquals(before, countAll());
    assertEquals(0, engine.idleBytes());
    refused("the engine of this pool is closed", () -> engine.kernels().allocate(SIZE));
  }

  @Test
  void theTeamThatAllShareStaysOpen() {
    Workers.SINGLE.close();
    int[] ran = {0};
    Workers.SINGLE.forEach(3, i -> ran[0]++);
    assertEquals(3, ran[0]);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTaskCannotCloseItsTeam() {
    try (Workers team = new Workers(3)) {
      for (int tasks : new int[] {2, 40}) {
        String said =
            assertThrows(IllegalStateException.class, () -> team.forEach(tasks, i -> team.close()))
                .getMessage();
        assertTrue(said.contains("called back into its own team"), said);
      }
    }
  }
}
