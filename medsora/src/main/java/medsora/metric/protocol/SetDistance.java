package medsora.metric.protocol;

import medsora.metric.distance.FeatureRows;

/** A distance of two sets of features, for what asks for it again and again. */
@FunctionalInterface
public interface SetDistance {
  /** The distance of two sets, [samples, dimensions] each. */
  double of(FeatureRows real, FeatureRows generated);
}
