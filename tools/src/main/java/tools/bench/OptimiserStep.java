package tools.bench;

import engine.kernel.EmaArgs;
import engine.tensor.Tensor;
import java.util.List;
import nn.optim.Adam;
import nn.optim.Ema;

/**
 * One step of AdamW and of the moving average over n parameters. Parameter, both moments and the
 * average are read and written, the gradient is read: 9 floats per parameter at least.
 */
public record OptimiserStep(int n) implements Operation {
  private static final Adam.Settings SETTINGS = new Adam.Settings(0.9, 0.999, 1e-8, 0.01);
  private static final double RATE = 1e-4;
  private static final double DECAY = 0.9999;

  @Override
  public Work work() {
    return Work.moving(9L * n);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    List<Tensor> parameters = List.of(tensors.of(n));
    List<Tensor> gradients = List.of(tensors.of(n));
    Adam adam = new Adam(parameters, SETTINGS);
    Ema ema = new Ema(parameters, EmaArgs.Form.INCREMENTAL, DECAY, false);
    return () ->
        Task.time(() -> {
          adam.step(gradients, RATE, 1, ema);
        });
  }
}
