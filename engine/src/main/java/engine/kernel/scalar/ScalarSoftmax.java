package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.SoftmaxKernels;
import engine.kernel.Workers;
import engine.tensor.Storage;

/**
 * Softmax of [rows, n] along n (N7), every written operation rounded once: m = max(x), e = exp(x -
 * m), y = e / sum(e), the sum by N5. Gradient: D = sum(g * y) by N5, gradInput = y * (g - D).
 */
public class ScalarSoftmax implements SoftmaxKernels {
  private static final int GRAIN = 2048;

  /** Rows from this length on are worth a run of their own. */
  private static final int LONG = 256;

  private final Workers workers;
  private final Runs runs;

  /** With its loops over contiguous runs, the one thing that vectors do differently. */
  public ScalarSoftmax(Workers workers, Runs runs) {
    this.workers = workers;
    this.runs = runs;
  }

  @Override
  public void forward(int rows, int n, Storage input, Storage output) {
    float[] x = readOnly(input);
    float[] y = array(output);
    workers.ranges(
        rows,
        grain(n),
        (from, to) -> {
          int batch = grain(n);
          for (int row = from; row < to; row += batch) {
            forward(runs, row, Math.min(to, row + batch), n, x, y);
          }
        });
  }

  /** A few rows at a time, so that they stay in the nearest cache from pass to pass. */
  private static void forward(Runs runs, int from, int to, int n, float[] x, float[] y) {
    for (int row = from; row < to; row++) {
      float m = runs.max(x, row * n, n);
      if (n >= LONG) {
        runs.exp(x, row * n, m, y, n);
      } else {
        subtract(x, row * n, m, y, n);
      }
    }
    if (n < LONG) {
      // One run over all rows: short rows would leave vectors half empty.
      runs.exp(y, from * n, (to - from) * n);
    }
    for (int row = from; row < to; row++) {
      divide(y, row * n, runs.sum(y, row * n, n), n);
    }
  }

  private static void subtract(float[] x, int at, float m, float[] y, int n) {
    for (int i = at; i < at + n; i++) {
      y[i] = x[i] - m;
    }
  }

  private static void divide(float[] y, int at, float sum, int n) {
    for (int i = at; i < at + n; i++) {
      y[i] /= sum;
    }
  }

  @Override
  public void gradient(int rows, int n, Storage output, Storage gradOutput, Storage gradInput) {
    float[] y = readOnly(output);
    float[] g = readOnly(gradOutput);
    float[] gx = array(gradInput);
    workers.ranges(
        rows,
        grain(n),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = row * n;
            for (int i = at; i < at + n; i++) {
              gx[i] = g[i] * y[i];
            }
            float d = runs.sum(gx, at, n);
            for (int i = at; i < at + n; i++) {
              gx[i] = y[i] * (g[i] - d);
            }
          }
        });
  }

  private static int grain(int n) {
    return Math.max(1, GRAIN / Math.max(1, n));
  }
}
