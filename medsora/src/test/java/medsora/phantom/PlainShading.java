package medsora.phantom;

import static medsora.phantom.PhantomNoise.gradient;
import static medsora.phantom.PhantomNoise.step;

/** The reading of {@link ShadingLanes}: the light of one ray. */
final class PlainShading {
  private final PhantomScene scene;
  private final PlainRays rays;
  private final Palette palette;
  private final int[] seeds;

  PlainShading(PhantomScene scene) {
    this.scene = scene;
    this.rays = new PlainRays(scene);
    this.palette = Palette.of(scene);
    this.seeds = palette.seeds();
  }

  /**
   * The tissue's own colour at a wall point, linear light, without any lighting.
   *
   * @param blur width of the pixel on the wall; detail finer than that fades out
   */
  void albedo(PhantomScene.Hit hit, double blur, double[] rgb) {
    double px = 1.05 * hit.c;
    double py = 1.05 * hit.s;
    double pz = hit.z;
    double broad = gradient(1.3 * px, 1.3 * py, 1.3 * pz, seeds[0]);
    double fine = detail(7, px, py, pz, seeds[1], blur);
    double grain = detail(19, px, py, pz, seeds[2], blur);
    double vessels = vessels(px, py, pz, broad, blur);
    double redness = clamp01(0.28 + 0.55 * broad + 0.16 * fine + 0.55 * vessels);
    double light = 1 + 0.10 * fine + 0.12 * grain;
    for (int c = 0; c < 3; c++) {
      rgb[c] = light * (palette.base()[c] + (palette.flush()[c] - palette.base()[c]) * redness);
    }
    lesion(hit, blur, rgb);
  }

  /** Thin branching lines where warped noise crosses zero, at two scales. */
  private double vessels(double px, double py, double pz, double broad, double blur) {
    double warp = 0.35 * gradient(2.6 * px, 2.6 * py, 2.6 * pz, seeds[3]);
    double where = step(-0.25, 0.35, gradient(0.9 * px, 0.9 * py, 0.9 * pz, seeds[4]) + 0.1);
    double trunk =
        line(
            gradient(1.7 * px + warp, 1.7 * py - warp, 1.7 * pz + broad, seeds[5]),
            0.055,
            1.7,
            blur);
    double twig =
        line(gradient(4.3 * px - warp, 4.3 * py + 2 * warp, 4.3 * pz, seeds[6]), 0.075, 4.3, blur);
    return palette.vesselStrength() * (trunk * (0.35 + 0.65 * where) + 0.55 * twig * where);
  }

  /** 1 where {@code v} is near zero; a line thinner than the pixel is widened and made fainter. */
  private static double line(double v, double width, double frequency, double blur) {
    double wide = width + 1.2 * frequency * blur;
    return (width / wide) * (1 - step(0, wide, Math.abs(v)));
  }

  /** Noise of this frequency, as far as the pixel can show it. */
  private static double detail(
      double frequency, double x, double y, double z, int seed, double blur) {
    double visible = fade(frequency, blur);
    return visible == 0 ? 0 : visible * gradient(frequency * x, frequency * y, frequency * z, seed);
  }

  private static double fade(double frequency, double blur) {
    return 1 - step(0.25, 0.7, frequency * blur);
  }

  private void lesion(PhantomScene.Hit hit, double blur, double[] rgb) {
    double polyp = scene.polyp(hit.c, hit.s, hit.z);
    if (polyp <= 0) {
      return;
    }
    double pits = detail(9, hit.c, hit.s, hit.z, seeds[7], blur);
    double amount = 0.75 * step(0.02, 0.5, polyp);
    double[] tint = {0.80 + 0.12 * pits, 0.17 + 0.10 * pits, 0.15 + 0.08 * pits};
    for (int c = 0; c < 3; c++) {
      rgb[c] += amount * (tint[c] - rgb[c]);
    }
  }

  /** Work space of one thread. */
  static final class Scratch {
    final PhantomScene.Hit hit = new PhantomScene.Hit();
    final double[] rgb = new double[3];
    final double[] normal = new double[3];
  }

  /**
   * The light that one ray brings back, linear, into {@code scratch.rgb}.
   *
   * @param d the ray's unit direction
   * @param angle angular width of a pixel
   */
  void radiance(PhantomScene.Camera cam, double[] d, double angle, Scratch scratch) {
    double[] rgb = scratch.rgb;
    PhantomScene.Hit hit = scratch.hit;
    if (!rays.cast(cam, d[0], d[1], d[2], hit)) {
      rgb[0] = 0.0035;
      rgb[1] = 0.0010;
      rgb[2] = 0.0008;
      return;
    }
    double[] n = scratch.normal;
    rays.normal(hit, cam.time, n);
    double facing = Math.max(0, -(n[0] * d[0] + n[1] * d[1] + n[2] * d[2]));
    albedo(hit, angle * hit.distance / Math.max(facing, 0.2), rgb);
    double dist = hit.distance;
    double fall = palette.exposure() / (0.38 + 0.60 * dist * dist);
    double open = 0.72 + 0.28 * (1 - rays.depthInWall(hit, cam.time));
    double diffuse = fall * open * (0.16 + 0.84 * facing);
    double shine = palette.wetness() * highlight(hit, n, d, angle * dist) * Math.min(fall, 1.3);
    // Tissue swallows green and blue on the way: far walls turn a deeper red.
    double far = dist / (dist + 3.2);
    rgb[0] = rgb[0] * diffuse * (1 - 0.15 * far) + shine;
    rgb[1] = rgb[1] * diffuse * (1 - 0.55 * far) + shine * 0.97;
    rgb[2] = rgb[2] * diffuse * (1 - 0.60 * far) + shine * 0.93;
  }

  /** The mirror image of the light in the film of mucus, broken up by its ripples. */
  private double highlight(PhantomScene.Hit hit, double[] n, double[] d, double blur) {
    double f = 7.5;
    double rx = gradient(f * hit.x, f * hit.y, f * hit.z, seeds[2]);
    double ry = gradient(f * hit.x + 31.7, f * hit.y, f * hit.z, seeds[3]);
    double rz = gradient(f * hit.x, f * hit.y + 47.3, f * hit.z, seeds[4]);
    double amount = 0.27 * fade(f, 0.5 * blur);
    double nx = n[0] + amount * rx;
    double ny = n[1] + amount * ry;
    double nz = n[2] + amount * rz;
    double len = Math.sqrt(nx * nx + ny * ny + nz * nz);
    double cos = Math.max(0, -(nx * d[0] + ny * d[1] + nz * d[2]) / len);
    double c2 = cos * cos;
    double c8 = c2 * c2 * c2 * c2;
    double c64 = c8 * c8 * c8 * c8 * c8 * c8 * c8 * c8;
    double c256 = c64 * c64 * c64 * c64;
    return 0.045 * c8 + 1.05 * c256;
  }

  private static double clamp01(double v) {
    return v < 0 ? 0 : v > 1 ? 1 : v;
  }
}
