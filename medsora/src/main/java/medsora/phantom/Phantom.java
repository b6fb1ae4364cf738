package medsora.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import medsora.media.Clip;

/**
 * A synthetic endoscopy video: the view of a camera that travels through a bent, folded, moist tube
 * with vessels and, in some clips, a polyp. Every byte is a function of (seed, clip, frame, size)
 * alone: no platform function whose rounding varies is used, and threads share nothing.
 *
 * <p>The geometry is known, so the optical flow is exact; see {@link #flow}.
 *
 * <p>{@code frame(k, size)} does not depend on how many frames the clip has.
 */
public final class Phantom {
  private final long seed;
  private final int clip;
  private final int frames;
  private final PhantomScene scene;

  /**
   * Prepares a clip.
   *
   * @param seed chooses the data set
   * @param clip chooses the clip in it, from 0
   * @param frames how many frames may be asked for, at least 1
   */
  public Phantom(long seed, int clip, int frames) {
    if (clip < 0 || frames < 1 || frames > 100_000) {
      throw new IllegalArgumentException(
          "[phantom] clip " + clip + " or frames " + frames + " out of range");
    }
    this.seed = seed;
    this.clip = clip;
    this.frames = frames;
    this.scene = new PhantomScene(seed, clip, frames);
  }

  /** What a clip can show: no lesion, or a polyp. */
  public static final List<String> LABELS = List.of("none", "lesion");

  /**
   * What the clip shows, one of {@link #LABELS}. Most clips with a polyp show it from their first
   * frames on.
   */
  public String label() {
    return LABELS.get(scene.hasPolyp ? 1 : 0);
  }

  /** Renders a whole clip, frames in parallel. */
  public static Clip render(long seed, int clip, int frames, int size) {
    return new Phantom(seed, clip, frames).clip(size);
  }

  /** All frames as a clip of {@code size} x {@code size} pixels. */
  public Clip clip(int size) {
    checkSize(size);
    List<byte[]> out =
        new ArrayList<>(
            IntStream.range(0, frames).parallel().mapToObj(k -> frame(k, size)).toList());
    return Clip.of("phantom-" + seed + "-" + clip, size, size, out);
  }

  /**
   * One frame.
   *
   * @param k frame number, 0 .. frames-1
   * @return RGB bytes [size, size, 3]
   */
  public byte[] frame(int k, int size) {
    checkFrame(k, frames);
    checkSize(size);
    PhantomScene.Camera cam = scene.camera(k);
    Lanes lanes = new Lanes(scene);
    double[] corners = lanes.light(cam, rays(cam, size, size + 1, -0.5), size);
    double[] centres = lanes.light(cam, rays(cam, size, size, 0), size);
    byte[] out = new byte[size * size * 3];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        double shade = vignette(x, y, size);
        int above = (y * (size + 1) + x) * 3;
        int below = above + (size + 1) * 3;
        int here = (y * size + x) * 3;
        for (int c = 0; c < 3; c++) {
          double around =
              corners[above + c]
                  + corners[above + 3 + c]
                  + corners[below + c]
                  + corners[below + 3 + c];
          out[here + c] = display(shade * (0.5 * centres[here + c] + 0.125 * around));
        }
      }
    }
    return out;
  }

  /** What one thread needs to follow rays and to shade them. */
  private static final class Lanes {
    private final RayLanes casting;
    private final ShadingLanes shading;

    Lanes(PhantomScene scene) {
      WallLanes wall = new WallLanes(scene);
      casting = new RayLanes(scene, wall);
      shading = new ShadingLanes(scene, wall);
    }

    /** Linear light along rays, [count, 3]. */
    double[] light(PhantomScene.Camera cam, Rays rays, int size) {
      casting.cast(cam, rays);
      double[] out = shading.radiance(cam, rays, 1.7 / size);
      for (int i = 0; i < out.length; i++) {
        // A highlight brighter than the sensor's range must not outweigh its neighbours.
        out[i] = Math.min(out[i], 1.6);
      }
      return out;
    }
  }

  /**
   * {@code count} x {@code count} rays one pixel apart. Each pixel averages its centre and its four
   * corners, which it shares with its neighbours: five samples for the price of two.
   */
  private static Rays rays(PhantomScene.Camera cam, int size, int count, double shift) {
    Rays rays = new Rays(count * count);
    for (int i = 0; i < rays.count; i++) {
      rays.set(i, cam, cam.plane(i % count + shift, size), cam.plane(i / count + shift, size));
    }
    return rays;
  }

  /** The lens passes less light towards the corners. */
  private static double vignette(int x, int y, int size) {
    double u = 2 * (x + 0.5) / size - 1;
    double v = 2 * (y + 0.5) / size - 1;
    double r = u * u + v * v;
    return (1 - 0.10 * r) * (1 - 0.85 * PhantomNoise.step(0.95, 1.75, r));
  }

  /** Linear light to a byte: a shoulder that keeps highlights from clipping, then gamma 2. */
  private static byte display(double v) {
    double s = v * (1 + v * 0.16) / (1 + v);
    return (byte) (int) Math.min(255, 255 * Math.sqrt(1.18 * s) + 0.5);
  }

  /**
   * Exact motion from one frame to the next.
   *
   * @param uv [2, size, size]: horizontal, then vertical displacement in pixels
   * @param valid [size, size]: 1 where the tissue seen in this pixel is also visible in the next
   *     frame, else 0 (hidden, outside, or no wall within sight)
   */
  public record Flow(int size, float[] uv, byte[] valid) {}

  /**
   * The optical flow from frame k to k+1 at pixel centres: the tissue point under the pixel is
   * carried along by the tissue's own motion and projected into the next camera, so that the pixel
   * (x, y) of frame k is at (x + u, y + v) in frame k+1 (Eq. 5). Where nothing is hit the flow is
   * 0.
   *
   * @param k 0 .. frames-2
   */
  public Flow flow(int k, int size) {
    checkFrame(k, frames - 1);
    checkSize(size);
    PhantomScene.Camera from = scene.camera(k);
    PhantomScene.Camera to = scene.camera(k + 1.0);
    float[] uv = new float[2 * size * size];
    byte[] valid = new byte[size * size];
    double[] expected = new double[size * size];
    Rays there = rays(from, size, size, 0);
    RayLanes casting = new RayLanes(scene, new WallLanes(scene));
    casting.cast(from, there);
    Rays back = new Rays(size * size);
    PhantomScene.Hit hit = new PhantomScene.Hit();
    double[] next = new double[3];
    for (int i = 0; i < size * size; i++) {
      back.set(i, to, 0, 0);
      if (there.hit(scene, from, i, hit) && project(hit, to, size, next)) {
        uv[i] = (float) (next[0] - i % size);
        uv[size * size + i] = (float) (next[1] - i / size);
        if (inPicture(next, size)) {
          expected[i] = next[2];
          back.set(i, to, to.plane(next[0], size), to.plane(next[1], size));
        }
      }
    }
    casting.cast(to, back);
    for (int i = 0; i < size * size; i++) {
      boolean seen = Math.abs(back.distance[i] - expected[i]) < 0.002 * expected[i];
      valid[i] = (byte) (seen ? 1 : 0);
    }
    return new Flow(size, uv, valid);
  }

  /** Pixel coordinates and distance of a tissue point at the other camera's time. */
  private boolean project(PhantomScene.Hit hit, PhantomScene.Camera to, int size, double[] next) {
    double r = scene.radius(hit.c, hit.s, hit.z, to.time);
    double x = scene.centreX(hit.z) + r * hit.c - to.x;
    double y = scene.centreY(hit.z) + r * hit.s - to.y;
    double z = hit.z - to.z;
    double depth = x * to.forward[0] + y * to.forward[1] + z * to.forward[2];
    if (depth < 0.02) {
      return false;
    }
    double u = (x * to.right[0] + y * to.right[1] + z * to.right[2]) / depth;
    double v = (x * to.down[0] + y * to.down[1] + z * to.down[2]) / depth;
    next[0] = to.pixel(u, size);
    next[1] = to.pixel(v, size);
    next[2] = Math.sqrt(x * x + y * y + z * z);
    return true;
  }

  private static boolean inPicture(double[] at, int size) {
    return at[0] >= 0 && at[0] <= size - 1 && at[1] >= 0 && at[1] <= size - 1;
  }

  private static void checkFrame(int k, int count) {
    if (k < 0 || k >= count) {
      throw new IllegalArgumentException("[phantom] frame " + k + " is not in 0.." + (count - 1));
    }
  }

  private static void checkSize(int size) {
    if (size < 8 || size > 4096) {
      throw new IllegalArgumentException("[phantom] size " + size + " is not in 8..4096");
    }
  }
}
