package medsora.align;

import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import medsora.diffusion.NoisePredictor;
import medsora.media.Clip;
import nn.Module;
import org.jspecify.annotations.Nullable;

/**
 * A term of a denoiser's loss by which its features follow those of a frozen network: MedSora's
 * alignment with motion, or what another network has in its place. Its targets depend on the data
 * alone and are computed once.
 */
public interface Guidance {
  /** What decides the targets beside the data, in words. */
  String identity();

  /** The first frames of a clip that its targets are made of, at most one more than are encoded. */
  int frames();

  /** Whether images have targets too. */
  boolean seesImages();

  /**
   * Targets of a clip or of a window of images, which no tape owns.
   *
   * @return of any shape, in an order of their own; beside them perhaps {@link
   *     FlowGuidance#PICTURES}, which the loss does not get
   */
  Map<String, Tensor> targets(Clip clip);

  /**
   * The term for a forward pass.
   *
   * @param targets of the clip, and where images have some, then theirs; of any shape
   * @param t each sample's diffusion step, [b]
   */
  Terms of(NoisePredictor.Output output, List<Tensor> targets, int[] t);

  /** By what the term is multiplied in the loss. */
  double weight();

  /** What learns with the network and is no part of it, or null. */
  @Nullable Module learned();

  /**
   * The term.
   *
   * @param loss []
   * @param parts what the log says of it, tensors of one element by their names
   */
  record Terms(Tensor loss, Map<String, Tensor> parts) {}

  /** What decides networks that have a guidance of their own in place of the alignment. */
  interface Own {
    /**
     * The guidance of a network.
     *
     * @param network of this configuration
     * @param networks that it asks
     * @param frames of a clip that are encoded
     * @throws IllegalArgumentException where these networks do not fit it
     */
    Guidance guidance(NoisePredictor network, FrozenNetworks networks, int frames);
  }
}
