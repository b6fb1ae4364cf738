package tools.bench;

import engine.tensor.Tensor;
import medsora.cost.Counted;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Mode;

/** The autoencoder of CogVideoX's size on frames of 128x128: encodes or decodes a clip. */
public record VaeRun(boolean decode, int frames) implements Operation {
  @Override
  public Work work() {
    Vae outline = Models.vaeOutline();
    Tensor x = input(outline.config(), Counted::tensor);
    long products = Counted.multiplyAdds(outline, () -> run(outline, x));
    return Work.products(products, outline.parameterCount());
  }

  private Tensor input(VaeConfig config, Task.Tensors tensors) {
    int side = Models.SIZE / config.spaceFactor();
    return decode
        ? tensors.of(1, config.latentChannels(), frames / VaeConfig.TIME_FACTOR, side, side)
        : tensors.of(1, 3, frames, Models.SIZE, Models.SIZE);
  }

  private Tensor run(Vae vae, Tensor x) {
    return decode ? vae.decode(x, Mode.EVAL) : vae.encode(x, Mode.EVAL).mean();
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Vae vae = Models.vae();
    Tensor x = input(vae.config(), tensors);
    return Task.forward(() -> run(vae, x));
  }
}
