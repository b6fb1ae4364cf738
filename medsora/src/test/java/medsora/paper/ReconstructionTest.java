package medsora.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.loss.FocalFrequencyLoss;
import org.junit.jupiter.api.Test;

/** FFL of Eq. 16 as its authors define it, with the Fourier sum written out. */
class ReconstructionTest {
  private static final int H = 6;
  private static final int W = 5;
  private static final int PLANES = 3;

  /** |F(u, v)|^2 of a plane, F = 1 / sqrt(HW) sum x(r, c) exp(-2 pi i (u r / H + v c / W)). */
  private static double power(double[] x, int u, int v) {
    double real = 0;
    double imaginary = 0;
    for (int r = 0; r < H; r++) {
      for (int c = 0; c < W; c++) {
        double angle = -2 * Math.PI * (((double) u * r / H) + ((double) v * c / W));
        real += x[(r * W) + c] * Math.cos(angle);
        imaginary += x[(r * W) + c] * Math.sin(angle);
      }
    }
    return ((real * real) + (imaginary * imaginary)) / (H * W);
  }

  /** The mean over planes and frequencies of w |F|^2, w = |F| / max |F| of the plane. */
  private static double focal(double[] pred, double[] target) {
    double sum = 0;
    for (int plane = 0; plane < PLANES; plane++) {
      double[] x = new double[H * W];
      for (int i = 0; i < x.length; i++) {
        x[i] = pred[(plane * H * W) + i] - target[(plane * H * W) + i];
      }
      double largest = 0;
      double weighted = 0;
      for (int u = 0; u < H; u++) {
        for (int v = 0; v < W; v++) {
          double squared = power(x, u, v);
          largest = Math.max(largest, Math.sqrt(squared));
          weighted += Math.sqrt(squared) * squared;
        }
      }
      sum += weighted / largest;
    }
    return sum / (PLANES * H * W);
  }

  @Test
  void focalFrequencyLoss() {
    Shape shape = Shape.of(1, PLANES, H, W);
    Tensor pred = Tensor.of(shape, Doubles.normal(shape.size(), 1));
    Tensor target = Tensor.of(shape, Doubles.normal(shape.size(), 2));
    double wanted = focal(Doubles.of(pred), Doubles.of(target));
    assertEquals(wanted, FocalFrequencyLoss.STANDARD.of(pred, target).item(), 1e-5 * wanted);
  }
}
