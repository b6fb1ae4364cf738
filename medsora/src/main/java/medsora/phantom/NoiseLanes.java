package medsora.phantom;

import static medsora.phantom.PhantomNoise.fade;
import static medsora.phantom.PhantomNoise.mixed;
import static medsora.phantom.WallLanes.LANES;

/**
 * {@link PhantomNoise#gradient} at many points at once, with its operations in its order. The
 * reading chooses two of three coordinates for a corner; here the third is added with a factor of
 * 0, which changes nothing but the sign of a zero.
 *
 * <p>Work space of one thread.
 */
final class NoiseLanes {
  /** The points within their cells of the lattice. */
  private final double[][] d = new double[3][LANES];

  private final int[] i = new int[LANES];
  private final int[] j = new int[LANES];
  private final int[] k = new int[LANES];
  private final int[] hash = new int[LANES];
  private final int[][] edge = new int[3][LANES];
  private final double[][] corner = new double[4][LANES];
  private final double[][] face = new double[2][LANES];

  /** Fills {@code out} with the noise at the points (x, y, z). */
  void gradient(double[] x, double[] y, double[] z, int seed, double[] out) {
    cell(x, i, d[0]);
    cell(y, j, d[1]);
    cell(z, k, d[2]);
    for (int far = 0; far < 2; far++) {
      for (int n = 0; n < 4; n++) {
        corner(n & 1, n >> 1, far, seed, corner[n]);
      }
      mix4(corner[0], corner[1], corner[2], corner[3], d[0], d[1], face[far]);
    }
    mix2(face[0], face[1], d[2], out);
  }

  private static void cell(double[] x, int[] cell, double[] rest) {
    for (int n = 0; n < LANES; n++) {
      rest[n] = x[n] - Math.floor(x[n]);
    }
    for (int n = 0; n < LANES; n++) {
      cell[n] = (int) Math.floor(x[n]);
    }
  }

  private void corner(int right, int below, int far, int seed, double[] out) {
    hash(i, j, k, right, below, far, seed, hash);
    direction(hash, edge[0], edge[1], edge[2]);
    dot(edge, d, right, below, far, out);
  }

  private static void hash(
      int[] i, int[] j, int[] k, int right, int below, int far, int seed, int[] out) {
    for (int n = 0; n < LANES; n++) {
      out[n] = PhantomNoise.mix(i[n] + right, j[n] + below, PhantomNoise.layer(k[n] + far, seed));
    }
  }

  /** The factors -1, 0 and 1 of the edge of a cube that a hash chooses. */
  private static void direction(int[] hash, int[] ax, int[] ay, int[] az) {
    for (int n = 0; n < LANES; n++) {
      int h = hash[n] & 0x7fffffff;
      int u = 1 - ((h & 1) << 1);
      int v = 1 - (h & 2);
      int edge = PhantomNoise.modulo3(h >>> 2);
      int second = -(edge >>> 1);
      int first = (edge - 1) >> 31;
      ax[n] = u & ~second;
      ay[n] = (u & second) + (v & first);
      az[n] = v & ~first;
    }
  }

  private static void dot(
      int[][] edge, double[][] d, double right, double below, double far, double[] out) {
    int[] ax = edge[0];
    int[] ay = edge[1];
    int[] az = edge[2];
    double[] dx = d[0];
    double[] dy = d[1];
    double[] dz = d[2];
    for (int n = 0; n < LANES; n++) {
      out[n] = ax[n] * (dx[n] - right) + ay[n] * (dy[n] - below) + az[n] * (dz[n] - far);
    }
  }

  private static void mix4(
      double[] a, double[] b, double[] c, double[] d, double[] dx, double[] dy, double[] out) {
    for (int n = 0; n < LANES; n++) {
      double u = fade(dx[n]);
      out[n] = mixed(mixed(a[n], b[n], u), mixed(c[n], d[n], u), fade(dy[n]));
    }
  }

  private static void mix2(double[] near, double[] far, double[] dz, double[] out) {
    for (int n = 0; n < LANES; n++) {
      out[n] = mixed(near[n], far[n], fade(dz[n]));
    }
  }
}
