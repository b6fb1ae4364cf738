package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;

import engine.tensor.Tensor;

/**
 * Under which label clips are drawn, and how strongly: classifier-free guidance (Ho and Salimans,
 * 2022), eps = eps_none + w (eps_label - eps_none). Another weight than 1 asks the network twice.
 *
 * @param label 0 to the network's labels - 1, or {@link NoisePredictor#NO_LABEL}
 * @param weight w: 1 for the label as it is, above 1 for more of it than the data have
 */
public record LabelGuidance(int label, float weight) {
  /** As a network without labels draws. */
  public static final LabelGuidance NONE = new LabelGuidance(NoisePredictor.NO_LABEL, 1);

  public LabelGuidance {
    if (!(weight >= 0 && weight <= 100)) {
      throw new IllegalArgumentException("[sample] guidance wants 0 to 100, got " + weight);
    }
    if (label == NoisePredictor.NO_LABEL && weight != 1) {
      throw new IllegalArgumentException("[sample] guidance of " + weight + " wants a label");
    }
  }

  /**
   * The network as samples meet it, for steps that are known beforehand.
   *
   * @param steps on the original scale 0..999
   */
  public Sampler.Network of(NoisePredictor network, float... steps) {
    Sampler.Network labelled = network.under(label).prepared(steps);
    if (weight == 1) {
      return labelled;
    }
    Sampler.Network plain = network.under(NoisePredictor.NO_LABEL).prepared(steps);
    return (x, t) -> {
      Tensor none = plain.predict(x, t);
      return add(none, scale(sub(labelled.predict(x, t), none), weight));
    };
  }
}
