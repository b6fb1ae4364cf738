package medsora.metric.network;

import engine.autodiff.Tape;
import engine.op.attention.Attention;
import engine.tensor.Tensor;

/** A network whose vectors lead to classes, for the inception score. */
public interface ClassifyingNetwork extends FeatureNetwork {
  /** Number of classes. */
  int classes();

  /**
   * What the probabilities of the score are the softmax of.
   *
   * @param features what {@link #features} gave, [n, dimensions]
   * @return [n, classes], in memory of its own
   */
  Tensor logits(Tensor features);

  /** The probabilities of features [n, dimensions], [n, classes]. */
  default Tensor probabilities(Tensor features) {
    try (Tape scope = Tape.noGrad()) {
      Tensor p = Attention.softmax(logits(features));
      return Tensor.of(p.shape(), p.toArray());
    }
  }
}
