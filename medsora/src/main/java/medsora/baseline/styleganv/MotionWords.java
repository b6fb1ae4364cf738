package medsora.baseline.styleganv;

import engine.tensor.Tensor;
import nn.Module;
import org.jspecify.annotations.Nullable;

/**
 * What a generator may have beside StyleGAN-V's parts: a map from the codes of a frame to words,
 * and layers that listen to them. Its own entries stand behind those of the motion encoder.
 */
public abstract class MotionWords extends Module {
  /**
   * The words of frames.
   *
   * @param w [N, w], the content code of each frame's clip
   * @param v [N, v], the code of its time
   * @return [N, words, width]
   */
  public abstract Tensor words(Tensor w, Tensor v);

  /**
   * The convolution of a layer, or null for a layer without words.
   *
   * @param side pixels of its outputs
   */
  public abstract @Nullable WordConv layer(int side, int in, int out);
}
