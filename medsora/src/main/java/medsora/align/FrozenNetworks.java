package medsora.align;

import medsora.flow.FlowColours;
import medsora.flow.FlowEstimator;
import medsora.flow.HsvColours;
import medsora.flow.WheelColours;

/**
 * The networks that the alignment asks and never trains.
 *
 * @param layers of the extractor
 * @param identity what tells these from others: names, settings and hashes of weights, as letters,
 *     digits and {@code . _ = : -} joined by single blanks
 */
public record FrozenNetworks(
    FlowEstimator estimator,
    FlowColours colours,
    FeatureExtractor extractor,
    int layers,
    String identity) {
  public FrozenNetworks {
    if (layers < 1) {
      throw new IllegalArgumentException("[align] an extractor has at least 1 layer: " + layers);
    }
    if (!identity.matches("[\\w.=:-]+( [\\w.=:-]+)*")) {
      throw new IllegalArgumentException("[align] no identity of networks: '" + identity + "'");
    }
  }

  /** The coding of flow as colours that a configuration asks for. */
  public static FlowColours colours(AlignmentConfig config) {
    return switch (config.colours()) {
      case HSV -> new HsvColours();
      case MIDDLEBURY -> new WheelColours();
    };
  }
}
