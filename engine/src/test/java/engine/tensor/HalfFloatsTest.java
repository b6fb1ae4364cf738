package engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.HalfFloats.Format;
import org.junit.jupiter.api.Test;

class HalfFloatsTest {
  private static float[] values(Format format, short[] bits) {
    return HalfFloats.ofBits(format, bits).widen(Shape.of(bits.length)).toArray();
  }

  private static short[] every() {
    short[] bits = new short[1 << 16];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (short) i;
    }
    return bits;
  }

  /** Binary16 by its definition: (-1)^s 2^(e-15) (1 + f/1024), subnormal where e is 0. */
  @Test
  void everyBinary16IsWidenedExactly() {
    float[] wide = values(Format.FLOAT16, every());
    for (int i = 0; i < wide.length; i++) {
      int e = (i >> 10) & 31;
      int f = i & 1023;
      double magnitude =
          e == 0
              ? f * 0x1p-24
              : e < 31 ? (1024 + f) * Math.pow(2, e - 25) : f == 0 ? 1 / 0.0 : 0 / 0.0;
      double wanted = i >= 1 << 15 ? -magnitude : magnitude;
      assertEquals((float) wanted, wide[i], "bits " + i);
    }
  }

  /** Widening and rounding again gives the same bits; of NaN, a NaN. */
  @Test
  void everyHalfSurvivesTheWayThere() {
    for (Format format : Format.values()) {
      float[] wide = values(format, every());
      short[] back = HalfFloats.round(format, wide).bits();
      for (int i = 0; i < back.length; i++) {
        if (Float.isNaN(wide[i])) {
          assertTrue(Float.isNaN(values(format, new short[] {back[i]})[0]));
        } else {
          assertEquals((short) i, back[i], format + " bits " + i);
        }
      }
    }
  }

  @Test
  void roundsToNearestAndTiesToEven() {
    // 1 + 1/256 lies midway between the bfloat16 numbers 1 and 1 + 1/128: to the even one, 1.
    float[] in = {1 + (1 / 256f), 1 + (3 / 256f), Math.nextUp(1 + (1 / 256f)), Float.MAX_VALUE};
    float[] out = values(Format.BFLOAT16, HalfFloats.round(Format.BFLOAT16, in).bits());
    assertEquals(1f, out[0]);
    assertEquals(1 + (2 / 128f), out[1]);
    assertEquals(1 + (1 / 128f), out[2]);
    assertEquals(Float.POSITIVE_INFINITY, out[3]);
    float hidden = Float.intBitsToFloat(0x7F800001);
    assertTrue(
        Float.isNaN(
            values(Format.BFLOAT16, HalfFloats.round(Format.BFLOAT16, new float[] {hidden}).bits())[
                0]));
  }

  @Test
  void whatIsWidenedGoesBackWithItsScope() {
    HalfFloats half = HalfFloats.round(Format.FLOAT16, new float[2000]);
    Tensor wide;
    try (MemoryScope scope = MemoryScope.open()) {
      wide = half.widen(Shape.of(2, 1000));
      assertEquals(2000, wide.toArray().length);
    }
    assertTrue(wide.storage().isReleased());
    assertThrows(ShapeException.class, () -> half.widen(Shape.of(3)));
  }
}
