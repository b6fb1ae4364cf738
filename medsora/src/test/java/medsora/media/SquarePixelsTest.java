package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SquarePixelsTest {
  private static int[] greys(int to, int... from) {
    byte[] rgb = new byte[3 * from.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) from[i / 3];
    }
    byte[] out = new byte[3 * to];
    new SquarePixels(from.length, to).apply(rgb, 1, out);
    int[] greys = new int[to];
    for (int i = 0; i < to; i++) {
      greys[i] = out[3 * i + 1] & 0xff;
    }
    return greys;
  }

  /** Twice as wide: each new pixel is three parts of its own old one and one of the next. */
  @Test
  void stretchingIsLinear() {
    assertArrayEquals(new int[] {0, 25, 75, 125, 175, 200}, greys(6, 0, 100, 200));
  }

  /** Half as wide: weights 1, 3, 3, 1 of eight; at an edge 3, 3, 1 of seven. */
  @Test
  void shrinkingIsTheMeanUnderATriangle() {
    assertArrayEquals(new int[] {23, 70, 117}, greys(3, 0, 40, 40, 100, 100, 140));
  }

  @Test
  void oneGreyStaysThatGrey() {
    for (int to : new int[] {1, 2, 5, 7, 11, 100}) {
      for (int grey : greys(to, 255, 255, 255, 255, 255, 255, 255)) {
        assertEquals(255, grey);
      }
    }
  }

  @Test
  void widthsFollowTheShapeOfThePixels() {
    assertEquals(1024, square(720, 64, 45));
    assertEquals(768, square(720, 16, 15));
    assertEquals(360, square(720, 1, 2));
    assertEquals(720, square(720, 0, 1));
    assertEquals(720, square(720, 1, 0));
    assertEquals(720, square(720, 4319, 4320));
    assertEquals(720, square(720, Integer.MAX_VALUE, 1));
  }

  private static int square(int width, int sarWidth, int sarHeight) {
    FfmpegStream.Colours none = new FfmpegStream.Colours("unknown", "unknown");
    return new FfmpegFrames.Kind("rgb24", width, 576, sarWidth, sarHeight, none).squareWidth();
  }

  @Test
  void matricesThatTurnByAnotherAngleAreNoOrientation() {
    assertEquals(Optional.empty(), Orientation.of(46341, 46341, -46341, 46341));
    assertEquals(Optional.empty(), Orientation.of(0, 0, 0, 0));
    assertEquals(Optional.empty(), Orientation.of(65536, 0, 0, 0));
    assertEquals(Optional.of(Orientation.UPRIGHT), Orientation.of(131072, 3, -3, 65536));
  }
}
