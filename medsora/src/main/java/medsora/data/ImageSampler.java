package medsora.data;

import java.util.function.DoubleSupplier;

/**
 * Picks the single images that are trained beside each clip.
 *
 * @param rule {@code PAPER}: independent draws with replacement; {@code REFERENCE}: consecutive
 *     entries of a list of all frames that was shuffled once, as the released code does
 * @param count images per clip; 8 in the paper
 */
public record ImageSampler(Sampling rule, int count) {
  public ImageSampler {
    if (count < 0) {
      throw new IllegalArgumentException("[images] count " + count + " is negative");
    }
  }

  /**
   * Independent frame numbers.
   *
   * @param frames how many frames there are
   * @param uniform draws from [0,1)
   */
  public int[] draw(int frames, DoubleSupplier uniform) {
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = below(frames, uniform.getAsDouble());
    }
    return out;
  }

  /**
   * Entries {@code index .. index+count-1} of a shuffled list; beyond its end it starts again.
   *
   * @param shuffled from {@link #shuffle}
   */
  public int[] window(int[] shuffled, long index) {
    int[] out = new int[count];
    for (int i = 0; i < count; i++) {
      out[i] = shuffled[(int) Math.floorMod(index + i, (long) shuffled.length)];
    }
    return out;
  }

  /** The numbers 0 .. frames-1 in random order (Fisher and Yates). */
  public static int[] shuffle(int frames, DoubleSupplier uniform) {
    int[] out = new int[frames];
    for (int i = 0; i < frames; i++) {
      int j = below(i + 1, uniform.getAsDouble());
      out[i] = out[j];
      out[j] = i;
    }
    return out;
  }

  private static int below(int bound, double uniform) {
    if (!(uniform >= 0 && uniform < 1)) {
      throw new IllegalArgumentException("[images] uniform number " + uniform + " is not in [0,1)");
    }
    return Math.min((int) (uniform * bound), bound - 1);
  }
}
