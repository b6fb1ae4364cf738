package engine.random;

/**
 * What a random draw depends on besides its index (N17): nothing else does, not the order of draws,
 * nor threads, batch or device.
 *
 * @param seed the run's seed; 0 is a seed like any other
 * @param stream who draws, for instance a layer's number or the index of a sample
 * @param step when, for instance the training step
 */
public record RandomKey(long seed, long stream, long step) {
  public RandomKey withStream(long other) {
    return new RandomKey(seed, other, step);
  }

  public RandomKey withStep(long other) {
    return new RandomKey(seed, stream, other);
  }

  /** The draws of this key. */
  public CounterRandom random() {
    return new CounterRandom(philoxKey());
  }

  /**
   * The Philox key of all draws: the first two words (the first being the low half) that Philox
   * gives for key = seed and counter = (stream low, stream high, step low, step high).
   */
  public long philoxKey() {
    int[] block = new int[4];
    Philox.block(stream, step, seed, block);
    return Philox.pair(block, 0);
  }
}
