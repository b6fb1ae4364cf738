package medsora.vae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.List;
import medsora.phantom.Phantom;
import nn.Mode;
import org.junit.jupiter.api.Test;

class CosinePathTest {
  private static VaeConfig config(int channels) {
    return new VaeConfig(List.of(8, 8, 8), 1, channels, 4, VaeConfig.Compensation.COSINE, 0);
  }

  private static Vae fresh(int channels) {
    Vae vae = new Vae(config(channels));
    vae.initialize(3);
    return vae;
  }

  private static double squaredError(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum / a.length;
  }

  /**
   * With as many channels as pixels nothing is lost: the matrices are orthonormal to each other.
   */
  @Test
  void allFrequenciesTogetherGiveTheClipBack() {
    Tensor x = Phantom.render(1, 0, 8, 16).tensor();
    try (Tape scope = Tape.noGrad()) {
      int all = 3 * 4 * 4 * 4;
      Vae vae = fresh(all);
      float[] y = vae.decode(vae.encode(x, Mode.EVAL).mean(), Mode.EVAL).toArray();
      assertArrayEquals(x.toArray(), y, 1e-4f);
    }
  }

  /** More frequencies lose less, and an untrained autoencoder is already a blurred picture. */
  @Test
  void theLowestFrequenciesComeFirst() {
    Tensor x = Phantom.render(1, 0, 8, 32).tensor();
    double last = Double.POSITIVE_INFINITY;
    for (int channels : new int[] {1, 4, 8, 16, 32}) {
      try (Tape scope = Tape.noGrad()) {
        Vae vae = fresh(channels);
        float[] y = vae.decode(vae.encode(x, Mode.EVAL).mean(), Mode.EVAL).toArray();
        double error = squaredError(x.toArray(), y);
        assertTrue(error < last, channels + " channels: " + error + ", fewer: " + last);
        last = error;
      }
    }
    // 20 dB below the range of 2.
    assertTrue(last < 0.01 * 2 * 2, "error " + last);
  }

  /** The mean colour: grey of 0.5 is 0.5 sqrt(3 * 4 * 4 * 4) / 4 in the first channel. */
  @Test
  void theFirstLatentIsTheMean() {
    Tensor x = Tensor.generate(engine.tensor.Shape.of(1, 3, 8, 8, 8), i -> 0.5f);
    try (Tape scope = Tape.noGrad()) {
      Moments moments = fresh(2).encode(x, Mode.EVAL);
      float[] z = moments.mean().toArray();
      for (int i = 0; i < z.length; i++) {
        double wanted = i < z.length / 2 ? 0.5 * Math.sqrt(3 * 4 * 4 * 4) / 4 : 0;
        assertEquals(wanted, z[i], 1e-5);
      }
      for (float v : moments.logVariance().toArray()) {
        assertEquals(-6, v);
      }
    }
  }

  @Test
  void moreChannelsThanPixelsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Vae(config(200)));
  }
}
