package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import engine.testing.SplitMix;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClipTest {
  /** Two frames of 1x2: the bytes count up in the order in which they lie. */
  private static Clip bytes() {
    return Clip.of(
        "bytes", 1, 2, List.of(new byte[] {0, 1, 2, 3, 4, 5}, new byte[] {6, 7, 8, 9, 10, 11}));
  }

  private static float value(int b) {
    return (float) ((b / 255.0 - 0.5) / 0.5);
  }

  private static float[] values(int... bytes) {
    float[] out = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = value(bytes[i]);
    }
    return out;
  }

  private static Clip floats() {
    float[] values = new float[3 * 4 * 5 * 6];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (SplitMix.unit(3, i) * 2.2 - 1.1);
    }
    return Clip.of("floats", 4, 5, 6, values);
  }

  @Test
  void generatedValuesBecomeBytesAsInTheReleasedCode() {
    Fixture fixture = Fixtures.load("video_transform");
    float[] in = fixture.floats("uint8.in");
    int[] expected = fixture.ints("uint8.out");
    for (int i = 0; i < in.length; i++) {
      assertEquals(expected[i], PixelScale.toByte(in[i]) & 255, "value " + in[i]);
    }
    assertEquals(0, PixelScale.toByte(Float.NaN));
  }

  @Test
  void everyByteSurvivesTheWayToFloatsAndBack() {
    for (int b = 0; b < 256; b++) {
      assertEquals(value(b), PixelScale.value((byte) b));
      assertEquals((byte) b, PixelScale.toByte(PixelScale.value((byte) b)));
    }
  }

  @Test
  void bytesAreInterleavedAndValuesPlanar() {
    float[] planes = values(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11);
    assertArrayEquals(planes, bytes().values());
    assertEquals(Shape.of(1, 3, 2, 1, 2), bytes().tensor().shape());
    Clip back = Clip.of("back", bytes().tensor());
    assertEquals("back: 2 frames of 2x1", back.toString());
    for (int t = 0; t < 2; t++) {
      assertArrayEquals(bytes().frames().get(t), back.frames().get(t));
    }
  }

  @Test
  void whatIsShownIsTheBytesOfTheValues() {
    Clip shown = floats().shown();
    float[] seen = shown.values();
    float[] all = floats().values();
    for (int i = 0; i < seen.length; i++) {
      assertEquals(PixelScale.value(PixelScale.toByte(all[i])), seen[i]);
    }
    assertArrayEquals(floats().frames().get(3), shown.frames().get(3));
  }

  @Test
  void bothFormsArePickedAndMirroredAlike() {
    assertArrayEquals(values(3, 0, 9, 6), java.util.Arrays.copyOf(bytes().mirrored().values(), 4));
    assertArrayEquals(bytes().frames().get(1), bytes().pick(1, 0).frames().get(0));
    Clip changed = floats().mirrored().pick(3, 0, 3);
    Clip shown = floats().shown().mirrored().pick(3, 0, 3);
    assertEquals(3, changed.length());
    assertArrayEquals(shown.values(), changed.shown().values());
    float[] twice = floats().mirrored().mirrored().values();
    assertArrayEquals(floats().values(), twice);
  }

  @Test
  void ratesAndSourcesAreCarriedAlong() {
    Clip clip = bytes().at(7.5).from("other");
    assertEquals("other", clip.source());
    assertEquals(7.5, clip.mirrored().shown().first(1).rate().getAsDouble());
    assertTrue(clip.pick(0).rate().isEmpty(), "picked frames lie elsewhere in time");
    assertTrue(bytes().rate().isEmpty());
    assertThrows(IllegalArgumentException.class, () -> clip.at(0));
    assertThrows(IllegalArgumentException.class, () -> clip.at(Double.NaN));
    String said =
        assertThrows(
                IllegalArgumentException.class, () -> Mp4Writer.write(Path.of("none.mp4"), bytes()))
            .getMessage();
    assertEquals("[clip] bytes: its frame rate is not known; give it one with at(rate)", said);
  }

  @Test
  void arraysThatDoNotFitAreRefused() {
    String frame =
        assertThrows(
                IllegalArgumentException.class,
                () -> Clip.of("a", 2, 2, List.of(new byte[12], new byte[11])))
            .getMessage();
    assertEquals("[clip] a: frame 1 has 11 bytes, 2x2 RGB wants 12", frame);
    String values =
        assertThrows(IllegalArgumentException.class, () -> Clip.of("b", 2, 2, 2, new float[23]))
            .getMessage();
    assertEquals("[clip] b: 2 frames of 2x2 want 24 values, got 23", values);
    assertThrows(IllegalArgumentException.class, () -> Clip.of("c", 0, 2, List.of()));
    Tensor pictures = Tensor.zeros(Shape.of(2, 3, 1, 2, 2));
    assertThrows(IllegalArgumentException.class, () -> Clip.of("d", pictures));
  }
}
