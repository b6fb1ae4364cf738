package medsora.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntUnaryOperator;
import medsora.media.Clip;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;

class PowerSpectrumTest {
  private static final int SIDE = 64;

  private static Clip grey(IntUnaryOperator column) {
    byte[] frame = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) column.applyAsInt(i / 3 % SIDE);
    }
    return Clip.of("grey", SIDE, SIDE, List.of(frame));
  }

  /** So many periods across 64 pixels, and the octave that they are in. */
  @Test
  void stripesAreInTheOctaveOfTheirPeriod() {
    for (int[] expected : new int[][] {{24, 0}, {12, 1}, {6, 2}, {3, 3}}) {
      Clip stripes =
          grey(x ->
              (int)
                  Math.round(
                      128 + 60 * StrictMath.cos(2 * StrictMath.PI * expected[0] * x / SIDE)));
      List<Double> octaves = PowerSpectrum.of(List.of(stripes)).octaves();
      for (int i = 0; i < octaves.size(); i++) {
        if (i != expected[1]) {
          assertTrue(octaves.get(i) < 0.05 * octaves.get(expected[1]), octaves.toString());
        }
      }
    }
  }

  @Test
  void aBlurredClipHasLessFineDetail() {
    Clip clip = Phantom.render(2, 1, 2, SIDE);
    PowerSpectrum data = PowerSpectrum.of(List.of(clip));
    assertEquals(1, data.sharpness(data), 1e-12);
    double blurred = PowerSpectrum.of(List.of(blurred(clip))).sharpness(data);
    assertTrue(blurred > 0 && blurred < 0.5, "blurred " + blurred);
  }

  /** Means over 3x3 pixels. */
  private static Clip blurred(Clip clip) {
    List<byte[]> frames =
        clip.frames().stream()
            .map(f -> {
              byte[] out = f.clone();
              for (int i = 3 * (SIDE + 1); i < f.length - 3 * (SIDE + 1); i++) {
                int sum = 0;
                for (int k = 0; k < 9; k++) {
                  sum += f[i + 3 * (SIDE * (k / 3 - 1) + k % 3 - 1)] & 0xff;
                }
                out[i] = (byte) (sum / 9);
              }
              return out;
            })
            .toList();
    return Clip.of("blurred", SIDE, SIDE, frames);
  }

  @Test
  void framesTooSmallForItAreRefused() {
    Clip small = Clip.of("small", 8, 8, List.of(new byte[8 * 8 * 3]));
    assertThrows(IllegalArgumentException.class, () -> PowerSpectrum.of(List.of(small)));
  }
}
