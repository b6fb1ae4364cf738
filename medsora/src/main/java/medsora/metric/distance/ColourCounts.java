package medsora.metric.distance;

import medsora.media.Clip;

/** How often each byte occurs in each of the channels red, green, blue. */
public final class ColourCounts {
  /** Values of a byte. */
  public static final int VALUES = 256;

  private static final int CHANNELS = 3;

  private final long[][] counts = new long[CHANNELS][VALUES];

  /** Adds the pixels of a clip's frames, taken as bytes. */
  public void add(Clip clip) {
    for (byte[] frame : clip.frames()) {
      for (int i = 0; i < frame.length; i++) {
        counts[i % CHANNELS][frame[i] & 0xff]++;
      }
    }
  }

  /**
   * The counts of a channel, a copy.
   *
   * @param channel 0 red, 1 green, 2 blue
   */
  public long[] of(int channel) {
    return counts[channel].clone();
  }
}
