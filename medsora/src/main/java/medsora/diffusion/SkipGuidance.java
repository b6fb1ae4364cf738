package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;

import engine.tensor.Tensor;

/**
 * Leads a network away from what it would predict without the temporal part of one of its blocks: p
 * + weight (p - p_without). Spatiotemporal skip guidance (Hyung et al., 2025), of which this skips
 * the temporal layer of a single block: where frames know less of each other, they agree less, and
 * away from there they agree more.
 *
 * @param weight 0 for none
 * @param block whose temporal part is left out, 0 to the network's blocks - 1
 */
public record SkipGuidance(float weight, int block) {
  /** As the network predicts. */
  public static final SkipGuidance NONE = new SkipGuidance(0, 0);

  public SkipGuidance {
    if (!(weight >= 0 && weight <= 100)) {
      throw new IllegalArgumentException("[sample] skip guidance wants 0 to 100, got " + weight);
    }
    if (block < 0) {
      throw new IllegalArgumentException("[sample] skip guidance wants a block, got " + block);
    }
  }

  /** From the prediction of the whole network and that without the part, of one shape. */
  public Tensor of(Tensor whole, Tensor without) {
    return add(whole, scale(sub(whole, without), weight));
  }
}
