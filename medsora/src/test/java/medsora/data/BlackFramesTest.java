package medsora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlackFramesTest {
  /** 200 pixels of one grey, the first of which shine. */
  private static byte[] frame(int grey, int shining) {
    byte[] rgb = new byte[200 * 3];
    Arrays.fill(rgb, (byte) grey);
    for (int i = 0; i < shining; i++) {
      // One of the three is enough: a red spot is something to see.
      rgb[3 * i] = (byte) 200;
    }
    return rgb;
  }

  @ParameterizedTest
  @CsvSource({"0,0,true", "15,0,true", "16,0,false", "20,0,false", "0,4,true", "0,5,false"})
  void aFrameIsBlackWhereNothingCanBeSeen(int grey, int shining, boolean black) {
    assertEquals(black, BlackFrames.isBlack(frame(grey, shining)));
  }
}
