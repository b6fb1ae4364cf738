package nn.layer;

import engine.op.random.Randoms;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;

/**
 * Sets elements to 0 with probability p in training and scales the rest by 1 / (1 - p) (PyTorch:
 * nn.Dropout).
 */
public final class Dropout extends Module {
  private final float p;

  /**
   * @param p in [0, 1)
   */
  public Dropout(float p) {
    this.p = p;
  }

  /** Any shape -> the same. */
  public Tensor forward(Tensor x, Mode mode) {
    return mode.isTraining() && p > 0 ? Randoms.dropout(x, p, mode.nextKey()) : x;
  }
}
