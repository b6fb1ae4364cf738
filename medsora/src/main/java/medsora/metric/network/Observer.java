package medsora.metric.network;

import engine.tensor.Tensor;

/** Is shown what a network computes on the way. */
@FunctionalInterface
public interface Observer {
  /** Looks at nothing. */
  Observer NONE = (name, x) -> {};

  /**
   * @param name of the place, as published
   * @param x of any shape; not to be kept: its memory goes back
   */
  void see(String name, Tensor x);
}
