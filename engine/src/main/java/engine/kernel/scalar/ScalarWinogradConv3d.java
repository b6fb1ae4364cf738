package engine.kernel.scalar;

import static engine.kernel.WinogradArgs.OUTPUTS;
import static engine.kernel.WinogradArgs.POINTS;
import static engine.kernel.WinogradArgs.SIDE;
import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.WinogradArgs;
import engine.kernel.WinogradConv3dKernels;
import engine.kernel.Workers;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * Convolution by Winograd's F(4x4,3x3) (Lavin and Gray, 2016): a tile of 4x4 results from 6x6
 * inputs takes 36 products for each pair of channels where the direct form takes 144, a quarter.
 * Time taps are summed in the transformed domain. With every written operation rounded:
 *
 * <ol>
 *   <li>weights: {@link ScalarWinogradLines#weights} down the height, then along the width;
 *   <li>inputs: {@link ScalarWinogradLines#inputs} down the height, then along the width; what lies
 *       outside is +0;
 *   <li>products: m of each of the 36 points sums over k = (kt,ci) in segments of 512, by N1;
 *   <li>results: {@link ScalarWinogradLines#results} down the height, then along the width; bias
 *       last.
 * </ol>
 *
 * An input that is not finite spoils its whole tile.
 */
public class ScalarWinogradConv3d implements WinogradConv3dKernels {
  private static final int SEGMENT = ScalarConv3d.SEGMENT;
  private static final int LINE = 3;

  private final Workers workers;

  public ScalarWinogradConv3d(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(
      WinogradArgs a, Storage input, Storage weight, Storage shift, boolean relu, Storage output) {
    float[] x = readOnly(input);
    float[] bias = readOnlyOrNull(shift);
    float[] y = array(output);
    HeapStorage scratch =
        HeapStorage.allocate(Math.multiplyExact(Math.multiplyExact(POINTS, a.co()), a.k()));
    float[] u = array(scratch);
    weights(workers, a, readOnly(weight), u);
    workers.ranges(
        a.n() * a.to() * a.rows(),
        1,
        (from, to) -> {
          Row row = new Row(a);
          for (int r = from; r < to; r++) {
            row.inputs(x, r);
            row.results(u, bias, y, r);
          }
        });
    if (relu) {
      ScalarConv3d.rectify(workers, y, a.n() * a.co() * a.to() * a.ho() * a.wo());
    }
    scratch.release();
  }

  /** The transformed weights [point,co,k]. */
  private static void weights(Workers workers, WinogradArgs a, float[] weight, float[] u) {
    workers.ranges(
        a.co(),
        1,
        (from, to) -> {
          float[] columns = new float[SIDE * LINE];
          for (int co = from; co < to; co++) {
            for (int k = 0; k < a.k(); k++) {
              int at = a.weightAt(co, k % a.ci(), k / a.ci());
              weight(a, weight, at, columns, u, co * a.k() + k);
            }
          }
        });
  }

  /** The nine weights of a pair of channels and a time tap. */
  private static void weight(
      WinogradArgs a, float[] weight, int at, float[] columns, float[] u, int to) {
    int first = a.mirrored() ? at + WinogradArgs.TAPS - 1 : at;
    int step = a.mirrored() ? -1 : 1;
    int points = a.co() * a.k();
    for (int j = 0; j < LINE; j++) {
      ScalarWinogradLines.weights(weight, first + j * step, LINE * step, columns, j, LINE);
    }
    for (int i = 0; i < SIDE; i++) {
      ScalarWinogradLines.weights(columns, i * LINE, 1, u, to + i * SIDE * points, points);
    }
  }

  /** One row of tiles of one frame. */
  private static final class Row {
    private final WinogradArgs a;
    private final int tiles;

    /** Columns that the row reads. */
    private final int pitch;

    private final float[] d;
    private final float[] v;
    private final float[] m;
    private final float[] open;
    private final float[] s = new float[OUTPUTS * SIDE];
    private final float[] tile = new float[OUTPUTS];

    Row(WinogradArgs a) {
      this.a = a;
      this.tiles = a.columns();
      this.pitch = OUTPUTS * (tiles - 1) + SIDE;
      this.d = new float[SIDE * pitch];
      this.v = new float[POINTS * a.k() * tiles];
      this.m = new float[POINTS * tiles];
      this.open = new float[tiles];
    }

    /** Transforms what row r = (n, frame, row of tiles) reads, to v [point,k,tile]. */
    void inputs(float[] x, int r) {
      int row = r % a.rows();
      int frame = r / a.rows() % a.to();
      int n = r / (a.rows() * a.to());
      for (int k = 0; k < a.k(); k++) {
        int t = frame + k / a.ci() - a.front();
        int channel = n * a.ci() + k % a.ci();
        boolean inside = t >= 0 && t < a.t();
        for (int i = 0; i < SIDE; i++) {
          int h = OUTPUTS * row + i - a.top();
          int line = ((channel * a.t() + t) * a.h() + h) * a.w();
          copy(x, line, inside && h >= 0 && h < a.h() ? a.w() : 0, i * pitch);
        }
        for (int j = 0; j < pitch; j++) {
          ScalarWinogradLines.inputs(d, j, pitch, d, j, pitch);
        }
        along(k);
      }
    }

    /** d[at + i] = x[line + i - left], +0 outside of the line's width. */
    private void copy(float[] x, int line, int width, int at) {
      for (int i = 0; i < pitch; i++) {
        int w = i - a.left();
        d[at + i] = w >= 0 && w < width ? x[line + w] : 0f;
      }
    }

    private void along(int k) {
      int points = a.k() * tiles;
      for (int i = 0; i < SIDE; i++) {
        int to = i * SIDE * points + k * tiles;
        for (int j = 0; j < tiles; j++) {
          ScalarWinogradLines.inputs(d, i * pitch + OUTPUTS * j, 1, v, to + j, points);
        }
      }
    }

    void results(float[] u, float[] bias, float[] y, int r) {
      int row = r % a.rows();
      int frame = r / a.rows() % a.to();
      int n = r / (a.rows() * a.to());
      for (int co = 0; co < a.co(); co++) {
        for (int p = 0; p < POINTS; p++) {
          products(u, (p * a.co() + co) * a.k(), p);
        }
        int at = ((n * a.co() + co) * a.to() + frame) * a.ho() + OUTPUTS * row;
        int rows = Math.min(OUTPUTS, a.ho() - OUTPUTS * row);
        for (int j = 0; j < tiles; j++) {
          store(j, rows, y, at, bias, co);
        }
      }
    }

    /** m[point] = sum over k of u[at + k] * v[point,k], in segments. */
    private void products(float[] u, int at, int point) {
      for (int first = 0; first < a.k(); first += SEGMENT) {
        Arrays.fill(open, 0f);
        for (int k = first; k < Math.min(a.k(), first + SEGMENT); k++) {
          multiply(u[at + k], (point * a.k() + k) * tiles);
        }
        for (int j = 0; j < tiles; j++) {
          int to = point * tiles + j;
          m[to] = first == 0 ? open[j] : m[to] + open[j];
        }
      }
    }

    private void multiply(float u, int from) {
      float[] sums = open;
      float[] x = v;
      for (int j = 0; j < sums.length; j++) {
        sums[j] = Math.fma(u, x[from + j], sums[j]);
      }
    }

    /** The results of tile j, to rows of y from row {@code at} on. */
    private void store(int j, int rows, float[] y, int at, float[] bias, int co) {
      for (int c = 0; c < SIDE; c++) {
        ScalarWinogradLines.results(m, c * tiles + j, SIDE * tiles, s, c, SIDE);
      }
      int columns = Math.min(OUTPUTS, a.wo() - OUTPUTS * j);
      for (int i = 0; i < rows; i++) {
        ScalarWinogradLines.results(s, i * SIDE, 1, tile, 0, 1);
        int to = (at + i) * a.wo() + OUTPUTS * j;
        for (int c = 0; c < columns; c++) {
          y[to + c] = bias == null ? tile[c] : tile[c] + bias[co];
        }
      }
    }
  }
}
