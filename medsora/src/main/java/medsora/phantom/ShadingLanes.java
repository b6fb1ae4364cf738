package medsora.phantom;

import static medsora.phantom.PhantomNoise.step;
import static medsora.phantom.WallLanes.LANES;

import java.util.Arrays;

/**
 * Colours of the phantom along many rays at once: mucosa with vessels, a lesion, wet highlights, a
 * light at the camera. Each ray has operations of its own in an order of its own, so its light does
 * not depend on its neighbours.
 *
 * <p>Where the lesion, or noise finer than a pixel, is nowhere among these rays, it is left out: it
 * would add 0.
 *
 * <p>Work space of one thread.
 */
final class ShadingLanes {
  /** What comes back from beyond {@link PhantomScene#FAR}. */
  private static final double[] DARK = {0.0035, 0.0010, 0.0008};

  /** Green and blue are swallowed on the way: far walls turn a deeper red. */
  private static final double[] SWALLOWED = {0.15, 0.55, 0.60};

  private static final double[] SHINE = {1, 0.97, 0.93};

  /** A lesion's colour, and how its pits change it. */
  private static final double[] TINT = {0.80, 0.17, 0.15};

  private static final double[] PITS = {0.12, 0.10, 0.08};

  /** How far apart the points are whose difference is the normal. */
  private static final double NORMAL_STEP = 0.003;

  private final WallLanes wall;
  private final NoiseLanes noise = new NoiseLanes();
  private final Palette palette;
  private final int[] seeds;

  private final int[] ray = new int[LANES];
  private final double[][] d = new double[3][LANES];
  private final double[] distance = new double[LANES];

  /** Of the hits: place, angle, gap, radius, polyp, normal. */
  private final double[][] at = new double[3][LANES];

  private final double[] c = new double[LANES];
  private final double[] s = new double[LANES];
  private final double[] here = new double[LANES];
  private final double[] radius = new double[LANES];
  private final double[] polyp = new double[LANES];
  private final double[][] normal = new double[3][LANES];

  private final double[] facing = new double[LANES];

  /** Width of the pixel on the wall; detail finer than that fades out. */
  private final double[] blur = new double[LANES];

  /** The hits on a tube of the mean radius: where the noise is looked up. */
  private final double[][] p = new double[3][LANES];

  private final double[][] scaled = new double[3][LANES];
  private final double[] broad = new double[LANES];
  private final double[] fine = new double[LANES];
  private final double[] grain = new double[LANES];
  private final double[] pits = new double[LANES];
  private final double[] warp = new double[LANES];
  private final double[] where = new double[LANES];
  private final double[] trunk = new double[LANES];
  private final double[] twig = new double[LANES];
  private final double[] visible = new double[LANES];
  private final double[] redness = new double[LANES];
  private final double[] light = new double[LANES];
  private final double[][] ripple = new double[3][LANES];
  private final double[] shine = new double[LANES];
  private final double[] fall = new double[LANES];
  private final double[] diffuse = new double[LANES];
  private final double[][] rgb = new double[3][LANES];

  ShadingLanes(PhantomScene scene, WallLanes wall) {
    this.wall = wall;
    this.palette = Palette.of(scene);
    this.seeds = palette.seeds();
  }

  /**
   * The light that the rays bring back, linear.
   *
   * @param rays with their distances
   * @param angle angular width of a pixel
   * @return [count, 3]
   */
  double[] radiance(PhantomScene.Camera camera, Rays rays, double angle) {
    double[] out = new double[rays.count * 3];
    int lanes = 0;
    for (int i = 0; i < rays.count; i++) {
      if (rays.distance[i] == Double.POSITIVE_INFINITY) {
        System.arraycopy(DARK, 0, out, i * 3, 3);
      } else {
        take(lanes++, rays, i);
      }
      if (lanes == LANES) {
        shade(camera, angle, lanes, out);
        lanes = 0;
      }
    }
    // Lanes without a ray compute what was in them before, for nobody.
    shade(camera, angle, lanes, out);
    return out;
  }

  private void take(int lane, Rays rays, int i) {
    ray[lane] = i;
    d[0][lane] = rays.dx[i];
    d[1][lane] = rays.dy[i];
    d[2][lane] = rays.dz[i];
    distance[lane] = rays.distance[i];
  }

  private void shade(PhantomScene.Camera camera, double angle, int lanes, double[] out) {
    if (lanes == 0) {
      return;
    }
    place(camera);
    normals(camera.time);
    facing(normal[0], normal[1], normal[2], d[0], d[1], d[2], facing);
    blur(angle, distance, facing, blur);
    albedo();
    light(angle);
    for (int i = 0; i < lanes; i++) {
      for (int k = 0; k < 3; k++) {
        out[ray[i] * 3 + k] = rgb[k][i];
      }
    }
  }

  private void place(PhantomScene.Camera camera) {
    RayLanes.along(camera.x, distance, d[0], at[0]);
    RayLanes.along(camera.y, distance, d[1], at[1]);
    RayLanes.along(camera.z, distance, d[2], at[2]);
    insideAt(0, 0, 0, camera.time);
    copy(wall.c, c);
    copy(wall.s, s);
    copy(wall.gap, here);
    copy(wall.radius, radius);
    copy(wall.polyp, polyp);
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, LANES);
  }

  private void insideAt(double dx, double dy, double dz, double time) {
    scale(1, at[0], dx, wall.x);
    scale(1, at[1], dy, wall.y);
    scale(1, at[2], dz, wall.z);
    wall.inside(time);
  }

  private static void scale(double factor, double[] x, double shift, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = factor * x[i] + shift;
    }
  }

  /** The wall's inner normals at the hits, from differences of the gap. */
  private void normals(double time) {
    insideAt(NORMAL_STEP, 0, 0, time);
    difference(wall.gap, here, normal[0]);
    insideAt(0, NORMAL_STEP, 0, time);
    difference(wall.gap, here, normal[1]);
    insideAt(0, 0, NORMAL_STEP, time);
    difference(wall.gap, here, normal[2]);
    unit(normal[0], normal[1], normal[2]);
  }

  private static void difference(double[] a, double[] b, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = a[i] - b[i];
    }
  }

  private static void unit(double[] x, double[] y, double[] z) {
    for (int i = 0; i < LANES; i++) {
      double n = Math.sqrt(x[i] * x[i] + y[i] * y[i] + z[i] * z[i]);
      x[i] = x[i] / n;
      y[i] = y[i] / n;
      z[i] = z[i] / n;
    }
  }

  private static void facing(
      double[] nx, double[] ny, double[] nz, double[] dx, double[] dy, double[] dz, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = Math.max(0, -(nx[i] * dx[i] + ny[i] * dy[i] + nz[i] * dz[i]));
    }
  }

  private static void blur(double angle, double[] distance, double[] facing, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = angle * distance[i] / Math.max(facing[i], 0.2);
    }
  }

  /** The tissue's own colour, without any lighting. */
  private void albedo() {
    scale(1.05, c, 0, p[0]);
    scale(1.05, s, 0, p[1]);
    copy(at[2], p[2]);
    gradient(1.3, p, seeds[0], broad);
    detail(7, p, seeds[1], fine);
    detail(19, p, seeds[2], grain);
    vessels();
    redness(palette.vesselStrength(), broad, fine, trunk, twig, where, redness);
    light(fine, grain, light);
    for (int k = 0; k < 3; k++) {
      blend(light, palette.base()[k], palette.flush()[k], redness, rgb[k]);
    }
    lesion();
  }

  private void gradient(double frequency, double[][] x, int seed, double[] out) {
    for (int k = 0; k < 3; k++) {
      scale(frequency, x[k], 0, scaled[k]);
    }
    noise.gradient(scaled[0], scaled[1], scaled[2], seed, out);
  }

  /** Noise of this frequency, as far as the pixels can show it. */
  private void detail(double frequency, double[][] x, int seed, double[] out) {
    fade(frequency, blur, visible);
    if (none(visible)) {
      Arrays.fill(out, 0);
      return;
    }
    gradient(frequency, x, seed, out);
    multiply(visible, out);
  }

  private static void fade(double frequency, double[] blur, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = 1 - step(0.25, 0.7, frequency * blur[i]);
    }
  }

  private static boolean none(double[] x) {
    for (int i = 0; i < LANES; i++) {
      if (x[i] > 0) {
        return false;
      }
    }
    return true;
  }

  private static void multiply(double[] x, double[] inPlace) {
    for (int i = 0; i < LANES; i++) {
      inPlace[i] = x[i] * inPlace[i];
    }
  }

  /** Thin branching lines where warped noise crosses zero, at two scales. */
  private void vessels() {
    gradient(2.6, p, seeds[3], warp);
    scale(0.35, warp, 0, warp);
    gradient(0.9, p, seeds[4], where);
    steps(-0.25, 0.35, where, 0.1, where);
    warped(1.7, p[0], 1, warp, scaled[0]);
    warped(1.7, p[1], -1, warp, scaled[1]);
    warped(1.7, p[2], 1, broad, scaled[2]);
    noise.gradient(scaled[0], scaled[1], scaled[2], seeds[5], trunk);
    line(0.055, 1.7, blur, trunk);
    warped(4.3, p[0], -1, warp, scaled[0]);
    warped(4.3, p[1], 2, warp, scaled[1]);
    scale(4.3, p[2], 0, scaled[2]);
    noise.gradient(scaled[0], scaled[1], scaled[2], seeds[6], twig);
    line(0.075, 4.3, blur, twig);
  }

  private static void steps(double low, double high, double[] x, double shift, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = step(low, high, x[i] + shift);
    }
  }

  private static void warped(
      double frequency, double[] x, double factor, double[] warp, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = frequency * x[i] + factor * warp[i];
    }
  }

  /** 1 where the value is near zero; a line thinner than the pixel is widened and made fainter. */
  private static void line(double width, double frequency, double[] blur, double[] inPlace) {
    for (int i = 0; i < LANES; i++) {
      double wide = width + 1.2 * frequency * blur[i];
      inPlace[i] = (width / wide) * (1 - step(0, wide, Math.abs(inPlace[i])));
    }
  }

  private static void redness(
      double strength,
      double[] broad,
      double[] fine,
      double[] trunk,
      double[] twig,
      double[] where,
      double[] out) {
    for (int i = 0; i < LANES; i++) {
      double vessels = strength * (trunk[i] * (0.35 + 0.65 * where[i]) + 0.55 * twig[i] * where[i]);
      double red = 0.28 + 0.55 * broad[i] + 0.16 * fine[i] + 0.55 * vessels;
      out[i] = Math.max(0, Math.min(1, red));
    }
  }

  private static void light(double[] fine, double[] grain, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = 1 + 0.10 * fine[i] + 0.12 * grain[i];
    }
  }

  private static void blend(
      double[] light, double base, double flush, double[] redness, double[] out) {
    double more = flush - base;
    for (int i = 0; i < LANES; i++) {
      out[i] = light[i] * (base + more * redness[i]);
    }
  }

  private void lesion() {
    if (none(polyp)) {
      return;
    }
    copy(c, p[0]);
    copy(s, p[1]);
    detail(9, p, seeds[7], pits);
    for (int k = 0; k < 3; k++) {
      tint(polyp, TINT[k], PITS[k], pits, rgb[k]);
    }
  }

  private static void tint(
      double[] polyp, double tint, double pitted, double[] pits, double[] inPlace) {
    for (int i = 0; i < LANES; i++) {
      double amount = 0.75 * step(0.02, 0.5, polyp[i]);
      inPlace[i] = inPlace[i] + amount * (tint + pitted * pits[i] - inPlace[i]);
    }
  }

  /** From the tissue's colours to the light that comes back. */
  private void light(double angle) {
    fall(palette.exposure(), distance, fall);
    diffuse(fall, radius, facing, diffuse);
    ripples(angle);
    highlight(normal, d, ripple, shine);
    wet(palette.wetness(), fall, shine);
    for (int k = 0; k < 3; k++) {
      lit(diffuse, distance, SWALLOWED[k], shine, SHINE[k], rgb[k]);
    }
  }

  private static void fall(double exposure, double[] distance, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = exposure / (0.38 + 0.60 * distance[i] * distance[i]);
    }
  }

  /** A haustrum is more open than the place behind a crest: a soft shadow. */
  private static void diffuse(double[] fall, double[] radius, double[] facing, double[] out) {
    for (int i = 0; i < LANES; i++) {
      double open = 0.72 + 0.28 * (1 - step(0.55, 1.05, radius[i]));
      out[i] = fall[i] * open * (0.16 + 0.84 * facing[i]);
    }
  }

  /** The film of mucus: how far its ripples bend the normals. */
  private void ripples(double angle) {
    double f = 7.5;
    scale(angle, distance, 0, visible);
    scale(0.5, visible, 0, visible);
    fade(f, visible, visible);
    scale(0.27, visible, 0, visible);
    if (none(visible)) {
      Arrays.stream(ripple).forEach(r -> Arrays.fill(r, 0));
      return;
    }
    gradient(f, at, seeds[2], ripple[0]);
    scale(f, at[0], 31.7, scaled[0]);
    noise.gradient(scaled[0], scaled[1], scaled[2], seeds[3], ripple[1]);
    scale(f, at[0], 0, scaled[0]);
    scale(f, at[1], 47.3, scaled[1]);
    noise.gradient(scaled[0], scaled[1], scaled[2], seeds[4], ripple[2]);
    for (int k = 0; k < 3; k++) {
      multiply(visible, ripple[k]);
    }
  }

  /** The mirror image of the light in the film. */
  private static void highlight(double[][] normal, double[][] d, double[][] ripple, double[] out) {
    double[] nx = normal[0];
    double[] ny = normal[1];
    double[] nz = normal[2];
    double[] dx = d[0];
    double[] dy = d[1];
    double[] dz = d[2];
    double[] rx = ripple[0];
    double[] ry = ripple[1];
    double[] rz = ripple[2];
    for (int i = 0; i < LANES; i++) {
      double x = nx[i] + rx[i];
      double y = ny[i] + ry[i];
      double z = nz[i] + rz[i];
      double len = Math.sqrt(x * x + y * y + z * z);
      double cos = Math.max(0, -(x * dx[i] + y * dy[i] + z * dz[i]) / len);
      double c2 = cos * cos;
      double c8 = c2 * c2 * c2 * c2;
      double c64 = c8 * c8 * c8 * c8 * c8 * c8 * c8 * c8;
      double c256 = c64 * c64 * c64 * c64;
      out[i] = 0.045 * c8 + 1.05 * c256;
    }
  }

  private static void wet(double wetness, double[] fall, double[] inPlace) {
    for (int i = 0; i < LANES; i++) {
      inPlace[i] = wetness * inPlace[i] * Math.min(fall[i], 1.3);
    }
  }

  private static void lit(
      double[] diffuse,
      double[] distance,
      double swallowed,
      double[] shine,
      double share,
      double[] inPlace) {
    for (int i = 0; i < LANES; i++) {
      double far = distance[i] / (distance[i] + 3.2);
      inPlace[i] = inPlace[i] * diffuse[i] * (1 - swallowed * far) + shine[i] * share;
    }
  }
}
