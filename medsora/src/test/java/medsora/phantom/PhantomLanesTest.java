package medsora.phantom;

import static medsora.phantom.WallLanes.LANES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.random.CounterRandom;
import engine.random.RandomKey;
import org.junit.jupiter.api.Test;

/** What is computed for many points and rays at once has the bits of the reading of each. */
class PhantomLanesTest {
  private static final int SCENES = 24;

  private static CounterRandom random(int scene) {
    return new RandomKey(41, 0, scene).random();
  }

  private static double between(CounterRandom random, long draw, double low, double high) {
    return low + (high - low) * random.uniform(draw);
  }

  /**
   * Inside the lumen, in the wall, on the centre line, before the first fold and behind the last.
   */
  @Test
  void wallIsTheReadings() {
    boolean polyps = false;
    for (int n = 0; n < SCENES; n++) {
      PhantomScene scene = new PhantomScene(n, 3 * n, 20);
      WallLanes lanes = new WallLanes(scene);
      CounterRandom random = random(n);
      for (int round = 0; round < 20; round++) {
        double reach = round == 0 ? 200 : 18;
        for (int i = 0; i < LANES; i++) {
          long draw = 3L * (round * LANES + i);
          double off = i == 7 ? 0 : 1.3;
          lanes.z[i] = between(random, draw, -reach, reach);
          lanes.x[i] = scene.centreX(lanes.z[i]) + off * between(random, draw + 1, -1, 1);
          lanes.y[i] = scene.centreY(lanes.z[i]) + off * between(random, draw + 2, -1, 1);
        }
        double time = between(random, 1_000_000 + round, 0, 40);
        lanes.inside(time);
        for (int i = 0; i < LANES; i++) {
          String where = "scene " + n + ", round " + round + ", point " + i;
          double inside = scene.inside(lanes.x[i], lanes.y[i], lanes.z[i], time);
          assertEquals(inside, lanes.gap[i], where);
          double c = lanes.c[i];
          double s = lanes.s[i];
          assertEquals(scene.radius(c, s, lanes.z[i], time), lanes.radius[i], where);
          assertEquals(scene.polyp(c, s, lanes.z[i]), lanes.polyp[i], where);
          polyps |= lanes.polyp[i] > 0;
        }
      }
    }
    assertTrue(polyps);
  }

  /** But for the sign of a zero, which adding 0 to both takes away. */
  @Test
  void noiseIsTheReadings() {
    NoiseLanes lanes = new NoiseLanes();
    double[][] p = new double[3][LANES];
    double[] out = new double[LANES];
    for (int round = 0; round < 200; round++) {
      CounterRandom random = random(round);
      for (int i = 0; i < LANES; i++) {
        for (int a = 0; a < 3; a++) {
          double v = between(random, 3L * i + a, -60, 60);
          p[a][i] = i % 8 == a ? Math.rint(v) : v;
        }
      }
      p[1][5] = -0.0;
      p[2][6] = -1e-20;
      lanes.gradient(p[0], p[1], p[2], round * 7919, out);
      for (int i = 0; i < LANES; i++) {
        double reading = PhantomNoise.gradient(p[0][i], p[1][i], p[2][i], round * 7919);
        assertEquals(reading + 0.0, out[i] + 0.0, "round " + round + ", point " + i);
      }
    }
  }

  @Test
  void remaindersAreExact() {
    CounterRandom random = random(0);
    for (int i = 0; i < 100_000; i++) {
      int h = random.below(1 << 29, i);
      assertEquals(h % 3, PhantomNoise.modulo3(h), () -> "of " + h);
      assertEquals(i % 3, PhantomNoise.modulo3(i));
      int high = (1 << 29) - 1 - i;
      assertEquals(high % 3, PhantomNoise.modulo3(high));
    }
  }

  /** Rays in all directions, as many as the lanes, fewer and more. */
  @Test
  void distancesAndLightAreTheReadings() {
    int missed = 0;
    for (int n = 0; n < SCENES; n++) {
      PhantomScene scene = new PhantomScene(n, n, 20);
      PhantomScene.Camera camera = scene.camera(n % 20);
      Rays rays = rays(camera, random(n), new int[] {1, LANES, 3 * LANES + 5}[n % 3]);
      WallLanes wall = new WallLanes(scene);
      new RayLanes(scene, wall).cast(camera, rays);
      double angle = 1.7 / (8 << (n % 6));
      double[] light = new ShadingLanes(scene, wall).radiance(camera, rays, angle);
      PlainRays plain = new PlainRays(scene);
      PlainShading shading = new PlainShading(scene);
      PlainShading.Scratch scratch = new PlainShading.Scratch();
      for (int i = 0; i < rays.count; i++) {
        String where = "scene " + n + ", ray " + i;
        double[] d = {rays.dx[i], rays.dy[i], rays.dz[i]};
        boolean hit = plain.cast(camera, d[0], d[1], d[2], scratch.hit);
        missed += hit ? 0 : 1;
        double distance = hit ? scratch.hit.distance : Double.POSITIVE_INFINITY;
        assertEquals(distance, rays.distance[i], where);
        shading.radiance(camera, d, angle, scratch);
        for (int c = 0; c < 3; c++) {
          assertEquals(scratch.rgb[c], light[3 * i + c], where + ", channel " + c);
        }
      }
    }
    assertTrue(missed > 0, "no ray left the tube's sight");
  }

  /** Half of the rays look along the tube, where some meet nothing. */
  private static Rays rays(PhantomScene.Camera camera, CounterRandom random, int count) {
    Rays rays = new Rays(count);
    for (int i = 0; i < count; i++) {
      double wide = i % 2 == 0 ? 0.2 : 2.5;
      double u = between(random, 2L * i, -wide, wide);
      double v = between(random, 2L * i + 1, -wide, wide);
      rays.set(i, camera, u, v);
    }
    return rays;
  }
}
