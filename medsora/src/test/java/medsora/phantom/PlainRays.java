package medsora.phantom;

import static medsora.phantom.PhantomNoise.step;

/** The reading of {@link RayLanes}: one ray, step by step. */
final class PlainRays {
  private final PhantomScene scene;

  PlainRays(PhantomScene scene) {
    this.scene = scene;
  }

  /** The unit vector through a pixel. */
  static void direction(PhantomScene.Camera cam, double x, double y, int size, double[] d) {
    double u = cam.plane(x, size);
    double v = cam.plane(y, size);
    double n = Math.sqrt(u * u + v * v + 1);
    for (int a = 0; a < 3; a++) {
      d[a] = (u * cam.right[a] + v * cam.down[a] + cam.forward[a]) / n;
    }
  }

  /**
   * Follows a ray of unit direction to the wall.
   *
   * @return false when nothing is met within {@link PhantomScene#FAR}
   */
  boolean cast(PhantomScene.Camera from, double dx, double dy, double dz, PhantomScene.Hit hit) {
    double before = 0;
    double gapBefore = scene.inside(from.x, from.y, from.z, from.time);
    double t = 0.02;
    double gap = scene.inside(from.x + t * dx, from.y + t * dy, from.z + t * dz, from.time);
    while (gap > 0) {
      before = t;
      gapBefore = gap;
      t += 0.55 * gap + 0.008 + 0.005 * t;
      if (t > PhantomScene.FAR) {
        return false;
      }
      gap = scene.inside(from.x + t * dx, from.y + t * dy, from.z + t * dz, from.time);
    }
    scene.place(from, dx, dy, dz, refine(from, dx, dy, dz, before, gapBefore, t, gap), hit);
    return true;
  }

  /** Narrows [low, high] down to the wall by the Illinois variant of false position. */
  private double refine(
      PhantomScene.Camera from,
      double dx,
      double dy,
      double dz,
      double low,
      double gapLow,
      double high,
      double gapHigh) {
    double t = high;
    for (int i = 0; i < 30 && high - low > 1e-11; i++) {
      t = low + (high - low) * (gapLow / (gapLow - gapHigh));
      double gap = scene.inside(from.x + t * dx, from.y + t * dy, from.z + t * dz, from.time);
      if (gap > 0) {
        low = t;
        gapLow = gap;
        gapHigh *= 0.5;
      } else {
        high = t;
        gapHigh = gap;
        gapLow *= 0.5;
      }
      if (Math.abs(gap) < 1e-10) {
        break;
      }
    }
    return t;
  }

  /** The wall's inner normal at a hit, from differences of {@link PhantomScene#inside}. */
  void normal(PhantomScene.Hit hit, double time, double[] out) {
    double e = 0.003;
    double here = scene.inside(hit.x, hit.y, hit.z, time);
    PhantomScene.unit(
        out,
        scene.inside(hit.x + e, hit.y, hit.z, time) - here,
        scene.inside(hit.x, hit.y + e, hit.z, time) - here,
        scene.inside(hit.x, hit.y, hit.z + e, time) - here);
  }

  /** How open the place is: 1 in a haustrum, less behind a crest; used as soft shadow. */
  double depthInWall(PhantomScene.Hit hit, double time) {
    return step(0.55, 1.05, scene.radius(hit.c, hit.s, hit.z, time));
  }
}
