package medsora.baseline.timesformer;

import static engine.op.elementwise.Elementwise.mul;

import engine.op.random.Randoms;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Mode;

/** Leaves a branch out of whole rows in training, the others scaled up (stochastic depth). */
record DropPath(float p) {
  /** [N, T, width] -> the same. */
  Tensor forward(Tensor x, Mode mode) {
    if (!mode.isTraining() || p == 0) {
      return x;
    }
    return mul(x, Randoms.dropoutMask(Shape.of(x.dim(0), 1, 1), p, mode.nextKey()));
  }
}
