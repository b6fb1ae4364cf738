package medsora.train;

/**
 * How often a run puts something down, in steps. None of it decides about a result.
 *
 * @param save steps between checkpoints, each in the place of the one before
 * @param hash steps between hashes of the weights; before the first of them also after 1, 2 and 5,
 *     10, 20 and 50 steps and so on, so that short runs have some and the first step that differs
 *     is soon found
 * @param keep steps between checkpoints that stay; 0 for none
 */
public record Intervals(long save, long hash, long keep) {
  /** Steps between hashes where nobody says otherwise. */
  public static final long HASH = 1000;

  public Intervals {
    if (save < 1 || hash < 1 || keep < 0) {
      throw new IllegalArgumentException(
          "[train] intervals want at least 1, and 0 to keep none, got save %d, hash %d, keep %d"
              .formatted(save, hash, keep));
    }
  }

  /** Hashes as usual, and no checkpoint stays. */
  public static Intervals saving(long every) {
    return new Intervals(every, HASH, 0);
  }

  boolean isHashed(long step) {
    return step % hash == 0 || (step < hash && isOfSeries(step));
  }

  /** 1, 2, 5, 10, 20, 50 and so on. */
  private static boolean isOfSeries(long step) {
    long digit = step;
    while (digit > 0 && digit % 10 == 0) {
      digit /= 10;
    }
    return digit == 1 || digit == 2 || digit == 5;
  }

  boolean isKept(long step) {
    return keep > 0 && step % keep == 0;
  }
}
