package medsora.media.jpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lossless JPEG gives the samples that were encoded, or a fault. */
public class LosslessJpegTest {
  private static final Faults PLACE = IOException::new;

  static int[] decode(byte[] jpeg) throws IOException {
    JpegHeader header = JpegHeader.of(jpeg, PLACE);
    byte[] out = LosslessJpeg.decode(jpeg, header, PLACE);
    int bytes = LosslessJpeg.bytes(header);
    int[] samples = new int[out.length / bytes];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (out[bytes * i] & 0xff) | (bytes == 2 ? (out[2 * i + 1] & 0xff) << 8 : 0);
    }
    return samples;
  }

  /** Noise of a random width around a ramp, so that all categories come; low bits are 0. */
  public static int[] samples(Random random, LosslessEncoder e) {
    int[] out = new int[e.width() * e.height() * e.components()];
    int noise = 1 + random.nextInt(1 << random.nextInt(e.bits() + 1));
    for (int i = 0; i < out.length; i++) {
      int v = i * 3 + random.nextInt(noise);
      out[i] = (v & (1 << e.bits()) - 1) >> e.transform() << e.transform();
    }
    return out;
  }

  private static LosslessEncoder encoder(Random random, int bits, int components, int predictor) {
    return new LosslessEncoder(
        1 + random.nextInt(14),
        1 + random.nextInt(10),
        bits,
        components,
        predictor,
        random.nextInt(4) == 0 ? random.nextInt(bits) : 0,
        random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0,
        random.nextInt(4) > 0);
  }

  /** Many end in 0xff 0 before the last marker, or in a byte 0xff that is no part of the data. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void everySampleComesBack(int predictor) throws IOException {
    Random random = new Random(predictor);
    int stuffed = 0;
    int filled = 0;
    for (int bits = 2; bits <= 16; bits++) {
      for (int i = 0; i < 200; i++) {
        LosslessEncoder e = encoder(random, bits, i % 3 == 0 ? 3 : 1, predictor);
        int[] samples = samples(random, e);
        byte[] jpeg = e.encode(samples);
        assertArrayEquals(samples, decode(jpeg), e + ", the " + i + "th");
        int last = jpeg.length - 3;
        stuffed += jpeg[last] == 0 && jpeg[last - 1] == -1 ? 1 : 0;
        filled += jpeg[last] == -1 ? 1 : 0;
      }
    }
    assertTrue(stuffed > 50 && filled > 500, stuffed + " stuffed, " + filled + " filled");
  }

  private static String refusal(byte[] jpeg) {
    return assertThrows(IOException.class, () -> decode(jpeg)).getMessage();
  }

  @Test
  void aCutAnywhereIsAFault() throws IOException {
    LosslessEncoder e = new LosslessEncoder(9, 7, 12, 1, 4, 0, 3, true);
    byte[] jpeg = e.encode(samples(new Random(1), e));
    // The last marker may be missing, and so may bits that fill the last byte or the length.
    for (int length = 2; length < jpeg.length - 4; length++) {
      assertTrue(refusal(Arrays.copyOf(jpeg, length)).contains("JPEG"), length + " bytes");
    }
    assertEquals(63, decode(Arrays.copyOf(jpeg, jpeg.length - 2)).length);
  }

  @Test
  void dataTooManyAndARestartTooFewAreFaults() throws IOException {
    LosslessEncoder tall = new LosslessEncoder(6, 8, 8, 1, 1, 0, 0, true);
    byte[] jpeg = tall.encode(samples(new Random(2), tall));
    jpeg[8] = 4;
    assertTrue(refusal(jpeg).contains("more data than its pixels take"));
    LosslessEncoder parts = new LosslessEncoder(6, 8, 8, 1, 1, 0, 2, true);
    byte[] other = parts.encode(samples(new Random(2), parts));
    for (int i = 0; i + 1 < other.length; i++) {
      if (other[i] == -1 && (other[i + 1] & 0xff) == 0xd1) {
        other[i + 1] = (byte) 0xd3;
      }
    }
    assertTrue(refusal(other).contains("without the restart that is due"));
  }

  @Test
  void damageEndsInAFaultOrInOtherSamplesAndNothingElse() throws IOException {
    Random random = new Random(3);
    int faults = 0;
    for (int i = 0; i < 3000; i++) {
      LosslessEncoder e = encoder(random, 2 + random.nextInt(15), 1 + i % 2 * 2, 1 + i % 7);
      byte[] jpeg = e.encode(samples(random, e));
      for (int k = random.nextInt(3); k >= 0; k--) {
        jpeg[2 + random.nextInt(jpeg.length - 2)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        JpegHeader header = JpegHeader.of(jpeg, PLACE);
        boolean same = header.width() == e.width() && header.height() == e.height();
        if (same && header.components() == e.components() && header.bits() == e.bits()) {
          decode(jpeg);
        }
      } catch (IOException fault) {
        faults++;
      }
    }
    assertTrue(faults > 1000, faults + " faults");
  }
}
