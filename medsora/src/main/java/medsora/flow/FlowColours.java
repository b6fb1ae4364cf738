package medsora.flow;

import engine.tensor.Tensor;

/** A coding of optical flow as colours. */
public interface FlowColours {
  /**
   * @param flow [N, 2, H, W]: displacement to the right, then downwards, in pixels
   * @return [N, 3, H, W]: red, green and blue, whole numbers in 0..255
   */
  Tensor pictures(Tensor flow);
}
