package engine.kernel.scalar;

import static engine.kernel.WinogradArgs.POINTS;
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
 * Convolution by Winograd's F(2x2,3x3) (Lavin and Gray, 2016): a tile of 2x2 results from 4x4
 * inputs takes 16 products for each pair of channels where the direct form takes 36, 2.25 times
 * fewer. Time taps are summed in the transformed domain. With every written operation rounded:
 *
 * <ol>
 *   <li>weights: a line g0 g1 g2 becomes {@code g0, 0.5((g0+g2)+g1), 0.5((g0+g2)-g1), g2}, down the
 *       height, then along the width;
 *   <li>inputs: a line d0 d1 d2 d3 becomes {@code d0-d2, d1+d2, d2-d1, d1-d3}, down the height,
 *       then along the width; what lies outside is +0;
 *   <li>products: m of each of the 16 points sums over k = (kt,ci) in segments of 512, by N1;
 *   <li>results: a line m0 m1 m2 m3 becomes {@code (m0+m1)+m2, (m1-m2)-m3}, down the height, then
 *       along the width; bias last.
 * </ol>
 *
 * The transforms add and halve only, so errors stay within a small multiple of the direct form's.
 * An input that is not finite spoils its whole tile.
 */
public class ScalarWinogradConv3d implements WinogradConv3dKernels {
  private static final int SEGMENT = ScalarConv3d.SEGMENT;
  private static final int SIDE = 4;

  private final Workers workers;

  public ScalarWinogradConv3d(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(
      WinogradArgs a, Storage input, Storage weight, Storage shift, Storage output) {
    float[] x = readOnly(input);
    float[] bias = readOnlyOrNull(shift);
    float[] y = array(output);
    HeapStorage scratch = HeapStorage.allocate(POINTS * a.co() * a.k());
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
    scratch.release();
  }

  /** The transformed weights [point,co,k]. */
  private static void weights(Workers workers, WinogradArgs a, float[] weight, float[] u) {
    workers.ranges(
        a.co(),
        1,
        (from, to) -> {
          float[] points = new float[POINTS];
          for (int co = from; co < to; co++) {
            for (int k = 0; k < a.k(); k++) {
              weight(a, weight, co, k % a.ci(), k / a.ci(), points);
              for (int p = 0; p < POINTS; p++) {
                u[(p * a.co() + co) * a.k() + k] = points[p];
              }
            }
          }
        });
  }

  /** The transformed weights of a pair of channels and a time tap: 16 points, row-major. */
  public static void weight(
      WinogradArgs a, float[] weight, int co, int ci, int tap, float[] points) {
    int at = a.weightAt(co, ci, tap);
    int first = a.mirrored() ? at + WinogradArgs.TAPS - 1 : at;
    int step = a.mirrored() ? -1 : 1;
    for (int j = 0; j < 3; j++) {
      line(weight, first + j * step, 3 * step, points, j, SIDE);
    }
    for (int i = 0; i < SIDE; i++) {
      line(points, i * SIDE, 1, points, i * SIDE, 1);
    }
  }

  private static void line(float[] g, int at, int step, float[] out, int to, int stride) {
    float g0 = g[at];
    float g1 = g[at + step];
    float g2 = g[at + 2 * step];
    float ends = g0 + g2;
    out[to] = g0;
    out[to + stride] = 0.5f * (ends + g1);
    out[to + 2 * stride] = 0.5f * (ends - g1);
    out[to + 3 * stride] = g2;
  }

  /** One row of tiles of one frame. */
  private static final class Row {
    private final WinogradArgs a;
    private final int tiles;
    private final float[] d;
    private final float[] v;
    private final float[] m;
    private final float[] open;

    Row(WinogradArgs a) {
      this.a = a;
      this.tiles = a.columns();
      this.d = new float[SIDE * (2 * tiles + 2)];
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
          int h = 2 * row + i - a.top();
          int line = ((channel * a.t() + t) * a.h() + h) * a.w();
          copy(x, line, inside && h >= 0 && h < a.h() ? a.w() : 0, i * (2 * tiles + 2));
        }
        down();
        along(k);
      }
    }

    /** d[at + i] = x[line + i - left], +0 outside of the line's width. */
    private void copy(float[] x, int line, int width, int at) {
      for (int i = 0; i < 2 * tiles + 2; i++) {
        int w = i - a.left();
        d[at + i] = w >= 0 && w < width ? x[line + w] : 0f;
      }
    }

    private void down() {
      int pitch = 2 * tiles + 2;
      for (int i = 0; i < pitch; i++) {
        float d0 = d[i];
        float d1 = d[pitch + i];
        float d2 = d[2 * pitch + i];
        float d3 = d[3 * pitch + i];
        d[i] = d0 - d2;
        d[pitch + i] = d1 + d2;
        d[2 * pitch + i] = d2 - d1;
        d[3 * pitch + i] = d1 - d3;
      }
    }

    private void along(int k) {
      for (int i = 0; i < SIDE; i++) {
        int at = i * (2 * tiles + 2);
        int point = SIDE * i;
        for (int j = 0; j < tiles; j++) {
          float d0 = d[at + 2 * j];
          float d1 = d[at + 2 * j + 1];
          float d2 = d[at + 2 * j + 2];
          float d3 = d[at + 2 * j + 3];
          v[(point * a.k() + k) * tiles + j] = d0 - d2;
          v[((point + 1) * a.k() + k) * tiles + j] = d1 + d2;
          v[((point + 2) * a.k() + k) * tiles + j] = d2 - d1;
          v[((point + 3) * a.k() + k) * tiles + j] = d1 - d3;
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
        int at = ((n * a.co() + co) * a.to() + frame) * a.ho() + 2 * row;
        for (int i = 0; i < 2 && 2 * row + i < a.ho(); i++) {
          store(y, (at + i) * a.wo(), i, bias, co);
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

    /** One row of results: row i of every tile. */
    private void store(float[] y, int at, int i, float[] bias, int co) {
      for (int j = 0; j < tiles; j++) {
        float s0 = down(i, 0, j);
        float s1 = down(i, 1, j);
        float s2 = down(i, 2, j);
        float s3 = down(i, 3, j);
        float y0 = (s0 + s1) + s2;
        float y1 = (s1 - s2) - s3;
        y[at + 2 * j] = bias == null ? y0 : y0 + bias[co];
        if (2 * j + 1 < a.wo()) {
          y[at + 2 * j + 1] = bias == null ? y1 : y1 + bias[co];
        }
      }
    }

    private float down(int i, int column, int j) {
      float m1 = m[(SIDE + column) * tiles + j];
      float m2 = m[(2 * SIDE + column) * tiles + j];
      return i == 0
          ? (m[column * tiles + j] + m1) + m2
          : (m1 - m2) - m[(3 * SIDE + column) * tiles + j];
    }
  }
}
