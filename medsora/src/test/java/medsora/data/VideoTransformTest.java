package medsora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.ArrayList;
import java.util.List;
import medsora.data.VideoTransform.Layout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VideoTransformTest {
  private final Fixture fixture = Fixtures.load("video_transform");

  /** Planar [T,3,H,W] integers as interleaved frames. */
  private static List<byte[]> frames(int[] planar, int t, int h, int w) {
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
    return out;
  }

  @Test
  void matchesTheReleasedCode() {
    for (String name : List.of("a", "b", "c")) {
      int[] d = fixture.dims(name + ".frames");
      List<byte[]> in = frames(fixture.ints(name + ".frames"), d[0], d[2], d[3]);
      for (int flip = 0; flip < 2; flip++) {
        float[] expected = fixture.floats(name + ".out_flip" + flip);
        int size = fixture.dims(name + ".out_flip" + flip)[3];
        float[] got =
            new VideoTransform(size, flip == 1).apply(in, d[2], d[3], Layout.FRAMES_FIRST);
        double error = Fixtures.error(got, expected);
        assertTrue(error < 1e-6, name + " flip " + flip + ": " + error);
      }
    }
  }

  @Test
  void samplesBecomeBytesAsInTheReleasedCode() {
    float[] in = fixture.floats("uint8.in");
    int[] expected = fixture.ints("uint8.out");
    for (int i = 0; i < in.length; i++) {
      assertEquals(expected[i], VideoTransform.toByte(in[i]) & 255, "value " + in[i]);
    }
    assertEquals(0, VideoTransform.toByte(Float.NaN));
  }

  @Test
  void channelsFirstHoldsTheSameNumbers() {
    int[] d = fixture.dims("a.frames");
    List<byte[]> in = frames(fixture.ints("a.frames"), d[0], d[2], d[3]);
    VideoTransform t = new VideoTransform(16, false);
    float[] a = t.apply(in, d[2], d[3], Layout.FRAMES_FIRST);
    float[] b = t.apply(in, d[2], d[3], Layout.CHANNELS_FIRST);
    for (int k = 0; k < d[0]; k++) {
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 256; i++) {
          assertEquals(a[(k * 3 + c) * 256 + i], b[(c * d[0] + k) * 256 + i]);
        }
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
  void cachedBytesGiveTheTransformOfFramesOfThatSize() {
    byte[] frame = new byte[12 * 12 * 3];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) (i * 37);
    }
    for (boolean flip : new boolean[] {false, true}) {
      VideoTransform t = new VideoTransform(12, flip);
      float[] direct = t.apply(List.of(frame), 12, 12, Layout.FRAMES_FIRST);
      float[] fromBytes = new float[direct.length];
      t.normalise(frame, fromBytes, 0, 144);
      assertArrayEquals(direct, fromBytes);
    }
  }
}
