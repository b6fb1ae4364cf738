package engine.op;

import static engine.op.spectral.Spectral.fft2;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.op.spectral.Fft2;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SplitMix;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Fft2Test {
  @Property(tries = 25)
  void isTheDoubleSum(
      @ForAll @IntRange(min = 1, max = 3) int planes,
      @ForAll @IntRange(min = 1, max = 12) int h,
      @ForAll @IntRange(min = 1, max = 12) int w,
      @ForAll boolean orthonormal,
      @ForAll long seed) {
    check(planes, h, w, orthonormal, seed);
  }

  /** Powers of two, primes, and a prime too large for the library's factor-by-factor way. */
  @ParameterizedTest
  @CsvSource({"1,1", "16,8", "13,17", "1,211", "223,1", "32,1"})
  void sizesOfEveryKind(int h, int w) {
    check(1, h, w, true, 11);
  }

  private static void check(int planes, int h, int w, boolean orthonormal, long seed) {
    OpCase.Oracle oracle = in -> directSum(in[0], planes, h, w, orthonormal);
    OpContract.check(
        OpCase.of(new Fft2(orthonormal), oracle, Shape.of(planes, h, w)).tolerance(2e-7), seed);
  }

  private static double[] directSum(double[] x, int planes, int h, int w, boolean orthonormal) {
    double scale = orthonormal ? 1 / Math.sqrt(h * w) : 1;
    double[] y = new double[2 * planes * h * w];
    for (int out = 0; out < planes * h * w; out++) {
      int u = out / w % h;
      int v = out % w;
      int plane = out / (h * w) * h * w;
      for (int i = 0; i < h * w; i++) {
        double angle =
            -2 * Math.PI * ((double) (u * (i / w) % h) / h + (double) (v * (i % w) % w) / w);
        y[2 * out] += scale * x[plane + i] * Math.cos(angle);
        y[2 * out + 1] += scale * x[plane + i] * Math.sin(angle);
      }
    }
    return y;
  }

  /** Long enough for the library to start threads of its own. */
  @Test
  void aLongRowHasTheSameBitsWhateverTheThreads() {
    OpCase c = OpCase.of(new Fft2(true), v -> null, Shape.of(2, 1, 1 << 16));
    float[] noise = new float[2 << 16];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (SplitMix.unit(5, i) - 0.5);
    }
    OpContract.sameBits(c, new float[][] {noise}, 5);
  }

  @Test
  void zerosStayZerosAndNoPlanesGiveNone() {
    assertArrayEquals(new float[30], fft2(Tensor.zeros(Shape.of(3, 5)), true).toArray(), 0f);
    assertEquals(Shape.of(0, 3, 5, 2), fft2(Tensor.zeros(Shape.of(0, 3, 5)), true).shape());
  }

  @Test
  void errorsShowTheShape() {
    ShapeException e =
        assertThrows(ShapeException.class, () -> fft2(Tensor.zeros(Shape.of(2, 0)), true));
    assertEquals("[fft2] wants planes [..., H, W] that are not empty: x=[2,0]", e.getMessage());
    assertThrows(ShapeException.class, () -> fft2(Tensor.zeros(Shape.of(4)), true));
  }
}
