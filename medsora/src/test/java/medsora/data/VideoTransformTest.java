package medsora.data;

import static engine.op.layout.Layout.permute;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VideoTransformTest {
  private final Fixture fixture = Fixtures.load("video_transform");

  /** Planar [T,3,H,W] integers as a clip. */
  private static Clip clip(int[] planar, int t, int h, int w) {
    List<byte[]> out = new ArrayList<>();
    for (int k = 0; k < t; k++) {
      byte[] f = new byte[h * w * 3];
      for (int i = 0; i < h * w; i++) {
        for (int c = 0; c < 3; c++) {
          f[i * 3 + c] = (byte) planar[(k * 3 + c) * h * w + i];
        }
      }
      out.add(f);
    }
    return Clip.of("fixture", h, w, out);
  }

  @Test
  void matchesTheReleasedCode() {
    for (String name : List.of("a", "b", "c")) {
      int[] d = fixture.dims(name + ".frames");
      Clip in = clip(fixture.ints(name + ".frames"), d[0], d[2], d[3]);
      for (int flip = 0; flip < 2; flip++) {
        float[] expected = fixture.floats(name + ".out_flip" + flip);
        int size = fixture.dims(name + ".out_flip" + flip)[3];
        Tensor got = new VideoTransform(size, flip == 1).apply(in).tensor();
        double error = Fixtures.error(permute(got, 0, 2, 1, 3, 4).toArray(), expected);
        assertTrue(error < 1e-6, name + " flip " + flip + ": " + error);
      }
    }
  }

  /** The released code fails for 92 short edges at size 128; here each gives the full square. */
  @Property(tries = 60)
  void everySizeFillsTheSquare(
      @ForAll @IntRange(min = 1, max = 300) int height,
      @ForAll @IntRange(min = 1, max = 300) int width,
      @ForAll @IntRange(min = 1, max = 40) int size) {
    byte[] frame = new byte[height * width * 3];
    java.util.Arrays.fill(frame, (byte) 200);
    byte[] out = new VideoTransform(size, false).resize(frame, height, width);
    byte[] expected = new byte[size * size * 3];
    java.util.Arrays.fill(expected, (byte) 200);
    assertArrayEquals(expected, out);
  }

  @Test
  void framesOfTheRightSizeAreTheirValuesAlone() {
    byte[] frame = new byte[12 * 12 * 3];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) (i * 37);
    }
    Clip clip = Clip.of("frame", 12, 12, List.of(frame, frame.clone()));
    assertArrayEquals(new VideoTransform(12, false).apply(clip).values(), clip.values());
    assertArrayEquals(new VideoTransform(12, true).apply(clip).values(), clip.mirrored().values());
  }
}
