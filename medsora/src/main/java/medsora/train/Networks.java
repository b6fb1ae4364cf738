package medsora.train;

import medsora.align.FrozenNetworks;
import medsora.perceptual.Lpips;
import medsora.train.store.Precomputed;
import org.jspecify.annotations.Nullable;

/**
 * What training uses and does not change, beside the autoencoder.
 *
 * @param alignment flow and features, or null without alignment
 * @param lpips how alike frames look, or null
 * @param precomputed where results of frozen networks are kept, or null for memory alone
 */
public record Networks(
    @Nullable FrozenNetworks alignment, @Nullable Lpips lpips, @Nullable Precomputed precomputed) {
  /** None of all that. */
  public static final Networks NONE = new Networks(null, null, null);
}
