package medsora.align;

import java.util.ArrayList;
import java.util.List;

/**
 * A block of the denoiser and the layer of the feature network that it is aligned with (Table 1,
 * "selected DINO layers").
 *
 * @param block index of the block, from 0
 * @param layer index of the layer, from 0
 */
public record LayerPair(int block, int layer) {
  /**
   * The pairs of a denoiser. With as many layers as blocks block i meets layer i; with more layers
   * the nearest of i * layers / blocks, halves to the even one; with fewer its whole part. Of 12
   * layers MedSora-S meets 0, 2, .., 10, MedSora-B all, MedSora-L each twice.
   */
  public static List<LayerPair> of(
      AlignmentConfig.Activations activations, int blocks, int layers) {
    if (blocks < 1 || layers < 1) {
      throw new IllegalArgumentException(
          "[align] wants at least 1 block and 1 layer, got %d and %d".formatted(blocks, layers));
    }
    boolean odd = activations == AlignmentConfig.Activations.ODD_BLOCKS;
    List<LayerPair> pairs = new ArrayList<>();
    for (int i = odd ? 1 : 0; i < blocks; i += odd ? 2 : 1) {
      pairs.add(new LayerPair(i, layer(i, blocks, layers)));
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "[align] alignment.activations=odd_blocks wants at least 2 blocks, got " + blocks);
    }
    return List.copyOf(pairs);
  }

  private static int layer(int block, int blocks, int layers) {
    double at = (double) ((long) block * layers) / blocks;
    return (int) (blocks < layers ? StrictMath.rint(at) : StrictMath.floor(at));
  }
}
