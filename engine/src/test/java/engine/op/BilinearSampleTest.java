package engine.op;

import static engine.op.resample.Resample.bilinearSample;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.op.resample.BilinearSample;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import engine.testing.OpCase;
import engine.testing.OpContract;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BilinearSampleTest {
  /** Places inside, on the rim and outside. */
  @Property(tries = 30)
  void meetsTheContract(
      @ForAll @IntRange(min = 1, max = 3) int n,
      @ForAll @IntRange(min = 1, max = 4) int channels,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 0, max = 40) int points,
      @ForAll long seed) {
    Shape x = Shape.of(n, channels, height, width);
    Shape places = Shape.of(n, points, 2);
    OpCase c = OpCase.of(new BilinearSample(), in -> sampled(in, x, points), x, places);
    float[][] in = OpContract.draw(c.range(1, -2.5, 10.5), seed);
    betweenPixels(in[1]);
    OpContract.check(c, in, seed);
  }

  /** On a pixel the value has a kink, where a difference has no meaning. */
  private static void betweenPixels(float[] places) {
    for (int i = 0; i < places.length; i++) {
      float pixel = (float) Math.floor(places[i]);
      places[i] = pixel + 0.01f + 0.98f * (places[i] - pixel);
    }
  }

  /** The hat function of the distance, over all pixels. */
  private static double[] sampled(double[][] in, Shape x, int points) {
    int channels = x.dim(1);
    double[] y = new double[x.dim(0) * channels * points];
    for (int i = 0; i < y.length; i++) {
      int p = i % points;
      int plane = i / points;
      int place = 2 * (plane / channels * points + p);
      for (int r = 0; r < x.dim(2); r++) {
        for (int c = 0; c < x.dim(3); c++) {
          double weight = hat(in[1][place] - c) * hat(in[1][place + 1] - r);
          y[i] += weight * in[0][(plane * x.dim(2) + r) * x.dim(3) + c];
        }
      }
    }
    return y;
  }

  private static double hat(double distance) {
    return Math.max(0, 1 - Math.abs(distance));
  }

  @Test
  void agreesWithTheReleasedSampler() {
    Fixture f = Fixtures.load("raft_ops");
    Tensor x = Tensor.of(Shape.of(f.dims("sampler.img")), f.floats("sampler.img"));
    float[] at = f.floats("sampler.coords_xy");
    Tensor places = Tensor.of(Shape.of(x.dim(0), at.length / 2 / x.dim(0), 2), at);
    float[] y = bilinearSample(x, places).toArray();
    assertTrue(Fixtures.error(y, f.floats("sampler.out")) < 1e-6);
  }

  @Test
  void farAwayIsZeroAndNoNumberStaysNone() {
    Tensor x = Tensor.of(Shape.of(1, 1, 1, 2), 1f, 3f);
    float far = Float.POSITIVE_INFINITY;
    Tensor places =
        Tensor.of(Shape.of(1, 5, 2), far, 0f, 0f, -far, 1e30f, -1e30f, 0.5f, 0f, Float.NaN, 0f);
    float[] y = bilinearSample(x, places).toArray();
    assertArrayEquals(new float[] {0f, 0f, 0f, 2f}, Arrays.copyOf(y, 4));
    assertTrue(Float.isNaN(y[4]));
  }

  @Test
  void oddValuesGiveTheSameBits() {
    Shape x = Shape.of(1, 1, 2, 2);
    float[] odd = {-0f, Float.MIN_VALUE, 3e38f, Float.NEGATIVE_INFINITY};
    float[] places = {0f, 0f, 0.5f, 0.5f, -0f, 1f, Float.NaN, 0f, 1e9f, 3e38f};
    OpCase c = OpCase.of(new BilinearSample(), in -> sampled(in, x, 5), x, Shape.of(1, 5, 2));
    OpContract.sameBits(c, new float[][] {odd, places}, 1);
  }

  @Test
  void wrongShapesAreNamed() {
    Tensor x = Tensor.zeros(Shape.of(2, 3, 4, 5));
    ShapeException e =
        assertThrows(
            ShapeException.class, () -> bilinearSample(x, Tensor.zeros(Shape.of(1, 6, 2))));
    assertTrue(e.getMessage().contains("x=[2,3,4,5] places=[1,6,2]"), e.getMessage());
  }
}
