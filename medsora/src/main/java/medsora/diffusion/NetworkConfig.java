package medsora.diffusion;

/**
 * What decides a network of one family: its sizes and its switches. An implementation is a record,
 * which the configuration reads and writes component by component; what is configured says by its
 * {@code kind} which family it is of.
 */
public interface NetworkConfig {
  /** The family's name under {@code kind}: lower case. */
  String kind();

  /** What one sample looks like. */
  NoisePredictor.Latents latents();

  /** How many blocks it has whose temporal part {@link SkipGuidance} can leave out. */
  default int temporalBlocks() {
    return 0;
  }

  /** A new network of this configuration. */
  NoisePredictor network();

  /**
   * The same, conditional on labels.
   *
   * @param labels how many, 0 for none
   * @throws IllegalArgumentException where the family has no such networks
   */
  default NoisePredictor network(int labels) {
    if (labels > 0) {
      throw new IllegalArgumentException(
          "[denoiser] networks of kind " + kind() + " know no labels, got " + labels);
    }
    return network();
  }
}
