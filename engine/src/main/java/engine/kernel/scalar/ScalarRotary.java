package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.RotaryArgs;
import engine.kernel.RotaryKernels;
import engine.kernel.Workers;
import engine.tensor.Storage;

/**
 * Rotary embedding in half-split form; every written operation is rounded once, in this order:
 *
 * <pre>
 * a = x1 * scale, b = x2 * scale     y1 = a * cos - b * sin, y2 = b * cos + a * sin
 * </pre>
 *
 * <p>Gradient: per version u1 = g1 * cos + g2 * sin, u2 = g2 * cos - g1 * sin; versions are added
 * in ascending order, the sum is scaled last.
 */
public class ScalarRotary implements RotaryKernels {
  private static final int GRAIN = 4096;

  private final Workers workers;
  private final Runs runs;

  /** With its loops over contiguous runs, the one thing that vectors do differently. */
  public ScalarRotary(Workers workers, Runs runs) {
    this.workers = workers;
    this.runs = runs;
  }

  @Override
  public void forward(RotaryArgs args, Storage waves, Storage input, Storage output) {
    float[] table = readOnly(waves);
    float[] x = readOnly(input);
    float[] y = array(output);
    int width = args.heads() * args.dim();
    int rows = args.batch() * args.length();
    int half = args.dim() / 2;
    int sines = args.positions() * half;
    workers.ranges(
        args.versions() * rows,
        grain(width),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int row = t % rows;
            int cos = args.position(t / rows, row % args.length()) * half;
            for (int h = 0; h < args.heads(); h++) {
              int at = row * width + h * args.dim();
              int out = t * width + h * args.dim();
              runs.rotate(x, at, args.scale(), table, cos, cos + sines, y, out, 0, half);
            }
          }
        });
  }

  @Override
  public void gradient(RotaryArgs args, Storage waves, Storage gradOutput, Storage gradInput) {
    float[] table = readOnly(waves);
    float[] g = readOnly(gradOutput);
    float[] gx = array(gradInput);
    int width = args.heads() * args.dim();
    int rows = args.batch() * args.length();
    workers.ranges(
        rows,
        grain(width * args.versions()),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            for (int h = 0; h < args.heads(); h++) {
              gradientOfHead(runs, args, table, g, gx, row, rows, row * width + h * args.dim());
            }
          }
        });
  }

  private static void gradientOfHead(
      Runs runs, RotaryArgs args, float[] table, float[] g, float[] gx, int row, int rows, int at) {
    int half = args.dim() / 2;
    int plane = rows * args.heads() * args.dim();
    for (int v = 0; v < args.versions(); v++) {
      int cos = args.position(v, row % args.length()) * half;
      int sin = cos + args.positions() * half;
      runs.rotateBack(g, v * plane + at, table, cos, sin, v > 0, gx, at, 0, half);
    }
    for (int c = at; c < at + args.dim(); c++) {
      gx[c] *= args.scale();
    }
  }

  private static int grain(int width) {
    return Math.max(1, GRAIN / Math.max(1, width));
  }
}
