package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.op.elementwise.Elementwise;
import engine.op.linalg.Linalg;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pieces of work side by side: each runs once, alone on a thread, with the bits of a team. */
class PiecesTest {
  private static final int PIECES = 5;

  @ParameterizedTest
  @CsvSource({"scalar,1", "scalar,3", "simd,2", "simd,3"})
  void eachPieceRunsOnceAndComputesAlone(String backend, int threads) {
    try (Engine engine = Engine.open(backend, threads)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(PIECES);
      int[] teams = new int[PIECES];
      engine.run(() -> {
        assertEquals(threads, Pieces.atOnce());
        Pieces.run(
            PIECES,
            piece -> {
              runs.incrementAndGet(piece);
              teams[piece] = Pieces.atOnce();
              assertEquals(backend, Backends.current().name());
            });
        return engine;
      });
      for (int piece = 0; piece < PIECES; piece++) {
        assertEquals(1, runs.get(piece), "piece " + piece);
        assertEquals(1, teams[piece], "piece " + piece);
      }
    }
  }

  /** One piece alone is for the whole team, and so is what comes after the pieces. */
  @Test
  void oneAloneHasTheTeam() {
    try (Engine engine = Engine.open("scalar", 3)) {
      int[] teams = new int[2];
      engine.run(() -> {
        Pieces.run(1, piece -> teams[0] = Pieces.atOnce());
        Pieces.run(2, piece -> {});
        teams[1] = Pieces.atOnce();
        return engine;
      });
      assertArrayEquals(new int[] {3, 3}, teams);
    }
  }

  @ParameterizedTest
  @CsvSource({"scalar,3", "simd,2", "simd,3"})
  void valuesAndGradientsAreThoseOfOneAfterTheOther(String backend, int threads) {
    float[][] wanted = new float[PIECES][];
    float[][] got = new float[PIECES][];
    try (Engine engine = Engine.open(backend, threads)) {
      engine.run(() -> {
        Tensor weight = numbers(Shape.of(40, 50), 3).asParameter();
        for (int piece = 0; piece < PIECES; piece++) {
          wanted[piece] = gradient(weight, piece);
        }
        Pieces.run(PIECES, piece -> got[piece] = gradient(weight, piece));
        return engine;
      });
    }
    for (int piece = 0; piece < PIECES; piece++) {
      assertArrayEquals(wanted[piece], got[piece], "piece " + piece);
    }
  }

  private static float[] gradient(Tensor weight, int piece) {
    try (Tape tape = Tape.open()) {
      Tensor x = numbers(Shape.of(7 + piece, 40), 5 + piece);
      Tensor y = Elementwise.silu(Linalg.matmul(x, weight));
      return tape.backward(List.of(y), List.of(numbers(y.shape(), 11))).of(weight).toArray();
    }
  }

  private static Tensor numbers(Shape shape, int step) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * step % 101 - 50) / 37f;
    }
    return Tensor.of(shape, values);
  }

  /** The others run to their end, and the team goes on. */
  @Test
  void theLowestFailureIsThrown() {
    try (Engine engine = Engine.open("scalar", 3)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(PIECES);
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  engine.run(() -> {
                    Pieces.run(
                        PIECES,
                        piece -> {
                          runs.incrementAndGet(piece);
                          if (piece >= 2) {
                            throw new IllegalStateException("piece " + piece);
                          }
                        });
                    return engine;
                  }));
      assertEquals("piece 2", thrown.getMessage());
      for (int piece = 0; piece < PIECES; piece++) {
        assertEquals(1, runs.get(piece));
      }
      engine.run(() -> {
        Pieces.run(2, runs::incrementAndGet);
        return engine;
      });
      assertEquals(2, runs.get(0));
    }
  }

  @Test
  void aBackendWithoutATeamRunsThemInOrder() {
    Kernels other = InterceptedKernels.of(call -> "other");
    StringBuilder order = new StringBuilder();
    Backends.with(
        other,
        () -> {
          assertEquals(1, Pieces.atOnce());
          Pieces.run(3, order::append);
          return other;
        });
    assertEquals("012", order.toString());
    assertTrue(Pieces.atOnce() >= 1);
  }
}
