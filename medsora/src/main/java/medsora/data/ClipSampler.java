package medsora.data;

/**
 * Picks the frames of a training clip.
 *
 * <ul>
 *   <li>{@code PAPER}: every third frame, {@code begin + stride * k}; the stride is {@code min(3,
 *       (T-1)/(frames-1))}, so that a video of just {@code frames} frames is usable.
 *   <li>{@code REFERENCE}: what the released code does: a window of {@code 3 * frames} frames (51
 *       for 17) or the whole video where that is shorter, and in it {@code floor(linspace(begin,
 *       end-1, frames))}, 3.125 frames apart on average.
 * </ul>
 *
 * <p>The caller picks the begin position, so that it decides about randomness.
 *
 * @param rule one of the two
 * @param frames frames per clip, at least 2; 17 in the paper (16 and their first)
 */
public record ClipSampler(Sampling rule, int frames) {
  private static final int SPACING = 3;

  /** The paper's rule with 17 frames. */
  public static final ClipSampler PAPER = new ClipSampler(Sampling.PAPER, 17);

  /** The released code's rule with 17 frames. */
  public static final ClipSampler REFERENCE = new ClipSampler(Sampling.REFERENCE, 17);

  public ClipSampler {
    if (frames < 2) {
      throw new IllegalArgumentException("[clip] wants at least 2 frames per clip, not " + frames);
    }
  }

  /** The average distance of two picked frames; whole numbers under {@code PAPER}. */
  public double spacing(int total) {
    return rule == Sampling.PAPER
        ? stride(total)
        : (double) (Math.min(SPACING * frames, total) - 1) / (frames - 1);
  }

  /** {@code min(3, (T-1)/(frames-1))} in whole numbers. */
  public int stride(int total) {
    checkTotal(total);
    return Math.min(SPACING, (total - 1) / (frames - 1));
  }

  /** How many begin positions 0, 1, ... a video of this length offers; at least 1. */
  public int begins(int total) {
    checkTotal(total);
    return switch (rule) {
      case PAPER -> total - (frames - 1) * stride(total);
      // The released code draws from 0 .. T - window - 1, one less than would fit.
      case REFERENCE -> Math.max(1, total - SPACING * frames);
    };
  }

  /**
   * The picked frame numbers, ascending.
   *
   * @param total number of frames of the video, at least {@code frames}
   * @param begin 0 .. {@code begins(total) - 1}
   */
  public int[] indices(int total, int begin) {
    if (begin < 0 || begin >= begins(total)) {
      throw new IllegalArgumentException(
          "[clip] begin %d is not in 0..%d for %d frames"
              .formatted(begin, begins(total) - 1, total));
    }
    int[] out = new int[frames];
    if (rule == Sampling.PAPER) {
      int stride = stride(total);
      for (int k = 0; k < frames; k++) {
        out[k] = begin + stride * k;
      }
      return out;
    }
    int last = Math.min(begin + SPACING * frames, total) - 1;
    double step = (double) (last - begin) / (frames - 1);
    for (int k = 0; k < frames - 1; k++) {
      out[k] = (int) (begin + k * step);
    }
    out[frames - 1] = last;
    return out;
  }

  private void checkTotal(int total) {
    if (total < frames) {
      throw new IllegalArgumentException(
          "[clip] a video of %d frames is too short for clips of %d".formatted(total, frames));
    }
  }
}
