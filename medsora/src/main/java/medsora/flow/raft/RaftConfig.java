package medsora.flow.raft;

/**
 * A published size of RAFT.
 *
 * @param hidden channels of the recurrent state
 * @param context channels of what the first picture says at every step
 * @param features channels that are correlated
 * @param radius of the neighbourhood that is looked up, in pixels of each level
 * @param small bottleneck encoders, one gated unit of 3x3 instead of two of 1x5 and 5x1, and
 *     bilinear instead of learned enlargement
 */
public record RaftConfig(int hidden, int context, int features, int radius, boolean small) {
  /** Of the pyramid of correlations. */
  static final int LEVELS = 4;

  /** Flow is estimated on a grid coarser by this. */
  static final int SCALE = 8;

  /** The coarsest level of the pyramid must have more than one pixel each way. */
  public static final int LEAST_SIDE = SCALE << LEVELS;

  public static final RaftConfig BASIC = new RaftConfig(128, 128, 256, 4, false);
  public static final RaftConfig SMALL = new RaftConfig(96, 64, 128, 3, true);

  /** Correlations that one place looks up. */
  int correlations() {
    int side = 2 * radius + 1;
    return LEVELS * side * side;
  }
}
