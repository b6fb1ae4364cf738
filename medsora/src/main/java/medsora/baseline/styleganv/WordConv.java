package medsora.baseline.styleganv;

import engine.tensor.Tensor;
import nn.Module;

/** The convolution of a layer that listens to the words of a frame. */
public abstract class WordConv extends Module {
  /**
   * The layer that asks.
   *
   * @param name its place, for the watch
   * @param weight [Co, Ci, 3, 3]
   * @param up whether height and width double
   * @param watch is shown what is computed on the way
   */
  public record Layer(String name, Tensor weight, boolean up, Watch watch) {}

  /**
   * Modulates, convolves and scales back.
   *
   * @param x [N, Ci, H, W]
   * @param styles [N, Ci]
   * @param words [N, words, width]
   * @return [N, Co, H, W], or [N, Co, 2H, 2W]
   */
  public abstract Tensor forward(Layer layer, Tensor x, Tensor styles, Tensor words);
}
