package medsora.phantom;

import static medsora.phantom.PhantomNoise.wave;

import java.util.Arrays;

/**
 * The wall at many points at once: the twin of {@link PhantomScene#inside}. Each point has the
 * operations of that reading in its order, so it has its bits. Short loops over points without
 * branches, with one or two results each, are what the compiler makes vectors of.
 *
 * <p>What differs is what is added where the reading adds nothing: a fold out of reach and a polyp
 * elsewhere give exactly 0 by their formulas too.
 *
 * <p>Work space of one thread.
 */
final class WallLanes {
  /** Points at a time: the arrays of one evaluation stay in the first cache. */
  static final int LANES = 128;

  /**
   * Folds that can reach a point: those at the two ends of its spacing. The next ones are at least
   * 0.83 spacings away, and a fold reaches less than 0.68.
   */
  private static final int NEAR = 2;

  /** Numbers of a fold in {@link #folds}: place, scale, cosine, sine. */
  private static final int NUMBERS = 4;

  private final PhantomScene scene;

  /** The numbers of each fold, with {@link #NEAR} folds of scale 0 at both ends. */
  private final double[] folds;

  final double[] x = new double[LANES];
  final double[] y = new double[LANES];
  final double[] z = new double[LANES];

  /** Result: cosine and sine of the point's angle. */
  final double[] c = new double[LANES];

  final double[] s = new double[LANES];

  /** Result: {@link PhantomScene#polyp}. */
  final double[] polyp = new double[LANES];

  /** Result: {@link PhantomScene#radius}. */
  final double[] radius = new double[LANES];

  /** Result: {@link PhantomScene#inside}. */
  final double[] gap = new double[LANES];

  private final double[] dx = new double[LANES];
  private final double[] dy = new double[LANES];
  private final double[] r = new double[LANES];
  private final double[] cell = new double[LANES];
  private final double[] fold = new double[LANES];
  private final double[] ring = new double[LANES];

  /**
   * The {@link #NUMBERS} of each of the folds near each point, and the spacing that they are of.
   */
  private final double[][] near = new double[NEAR * NUMBERS][LANES];

  private final int[] known = new int[LANES];

  WallLanes(PhantomScene scene) {
    this.scene = scene;
    int count = scene.foldAt.length;
    this.folds = new double[(count + 2 * NEAR) * NUMBERS];
    for (int n = 0; n < count; n++) {
      int at = (n + NEAR) * NUMBERS;
      folds[at] = scene.foldAt[n];
      folds[at + 1] = scene.foldScale[n];
      folds[at + 2] = scene.foldCos[n];
      folds[at + 3] = scene.foldSin[n];
    }
    Arrays.fill(known, Integer.MIN_VALUE);
  }

  /** Fills the results for the points (x, y, z). */
  void inside(double time) {
    away(x, z, scene.bendX, scene.bendLengthX, scene.bendPhaseX, dx);
    away(y, z, scene.bendY, scene.bendLengthY, scene.bendPhaseY, dy);
    length(dx, dy, r);
    angle(dx, dy, r, c, s);
    cells(z, scene.spacing, cell);
    nearFolds();
    fold();
    if (scene.hasPolyp) {
      polyps();
    }
    ring(z, scene.squeeze, time * scene.squeezeSpeed, ring);
    radius();
    gaps(radius, r, gap);
    onAxis(time);
  }

  private static void away(
      double[] x, double[] z, double bend, double length, double phase, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = x[i] - bend * wave(z[i] / length + phase);
    }
  }

  private static void length(double[] dx, double[] dy, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = Math.sqrt(dx[i] * dx[i] + dy[i] * dy[i]);
    }
  }

  /** On the centre line, where there is no angle, the numbers are small and finite. */
  private static void angle(double[] dx, double[] dy, double[] r, double[] c, double[] s) {
    for (int i = 0; i < LANES; i++) {
      double divisor = Math.max(r[i], 1e-9);
      c[i] = dx[i] / divisor;
      s[i] = dy[i] / divisor;
    }
  }

  private static void cells(double[] z, double spacing, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = Math.floor(z[i] / spacing);
    }
  }

  /**
   * Looks up the folds near each point, unless they are those of the point that the lane had
   * before: the one loop here that is none of vectors.
   */
  private void nearFolds() {
    for (int i = 0; i < LANES; i++) {
      int n = (int) cell[i];
      if (n != known[i]) {
        known[i] = n;
        lookUp(i, n - scene.firstFold + NEAR);
      }
    }
  }

  private void lookUp(int lane, int fold) {
    int first = Math.clamp(fold, 0, folds.length / NUMBERS - NEAR) * NUMBERS;
    for (int k = 0; k < near.length; k++) {
      near[k][lane] = folds[first + k];
    }
  }

  private void fold() {
    Arrays.fill(fold, 0);
    double width = scene.foldWidth;
    for (int k = 0; k < near.length; k += NUMBERS) {
      addFold(c, s, z, near, k, width, fold);
    }
  }

  /** Adds the fold whose numbers begin at {@code k}. */
  private static void addFold(
      double[] c, double[] s, double[] z, double[][] near, int k, double width, double[] sum) {
    double[] at = near[k];
    double[] scale = near[k + 1];
    double[] cos = near[k + 2];
    double[] sin = near[k + 3];
    for (int i = 0; i < LANES; i++) {
      double facing = c[i] * cos[i] + s[i] * sin[i];
      double d = z[i] - at[i] - PhantomScene.FOLD_TILT * facing;
      double e = Math.max(0, 1 - Math.sqrt(d * d + 0.0009) / width);
      double h = 0.5 + 0.5 * facing;
      sum[i] = sum[i] + scale[i] * (0.3 + 0.7 * h * h) * e * e;
    }
  }

  private void polyps() {
    double nearest = Double.MAX_VALUE;
    for (int i = 0; i < LANES; i++) {
      nearest = Math.min(nearest, Math.abs(z[i] - scene.polypZ));
    }
    if (nearest > scene.polypRadius) {
      Arrays.fill(polyp, 0);
      return;
    }
    polyps(c, s, z, scene.polypCos, scene.polypSin, scene.polypZ, scene.polypRadius, polyp);
  }

  private static void polyps(
      double[] c,
      double[] s,
      double[] z,
      double cos,
      double sin,
      double at,
      double radius,
      double[] out) {
    double square = radius * radius;
    for (int i = 0; i < LANES; i++) {
      double dz = z[i] - at;
      double dc = c[i] - cos;
      double ds = s[i] - sin;
      double q = Math.min(1, (dc * dc + ds * ds + dz * dz) / square);
      double e = 1 - q * q;
      out[i] = e * (0.75 + 0.25 * e);
    }
  }

  private static void ring(double[] z, double squeeze, double shift, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = 1 - squeeze * (1 + wave(z[i] * 0.21 - shift));
    }
  }

  private void radius() {
    radius(c, ring, fold, polyp, scene.triangle, scene.foldDepth, scene.polypHeight, radius);
  }

  private static void radius(
      double[] c,
      double[] ring,
      double[] fold,
      double[] polyp,
      double triangle,
      double depth,
      double height,
      double[] out) {
    for (int i = 0; i < LANES; i++) {
      double tube = 1 - triangle * (4 * c[i] * c[i] * c[i] - 3 * c[i]);
      double f = Math.min(1, fold[i]);
      out[i] = tube * ring[i] * (1 - depth * f * (1 - 0.7 * polyp[i])) - height * polyp[i];
    }
  }

  private static void gaps(double[] radius, double[] r, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = radius[i] - r[i];
    }
  }

  /** The reading has a rule of its own for points on the centre line. */
  private void onAxis(double time) {
    for (int i = 0; i < LANES; i++) {
      if (r[i] < 1e-9) {
        gap[i] = scene.inside(x[i], y[i], z[i], time);
      }
    }
  }
}
