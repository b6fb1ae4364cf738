package tools.explore;

import medsora.align.AlignmentConfig;
import medsora.align.FrozenNetworks;
import medsora.dino.DinoExtractor;
import medsora.metric.phantom.PhantomFeatures;
import tools.program.EmbeddedMotion;

/**
 * Flow and features that a page shows the alignment with.
 *
 * @param networks flow, its colours and the feature network
 * @param source where the features are from, in words
 */
public record Features(FrozenNetworks networks, String source) {
  /** Those of the network of motion that comes with the program, for models without their own. */
  public static Features embedded(AlignmentConfig config) {
    DinoExtractor extractor = new DinoExtractor(PhantomFeatures.network(PhantomFeatures.MOTION));
    return new Features(
        extractor.frozen(config, EmbeddedMotion.ESTIMATOR),
        "the small network of motion that comes with the program (docs/metrics-phantom.md)");
  }
}
