package medsora.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import medsora.media.Clip;
import org.junit.jupiter.api.Test;

class PhantomTest {
  private static String sha256(Clip v) throws Exception {
    MessageDigest d = MessageDigest.getInstance("SHA-256");
    v.frames().forEach(d::update);
    return HexFormat.of().formatHex(d.digest());
  }

  /**
   * The bytes are a promise: the same on every machine. A change of the pictures changes this value
   * on purpose; anything else that changes it is a fault.
   */
  @Test
  void bytesAreTheSameEverywhere() throws Exception {
    assertEquals(
        "28294b8c85f7a01805e9e1cb2cf52eca49ed65087506c4f4ff1565e64ecfd145",
        sha256(Phantom.render(1, 2, 3, 32)));
  }

  /** So is the flow. */
  @Test
  void flowIsTheSameEverywhere() throws Exception {
    MessageDigest d = MessageDigest.getInstance("SHA-256");
    for (int clip = 0; clip < 5; clip++) {
      for (int k = 0; k < 3; k++) {
        Phantom.Flow flow = new Phantom(1, clip, 4).flow(k, 24);
        ByteBuffer uv = ByteBuffer.allocate(Float.BYTES * flow.uv().length);
        uv.asFloatBuffer().put(flow.uv());
        d.update(uv.array());
        d.update(flow.valid());
      }
    }
    assertEquals(
        "f46848fffcf161669093f71d11ec03c2a4a64d81a1965cd7d80129edc1ea8dfb",
        HexFormat.of().formatHex(d.digest()));
  }

  @Test
  void framesDoNotDependOnLengthOrThreads() {
    Clip clip = Phantom.render(5, 1, 6, 24);
    for (int frames : new int[] {6, 40}) {
      Phantom p = new Phantom(5, 1, frames);
      for (int k = 0; k < 6; k++) {
        assertArrayEquals(clip.frames().get(k), p.frame(k, 24), "frame " + k);
      }
    }
  }

  @Test
  void clipsAndSeedsDiffer() {
    byte[] a = new Phantom(1, 0, 1).frame(0, 16);
    assertFalse(java.util.Arrays.equals(a, new Phantom(1, 1, 1).frame(0, 16)));
    assertFalse(java.util.Arrays.equals(a, new Phantom(2, 0, 1).frame(0, 16)));
    int polyps = 0;
    for (int clip = 0; clip < 40; clip++) {
      polyps += new Tissue(1, clip, 1).hasPolyp() ? 1 : 0;
    }
    assertTrue(polyps > 10 && polyps < 35, "polyps in 40 clips: " + polyps);
  }

  /** No clip is dark, burnt out or still. */
  @Test
  void everyClipIsAPicture() {
    for (int clip = 0; clip < 40; clip++) {
      Phantom p = new Phantom(3, clip, 17);
      byte[] first = p.frame(0, 24);
      byte[] last = p.frame(16, 24);
      double mean = 0;
      double change = 0;
      int burnt = 0;
      for (int i = 0; i < first.length; i++) {
        mean += (first[i] & 255) / (double) first.length;
        change += Math.abs((first[i] & 255) - (last[i] & 255)) / (double) first.length;
        burnt += (first[i] & 255) > 250 ? 1 : 0;
      }
      assertTrue(mean > 50 && mean < 170, "clip " + clip + ": mean " + mean);
      assertTrue(change > 2, "clip " + clip + ": change " + change);
      assertTrue(burnt < first.length / 5, "clip " + clip + ": burnt " + burnt);
    }
  }

  /** Warping the next frame's tissue colours by the flow gives this frame's where both are seen. */
  @Test
  void flowCarriesTheTextureAlong() {
    int size = 96;
    for (int clip = 0; clip < 4; clip++) {
      Phantom p = new Phantom(11, clip, 3);
      Tissue tissue = new Tissue(11, clip, 3);
      float[] here = tissue.albedo(1, size);
      float[] next = tissue.albedo(2, size);
      Phantom.Flow flow = p.flow(1, size);
      double warped = 0;
      double still = 0;
      int n = 0;
      for (int i = 0; i < size * size; i++) {
        if (flow.valid()[i] == 0) {
          continue;
        }
        n++;
        double x = i % size + flow.uv()[i];
        double y = i / size + flow.uv()[size * size + i];
        for (int c = 0; c < 3; c++) {
          warped += Math.abs(bilinear(next, size, x, y, c) - here[i * 3 + c]);
          still += Math.abs(next[i * 3 + c] - here[i * 3 + c]);
        }
      }
      assertTrue(n > size * size * 0.6, "clip " + clip + ": valid " + n);
      assertTrue(warped / n / 3 < 0.012, "clip " + clip + ": error " + warped / n / 3);
      assertTrue(warped < 0.5 * still, "clip " + clip + ": " + warped + " of " + still);
    }
  }

  private static double bilinear(float[] image, int size, double x, double y, int c) {
    int x0 = Math.min((int) x, size - 2);
    int y0 = Math.min((int) y, size - 2);
    double u = x - x0;
    double v = y - y0;
    int at = (y0 * size + x0) * 3 + c;
    double top = image[at] * (1 - u) + image[at + 3] * u;
    double bottom = image[at + size * 3] * (1 - u) + image[at + size * 3 + 3] * u;
    return top * (1 - v) + bottom * v;
  }

  /** The next camera's ray through the displaced pixel meets the very same tissue point. */
  @Test
  void flowLeadsToTheSameTissue() {
    int size = 40;
    PhantomScene scene = new PhantomScene(11, 0, 3);
    Phantom.Flow flow = new Phantom(11, 0, 3).flow(1, size);
    for (int i = 0; i < size * size; i++) {
      if (flow.valid()[i] == 1) {
        PhantomScene.Hit a = cast(scene, 1, i % size, i / size, size);
        double x = i % size + flow.uv()[i];
        double y = i / size + flow.uv()[size * size + i];
        PhantomScene.Hit b = cast(scene, 2, x, y, size);
        assertEquals(a.z, b.z, 1e-2, "pixel " + i);
        assertEquals(a.c, b.c, 1e-2, "pixel " + i);
        assertEquals(a.s, b.s, 1e-2, "pixel " + i);
      }
    }
  }

  private static PhantomScene.Hit cast(PhantomScene s, int k, double x, double y, int size) {
    PhantomScene.Camera cam = s.camera(k);
    double[] d = new double[3];
    PlainRays.direction(cam, x, y, size, d);
    PhantomScene.Hit hit = new PhantomScene.Hit();
    assertTrue(new PlainRays(s).cast(cam, d[0], d[1], d[2], hit));
    return hit;
  }

  /** Hits lie on the wall, and camera axes are orthonormal. */
  @Test
  void geometryHolds() {
    PhantomScene scene = new PhantomScene(4, 3, 10);
    PhantomScene.Camera cam = scene.camera(7);
    for (int i = 0; i < 3; i++) {
      double[][] axes = {cam.right, cam.down, cam.forward};
      for (int j = 0; j < 3; j++) {
        double dot = 0;
        for (int a = 0; a < 3; a++) {
          dot += axes[i][a] * axes[j][a];
        }
        assertEquals(i == j ? 1 : 0, dot, 1e-12);
      }
    }
    assertTrue(scene.inside(cam.x, cam.y, cam.z, 7) > 0.2);
    PhantomScene.Hit hit = cast(scene, 7, 3, 9, 32);
    assertEquals(0, scene.inside(hit.x, hit.y, hit.z, 7), 1e-8);
  }

  @Test
  void badArgumentsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Phantom(1, -1, 4));
    assertThrows(IllegalArgumentException.class, () -> new Phantom(1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Phantom(1, 0, 4).frame(4, 32));
    assertThrows(IllegalArgumentException.class, () -> new Phantom(1, 0, 4).flow(3, 32));
    assertThrows(IllegalArgumentException.class, () -> new Phantom(1, 0, 4).frame(0, 4));
  }
}
