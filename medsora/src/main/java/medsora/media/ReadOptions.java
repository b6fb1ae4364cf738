package medsora.media;

/**
 * How videos are read.
 *
 * @param limits bounds for every file
 * @param strips whether every png whose longer edge is a whole multiple of the shorter one is a
 *     strip of square frames; otherwise such as are marked as strips alone ({@link PngStripSource})
 */
public record ReadOptions(ReadLimits limits, boolean strips) {
  /** {@link ReadLimits#DEFAULT}; strips are those that are marked. */
  public static final ReadOptions DEFAULT = of(ReadLimits.DEFAULT);

  /** Strips are those that are marked. */
  public static ReadOptions of(ReadLimits limits) {
    return new ReadOptions(limits, false);
  }
}
