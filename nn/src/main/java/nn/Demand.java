package nn;

/**
 * What the sizes of a network have to be.
 *
 * @param who wants it, in front of messages: {@code [denoiser] the configuration}
 */
public record Demand(String who) {
  /**
   * Demands something.
   *
   * @param wish as it follows "wants that"
   * @throws IllegalArgumentException where it is not so
   */
  public void that(boolean condition, String wish) {
    if (!condition) {
      throw new IllegalArgumentException(who + " wants that " + wish);
    }
  }

  /** Demands a size of 1 to {@code largest}. */
  public void size(String name, int value, int largest) {
    that(value > 0 && value <= largest, name + " be 1 to " + largest + ", got " + value);
  }
}
