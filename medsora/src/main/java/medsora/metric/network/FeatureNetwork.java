package medsora.metric.network;

import engine.tensor.Tensor;

/**
 * A frozen network that makes a vector of each picture or clip. What becomes of one depends on it
 * alone: its vector has the same bits in any company and order.
 */
public interface FeatureNetwork {
  /**
   * What it is and how its input is prepared, for reports; values of other names do not compare.
   */
  String name();

  /** Length of a vector. */
  int dimensions();

  /** Frames of an item: 1 for pictures. */
  int frames();

  /**
   * The vectors of pictures or clips.
   *
   * @param bytes [n, 3, t, h, w], RGB in 0..255; t is {@link #frames}, h and w are any size
   * @return [n, dimensions], in memory of its own
   * @throws engine.tensor.ShapeException for another shape
   */
  Tensor features(Tensor bytes);
}
