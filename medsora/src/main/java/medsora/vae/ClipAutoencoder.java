package medsora.vae;

import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import medsora.media.Clip;
import nn.Entry;
import nn.Mode;
import nn.Module;

/** Makes latents of clips, and clips of latents: the autoencoder of a latent video diffusion. */
public interface ClipAutoencoder {
  /** How the names of the weights between latents and frames begin, in all families. */
  List<String> DECODER_PARTS = List.of("decoder.", "post_quant_conv.");

  /** The network itself: its weights, by the names under which they are stored. */
  Module module();

  AutoencoderConfig config();

  /**
   * Mean and raw log-variance of a clip's latents on one channel axis.
   *
   * @param x frames in [-1, 1], [b, 3, T, H, W], T of whole chunks, H and W of whole latent pixels
   * @return [b, 2C, t, h, w]
   */
  Tensor encodeMoments(Tensor x, Mode mode);

  /**
   * The posterior of a clip's latents.
   *
   * @param x frames in [-1, 1], [b, 3, T, H, W], as {@link #encodeMoments} takes them
   */
  default Moments encode(Tensor x, Mode mode) {
    return Moments.of(encodeMoments(x, mode));
  }

  /**
   * The frames of latents.
   *
   * @param z [b, C, t, h, w]
   * @return [b, 3, T, H, W]
   */
  Tensor decode(Tensor z, Mode mode);

  /**
   * A clip of decoded frames, as its pictures are made of them.
   *
   * @param source what it is called
   * @param frames [1, 3, T, H, W] as {@link #decode} gives them
   */
  default Clip clip(String source, Tensor frames) {
    return Clip.of(source, frames);
  }

  /**
   * Which parameters learn.
   *
   * @param everything whether all do; else those alone that a pretrained autoencoder is given
   */
  void setTrained(boolean everything);

  /** The decoder alone learns, what was added to it included: no latent moves. */
  default void setDecoderTrained() {
    module().parameters().forEach((name, p) -> p.trainable(isOfDecoder(name)));
  }

  /** The weights between frames and latents, those of {@link #encodeMoments}. */
  default Map<String, Entry> encoderState() {
    Map<String, Entry> all = module().stateDict();
    all.keySet().removeIf(ClipAutoencoder::isOfDecoder);
    return all;
  }

  private static boolean isOfDecoder(String name) {
    return DECODER_PARTS.stream().anyMatch(name::startsWith);
  }

  /** Whether training saves memory by running parts again in backward; no bit changes. */
  void setRecompute(boolean on);
}
