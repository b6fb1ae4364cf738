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

  GatedFusion(int hidden) {
    this.gateWidth = child("gate_F1", new Linear(hidden, hidden, true, Init.xavierUniform()));
    this.gateHeight = child("gate_F2", new Linear(hidden, hidden, true, Init.xavierUniform()));
  }

  /**
   * What the scans along the width and along the height gave, both [b, T, D], to the same shape.
   */
  Tensor forward(Tensor yw, Tensor yh) {
    return add(mul(sigmoid(gateWidth.forward(yw)), yw), mul(sigmoid(gateHeight.forward(yh)), yh));
  }
}
