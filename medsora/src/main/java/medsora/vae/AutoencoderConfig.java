package medsora.vae;

/**
 * What decides an autoencoder of one family: its sizes and its switches. An implementation is a
 * record, which the configuration reads and writes component by component; what is configured says
 * by its {@code kind} which family it is of.
 */
public interface AutoencoderConfig {
  /** The family's name under {@code kind}: lower case. */
  String kind();

  /** Pixels per latent pixel along height and width. */
  int spaceFactor();

  /** Frames per latent frame. */
  int timeFactor();

  /** Frames of which clips are whole multiples: those that are encoded at once. */
  int framesPerChunk();

  /** Channels of a latent. */
  int latentChannels();

  /** The same for another number of latent channels. */
  AutoencoderConfig withLatentChannels(int channels);

  /** How latents of the published weights of this family are scaled. */
  LatentStatistics published();

  /** A new autoencoder of this configuration. */
  ClipAutoencoder network();
}
