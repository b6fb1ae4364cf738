package medsora.train;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.silu;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.layer.Linear;

/**
 * A second network that predicts noise, as small as can be: every pixel of a latent frame is a
 * token of its own, y = out(silu(in(x) + time(t / 1000))).
 */
final class PixelNetwork extends Module implements NoisePredictor {
  private static final float STEPS = 1000;

  private final Latents latents;
  private final int width;
  private final String hidden;
  private final Linear in;
  private final Linear time;
  private final Linear out;

  /**
   * @param width of a token
   * @param hidden the name under which it gives its tokens to an alignment
   */
  PixelNetwork(Latents latents, int width, String hidden) {
    this.latents = latents;
    this.width = width;
    this.hidden = hidden;
    this.in = child("in", new Linear(latents.channels(), width, true, Init.normal(0.3f)));
    this.time = child("time", new Linear(1, width, false, Init.normal(0.3f)));
    this.out = child("out", new Linear(width, latents.channels(), true, Init.normal(0.3f)));
  }

  @Override
  public Module module() {
    return this;
  }

  @Override
  public Latents latents() {
    return latents;
  }

  @Override
  public Hidden hidden() {
    return new Hidden(1, latents.videoFrames(), latents.height() * latents.width(), width);
  }

  private record Result(Tensor prediction, Tensor state, String given) implements Output {
    @Override
    public List<Tensor> hidden(String name) {
      return name.equals(given) ? List.of(state) : List.of();
    }
  }

  @Override
  public Output forward(Tensor x, float[] t, Mode mode) {
    int b = x.dim(0);
    int tokens = latents.frames() * latents.height() * latents.width();
    Tensor pixels = reshape(permute(x, 0, 1, 3, 4, 2), b, tokens, latents.channels());
    Tensor at = Tensor.generate(Shape.of(b, 1, 1), i -> t[i] / STEPS);
    Tensor state = silu(add(in.forward(pixels), time.forward(at)));
    Tensor y =
        reshape(
            out.forward(state),
            b,
            latents.frames(),
            latents.height(),
            latents.width(),
            latents.channels());
    return new Result(permute(y, 0, 1, 4, 2, 3), state, hidden);
  }

  @Override
  public Sampler.Network prepared(float... steps) {
    return (x, t) -> forward(x, t, Mode.EVAL).prediction();
  }

  @Override
  public void setRecompute(boolean on) {}
}
