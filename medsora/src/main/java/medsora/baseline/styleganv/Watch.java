package medsora.baseline.styleganv;

import engine.tensor.Tensor;

/** Is shown what a generator computes on the way. */
@FunctionalInterface
public interface Watch {
  /** Looks at nothing. */
  Watch NONE = (place, x) -> {};

  /**
   * @param place such as {@code b8.conv0}
   * @param x of any shape; not to be kept: its memory goes back when the pass is over
   */
  void see(String place, Tensor x);
}
