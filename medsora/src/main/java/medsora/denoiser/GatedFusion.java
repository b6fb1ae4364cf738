package medsora.denoiser;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.sigmoid;

import engine.tensor.Tensor;
import nn.Module;
import nn.init.Init;
import nn.layer.Linear;

/** y = sigmoid(W1 y_w + b1) * y_w + sigmoid(W2 y_h + b2) * y_h (paper Eq. 9). */
final class GatedFusion extends Module {
  private final Linear gateWidth;
  private final Linear gateHeight;
  private PieceWatcher watcher = PieceWatcher.NONE;

  GatedFusion(int hidden) {
    this.gateWidth = child("gate_F1", new Linear(hidden, hidden, true, Init.xavierUniform()));
    this.gateHeight = child("gate_F2", new Linear(hidden, hidden, true, Init.xavierUniform()));
  }

  /** Shows {@code gate.width} and {@code gate.height} from now on. */
  void watch(PieceWatcher by) {
    this.watcher = by;
  }

  /**
   * What the scans along the width and along the height gave, both [b, T, D], to the same shape.
   */
  Tensor forward(Tensor yw, Tensor yh) {
    Tensor width = sigmoid(gateWidth.forward(yw));
    Tensor height = sigmoid(gateHeight.forward(yh));
    watcher.gave("gate.width", width);
    watcher.gave("gate.height", height);
    return add(mul(width, yw), mul(height, yh));
  }
}
