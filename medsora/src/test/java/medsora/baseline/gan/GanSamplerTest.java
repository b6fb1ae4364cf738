package medsora.baseline.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.testing.OpContract;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import medsora.baseline.styleganv.Generator;
import medsora.media.Clip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GanSamplerTest {
  private static Clip clip(Generator generator, GanSampler.Settings settings, long seed) {
    return new GanSampler(generator, settings).sample(seed, 3, frames -> {});
  }

  private static GanSampler.Settings settings(int frames, double start, double step, double psi) {
    return new GanSampler.Settings(frames, start, step, psi);
  }

  private static void assertSame(List<byte[]> a, List<byte[]> b) {
    assertEquals(a.size(), b.size());
    for (int i = 0; i < a.size(); i++) {
      assertArrayEquals(a.get(i), b.get(i), "frame " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"styleganv", "mostganv"})
  void aLongerClipBeginsWithTheShorterOne(String name) throws IOException {
    Generator g = GanFileTest.read(name);
    List<byte[]> shorter = clip(g, settings(5, 0, 1, 0.9), 1).frames();
    List<byte[]> longer = clip(g, settings(70, 0, 1, 0.9), 1).frames();
    assertSame(shorter, longer.subList(0, 5));
    assertSame(longer.subList(40, 43), clip(g, settings(3, 40, 1, 0.9), 1).frames());
    assertFalse(Arrays.equals(longer.get(0), longer.get(69)));
  }

  @Test
  void timesMayLieBetweenFrames() throws IOException {
    Generator g = GanFileTest.read("mostganv");
    List<byte[]> fine = clip(g, settings(9, 0, 0.5, 1), 2).frames();
    List<byte[]> whole = clip(g, settings(5, 0, 1, 1), 2).frames();
    for (int i = 0; i < whole.size(); i++) {
      assertArrayEquals(whole.get(i), fine.get(2 * i));
    }
    assertFalse(Arrays.equals(fine.get(0), fine.get(1)));
  }

  @Test
  void seedsAndTruncationMatter() throws IOException {
    Generator g = GanFileTest.read("mostganv");
    byte[] first = clip(g, settings(1, 0, 1, 1), 2).frames().get(0);
    assertFalse(Arrays.equals(first, clip(g, settings(1, 0, 1, 1), 4).frames().get(0)));
    assertFalse(Arrays.equals(first, clip(g, settings(1, 0, 1, 0.5), 2).frames().get(0)));
  }

  @Test
  void everyBackendDrawsTheSameClip() throws IOException {
    Generator g = GanFileTest.read("mostganv");
    GanSampler.Settings settings = settings(6, 14, 1, 0.9);
    List<byte[]> expected = clip(g, settings, 1).frames();
    OpContract.backends()
        .forEach((name, k) ->
            assertSame(expected, Backends.with(k, () -> clip(g, settings, 1)).frames()));
  }

  @Test
  void whatCannotBeDrawnIsRefused() throws IOException {
    Generator g = GanFileTest.read("styleganv");
    assertThrows(IllegalArgumentException.class, () -> settings(0, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> settings(1, -1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> settings(1, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> settings(1, 0, 1, 1.5));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new GanSampler(g, settings(Integer.MAX_VALUE, 0, 1, 1)));
    assertTrue(e.getMessage().contains("more than a clip may hold"), e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class, () -> new GanSampler(g, settings(9, 0, 1e6, 1)));
    assertTrue(e.getMessage().contains("times of frames"), e.getMessage());
  }
}
