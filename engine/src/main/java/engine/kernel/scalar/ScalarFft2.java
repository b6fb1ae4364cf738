package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.Fft2Kernels;
import engine.kernel.FftArgs;
import engine.kernel.Workers;
import engine.tensor.Storage;

/**
 * Fourier transforms of planes, computed in double by one-dimensional complex transforms ({@link
 * FourierTransform}), scaled in double and rounded once. Forward: rows, then columns. Its adjoint:
 * columns, then rows, real part only. Planes are shared out among the workers, each plane is one
 * task, and below 8192 elements JTransforms starts no thread of its own; beyond, the library's
 * threads do not change its bits (numeric contract N16).
 */
public class ScalarFft2 implements Fft2Kernels {
  private final Workers workers;

  public ScalarFft2(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(FftArgs args, Storage input, Storage output) {
    float[] x = readOnly(input);
    float[] y = array(output);
    Plane fft = new Plane(args);
    workers.forEach(args.planes(), p -> fft.forward(x, p * args.plane(), y));
  }

  @Override
  public void gradient(FftArgs args, Storage gradOutput, Storage gradX) {
    float[] g = readOnly(gradOutput);
    float[] gradInput = array(gradX);
    Plane fft = new Plane(args);
    workers.forEach(args.planes(), p -> fft.adjoint(g, p * args.plane(), gradInput));
  }

  /** The transforms of planes of one size; they share their tables. */
  private static final class Plane {
    private final FftArgs args;
    private final FourierTransform rows;
    private final FourierTransform columns;

    Plane(FftArgs args) {
      this.args = args;
      this.rows = new FourierTransform(args.width());
      this.columns = new FourierTransform(args.height());
    }

    private void forward(float[] x, int from, float[] y) {
      int width = args.width();
      double[] plane = new double[2 * args.plane()];
      for (int h = 0; h < args.height(); h++) {
        for (int w = 0; w < width; w++) {
          plane[2 * (h * width + w)] = x[from + h * width + w];
        }
        rows.forward(plane, 2 * h * width);
      }
      double[] column = new double[2 * args.height()];
      for (int w = 0; w < width; w++) {
        takeColumn(plane, w, column);
        columns.forward(column, 0);
        putColumn(column, w, plane);
      }
      double scale = args.scale();
      for (int i = 0; i < plane.length; i++) {
        y[2 * from + i] = (float) (plane[i] * scale);
      }
    }

    /** x[h,w] = s * Re(sum over (u,v) of g[u,v] * exp(+2 pi i (u h / height + v w / width))). */
    private void adjoint(float[] g, int from, float[] gradInput) {
      int width = args.width();
      double[] plane = new double[2 * args.plane()];
      for (int i = 0; i < plane.length; i++) {
        plane[i] = g[2 * from + i];
      }
      double[] column = new double[2 * args.height()];
      for (int w = 0; w < width; w++) {
        takeColumn(plane, w, column);
        columns.inverse(column, 0);
        putColumn(column, w, plane);
      }
      double scale = args.scale();
      for (int h = 0; h < args.height(); h++) {
        rows.inverse(plane, 2 * h * width);
        for (int w = 0; w < width; w++) {
          gradInput[from + h * width + w] = (float) (plane[2 * (h * width + w)] * scale);
        }
      }
    }

    private void takeColumn(double[] plane, int w, double[] column) {
      for (int h = 0; h < args.height(); h++) {
        int at = 2 * (h * args.width() + w);
        column[2 * h] = plane[at];
        column[2 * h + 1] = plane[at + 1];
      }
    }

    private void putColumn(double[] column, int w, double[] plane) {
      for (int h = 0; h < args.height(); h++) {
        int at = 2 * (h * args.width() + w);
        plane[at] = column[2 * h];
        plane[at + 1] = column[2 * h + 1];
      }
    }
  }
}
