package medsora.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Flow as colours: Eq. 13 by its textbook form, known directions, vectors that are not known. */
class FlowColoursTest {
  private static float[] colour(FlowColours code, float... uv) {
    int pixels = uv.length / 2;
    float[] planar = new float[uv.length];
    for (int i = 0; i < pixels; i++) {
      planar[i] = uv[2 * i];
      planar[pixels + i] = uv[2 * i + 1];
    }
    float[] rgb = code.pictures(Tensor.of(Shape.of(1, 2, 1, pixels), planar)).toArray();
    return new float[] {rgb[0], rgb[pixels], rgb[2 * pixels]};
  }

  /** H = atan2(v, u) modulo 2 pi, S = 1, V = M / Mmax through the JDK's own HSV conversion. */
  @Test
  void hueIsDirectionAndValueIsLength() {
    Random random = new Random(13);
    for (int i = 0; i < 1000; i++) {
      float u = random.nextFloat() * 6 - 3;
      float v = random.nextFloat() * 6 - 3;
      double hue = Math.atan2(v, u) / (2 * Math.PI);
      double value = Math.hypot(u, v) / 5;
      int rgb = java.awt.Color.HSBtoRGB((float) (hue - Math.floor(hue)), 1f, (float) value);
      float[] got = colour(new HsvColours(), u, v, 3, 4);
      for (int c = 0; c < 3; c++) {
        assertEquals(rgb >> (16 - 8 * c) & 255, got[c], 1.001, u + " " + v);
      }
    }
  }

  @Test
  void directionsHaveTheirColours() {
    assertArrayEquals(new float[] {255, 0, 0}, colour(new HsvColours(), 2, 0));
    assertArrayEquals(new float[] {0, 0, 0}, colour(new HsvColours(), 0, 0));
    assertArrayEquals(new float[] {255, 255, 255}, colour(new WheelColours(), 0, 0));
    float[] right = colour(new WheelColours(), 2, 0);
    assertEquals(255, right[0]);
    assertEquals(0, right[2], 1);
  }

  @Test
  void unknownVectorsCountAsNone() {
    for (float unknown : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1e9f, 1.6e9f}) {
      assertArrayEquals(
          colour(new HsvColours(), 0, 0, 1, 1), colour(new HsvColours(), unknown, 1, 1, 1));
      assertArrayEquals(
          colour(new WheelColours(), 0, 0, 1, 1), colour(new WheelColours(), 1, unknown, 1, 1));
    }
    float[] others = colour(new HsvColours(), 1, 0, Float.NaN, 0);
    assertArrayEquals(new float[] {255, 0, 0}, others);
  }

  @Test
  void otherShapesAreRefused() {
    Tensor wrong = Tensor.zeros(Shape.of(2, 4, 4));
    assertThrows(ShapeException.class, () -> new HsvColours().pictures(wrong));
    assertThrows(ShapeException.class, () -> new WheelColours().pictures(wrong));
  }
}
