package medsora.metric.network;

import engine.tensor.Tensor;

/**
 * A frozen network, with its resize and its scaling of bytes, as a function from clips or pictures
 * to features. An item's features depend on the item alone.
 */
public interface FeatureNetwork {
  /** What it is, for messages and reports. */
  String name();

  /** Number of features of an item. */
  int dimensions();

  /** Frames of an item: 1 for pictures. */
  int frames();

  /**
   * Features of items.
   *
   * @param bytes [n, 3, t, h, w], t = {@link #frames}, holding 0..255
   * @return [n, dimensions]
   */
  Tensor features(Tensor bytes);
}
