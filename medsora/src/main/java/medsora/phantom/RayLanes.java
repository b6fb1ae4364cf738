package medsora.phantom;

import static medsora.phantom.WallLanes.LANES;

import java.util.Arrays;

/**
 * Follows rays to the wall, many at once: each marches by steps that the gap to the wall allows,
 * until it is in the wall, and narrows the last step down by the Illinois variant of false
 * position. A lane whose ray has ended takes the next one, so that all lanes stay busy; a ray sees
 * nothing of its neighbours.
 *
 * <p>Work space of one thread.
 */
final class RayLanes {
  private static final double FIRST_STEP = 0.02;
  private static final int MARCHING = -1;
  private static final int MOST_NARROWINGS = 30;

  private final PhantomScene scene;
  private final WallLanes wall;
  private final int[] ray = new int[LANES];
  private final int[] narrowings = new int[LANES];
  private final double[] dx = new double[LANES];
  private final double[] dy = new double[LANES];
  private final double[] dz = new double[LANES];
  private final double[] t = new double[LANES];

  /** Of each lane, the last distance in the lumen and the first in the wall. */
  private final double[] ends = new double[2 * LANES];

  /** The gaps there, which narrowing halves. */
  private final double[] gaps = new double[2 * LANES];

  private Rays rays = new Rays(0);
  private double gapAtCamera;
  private int next;
  private int busy;

  RayLanes(PhantomScene scene, WallLanes wall) {
    this.scene = scene;
    this.wall = wall;
  }

  /** Finds the distance of the wall along each ray. */
  void cast(PhantomScene.Camera from, Rays rays) {
    this.rays = rays;
    gapAtCamera = scene.inside(from.x, from.y, from.z, from.time);
    next = 0;
    busy = LANES;
    Arrays.fill(t, 0);
    for (int i = 0; i < LANES; i++) {
      take(i);
    }
    while (busy > 0) {
      along(from.x, t, dx, wall.x);
      along(from.y, t, dy, wall.y);
      along(from.z, t, dz, wall.z);
      wall.inside(from.time);
      advance(wall.gap);
    }
  }

  private void advance(double[] gap) {
    for (int i = 0; i < LANES; i++) {
      if (ray[i] >= 0) {
        advance(i, gap[i]);
      }
    }
  }

  /** Points at the distances t. */
  static void along(double from, double[] t, double[] d, double[] out) {
    for (int i = 0; i < LANES; i++) {
      out[i] = from + t[i] * d[i];
    }
  }

  private void take(int i) {
    if (next == rays.count) {
      ray[i] = -1;
      busy--;
      return;
    }
    ray[i] = next;
    dx[i] = rays.dx[next];
    dy[i] = rays.dy[next];
    dz[i] = rays.dz[next];
    next++;
    narrowings[i] = MARCHING;
    ends[2 * i] = 0;
    gaps[2 * i] = gapAtCamera;
    t[i] = FIRST_STEP;
  }

  private void end(int i, double distance) {
    rays.distance[ray[i]] = distance;
    take(i);
  }

  private void advance(int i, double gap) {
    if (narrowings[i] != MARCHING) {
      narrow(i, gap);
    } else if (gap > 0) {
      ends[2 * i] = t[i];
      gaps[2 * i] = gap;
      t[i] += 0.55 * gap + 0.008 + 0.005 * t[i];
      if (t[i] > PhantomScene.FAR) {
        end(i, Double.POSITIVE_INFINITY);
      }
    } else {
      ends[2 * i + 1] = t[i];
      gaps[2 * i + 1] = gap;
      narrowings[i] = 0;
      between(i);
    }
  }

  /**
   * The point becomes that end on whose side of the wall it is. The side is the sign's bit, for a
   * branch would be mispredicted every other time; a gap of 0 has no side, and ends the search.
   */
  private void narrow(int i, double gap) {
    int side = (int) (Double.doubleToRawLongBits(gap) >>> 63);
    ends[2 * i + side] = t[i];
    gaps[2 * i + side] = gap;
    gaps[2 * i + 1 - side] *= 0.5;
    if (Math.abs(gap) < 1e-10) {
      end(i, t[i]);
    } else {
      between(i);
    }
  }

  /** The next point between the ends, unless they are near enough. */
  private void between(int i) {
    double low = ends[2 * i];
    double width = ends[2 * i + 1] - low;
    if (narrowings[i] == MOST_NARROWINGS || width <= 1e-11) {
      end(i, t[i]);
      return;
    }
    narrowings[i]++;
    double gapLow = gaps[2 * i];
    t[i] = low + width * (gapLow / (gapLow - gaps[2 * i + 1]));
  }
}
