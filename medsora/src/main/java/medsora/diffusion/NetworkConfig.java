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

  /** Whether images join each clip in training, as latent frames behind those of the video. */
  default boolean joinsImages() {
    return true;
  }

  /** A new network of this configuration. */
  NoisePredictor network();
}
