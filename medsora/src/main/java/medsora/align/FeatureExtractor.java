package medsora.align;

import engine.tensor.Tensor;
import java.util.List;

/** A frozen network whose layers are what the denoiser's features are aligned with. */
public interface FeatureExtractor {
  /**
   * Normalised features of every layer, the class token left out.
   *
   * @param pictures [N, 3, H, W], red, green and blue in 0..255
   * @return for each layer [N, tokens, width], tokens row by row
   */
  List<Tensor> features(Tensor pictures);
}
