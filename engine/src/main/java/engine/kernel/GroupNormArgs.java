package engine.kernel;

/**
 * A tensor seen as [batch, channels, size], its channels in {@code groups} of equal size; each
 * group of each batch item is normalised on its own, eps is added to its variance.
 */
public record GroupNormArgs(int batch, int channels, int size, int groups, float eps) {
  /** Elements that are normalised together. */
  public int run() {
    return channels / groups * size;
  }
}
